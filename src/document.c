/* SPDX-License-Identifier: Apache-2.0 */
#include "document.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "document_state.h"
#include "judge/context.h"
#include "judge/finding.h"
#include "rules/model.h"

struct owned_document {
	struct porch_document doc; /* first: the pointer the caller has */
	struct arena *arena;
};

/* A receiver with the place of its device, for sorting. */
struct placed {
	size_t device;
	const struct porch_destination *record;
};

static void
watch(struct document_builder *b, struct porch_device *d)
{
	if (b->options->all_devices || d->named_by_user || d->kind == PORCH_KIND_DOORBELL ||
	    d->kind == PORCH_KIND_CAMERA || d->kind == PORCH_KIND_HUB)
		d->watched = true;
	if (d->watched && !b->census) /* which is long work, and nobody is told */
		d->detection_floor_bytes = document_floor_of(b, d);
}

/* No more than there is: part of an episode may have gone to another record by now. */
static void
take_from(uint64_t *rest, uint64_t *part)
{
	if (*part > *rest)
		*part = *rest;
	*rest -= *part;
}

/* What is in no episode is background, so that the ledger adds up to the byte. */
static void
balance(struct porch_device *d)
{
	struct porch_ledger_row *rest = &d->ledger[PORCH_CONTENT_BACKGROUND];

	rest->bytes_up = d->bytes_up;
	rest->bytes_down = d->bytes_down;
	for (int i = 0; i < PORCH_CONTENT_BACKGROUND; i++) {
		take_from(&rest->bytes_up, &d->ledger[i].bytes_up);
		take_from(&rest->bytes_down, &d->ledger[i].bytes_down);
	}
}

static int
device_order(const void *left, const void *right)
{
	const struct porch_device *a = left, *b = right;

	ORDER(a->first_seen, b->first_seen);
	ORDER(a->id, b->id);
	return 0;
}

static int
placed_order(const void *left, const void *right)
{
	const struct placed *a = left, *b = right;

	ORDER(a->device, b->device);
	ORDER(a->record->first_seen, b->record->first_seen);
	ORDER(a->record->id, b->record->id);
	return 0;
}

/* The place of the device that stands for all that full tables folded. */
static size_t
folded_place(const struct porch_document *doc, uint64_t id)
{
	size_t place = 0;

	while (place < doc->device_count && doc->devices[place].id != id)
		place++;
	return place;
}

/* Lists what belongs to watched devices. */
static bool
place_destinations(const struct document_builder *b, const struct porch_document *doc,
    const size_t *place_of_device, struct placed *placed, size_t *count)
{
	const struct device_row *first = b->devices.item;
	struct receiver_row *receiver = b->receivers.item;
	size_t at = 0;

	for (size_t i = 0; i < b->receivers.count; i++) {
		const struct device_row *device = document_next_device(b, &at, receiver[i].device);
		size_t place = device ? place_of_device[device - first] : 0;
		const struct porch_destination *record;

		if (!device || !doc->devices[place].watched)
			continue;
		record = document_record_of(b, &receiver[i]);
		if (!record)
			return false;
		placed[(*count)++] = (struct placed){.device = place, .record = record};
	}
	return true;
}

/* Keeps what belongs to watched devices, in the order of the contract. */
static bool
order_destinations(struct document_builder *b, struct porch_document *doc,
    const size_t *place_of_device, const struct porch_destination *folded)
{
	struct placed *placed = calloc(b->receivers.count + 1, sizeof(*placed));
	struct porch_destination *records = NULL;
	size_t n = 0;

	if (placed && place_destinations(b, doc, place_of_device, placed, &n)) {
		if (b->folded.rows > 0 && b->options->all_devices)
			placed[n++] = (struct placed){
			    .device = folded_place(doc, folded->device), .record = folded};
		if (n > 1)
			qsort(placed, n, sizeof(*placed), placed_order);
		records = arena_alloc(b->arena, (n + 1) * sizeof(*records));
	}
	for (size_t i = 0; records && i < n; i++)
		records[i] = *placed[i].record;
	doc->destinations = records;
	doc->destination_count = n;
	free(placed);
	return records != NULL;
}

