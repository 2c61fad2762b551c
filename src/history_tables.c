/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/hash.h"
#include "history_state.h"

/* Sums over what is written, to see whether it changed; never stored. */
static uint64_t
sum_of(const struct bytes *bytes)
{
	return hash_bytes(bytes->at, bytes->len, 0);
}

static bool
add_number(struct pile *pile, uint64_t number)
{
	uint64_t *item = pile_add(pile, sizeof(*item));

	if (item)
		*item = number;
	return item != NULL;
}

/* The sums that stand for the receivers of a device, now that these are told one by one. */
static bool
begin_anew(struct flush *f, uint64_t device)
{
	return history_drop_rest_of(f->h, device) && add_number(&f->begun_anew, device);
}

static bool
turn(struct flush *f, uint64_t device)
{
	struct history *h = f->h;

	if (!add_number(&f->turned, device) || !begin_anew(f, device))
		return false;
	/* A MAC that was split since: its ends were another device's. */
	for (const struct end_state *end = table_first(h->ends); end;
	     end = table_next(h->ends, end)) {
		struct device_key key =
		    engine_device_key(f->so_far->splits, &end->key.mac, &end->key.inside);

		if (device_key_id(&key) == device && end->device != device &&
		    !begin_anew(f, end->device))
			return false;
	}
	return true;
}

bool
flush_turned(struct flush *f)
{
	const uint64_t *id = f->census->watched.item;

	for (size_t i = 0; i < f->census->watched.count; i++)
		if (!table_find(f->h->watched, &id[i]) && !turn(f, id[i]))
			return false;
	return true;
}

static bool
put_device(struct flush *f, const struct device *d, uint64_t sum, const struct device_state *was)
{
	struct device_state *state = pile_add(&f->devices, sizeof(*state));

	if (!state)
		return false;
	*state = (struct device_state){
	    .key = d->key,
	    .id = device_key_id(&d->key),
	    .time = history_hour(d->last_seen),
	    .first_seen = d->first_seen,
	    .sum = sum,
	    .generation = was ? was->generation : 0,
	};
	if (was && d->first_seen > was->first_seen)
		state->generation++; /* it left the table: what is stored is of before */
	else if (was && was->time != state->time && !history_drop_device(f->h, was))
		return false;
	return history_put_device(f->h, state, state->id, d);
}

bool
flush_devices(struct flush *f)
{
	struct history *h = f->h;

	for (const struct device *d = table_first(f->so_far->devices); d;
	     d = table_next(f->so_far->devices, d)) {
		const struct device_state *was = table_find(h->devices, &d->key);
		struct bytes bytes = bytes_over(h->bytes, sizeof(h->bytes));

		if (!was && table_count(h->devices) + f->devices.count >= HISTORY_DEVICES)
			continue;
		history_write_device(&bytes, d);
		if (was && was->sum == sum_of(&bytes))
			continue;
		if (!put_device(f, d, sum_of(&bytes), was))
			return false;
	}
	return true;
}

/* What is known of a receiver but its sums and times. */
static uint64_t
facts_of(struct flush *f, const struct history_receiver *receiver)
{
	struct history_receiver facts = *receiver;
	struct destination *d = &facts.row;
	struct bytes bytes = bytes_over(f->h->bytes, sizeof(f->h->bytes));

	d->up = d->down = (struct flow_count){.bytes = 0};
	d->flows = 0;
	d->first_seen = d->last_seen = 0;
	d->advice.flows = d->advice.quarantined = 0;
	facts.order = 0;
	history_write_receiver(&bytes, f->h->setup.rules, &facts);
	return sum_of(&bytes);
}

static bool
is_as_stored(const struct destination *d, uint64_t facts, const struct receiver_state *was)
{
	return was && was->facts == facts && was->last_seen == d->last_seen &&
	       was->first_seen == d->first_seen && was->flows == d->flows &&
	       was->up.bytes == d->up.bytes && was->up.packets == d->up.packets &&
	       was->down.bytes == d->down.bytes && was->down.packets == d->down.packets &&
	       was->advised == d->advice.flows && was->quarantined == d->advice.quarantined;
}

