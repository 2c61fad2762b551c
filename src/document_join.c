/* SPDX-License-Identifier: Apache-2.0 */
#include "document_state.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

static void *
grow(struct list *list, size_t size)
{
	if (list->count == list->room) {
		size_t room = list->room ? list->room * 2 : 32;
		void *more = realloc(list->item, room * size);

		if (!more)
			return NULL;
		list->item = more;
		list->room = room;
	}
	memset((char *)list->item + list->count * size, 0, size);
	return (char *)list->item + list->count++ * size;
}

struct document_builder *
document_builder_new(const struct porch_rules *rules, const struct porch_options *options)
{
	struct document_builder *b = calloc(1, sizeof(*b));

	if (!b)
		return NULL;
	b->rules = rules;
	b->options = options;
	b->arena = arena_new();
	b->rows = arena_new();
	b->places = spool_new(sizeof(struct episode_place), ENGINE_EPISODES / 16);
	b->episodes = spool_new(sizeof(struct track_episode), ENGINE_EPISODES);
	if (!b->arena || !b->rows || !b->places || !b->episodes) {
		document_builder_free(b);
		return NULL;
	}
	return b;
}

void
document_builder_free(struct document_builder *b)
{
	if (!b)
		return;
	free(b->devices.item);
	free(b->receivers.item);
	spool_free(b->places);
	spool_free(b->episodes);
	free(b->inputs.item);
	free(b->gaps.item);
	free(b->sums.item);
	arena_free(b->arena);
	arena_free(b->rows);
	free(b);
}

void
document_borrow(struct document_builder *b)
{
	b->borrows = true;
}

struct arena *
document_arena(struct document_builder *b)
{
	return b->arena;
}

static void
add_counters(struct porch_counters *to, const struct porch_counters *from)
{
	to->received += from->received;
	to->processed += from->processed;
	to->undecoded += from->undecoded;
	to->filtered += from->filtered;
	to->deduplicated += from->deduplicated;
	to->dropped += from->dropped;
	to->implausible += from->implausible;
	to->implausible_bytes += from->implausible_bytes;
	to->duplicates += from->duplicates;
	to->evicted += from->evicted;
	to->undirected += from->undirected;
	to->undirected_bytes += from->undirected_bytes;
	to->refused += from->refused;
	to->clock_steps += from->clock_steps;
	to->odd_times += from->odd_times;
	to->flows += from->flows;
}

/* The device in memory of the builder; false when there is none left. */
static bool
take_device(struct document_builder *b, struct device_row *row)
{
	struct device *own = arena_alloc(b->rows, sizeof(*own));

	if (!own)
		return false;
	*own = *row->device;
	row->device = row->own = own;
	return true;
}

static bool
add_devices(struct document_builder *b, const struct engine_result *r)
{
	for (const struct device *d = table_first(r->devices); d; d = table_next(r->devices, d)) {
		struct device_row *row = grow(&b->devices, sizeof(*row));

		if (!row)
			return false;
		row->device = d;
		row->id = device_key_id(&d->key);
		row->order = b->devices.count;
		if (!b->borrows && !take_device(b, row))
			return false;
	}
	return true;
}

/* The row in memory of the builder; false when there is none left. */
static bool
take_row(struct document_builder *b, struct receiver_row *receiver)
{
	struct destination *own = arena_alloc(b->rows, sizeof(*own));

	if (!own)
		return false;
	*own = *receiver->row;
	receiver->row = receiver->own = own;
	return true;
}

static bool
take_text(struct document_builder *b, const char **text)
{
	bool any = *text != NULL;

	*text = arena_text(b->rows, *text);
	return *text || !any;
}

/* The same with its texts, where the result does not stay. */
static bool
take_row_whole(struct document_builder *b, struct receiver_row *receiver)
{
	return take_row(b, receiver) && take_text(b, &receiver->own->name) &&
	       take_text(b, &receiver->own->aliases) && take_text(b, &receiver->own->candidates);
}

static bool
add_receivers(struct document_builder *b, const struct engine_result *r)
{
	for (const struct destination *d = table_first(r->destinations); d;
	     d = table_next(r->destinations, d)) {
		struct device_key key = engine_device_key(r->splits, &d->key.mac, &d->key.inside);
		struct receiver_row *row;

		if (d->flows == 0)
			continue;
		row = grow(&b->receivers, sizeof(*row));
		if (!row)
			return false;
		row->row = d;
		row->what = d->key.what;
		row->device = device_key_id(&key);
		row->order = b->receivers.count;
		if (!b->borrows && !take_row_whole(b, row))
			return false;
	}
	return true;
}

/* Where an episode lies, for finding those with one identifier. */
struct numbered {
	uint64_t id;
	uint64_t ordinal;
	size_t at;
};

static int
by_episode_id(const void *left, const void *right)
{
	const struct numbered *a = left, *b = right;

	ORDER(a->id, b->id);
	ORDER(a->ordinal, b->ordinal);
	return 0;
}