/* The place of each device row's record once the records are sorted. */
static size_t *
places_of(const struct document_builder *b, const struct porch_device *sorted, size_t count)
{
	size_t *place = calloc(b->devices.count + 1, sizeof(*place));
	const struct device_row *first = b->devices.item;

	for (size_t i = 0; place && i < count; i++) {
		const struct device_row *row = document_find_device(b, sorted[i].id);

		if (row)
			place[row - first] = i;
	}
	return place;
}

/* What full tables folded: one device and one receiver, so that sums stay exact. */
static void
add_folded_records(struct document_builder *b, struct porch_device *devices, size_t *count,
    struct porch_destination *folded)
{
	const struct engine_folded *f = &b->folded;
	struct porch_device *d = &devices[*count];

	if (f->rows == 0)
		return;
	*d = (struct porch_device){
	    .id = hash_id("other", 5),
	    .kind = PORCH_KIND_OTHER,
	    .confidence = PORCH_NO_CHANCE,
	    .first_seen = f->first_seen,
	    .last_seen = f->last_seen,
	    .bytes_up = f->up.bytes,
	    .bytes_down = f->down.bytes,
	    .bytes_local = f->bytes_local,
	    .detection_floor_bytes = -1,
	    .watched = b->options->all_devices,
	};
	balance(d);
	*folded = (struct porch_destination){
	    .id = destination_id(d->id, 0),
	    .device = d->id,
	    .asn = -1,
	    .confidence = PORCH_NO_CHANCE,
	    .bytes_up = f->up.bytes,
	    .bytes_down = f->down.bytes,
	    .packets_up = f->up.packets,
	    .packets_down = f->down.packets,
	    .first_seen = f->first_seen,
	    .last_seen = f->last_seen,
	    .folded = f->rows,
	};
	++*count;
}

static void
fill_geo(struct document_builder *b, struct porch_run *run)
{
	const struct porch_geo *one;
	struct porch_geo *geo;
	size_t count = 0;

	while (rules_geo(b->rules, count))
		count++;
	geo = arena_alloc(b->arena, (count + 1) * sizeof(*geo));
	for (size_t i = 0; geo && (one = rules_geo(b->rules, i)) != NULL; i++)
		geo[i] = *one;
	run->geo = geo;
	run->geo_count = geo ? count : 0;
}

static void
tell_advice(const struct document_builder *b, struct porch_run_advice *told)
{
	static const char *const states[] = {
	    [DPI_IDLE] = "not-needed",
	    [DPI_ADVISES] = "given",
	    [DPI_NONE] = "none",
	    [DPI_STOPPED] = "stopped",
	};
	const struct engine_advice *a = &b->advice;

	told->state = b->options->no_dpi      ? "off"
	              : b->options->inspector ? states[a->state]
	                                      : "none";
	told->flows = a->flows;
	told->quarantined = a->quarantined;
	if (a->greeting.library[0])
		told->version = arena_text(b->arena, a->greeting.library);
	if (a->greeting.library[0] && dpi_known_defects(a->greeting.library))
		told->limit = arena_format(b->arena, "nDPI %s: %s.", a->greeting.library,
		    dpi_known_defects(a->greeting.library));
}

static void
fill_run(struct document_builder *b, struct porch_document *doc)
{
	struct porch_input *inputs = arena_alloc(b->arena, (b->inputs.count + 1) * sizeof(*inputs));
	struct porch_gap *gaps = arena_alloc(b->arena, (b->gaps.count + 1) * sizeof(*gaps));

	if (inputs && b->inputs.count)
		memcpy(inputs, b->inputs.item, b->inputs.count * sizeof(*inputs));
	if (gaps && b->gaps.count)
		memcpy(gaps, b->gaps.item, b->gaps.count * sizeof(*gaps));
	doc->run.version = porch_version();
	doc->run.rules_sha256 = porch_rules_sha256(b->rules);
	doc->run.rules_rev = rules_rev(b->rules);
	doc->run.rules_files = porch_rules_files(b->rules);
	doc->run.rule_file = rules_file_sums(b->rules, &doc->run.rule_file_count);
	doc->run.inputs = inputs;
	doc->run.input_count = inputs ? b->inputs.count : 0;
	doc->run.counters = b->counters;
	doc->run.bounds = b->bounds;
	fill_geo(b, &doc->run);
	tell_advice(b, &doc->run.advice);
	doc->gaps = gaps;
	doc->gap_count = gaps ? b->gaps.count : 0;
	doc->summary.first = b->any ? b->first : PORCH_NO_TIME;
	doc->summary.last = b->any ? b->last : PORCH_NO_TIME;
	doc->summary.watched_us = (uint64_t)b->watched_us;
	doc->summary.outside_view = b->any && !b->seen_inside;
}

