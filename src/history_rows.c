/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "history_state.h"

static void
add_counters(struct porch_counters *to, const struct porch_counters *from)
{
	uint64_t *sum = &to->received;
	const uint64_t *part = &from->received;

	/* Nothing but counters, all of them sums. */
	for (size_t i = 0; i < sizeof(*to) / sizeof(*sum); i++)
		sum[i] += part[i];
}

static void
widen(int64_t *first, int64_t *last, int64_t from, int64_t to)
{
	if (*first == PORCH_NO_TIME || (from != PORCH_NO_TIME && from < *first))
		*first = from;
	if (*last == PORCH_NO_TIME || (to != PORCH_NO_TIME && to > *last))
		*last = to;
}

void
history_add_hour(struct history_hour *to, const struct history_hour *from)
{
	struct engine_folded *f = &to->folded;

	add_counters(&to->counters, &from->counters);
	if (f->rows == 0) {
		f->first_seen = from->folded.first_seen;
		f->last_seen = from->folded.last_seen;
	} else if (from->folded.rows > 0) {
		widen(&f->first_seen, &f->last_seen, from->folded.first_seen,
		    from->folded.last_seen);
	}
	f->rows += from->folded.rows;
	f->up.bytes += from->folded.up.bytes;
	f->up.packets += from->folded.up.packets;
	f->down.bytes += from->folded.down.bytes;
	f->down.packets += from->folded.down.packets;
	f->bytes_local += from->folded.bytes_local;
	to->advice_flows += from->advice_flows;
	to->advice_quarantined += from->advice_quarantined;
	to->watched_us += from->watched_us;
	widen(&to->first, &to->last, from->first, from->last);
}

/* Sums of parts may lack the flows that they are of: those began in another hour. */
static void
add_row(struct destination *to, const struct destination *from)
{
	uint64_t flows = to->flows + from->flows;
	bool begun = to->flows != 0 || to->last_seen != 0 || to->first_seen != 0;

	to->flows = begun;
	destination_merge(to, from);
	to->flows = flows;
}

void
history_add_receiver(struct history_receiver *to, const struct history_receiver *from)
{
	add_row(&to->row, &from->row);
	to->row.local = from->row.local;
	to->split = to->split || from->split;
	to->order = from->order > to->order ? from->order : to->order;
}

void
history_add_rest(struct history_rest *to, const struct history_rest *from)
{
	if (from->outside.last_seen != 0)
		add_row(&to->outside, &from->outside);
	if (from->local.last_seen != 0)
		add_row(&to->local, &from->local);
	to->split = to->split || from->split;
}

void
history_add_ledger(struct history_ledger *to, const struct history_ledger *from)
{
	for (int i = 0; i < PORCH_CONTENTS; i++) {
		to->row[i].bytes_up += from->row[i].bytes_up;
		to->row[i].bytes_down += from->row[i].bytes_down;
		to->row[i].episodes += from->row[i].episodes;
	}
	to->traffic.streams += from->traffic.streams;
	to->traffic.calls += from->traffic.calls;
	to->traffic.peer_streams += from->traffic.peer_streams;
	to->traffic.to_footage_hosts += from->traffic.to_footage_hosts;
}

/* A row of this session; its key is written into the bytes that it is given. */
struct place {
	struct store_row row;
	struct bytes key;
	uint8_t bytes[STORE_KEY_MAX];
};

static void
place_begin(struct place *p, const struct history *h, enum history_kind kind, int64_t time,
    uint64_t device)
{
	p->key = bytes_over(p->bytes, sizeof(p->bytes));
	p->row = (struct store_row){
	    .kind = (uint16_t)kind, .session = h->session, .time = time, .device = device};
}

static void
add_end(struct place *p, const struct mac *mac, const struct addr *addr)
{
	bytes_add(&p->key, mac->bytes, sizeof(mac->bytes));
	bytes_number(&p->key, addr->family);
	bytes_add(&p->key, addr->bytes, sizeof(addr->bytes));
}

static const struct store_row *
placed(struct place *p)
{
	p->row.key = p->bytes;
	p->row.key_len = p->key.len;
	return &p->row;
}

static struct bytes
row_begin(struct history *h)
{
	return bytes_over(h->bytes, sizeof(h->bytes));
}

/* What was forgotten since is not written anew, only what is seen of it from now on. */
static bool
is_forgotten(struct history *h, const struct store_row *row)
{
	return h->forgetting && row->kind != HISTORY_SESSION &&
	       (h->forgot_all ||
	           (row->device && store_is_forgotten(h->store, h->forgotten, row->device)));
}

static bool
put(struct history *h, struct place *p, const struct bytes *bytes)
{
	placed(p);
	if (is_forgotten(h, &p->row))
		return true;
	p->row.bytes = bytes->at;
	p->row.len = bytes->len;
	return !bytes->cut && store_put(h->store, &p->row) == STORE_DONE;
}

/* What is there already, as bytes to be read; empty when nothing is. */
static struct cursor
find(struct history *h, struct place *p)
{
	size_t len;
	const void *bytes = store_find(h->store, placed(p), &len);

	return cursor_over(bytes, len);
}

