/* SPDX-License-Identifier: Apache-2.0 */
#include "watch_parts.h"

#include <stdlib.h>

#include "judge/phrase.h"

/* The home at one moment: who sends, and how much today. */

enum say
say_footage(enum porch_content content)
{
	switch (content) {
	case PORCH_CONTENT_VIDEO:
		return SAY_CONTENT_VIDEO;
	case PORCH_CONTENT_PICTURE:
		return SAY_CONTENT_PICTURES;
	case PORCH_CONTENT_AUDIO:
		return SAY_CONTENT_AUDIO;
	default:
		return SAY_CONTENT_FOOTAGE;
	}
}

static enum porch_activity
activity_of(const struct watch *w, const struct watch_device *d)
{
	if (!d->open.any)
		return PORCH_ACTIVITY_QUIET;
	if (d->open.told.footage != PORCH_FOOTAGE_YES)
		return PORCH_ACTIVITY_CANNOT_TELL;
	if (d->last_good != PORCH_NO_TIME && w->now - d->last_good >= MAYBE_OVER)
		return PORCH_ACTIVITY_ENDED_MAYBE;
	return PORCH_ACTIVITY_SENDING;
}

/* Whom it goes to, in words. */
static struct porch_slot
receiver_slot(const struct watch_device *d)
{
	const struct porch_upload *u = &d->open.told;

	if (u->party == PORCH_PARTY_PEER)
		return (struct porch_slot)WORD("receiver", SAY_RECEIVER_SOMEBODY);
	if (u->organisation)
		return (struct porch_slot)NAMED("receiver", u->organisation);
	return (struct porch_slot)WORD("receiver",
	    u->destination ? SAY_RECEIVER_NONE : SAY_RECEIVER_UNSETTLED);
}

static const char *
sentence_of(const struct watch_device *d, enum porch_activity activity, struct arena *arena)
{
	static const enum say say[] = {
	    [PORCH_ACTIVITY_QUIET] = SAY_STATE_QUIET,
	    [PORCH_ACTIVITY_SENDING] = SAY_STATE_SENDING,
	    [PORCH_ACTIVITY_ENDED_MAYBE] = SAY_STATE_ENDED_MAYBE,
	    [PORCH_ACTIVITY_CANNOT_TELL] = SAY_STATE_CANNOT_TELL,
	    [PORCH_ACTIVITY_BLIND] = SAY_STATE_BLIND,
	};
	struct porch_phrase said = {.key = words_key(say[activity])};
	struct porch_slot slots[4] = {NO_SLOT};

	if (d && d->open.any) {
		slots[0] = (struct porch_slot)NAMED("device", d->name);
		slots[1] = (struct porch_slot)WORD("kind", say_footage(d->open.told.content));
		slots[2] = receiver_slot(d);
		slots[3] = (struct porch_slot)NO_SLOT;
	}
	said.slots = slots;
	return phrase_text(arena, &said);
}

static bool
is_blind(const struct watch *w)
{
	for (size_t i = 0; i < w->interfaces; i++)
		if (w->interface[i].up)
			return false;
	return w->interfaces > 0;
}

/* A new day of packet time begins; what is open is of the day it began in. */
static void
turn_day(const struct watch *w, struct watch_device *d)
{
	int64_t today = watch_day(w, w->now);

	if (d->day.number == today)
		return;
	d->day = (struct watch_day){.number = today, .up_before = d->bytes_up};
}

static void
add_up(struct watch *w, const struct device_key *key, uint64_t bytes)
{
	uint64_t id = device_key_id(key);
	struct watch_device *d = table_find(w->devices, &id);

	if (d && d->watched)
		d->up_now += bytes;
}

/* What each watched device sent outside so far.  A full table may forget a part of it. */
static void
count_up(struct watch *w)
{
	const struct engine *e = w->engine;

	for (struct watch_device *d = table_first(w->devices); d; d = table_next(w->devices, d))
		d->up_now = 0;
	for (const struct destination *row = table_first(e->destinations); row;
	     row = table_next(e->destinations, row)) {
		struct device_key key =
		    engine_device_key(e->splits, &row->key.mac, &row->key.inside);

		if (!row->local && row->up.bytes > 0)
			add_up(w, &key, row->up.bytes);
	}
	for (const struct flow *f = flow_table_first(e->flows); f;
	     f = flow_table_next(e->flows, f)) {
		unsigned end = f->side == SIDE_FIRST ? 0 : 1;
		struct device_key key = engine_key_of_end(e, f, end);

		if (f->side == SIDE_FIRST || f->side == SIDE_SECOND)
			add_up(w, &key, f->from[end].bytes);
	}
	for (struct watch_device *d = table_first(w->devices); d; d = table_next(w->devices, d)) {
		if (d->up_now > d->up_seen)
			d->bytes_up += d->up_now - d->up_seen;
		d->up_seen = d->up_now;
		turn_day(w, d);
	}
}

static int
rank(const struct watch *w, const struct watch_device *d)
{
	return activity_of(w, d) == PORCH_ACTIVITY_QUIET ? 0 : 1;
}

/* Those that send first, then by when they were seen, the latest first. */
struct ranked {
	const struct watch_device *device;
	int rank;
};

static int
by_rank(const void *left, const void *right)
{
	const struct ranked *a = left, *b = right;

	ORDER(b->rank, a->rank);
	ORDER(b->device->last_seen, a->device->last_seen);
	ORDER(a->device->id, b->device->id);
	return 0;
}

