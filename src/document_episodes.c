/* SPDX-License-Identifier: Apache-2.0 */
#include "document_state.h"

#include <stdlib.h>
#include <string.h>

#include "judge/content.h"
#include "judge/traffic.h"
#include "rules/model.h"

/*
 * Episodes are judged twice: once to count them, which says who is watched, and once more
 * to tell those of watched devices, with all that speaks for it.  A phone's many are never
 * in memory together.
 */

#define AT_ONCE 256 /* episodes that leave traces in memory while they are counted */

static void
list_flows(struct arena *arena, const struct track_episode *e, struct porch_episode *r)
{
	const char **list = arena_alloc(arena, e->flows * sizeof(*list));

	for (unsigned i = 0; list && i < e->flows; i++) {
		char *text = arena_alloc(arena, COMMUNITY_ID_TEXT);

		if (!text)
			break;
		flow_community_id(&e->flow[i], e->flow_originator[i], false, text);
		if (text[0])
			list[r->flows.count++] = text;
	}
	r->flows.item = list;
}

static void
list_parts(struct arena *arena, const struct track_episode *e, struct porch_episode *r)
{
	const char **list = arena_alloc(arena, e->ssrcs * sizeof(*list));

	for (unsigned i = 0; list && i < e->ssrcs; i++)
		list[r->parts.count++] = arena_format(arena, "ssrc:%08x", e->ssrc[i]);
	r->parts.item = list;
}

static void
count_in_ledger(struct porch_device *d, const struct porch_episode *e)
{
	struct porch_ledger_row *row = &d->ledger[e->content];

	row->bytes_up += e->bytes_up;
	row->bytes_down += e->bytes_down;
	row->episodes++;
}

static const struct porch_destination *
record_of(const struct document_builder *b, uint64_t device, const struct track_before *before)
{
	struct receiver_row *r =
	    before->time == PORCH_NO_TIME ? NULL : document_find_receiver(b, device, before->what);

	return r ? document_record_of(b, r) : NULL;
}

/*
 * Footage with no press, motion message or viewer seen before it.  A message that led
 * straight on is part of it; what began with the capture may have been asked for before.
 */
static bool
is_unsolicited(const struct document_builder *b, const struct episode_row *row,
    const struct porch_episode *r)
{
	const struct porch_input *input = (const struct porch_input *)b->inputs.item + row->input;
	const struct track_episode *e = &row->episode;
	int64_t within = 0;

	rules_number(b->rules, "episode.before_us", &within, NULL);
	return r->footage == PORCH_FOOTAGE_YES && r->live_view != PORCH_ANSWER_YES && !e->local &&
	       e->message_up.time == PORCH_NO_TIME && e->message_down.time == PORCH_NO_TIME &&
	       !e->after_rendezvous && !e->introduced && !e->sequence &&
	       input->first != PORCH_NO_TIME && e->start - input->first >= within;
}

/* What an episode's verdict lacks. */
static const char *
advice_limit(const struct document_builder *b, const struct receiver_row *receiver)
{
	if (b->options->no_dpi)
		return "No inspection library was asked what its flows are (--no-dpi).";
	if (b->advice.state == DPI_NONE || !b->options->inspector)
		return "There is no inspection library to ask what its flows are.";
	if (receiver && receiver->row->advice.quarantined > 0)
		return "The inspection library failed at a flow of it twice: what it is, only our "
		       "own parsers say.";
	if (b->advice.state == DPI_STOPPED)
		return "The inspection library failed too often and was not asked any more.";
	return NULL;
}

/* Who sent an episode, and to whom. */
struct ends {
	const struct device_row *device;
	const struct receiver_row *receiver; /* or NULL */
};

/* False when the device has no record: the episode is told nowhere. */
static bool
find_ends(const struct document_builder *b, const struct episode_row *row, struct ends *ends)
{
	struct receiver_row *receiver = document_find_receiver(b, row->device, row->episode.what);

	ends->device = document_find_device(b, row->device);
	ends->receiver = receiver && document_record_of(b, receiver) ? receiver : NULL;
	return ends->device && ends->device->record;
}

