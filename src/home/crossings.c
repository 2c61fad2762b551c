/* SPDX-License-Identifier: Apache-2.0 */
#include "home/crossings.h"

#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/cursor.h"
#include "base/table.h"

/* Frames of several interfaces may be this much out of order (engine.c). */
#define APART INT64_C(1000000)

#define ETHERNET 1 /* LINKTYPE_ */

/* Two MACs, the lesser first. */
struct pair {
	struct mac mac[2];
	uint16_t interface;
	int64_t seen; /* on that interface, the latest */
};

struct crossings {
	struct table *pairs;
};

struct crossings *
crossings_new(size_t max_pairs, uint64_t seed)
{
	struct crossings *crossings = calloc(1, sizeof(*crossings));

	if (!crossings)
		return NULL;
	crossings->pairs = table_new(max_pairs, sizeof(struct pair), 2 * sizeof(struct mac), seed);
	if (crossings->pairs)
		return crossings;
	free(crossings);
	return NULL;
}

void
crossings_free(struct crossings *crossings)
{
	if (!crossings)
		return;
	table_free(crossings->pairs);
	free(crossings);
}

/* False for a frame without MACs. */
static bool
read_pair(const struct frame *frame, struct mac pair[static 2])
{
	struct cursor c = cursor_over(frame->bytes, frame->captured);
	const uint8_t *macs = cursor_take(&c, 2 * sizeof(struct mac));
	bool in_order;

	if (frame->link_type != ETHERNET || !macs)
		return false;
	in_order = memcmp(macs, macs + sizeof(struct mac), sizeof(struct mac)) <= 0;
	memcpy(&pair[in_order ? 0 : 1], macs, sizeof(struct mac));
	memcpy(&pair[in_order ? 1 : 0], macs + sizeof(struct mac), sizeof(struct mac));
	return true;
}

bool
crossings_follow(struct crossings *crossings, const struct frame *frame)
{
	struct mac key[2];
	struct pair *pair;
	bool created;

	if (!read_pair(frame, key))
		return true;
	pair = table_see(crossings->pairs, key, &created);
	if (!pair)
		return true;
	if (!created && pair->interface != frame->interface && frame->time - pair->seen < APART)
		return false;
	pair->interface = frame->interface;
	if (created || frame->time > pair->seen)
		pair->seen = frame->time;
	return true;
}