static bool
rename_episode(struct spool *places, size_t at, uint64_t id)
{
	struct episode_place place;

	if (!spool_get(places, at, &place))
		return false;
	place.id = id;
	return spool_put(places, at, &place);
}

/*
 * A clock that stepped back can show the same five-tuple at the same time once more: such
 * episodes are told apart by their number among equals.
 */
static bool
number_equals(struct spool *places, struct numbered *list, size_t count)
{
	uint64_t same[2] = {0, 0}; /* the identifier, and how many had it before */

	qsort(list, count, sizeof(*list), by_episode_id);
	for (size_t i = 0; i < count; i++) {
		same[1] = i > 0 && list[i].id == same[0] ? same[1] + 1 : 0;
		same[0] = list[i].id;
		if (same[1] > 0 && !rename_episode(places, list[i].at, hash_id(same, sizeof(same))))
			return false;
	}
	return true;
}

/* Joined files are one recording with one result: an episode lies in the file it begins in. */
static uint32_t
input_at(const struct document_builder *b, int64_t start)
{
	const struct porch_input *input = b->inputs.item;
	size_t i = b->inputs.count - 1;

	while (i > 0 && (input[i].first == PORCH_NO_TIME || input[i].first > start))
		i--;
	return (uint32_t)i;
}

static bool
add_episode(struct document_builder *b, const struct engine_result *r, size_t i, uint32_t input,
    struct numbered *numbered)
{
	struct track_episode episode;
	struct episode_place place;
	struct device_key key;

	if (!spool_get(r->episodes, i, &episode))
		return false;
	memset(&place, 0, sizeof(place));
	key = engine_device_key(r->splits, &episode.device.mac, &episode.inside);
	place.device = device_key_id(&key);
	place.id = episode.id;
	place.from = b->borrows ? r->episodes : b->episodes;
	place.at = b->borrows ? i : spool_count(b->episodes);
	place.input = b->options->join ? input_at(b, episode.start) : input;
	*numbered = (struct numbered){
	    .id = episode.id, .ordinal = episode.ordinal, .at = spool_count(b->places)};
	return (b->borrows || spool_add(b->episodes, &episode)) && spool_add(b->places, &place);
}

bool
document_episode(const struct document_builder *b, size_t i, struct episode_row *row)
{
	struct episode_place place;

	if (!spool_get(b->places, i, &place) || !spool_get(place.from, place.at, &row->episode))
		return false;
	row->device = place.device;
	row->input = place.input;
	row->episode.id = place.id;
	return true;
}

static bool
add_episodes(struct document_builder *b, const struct engine_result *r, uint32_t input)
{
	struct numbered *numbered = calloc(r->episode_count + 1, sizeof(*numbered));
	bool fine = numbered != NULL;

	for (size_t i = 0; fine && i < r->episode_count; i++)
		fine = add_episode(b, r, i, input, &numbered[i]);
	fine = fine && number_equals(b->places, numbered, r->episode_count);
	free(numbered);
	return fine;
}

static void
add_folded(struct engine_folded *to, const struct engine_folded *from)
{
	if (from->rows == 0)
		return;
	if (to->rows == 0 || from->first_seen < to->first_seen)
		to->first_seen = from->first_seen;
	if (to->rows == 0 || from->last_seen > to->last_seen)
		to->last_seen = from->last_seen;
	to->rows += from->rows;
	to->up.bytes += from->up.bytes;
	to->up.packets += from->up.packets;
	to->down.bytes += from->down.bytes;
	to->down.packets += from->down.packets;
	to->bytes_local += from->bytes_local;
}

static void
fold(struct engine_folded *to, const struct destination *row)
{
	struct engine_folded one = {
	    .rows = 1, .first_seen = row->first_seen, .last_seen = row->last_seen};

	if (row->local) {
		one.bytes_local = row->up.bytes + row->down.bytes;
	} else {
		one.up = row->up;
		one.down = row->down;
	}
	add_folded(to, &one);
}

void
document_fold_orphans(struct document_builder *b)
{
	struct receiver_row *row = b->receivers.item;
	size_t kept = 0, place = 0;

	for (size_t i = 0; i < b->receivers.count; i++) {
		if (document_next_device(b, &place, row[i].device))
			row[kept++] = row[i];
		else
			fold(&b->folded, row[i].row);
	}
	b->receivers.count = kept;
}

static bool
add_gaps(struct document_builder *b, const struct engine_result *r)
{
	for (size_t i = 0; i < r->gap_count; i++) {
		struct porch_gap *gap = grow(&b->gaps, sizeof(*gap));

		if (!gap)
			return false;
		*gap = r->gaps[i];
	}
	for (size_t i = 0; i < r->loss_count; i++) {
		struct porch_gap *gap = grow(&b->gaps, sizeof(*gap));

		if (!gap)
			return false;
		*gap = r->losses[i];
	}
	return true;
}