static void
fill_rates(const struct watch *w, const struct watch_device *d, uint64_t rate[static PORCH_RATES])
{
	int64_t now = w->now / RATE_BIN;

	for (int64_t i = 0; i < PORCH_RATES; i++) {
		int64_t bin = now - PORCH_RATES + i;
		size_t at = (size_t)(bin < 0 ? 0 : bin) % WATCH_BINS;

		rate[i] = d->bin[at] == bin ? d->bin_up[at] * 8 * (SECOND / RATE_BIN) / 1000 : 0;
	}
}

static void
fill_device(const struct watch *w, const struct watch_device *d, struct arena *arena,
    struct porch_device_state *state)
{
	*state = (struct porch_device_state){
	    .id = d->id,
	    .name = d->name,
	    .kind = d->kind,
	    .vendor_name = d->vendor_name[0] ? d->vendor_name : NULL,
	    .activity = activity_of(w, d),
	    .bytes_up_today = d->bytes_up - d->day.up_before,
	    .footage_bytes_today = d->day.footage_bytes,
	    .footage_episodes_today = d->day.footage_episodes,
	    .open = d->open.any ? &d->open.told : NULL,
	    .last = d->last.any ? &d->last.told : NULL,
	};
	state->sentence = sentence_of(d, state->activity, arena);
	fill_rates(w, d, state->rate_kbps);
}

/* Watched devices in the order of telling; all are summed, and those of earlier today. */
static size_t
fill_devices(const struct watch *w, struct arena *arena, struct porch_state *state,
    struct ranked *ranked)
{
	struct porch_device_state *list = arena_alloc(arena, PORCH_STATE_DEVICES * sizeof(*list));
	size_t count = 0;

	for (const struct watch_device *d = table_first(w->devices); d;
	     d = table_next(w->devices, d)) {
		if (d->watched)
			ranked[count++] = (struct ranked){.device = d, .rank = rank(w, d)};
		else if (!d->remembered)
			continue;
		state->bytes_up_today += d->bytes_up - d->day.up_before;
		state->footage_bytes_today += d->day.footage_bytes;
		state->footage_episodes_today += d->day.footage_episodes;
	}
	if (count > 1)
		qsort(ranked, count, sizeof(*ranked), by_rank);
	for (size_t i = 0; list && i < count && i < PORCH_STATE_DEVICES; i++)
		fill_device(w, ranked[i].device, arena, &list[state->device_count++]);
	state->devices = list;
	return count;
}

/* The home does what its busiest device does: sending before all, then what is not certain. */
static void
sum_up(const struct watch *w, const struct ranked *ranked, size_t count, struct arena *arena,
    struct porch_state *state)
{
	static const enum porch_activity order[] = {
	    PORCH_ACTIVITY_SENDING, PORCH_ACTIVITY_ENDED_MAYBE, PORCH_ACTIVITY_CANNOT_TELL};
	const struct watch_device *foremost = NULL;

	if (is_blind(w)) {
		state->activity = PORCH_ACTIVITY_BLIND;
	} else {
		for (size_t o = 0; !foremost && o < sizeof(order) / sizeof(order[0]); o++)
			for (size_t i = 0; !foremost && i < count; i++)
				if (activity_of(w, ranked[i].device) == order[o])
					foremost = ranked[i].device;
		state->activity = foremost ? activity_of(w, foremost) : PORCH_ACTIVITY_QUIET;
	}
	state->sentence = sentence_of(foremost, state->activity, arena);
}

/* What limits all that is told, beside what the caller found. */
static struct porch_texts
limits_of(const struct watch *w, struct arena *arena)
{
	static const struct speaker english = {.language = NULL};
	const char **list = arena_alloc(arena, (WATCH_LIMITS + 2) * sizeof(*list));
	size_t count = 0;

	for (; list && count < w->limits; count++)
		list[count] = w->limit[count];
	if (list && !w->dpi)
		list[count++] = words_of(&english, SAY_ADVICE_NONE);
	else if (list && dpi_state(w->dpi) == DPI_STOPPED)
		list[count++] = words_of(&english, SAY_ADVICE_STOPPED);
	else if (list && dpi_state(w->dpi) == DPI_NONE)
		list[count++] = words_of(&english, SAY_ADVICE_ABSENT);
	if (list && w->losses_told > 0)
		list[count++] = words_of(&english, SAY_ADVICE_LOST);
	return (struct porch_texts){.item = list, .count = count};
}

static void
tell_state(struct watch *w, struct arena *arena, bool at_once)
{
	struct ranked *ranked = arena_alloc(arena, WATCH_DEVICES * sizeof(*ranked));
	struct porch_state state = {.watched_since = w->setup.start,
	    .today_since = watch_today_since(w),
	    .counters = w->engine->count,
	    .gaps = w->engine->gaps,
	    .rules_rev = rules_rev(w->setup.rules),
	    .rules_seen = rules_seen(w->setup.rules),
	    .interfaces = w->interface,
	    .interface_count = w->interfaces};
	struct porch_event event = {.kind = PORCH_EVENT_STATE, .state = &state};
	bool second = w->now / SECOND != w->moment;
	struct sum sum;

	if (!ranked)
		return;
	if (second)
		count_up(w);
	sum_up(w, ranked, fill_devices(w, arena, &state, ranked), arena, &state);
	sum_begin(&sum);
	sum_text(&sum, state.sentence);
	if (!second && !at_once && sum.value == w->said)
		return;
	w->said = sum.value;
	w->moment = w->now / SECOND;
	state.counters.evicted = engine_evicted(w->engine);
	state.limits = limits_of(w, arena);
	watch_tell(w, &event);
}

void
watch_moment(struct watch *w, bool at_once)
{
	struct arena *arena = arena_new();

	if (arena)
		tell_state(w, arena, at_once);
	arena_free(arena);
}
