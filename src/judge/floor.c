/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/floor.h"

#include "rules/model.h"

#define SEGMENT 1448   /* bytes of payload of a full segment */
#define HEADERS 52     /* and what lies around it */
#define DELAY   300000 /* microseconds an upload takes: less than a still */

/* From the smallest messages to a clip, each an eighth to a quarter more than the last. */
static const uint64_t sizes[] = {4000, 5000, 6000, 7000, 8000, 9000, 10000, 12000, 14000, 16000,
    18000, 20000, 24000, 28000, 32000, 40000, 48000, 56000, 64000, 80000, 96000, 112000, 128000,
    160000, 192000, 224000, 256000, 320000, 384000, 448000, 512000};

#define SIZES (sizeof(sizes) / sizeof(sizes[0]))

static struct track_episode
upload(uint64_t bytes)
{
	uint64_t segments = (bytes + SEGMENT - 1) / SEGMENT;
	struct track_episode e = {
	    .end = DELAY,
	    .known = PORCH_NO_TIME,
	    .message_up = {.time = PORCH_NO_TIME},
	    .message_down = {.time = PORCH_NO_TIME},
	    .opened = OPENED_BY_UPLOAD,
	    .applications = 1U << APPLICATION_TLS,
	    .peak_bin_up = bytes,
	    .peak_second_up = bytes,
	};

	e.sums = (struct track_sums){
	    .bytes_up = bytes + segments * HEADERS,
	    .bytes_down = segments * HEADERS / 2,
	    .packets_up = segments,
	    .content_up = bytes + segments * HEADERS,
	    .contents_up = segments,
	    .segments_up = segments,
	    .full_up = segments - 1,
	    .bins_up = 2,
	    .bursts = 1,
	    .slots_up = (segments + 1) / 2,
	};
	return e;
}

static int64_t
opening_bytes(const struct porch_rules *rules)
{
	int64_t on = 0, bin = 0;

	rules_number(rules, "episode.on_bps", &on, NULL);
	rules_number(rules, "episode.bin_us", &bin, NULL);
	return 2 * on * bin / 8000000;
}

int64_t
floor_of_receiver(const struct content_context *context, struct arena *arena)
{
	int64_t least = opening_bytes(context->rules), floor = -1;

	for (size_t i = SIZES; i-- > 0;) {
		struct track_episode e = upload(sizes[i]);
		struct porch_episode r = {.id = 1};

		content_weigh(context, &e, arena, &r);
		if (r.footage == PORCH_FOOTAGE_NO)
			break;
		floor = (int64_t)sizes[i];
	}
	return floor >= 0 && floor < least ? least : floor;
}

static struct floor_known
question(const struct content_context *context)
{
	const struct porch_destination *to = context->receiver;
	struct floor_known asked = {.kind = context->device->kind, .named = context->device_named};

	if (to) {
		asked.known = true;
		asked.party = to->party;
		asked.behalf = to->on_behalf_of != NULL;
		asked.purpose = to->purposes.item;
		asked.purposes = to->purposes.count;
	}
	return asked;
}

static bool
same_question(const struct floor_known *a, const struct floor_known *b)
{
	return a->kind == b->kind && a->party == b->party && a->named == b->named &&
	       a->known == b->known && a->behalf == b->behalf && a->purpose == b->purpose &&
	       a->purposes == b->purposes;
}

int64_t
floor_recall(struct floor_memo *memo, const struct content_context *context, struct arena *arena)
{
	struct floor_known asked = question(context);

	for (size_t i = 0; i < FLOORS && i < memo->count; i++)
		if (same_question(&memo->item[i], &asked))
			return memo->item[i].floor;
	asked.floor = floor_of_receiver(context, arena);
	memo->item[memo->count++ % FLOORS] = asked;
	return asked.floor;
}