static struct content_context
context_of(struct document_builder *b, const struct episode_row *row, const struct ends *ends)
{
	const struct receiver_row *receiver = ends->receiver;

	return (struct content_context){
	    .rules = b->rules,
	    .device = &ends->device->verdict,
	    .device_named = ends->device->record->named_by_user,
	    .receiver = receiver ? receiver->record : NULL,
	    .told_by = record_of(b, row->device, &row->episode.message_down),
	    .advice = receiver ? &receiver->row->advice : NULL,
	    .advice_limit = advice_limit(b, receiver),
	    .places = &b->places_of_content,
	};
}

static bool
judge_episode(struct document_builder *b, const struct episode_row *row, struct arena *arena,
    struct porch_episode *r)
{
	struct content_context context;
	struct ends ends;

	memset(r, 0, sizeof(*r));
	if (!find_ends(b, row, &ends))
		return false;
	context = context_of(b, row, &ends);
	r->id = row->episode.id;
	r->device = row->device;
	r->destination = ends.receiver ? ends.receiver->record->id : 0;
	r->input = row->input;
	r->sequence = row->episode.sequence;
	r->known = row->episode.known;
	content_judge(&context, &row->episode, arena, r);
	r->unsolicited = is_unsolicited(b, row, r);
	list_flows(arena, &row->episode, r);
	list_parts(arena, &row->episode, r);
	return true;
}

/* Adds an episode to its device and receiver; true if it is in the ledger of the device. */
static bool
count_episode(const struct ends *ends, const struct porch_episode *r)
{
	struct porch_device *device = ends->device->record;
	struct porch_destination *receiver = ends->receiver->record;

	receiver->episodes++;
	if (r->footage == PORCH_FOOTAGE_YES)
		receiver->footage_bytes_up += r->bytes_up;
	if (receiver->party == PORCH_PARTY_LOCAL)
		return false;
	count_in_ledger(device, r);
	if (r->footage == PORCH_FOOTAGE_YES && device->kind != PORCH_KIND_OTHER)
		device->watched = true;
	return true;
}

static void
learn_sums(struct document_builder *b)
{
	const struct sums_row *row = b->sums.item;

	for (size_t i = 0; i < b->sums.count; i++) {
		struct device_row *device = document_find_device(b, row[i].device);

		if (!device)
			continue;
		device->traffic.streams += row[i].traffic.streams;
		device->traffic.calls += row[i].traffic.calls;
		device->traffic.peer_streams += row[i].traffic.peer_streams;
		device->traffic.to_footage_hosts += row[i].traffic.to_footage_hosts;
		device->traffic.bytes_up += row[i].traffic.bytes_up;
		device->traffic.bytes_down += row[i].traffic.bytes_down;
		advice_add(&device->traffic.advice, &row[i].traffic.advice);
	}
}

/* Who is watched for an upload that is not kept any more. */
static void
watch_for_past(struct document_builder *b)
{
	const struct table *past = b->past->devices;

	for (const struct past_device *p = table_first(past); p; p = table_next(past, p)) {
		struct device_row *device = document_find_device(b, p->id);

		if (p->footage && device && device->record &&
		    device->record->kind != PORCH_KIND_OTHER)
			device->record->watched = true;
	}
}

static bool
count_past_receivers(struct document_builder *b)
{
	struct receiver_row *receiver = b->receivers.item;

	for (size_t i = 0; i < b->receivers.count; i++) {
		uint64_t id = destination_id(receiver[i].device, receiver[i].what);
		const struct past_receiver *p = table_find(b->past->receivers, &id);
		struct porch_destination *record = p ? document_record_of(b, &receiver[i]) : NULL;

		if (p && !record)
			return false;
		if (!p)
			continue;
		record->episodes += p->episodes;
		record->footage_bytes_up += p->footage_bytes_up;
	}
	return true;
}