/* What tables folded, and has rows here that stay. */
static void
keep(struct engine_folded *kept, const struct receiver_state *was, bool local)
{
	kept->rows++;
	if (local) {
		kept->bytes_local += was->up.bytes + was->down.bytes;
		return;
	}
	kept->up.bytes += was->up.bytes;
	kept->up.packets += was->up.packets;
	kept->down.bytes += was->down.bytes;
	kept->down.packets += was->down.packets;
}

static void
take_stored(struct destination *part, const struct receiver_state *was)
{
	part->up.bytes -= was->up.bytes;
	part->up.packets -= was->up.packets;
	part->down.bytes -= was->down.bytes;
	part->down.packets -= was->down.packets;
	part->flows -= was->flows;
	part->advice.flows -= was->advised;
	part->advice.quarantined -= was->quarantined;
}

static bool
put_receiver(struct flush *f, uint64_t device, const struct destination *d,
    const struct receiver_state *was)
{
	struct history_receiver part = {
	    .row = *d, .split = splits_has(f->so_far->splits, &d->key.mac)};
	uint64_t facts = facts_of(f, &part);
	struct receiver_state *state;

	if (is_as_stored(d, facts, was))
		return true;
	state = pile_add(&f->receivers, sizeof(*state));
	if (!state)
		return false;
	*state = (struct receiver_state){
	    .key = d->key,
	    .device = device,
	    .local = d->local,
	    .up = d->up,
	    .down = d->down,
	    .flows = d->flows,
	    .advised = d->advice.flows,
	    .quarantined = d->advice.quarantined,
	    .first_seen = d->first_seen,
	    .last_seen = d->last_seen,
	    .facts = facts,
	};
	part.order = ++f->now.order;
	part.row.first_seen = flush_first(f, d->first_seen, was != NULL, was ? was->first_seen : 0);
	if (was)
		take_stored(&part.row, was);
	return history_put_receiver(f->h, f->hour, device, &part);
}

/* A table that was full let it go, and it came back since. */
static bool
came_back(const struct destination *d, const struct receiver_state *was)
{
	return d->up.packets + d->down.packets < was->up.packets + was->down.packets;
}

static bool
flush_receiver(struct flush *f, const struct destination *d)
{
	struct device_key key = engine_device_key(f->so_far->splits, &d->key.mac, &d->key.inside);
	const struct receiver_state *was = table_find(f->h->receivers, &d->key);
	uint64_t device = device_key_id(&key);

	if (!was && (!flush_is_told(f, device) ||
	                table_count(f->h->receivers) + f->receivers.count >= HISTORY_RECEIVERS)) {
		flush_add_to_end(f, device, d);
		return true;
	}
	if (was && came_back(d, was)) {
		keep(&f->now.kept, was, was->local);
		was = NULL;
	}
	return put_receiver(f, device, d, was);
}

static bool
is_gone(const struct flush *f, const struct receiver_state *state)
{
	const struct destination *d = table_find(f->so_far->destinations, &state->key);

	return !d || d->flows == 0;
}

bool
flush_receivers(struct flush *f)
{
	struct history *h = f->h;

	for (const struct destination *d = table_first(f->so_far->destinations); d;
	     d = table_next(f->so_far->destinations, d))
		if (d->flows > 0 && !flush_receiver(f, d))
			return false;
	for (const struct receiver_state *state = table_first(h->receivers); state;
	     state = table_next(h->receivers, state))
		if (is_gone(f, state))
			keep(&f->now.kept, state, state->local);
	return true;
}

void
flush_keep_receivers(struct flush *f)
{
	const struct receiver_state *state = f->receivers.item;
	struct table *table = f->h->receivers;
	struct receiver_state *at, *next;
	bool created;

	for (at = table_first(table); at; at = next) {
		next = table_next(table, at);
		if (is_gone(f, at))
			table_drop(table, at);
	}
	for (size_t i = 0; i < f->receivers.count; i++)
		*(struct receiver_state *)table_see(table, &state[i].key, &created) = state[i];
}
