/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "history_state.h"

bool
flush_is_told(const struct flush *f, uint64_t device)
{
	return census_watches(f->census, device) || table_find(f->h->watched, &device) != NULL;
}

/* A row of a later hour begins with it, unless it tells of something earlier still. */
int64_t
flush_first(const struct flush *f, int64_t first, bool stored, int64_t stored_first)
{
	if (!stored || first == PORCH_NO_TIME || first < stored_first)
		return first;
	return first > f->hour ? first : f->hour;
}

static struct history_hour
sums_of(const struct flush *f)
{
	const struct engine_result *r = f->so_far;
	const struct engine_folded *kept = &f->now.kept;
	struct history_hour sums = {
	    .counters = r->counters,
	    .folded = r->folded,
	    .advice_flows = r->advice.flows,
	    .advice_quarantined = r->advice.quarantined,
	    .watched_us = r->watched_us,
	    .first = r->first,
	    .last = r->last,
	};

	sums.folded.rows -= kept->rows;
	sums.folded.up.bytes -= kept->up.bytes;
	sums.folded.up.packets -= kept->up.packets;
	sums.folded.down.bytes -= kept->down.bytes;
	sums.folded.down.packets -= kept->down.packets;
	sums.folded.bytes_local -= kept->bytes_local;
	return sums;
}

static void
take_counters(struct porch_counters *part, const struct porch_counters *was)
{
	uint64_t *sum = &part->received;
	const uint64_t *stored = &was->received;

	for (size_t i = 0; i < sizeof(*part) / sizeof(*sum); i++)
		sum[i] -= stored[i];
}

static struct history_hour
part_of(const struct flush *f, const struct history_hour *sums)
{
	const struct history_hour *was = &f->h->now.sums;
	struct history_hour part = *sums;

	take_counters(&part.counters, &was->counters);
	part.folded.rows -= was->folded.rows;
	part.folded.up.bytes -= was->folded.up.bytes;
	part.folded.up.packets -= was->folded.up.packets;
	part.folded.down.bytes -= was->folded.down.bytes;
	part.folded.down.packets -= was->folded.down.packets;
	part.folded.bytes_local -= was->folded.bytes_local;
	part.folded.first_seen =
	    flush_first(f, sums->folded.first_seen, was->folded.rows > 0, was->folded.first_seen);
	part.advice_flows -= was->advice_flows;
	part.advice_quarantined -= was->advice_quarantined;
	part.watched_us -= was->watched_us;
	part.first = flush_first(f, sums->first, was->first != PORCH_NO_TIME, was->first);
	return part;
}

static bool
flush_sums(struct flush *f)
{
	struct history_hour sums = sums_of(f), part;

	if (f->h->begun && memcmp(&sums, &f->h->now.sums, sizeof(sums)) == 0)
		return true;
	part = part_of(f, &sums);
	f->now.sums = sums;
	return history_put_hour(f->h, f->hour, &part);
}

/* The last gap of many grows. */
static bool
flush_gaps(struct flush *f)
{
	const struct engine_result *r = f->so_far;
	size_t from = f->h->now.gaps;

	if (from > 0 && from <= r->gap_count && r->gaps[from - 1].end != f->h->now.gap_end)
		from--;
	for (size_t i = from; i < r->gap_count; i++)
		if (!history_put_gap(f->h, i, &r->gaps[i]))
			return false;
	for (size_t i = f->h->now.losses; i < r->loss_count; i++)
		if (!history_put_gap(f->h, i, &r->losses[i]))
			return false;
	f->now.gaps = r->gap_count;
	f->now.losses = r->loss_count;
	f->now.gap_end = r->gap_count > 0 ? r->gaps[r->gap_count - 1].end : 0;
	return true;
}

static bool
is_stored(const struct history *h, uint64_t ordinal)
{
	return ordinal / 8 < h->closed_bytes && h->closed[ordinal / 8] >> ordinal % 8 & 1;
}

static bool
put_episode(struct flush *f, uint64_t device, const struct track_episode *e)
{
	const struct open_state *was = table_find(f->h->open, &e->ordinal);
	struct open_state *open;
	uint64_t *ordinal;

	if (was && was->time != e->start && !history_drop_episode(f->h, e->ordinal, was->time))
		return false;
	if (e->open) {
		open = pile_add(&f->open, sizeof(*open));
		if (!open)
			return false;
		*open = (struct open_state){.ordinal = e->ordinal, .time = e->start};
	} else {
		ordinal = pile_add(&f->closed, sizeof(*ordinal));
		if (!ordinal)
			return false;
		*ordinal = e->ordinal;
	}
	return history_put_episode(f->h, device, e);
}

static bool
flush_episodes(struct flush *f)
{
	struct track_episode e;

	for (size_t i = 0; i < f->so_far->episode_count; i++) {
		struct device_key key;

		if (!spool_get(f->so_far->episodes, i, &e))
			return false;
		key = engine_device_key(f->so_far->splits, &e.device.mac, &e.inside);
		if (is_stored(f->h, e.ordinal) || !flush_is_told(f, device_key_id(&key)))
			continue;
		if (!put_episode(f, device_key_id(&key), &e))
			return false;
	}
	return true;
}