/* Judges devices and episodes, and the receivers of these; NULL when out of memory. */
static struct porch_device *
judge_rows(struct document_builder *b, size_t *count)
{
	struct porch_device *devices;

	if (!document_join_devices(b))
		return NULL;
	document_sort_receivers(b);
	document_fold_orphans(b);
	devices = document_device_records(b, count);
	if (!devices || !document_join_receivers(b))
		return NULL;
	document_sum_receivers(b);
	document_learn_traffic(b);
	document_judge_devices(b);
	if (!document_count_episodes(b))
		return NULL;
	for (size_t i = 0; i < *count; i++) {
		watch(b, &devices[i]);
		balance(&devices[i]);
	}
	return devices;
}

/* Sums of the headline: of what is not kept any more, to begin with. */
static void
begin_summary(const struct document_builder *b, struct porch_summary *s)
{
	const struct engine_past *past = b->past;

	if (!past)
		return;
	s->footage_episodes = past->footage_episodes;
	s->footage_bytes_up = past->footage_bytes_up;
	s->footage_us = past->footage_us;
	s->cannot_tell_episodes = past->cannot_tell_episodes;
	s->likelihood = past->best;
}

static void
expect_past(const struct document_builder *b, struct porch_summary *s)
{
	const struct engine_past *past = b->past;

	if (!past)
		return;
	s->expected_low += past->expected_low / 100;
	s->expected += (past->expected_milli + 500) / 1000;
	s->expected_high += (past->expected_high + 99) / 100;
}

static bool
judge_everything(struct document_builder *b, struct porch_document *doc)
{
	struct porch_device *devices;
	struct porch_destination folded;
	size_t count, *place;
	bool ok;

	devices = judge_rows(b, &count);
	if (!devices || !document_tell_episodes(b, doc))
		return false;
	add_folded_records(b, devices, &count, &folded);
	qsort(devices, count, sizeof(*devices), device_order);
	doc->devices = devices;
	doc->device_count = count;
	place = places_of(b, devices, count);
	if (!place)
		return false;
	ok = order_destinations(b, doc, place, &folded);
	free(place);
	return ok;
}

bool
document_take_census(struct document_builder *b, const struct document_census *census)
{
	const struct porch_device *devices;
	size_t count;

	b->census = census;
	devices = judge_rows(b, &count);
	for (size_t i = 0; devices && i < count; i++)
		census->device(devices[i].id, devices[i].watched, census->user);
	return devices != NULL;
}

/* Everything is judged; whether anything is concluded from it is the caller's. */
static struct porch_document *
finish(struct document_builder *b, bool conclude)
{
	struct owned_document *owned = calloc(1, sizeof(*owned));
	bool fine;

	if (!owned)
		return NULL;
	fill_run(b, &owned->doc);
	begin_summary(b, &owned->doc.summary);
	fine = judge_everything(b, &owned->doc);
	if (fine && conclude)
		fine = findings_make(b->rules, b->arena, &owned->doc) &&
		       contexts_make(b->rules, b->arena, &owned->doc);
	if (!fine) {
		free(owned);
		return NULL;
	}
	expect_past(b, &owned->doc.summary);
	document_tell_run(b->rules, b->options, b->arena, &owned->doc.run);
	owned->arena = b->arena;
	b->arena = NULL;
	return &owned->doc;
}

struct porch_document *
document_finish(struct document_builder *b)
{
	return finish(b, true);
}

struct porch_document *
document_finish_records(struct document_builder *b)
{
	return finish(b, false);
}

struct arena *
document_own_arena(const struct porch_document *document)
{
	return ((const struct owned_document *)(const void *)document)->arena;
}

void
porch_document_free(struct porch_document *document)
{
	struct owned_document *owned = (struct owned_document *)(void *)document;

	if (!owned)
		return;
	arena_free(owned->arena);
	free(owned);
}