bool
history_put_session(struct history *h, int64_t time)
{
	struct bytes bytes = row_begin(h);
	struct place p;

	if (h->begun && h->now.session_time != time) {
		place_begin(&p, h, HISTORY_SESSION, h->now.session_time, 0);
		if (store_drop(h->store, placed(&p)) != STORE_DONE)
			return false;
	}
	place_begin(&p, h, HISTORY_SESSION, time, 0);
	history_write_session(&bytes, &h->facts);
	return put(h, &p, &bytes);
}

bool
history_put_hour(struct history *h, int64_t hour, const struct history_hour *part)
{
	struct bytes bytes = row_begin(h);
	struct history_hour sum, all = *part;
	struct place p;

	place_begin(&p, h, HISTORY_HOUR, hour, 0);
	if (history_read_hour(find(h, &p), &sum)) {
		history_add_hour(&sum, part);
		all = sum;
	}
	history_write_hour(&bytes, &all);
	return put(h, &p, &bytes);
}

static void
place_device(struct place *p, const struct history *h, const struct device_state *state)
{
	place_begin(p, h, HISTORY_DEVICE, state->time, state->id);
	add_end(p, &state->key.mac, &state->key.addr);
	bytes_number(&p->key, state->generation);
}

bool
history_put_device(struct history *h, const struct device_state *state, uint64_t id,
    const struct device *device)
{
	struct bytes bytes = row_begin(h);
	struct place p;

	place_device(&p, h, state);
	p.row.device = id;
	history_write_device(&bytes, device);
	return put(h, &p, &bytes);
}

bool
history_drop_device(struct history *h, const struct device_state *state)
{
	struct place p;

	place_device(&p, h, state);
	return store_drop(h->store, placed(&p)) == STORE_DONE;
}

bool
history_put_receiver(struct history *h, int64_t hour, uint64_t device,
    const struct history_receiver *part)
{
	struct bytes bytes = row_begin(h);
	struct history_receiver sum, all = *part;
	struct history_names names;
	struct place p;

	place_begin(&p, h, HISTORY_RECEIVER, hour, device);
	add_end(&p, &part->row.key.mac, &part->row.key.inside);
	bytes_number(&p.key, part->row.key.what);
	if (history_read_receiver(find(h, &p), h->setup.rules, &names, &sum)) {
		history_add_receiver(&sum, part);
		all = sum;
	}
	history_write_receiver(&bytes, h->setup.rules, &all);
	return put(h, &p, &bytes);
}

bool
history_put_rest(struct history *h, int64_t hour, uint64_t device, const struct history_rest *part)
{
	struct bytes bytes = row_begin(h);
	struct history_rest sum, all = *part;
	struct place p;

	place_begin(&p, h, HISTORY_REST, hour, device);
	add_end(&p, &part->mac, &part->inside);
	if (history_read_rest(find(h, &p), h->setup.rules, &sum)) {
		history_add_rest(&sum, part);
		all = sum;
	}
	history_write_rest(&bytes, h->setup.rules, &all);
	return put(h, &p, &bytes);
}

bool
history_put_ledger(struct history *h, int64_t hour, uint64_t device,
    const struct history_ledger *part)
{
	struct bytes bytes = row_begin(h);
	struct history_ledger sum, all = *part;
	struct place p;

	place_begin(&p, h, HISTORY_LEDGER, hour, device);
	add_end(&p, &part->mac, &part->inside);
	if (history_read_ledger(find(h, &p), &sum)) {
		history_add_ledger(&sum, part);
		all = sum;
	}
	history_write_ledger(&bytes, &all);
	return put(h, &p, &bytes);
}

static void
place_episode(struct place *p, const struct history *h, uint64_t ordinal, int64_t time)
{
	place_begin(p, h, HISTORY_EPISODE, time, 0);
	bytes_number(&p->key, ordinal);
}

bool
history_put_episode(struct history *h, uint64_t device, const struct track_episode *episode)
{
	struct bytes bytes = row_begin(h);
	struct place p;

	place_episode(&p, h, episode->ordinal, episode->start);
	p.row.device = device;
	history_write_episode(&bytes, episode);
	return put(h, &p, &bytes);
}

bool
history_drop_episode(struct history *h, uint64_t ordinal, int64_t time)
{
	struct place p;

	place_episode(&p, h, ordinal, time);
	return store_drop(h->store, placed(&p)) == STORE_DONE;
}

bool
history_put_gap(struct history *h, size_t index, const struct porch_gap *gap)
{
	const struct history_gap row = {.gap = *gap, .index = index};
	struct bytes bytes = row_begin(h);
	struct place p;

	place_begin(&p, h, HISTORY_GAP, gap->start, 0);
	bytes_number(&p.key, gap->worker);
	bytes_number(&p.key, index);
	history_write_gap(&bytes, &row);
	return put(h, &p, &bytes);
}

bool
history_drop_rest_of(struct history *h, uint64_t device)
{
	const struct store_query query = {
	    .kinds = 1U << HISTORY_REST,
	    .session = h->session,
	    .device = device,
	    .since = STORE_NO_TIME,
	    .until = STORE_NO_TIME,
	};
	uint64_t removed;

	return store_remove(h->store, &query, &removed) == STORE_DONE;
}