/* Room for a bit for each; before anything is written, so that what is stored is known. */
static bool
make_room_for_closed(struct history *h, const struct census *census)
{
	const uint64_t *ordinal = census->ordinals.item;
	size_t last = census->ordinals.count, need;
	uint8_t *more;

	if (last == 0 || (need = (size_t)(ordinal[last - 1] / 8 + 1)) <= h->closed_bytes)
		return true;
	need += need / 2;
	more = realloc(h->closed, need);
	if (!more)
		return false;
	memset(more + h->closed_bytes, 0, need - h->closed_bytes);
	h->closed = more;
	h->closed_bytes = need;
	return true;
}

static void
keep_episodes(struct flush *f)
{
	const uint64_t *closed = f->closed.item;
	const struct open_state *open = f->open.item;
	struct history *h = f->h;
	bool created;

	for (size_t i = 0; i < f->closed.count; i++) {
		struct open_state *was = table_find(h->open, &closed[i]);

		h->closed[closed[i] / 8] |= (uint8_t)(1 << closed[i] % 8);
		if (was)
			table_drop(h->open, was);
	}
	for (size_t i = 0; i < f->open.count; i++)
		*(struct open_state *)table_see(h->open, &open[i].ordinal, &created) = open[i];
}

/* It is stored: memory follows. */
static void
keep(struct flush *f, struct census *census)
{
	const struct device_state *device = f->devices.item;
	const uint64_t *turned = f->turned.item;
	struct history *h = f->h;
	bool created;

	for (size_t i = 0; i < f->devices.count; i++)
		*(struct device_state *)table_see(h->devices, &device[i].key, &created) = device[i];
	for (size_t i = 0; i < f->turned.count; i++)
		table_see(h->watched, &turned[i], &created);
	flush_keep_receivers(f);
	flush_keep_ends(f);
	keep_episodes(f);
	pile_free(&h->counted);
	h->counted = census->counted;
	census->counted = (struct pile){.item = NULL};
	f->now.session_time = h->now.session_time;
	h->now = f->now;
}

/* The session comes first: then nothing is without one. */
static bool
store_all(struct flush *f, int64_t now)
{
	struct history *h = f->h;

	h->facts.seen_inside = f->so_far->seen_inside;
	h->facts.advice = (uint8_t)f->so_far->advice.state;
	h->facts.first = f->so_far->first;
	if (f->so_far->advice.greeting.library[0] && !h->facts.library[0]) {
		const char *library = arena_text(h->texts, f->so_far->advice.greeting.library);

		h->facts.library = library ? library : "";
	}
	return history_commit_session(h, now) && flush_turned(f) && flush_devices(f) &&
	       flush_receivers(f) && flush_ends(f) && flush_ledger(f) && flush_episodes(f) &&
	       flush_gaps(f) && flush_sums(f);
}

static void
flush_free(struct flush *f)
{
	table_free(f->ends);
	pile_free(&f->receivers);
	pile_free(&f->devices);
	pile_free(&f->closed);
	pile_free(&f->open);
	pile_free(&f->turned);
	pile_free(&f->begun_anew);
}

/* What another program has forgotten since is taken for stored as it is. */
static int64_t
see_forgotten(struct history *h)
{
	int64_t number = store_forgotten(h->store, h->forgotten, &h->forgot_all);

	h->forgetting = number > h->forgotten;
	if (h->forgetting && h->forgot_all)
		h->begun = false;
	return number;
}

static bool
commit(struct flush *f, int64_t now)
{
	struct history *h = f->h;
	int64_t session_time = h->now.session_time, forgotten;
	bool begun, fine = store_begin(h->store) == STORE_DONE;

	if (!fine)
		return false;
	forgotten = see_forgotten(h);
	begun = h->begun;
	fine = store_all(f, now);
	h->forgetting = false;
	if (!fine)
		store_rollback(h->store);
	else
		fine = store_commit(h->store) == STORE_DONE;
	if (fine) {
		h->forgotten = forgotten;
		return true;
	}
	h->begun = begun;
	h->now.session_time = session_time;
	return false;
}

bool
history_flush(struct history *h, const struct engine_result *so_far, int64_t now)
{
	struct census census = {.failed = false};
	struct flush f = {
	    .h = h, .so_far = so_far, .census = &census, .hour = history_hour(now), .now = h->now};
	bool fine;

	if (!h->has_facts || so_far->out_of_memory || !history_recover(h))
		return false;
	f.ends = table_new(HISTORY_ENDS, sizeof(struct end_state), sizeof(struct end_key), 0);
	fine = f.ends && history_census(h, so_far, &census) && make_room_for_closed(h, &census);
	if (!fine) {
		history_fail(h, "out of memory");
	} else if (!(fine = commit(&f, now))) {
		history_fail(h, store_why(h->store));
	} else {
		keep(&f, &census);
		if (h->failing && h->setup.warn)
			h->setup.warn("history: stored again, and all that waited", h->setup.user);
		h->failing = false;
	}
	flush_free(&f);
	history_census_free(&census);
	return fine;
}