/* The most telling state: that it was given up, then that there is none, then that it advised. */
static void
add_advice(struct engine_advice *to, const struct engine_advice *from)
{
	if (from->state > to->state)
		to->state = from->state;
	if (from->greeting.library[0])
		to->greeting = from->greeting;
	to->flows += from->flows;
	to->quarantined += from->quarantined;
}

bool
document_add(struct document_builder *b, const struct porch_input *input,
    const struct engine_result *r)
{
	struct porch_input *copy = grow(&b->inputs, sizeof(*copy));

	if (!copy)
		return false;
	*copy = *input;
	if (!r)
		return true;
	if (r->out_of_memory)
		return false;
	add_counters(&b->counters, &r->counters);
	add_folded(&b->folded, &r->folded);
	add_advice(&b->advice, &r->advice);
	if (r->past)
		b->past = r->past;
	b->seen_inside = b->seen_inside || r->seen_inside;
	b->watched_us += r->watched_us;
	if (r->first != PORCH_NO_TIME) {
		b->first = b->any && b->first < r->first ? b->first : r->first;
		b->last = b->any && b->last > r->last ? b->last : r->last;
		b->any = true;
	}
	return add_devices(b, r) && add_receivers(b, r) &&
	       add_episodes(b, r, (uint32_t)(b->inputs.count - 1)) && add_gaps(b, r);
}

void
document_bound(struct document_builder *b, const struct porch_bounds *bounds, const uint64_t *known,
    size_t known_count)
{
	b->bounds = *bounds;
	b->known = known;
	b->known_count = known_count;
}

bool
document_add_sums(struct document_builder *b, uint64_t device,
    const struct porch_ledger_row ledger[PORCH_CONTENTS], const struct device_traffic *traffic)
{
	struct sums_row *row = grow(&b->sums, sizeof(*row));

	if (!row)
		return false;
	row->device = device;
	memcpy(row->ledger, ledger, sizeof(row->ledger));
	row->traffic = *traffic;
	return true;
}

static int
by_device_id(const void *left, const void *right)
{
	const struct device_row *a = left, *b = right;

	ORDER(a->id, b->id);
	ORDER(a->order, b->order);
	return 0;
}

static int
by_receiver(const void *left, const void *right)
{
	const struct receiver_row *a = left, *b = right;

	ORDER(a->device, b->device);
	ORDER(a->what, b->what);
	ORDER(a->order, b->order);
	return 0;
}

static void
sort(struct list *list, size_t size, int (*order)(const void *, const void *))
{
	if (list->count > 1)
		qsort(list->item, list->count, size, order);
}

bool
document_join_devices(struct document_builder *b)
{
	struct device_row *row = b->devices.item;
	size_t kept = 0;

	sort(&b->devices, sizeof(*row), by_device_id);
	for (size_t i = 0; i < b->devices.count; i++) {
		struct device_row *before = kept > 0 ? &row[kept - 1] : NULL;

		if (!before || before->id != row[i].id) {
			row[kept++] = row[i];
			continue;
		}
		if (!before->own && !take_device(b, before))
			return false;
		device_merge(before->own, row[i].device);
	}
	b->devices.count = kept;
	return true;
}

struct device_row *
document_find_device(const struct document_builder *b, uint64_t id)
{
	struct device_row *row = b->devices.item;
	size_t low = 0, high = b->devices.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (row[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < b->devices.count && row[low].id == id ? &row[low] : NULL;
}

struct device_row *
document_next_device(const struct document_builder *b, size_t *place, uint64_t id)
{
	struct device_row *row = b->devices.item;

	while (*place < b->devices.count && row[*place].id < id)
		++*place;
	return *place < b->devices.count && row[*place].id == id ? &row[*place] : NULL;
}

struct receiver_row *
document_find_receiver(const struct document_builder *b, uint64_t device, uint64_t what)
{
	struct receiver_row *row = b->receivers.item;
	size_t low = 0, high = b->receivers.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		bool below = row[middle].device < device ||
		             (row[middle].device == device && row[middle].what < what);

		if (below)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == b->receivers.count || row[low].device != device || row[low].what != what)
		return NULL;
	return &row[low];
}

bool
document_join_receivers(struct document_builder *b)
{
	struct receiver_row *row = b->receivers.item;
	size_t kept = 0;

	for (size_t i = 0; i < b->receivers.count; i++) {
		struct receiver_row *before = kept > 0 ? &row[kept - 1] : NULL;

		if (!before || before->device != row[i].device || before->what != row[i].what) {
			row[kept++] = row[i];
			continue;
		}
		if (!before->own && !take_row(b, before))
			return false;
		destination_merge(before->own, row[i].row);
	}
	b->receivers.count = kept;
	return true;
}

void
document_sort_receivers(struct document_builder *b)
{
	sort(&b->receivers, sizeof(struct receiver_row), by_receiver);
}