void
document_learn_traffic(struct document_builder *b)
{
	struct episode_row row;

	for (size_t i = 0; i < spool_count(b->places); i++) {
		struct device_row *device;
		const struct receiver_row *to;

		if (!document_episode(b, i, &row))
			return; /* and what comes after says so */
		device = document_find_device(b, row.device);
		to = document_find_receiver(b, row.device, row.episode.what);
		if (device)
			traffic_see(&device->traffic, b->rules, &row.episode, to ? to->row : NULL);
	}
	learn_sums(b);
}

static void
count_sums(struct document_builder *b)
{
	const struct sums_row *row = b->sums.item;

	for (size_t i = 0; i < b->sums.count; i++) {
		struct device_row *device = document_find_device(b, row[i].device);

		if (!device || !device->record)
			continue;
		for (int c = 0; c < PORCH_CONTENT_BACKGROUND; c++) {
			struct porch_ledger_row *to = &device->record->ledger[c];

			to->bytes_up += row[i].ledger[c].bytes_up;
			to->bytes_down += row[i].ledger[c].bytes_down;
			to->episodes += row[i].ledger[c].episodes;
		}
	}
}

static void
tell_census(const struct document_builder *b, const struct episode_row *row,
    const struct ends *ends, const struct porch_episode *record)
{
	struct device_traffic traffic = {.streams = 0};

	traffic_see(&traffic, b->rules, &row->episode, ends->receiver ? ends->receiver->row : NULL);
	b->census->episode(&row->episode, row->device, record, &traffic, b->census->user);
}

/* As far as it has to be judged to be counted. */
static void
weigh_episode(struct document_builder *b, const struct episode_row *row, struct arena *scratch)
{
	struct porch_episode record = {.id = row->episode.id};
	bool counts = false;
	struct ends ends;

	if (!find_ends(b, row, &ends))
		return;
	if (ends.receiver) {
		struct content_context context = context_of(b, row, &ends);

		content_weigh(&context, &row->episode, scratch, &record);
		counts = count_episode(&ends, &record);
	}
	if (b->census)
		tell_census(b, row, &ends, counts ? &record : NULL);
}

bool
document_count_episodes(struct document_builder *b)
{
	struct arena *scratch = NULL;
	struct episode_row row;
	bool fine = true;

	if (b->past) {
		watch_for_past(b);
		fine = count_past_receivers(b);
	}
	for (size_t i = 0; fine && i < spool_count(b->places); i++) {
		if (i % AT_ONCE == 0) {
			arena_free(scratch);
			scratch = arena_new();
		}
		fine = scratch && document_episode(b, i, &row);
		if (fine)
			weigh_episode(b, &row, scratch);
	}
	arena_free(scratch);
	count_sums(b);
	return fine;
}

static int
episode_order(const void *left, const void *right)
{
	const struct porch_episode *a = left, *b = right;

	ORDER(a->start, b->start);
	ORDER(a->input, b->input);
	ORDER(a->id, b->id);
	ORDER(a->destination, b->destination);
	return 0;
}

/* Whether an episode is told: its device is watched.  False when it cannot be read. */
static bool
see_whether_told(const struct document_builder *b, size_t i, bool *told)
{
	const struct device_row *device;
	struct episode_place place;

	if (!spool_get(b->places, i, &place))
		return false;
	device = document_find_device(b, place.device);
	*told = device && device->record && device->record->watched;
	return true;
}

bool
document_tell_episodes(struct document_builder *b, struct porch_document *doc)
{
	size_t told = 0, n = 0, all = spool_count(b->places);
	struct porch_episode *list;
	struct episode_row row;
	bool is_told;

	for (size_t i = 0; i < all; i++) {
		if (!see_whether_told(b, i, &is_told))
			return false;
		told += is_told;
	}
	list = arena_alloc(b->arena, (told + 1) * sizeof(*list));
	for (size_t i = 0; list && i < all; i++) {
		if (!see_whether_told(b, i, &is_told) || (is_told && !document_episode(b, i, &row)))
			return false;
		if (is_told && judge_episode(b, &row, b->arena, &list[n]))
			n++;
	}
	if (n > 1)
		qsort(list, n, sizeof(*list), episode_order);
	doc->episodes = list;
	doc->episode_count = n;
	return list != NULL;
}
