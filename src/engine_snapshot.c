/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <string.h>

#include "engine_state.h"

/*
 * What would be told if the input ended now.  The tables are copied and the flows that go on
 * are added to the copies, in the order in which they would end.  Texts stay the engine's, where
 * its own rows and flows hold them until it goes on.
 */

struct copying {
	const struct engine *e;
	const uint64_t *only;
	struct table *devices;
	struct table *destinations;
	struct engine_result *result;
};

static void
fold(void *entry, void *user)
{
	struct engine_result *result = user;

	engine_fold(&result->folded, entry);
}

static bool
is_wanted(const struct copying *c, const struct device_key *key)
{
	return !c->only || device_key_id(key) == *c->only;
}

static bool
is_wanted_row(const struct copying *c, const struct destination *row)
{
	struct device_key key = engine_device_key(c->e->splits, &row->key.mac, &row->key.inside);

	return is_wanted(c, &key);
}

static void
copy_tables(struct copying *c)
{
	const struct engine *e = c->e;
	bool created;

	for (const struct device *d = table_first(e->devices); d; d = table_next(e->devices, d))
		if (is_wanted(c, &d->key))
			memcpy(table_see(c->devices, &d->key, &created), d, sizeof(*d));
	for (const struct destination *d = table_first(e->destinations); d;
	     d = table_next(e->destinations, d))
		if (is_wanted_row(c, d))
			memcpy(table_see(c->destinations, &d->key, &created), d, sizeof(*d));
}

static void
reach(struct device *device, bool created, int64_t time)
{
	if (created || time > device->last_seen)
		device->last_seen = time;
	if (created || time < device->first_seen)
		device->first_seen = time;
}

static void
add_end(struct copying *c, const struct flow *flow, unsigned end)
{
	struct device_key key = engine_key_of_end(c->e, flow, end);
	struct destination_key receiver;
	struct destination *row;
	struct device *device;
	bool created;

	if (!is_wanted(c, &key))
		return;
	receiver = destination_key_of(flow, end);
	row = table_see(c->destinations, &receiver, &created);
	if (created)
		row->local = flow->side == SIDE_LOCAL;
	if (!row->name && flow->name && !row->local) {
		row->name = flow->name;
		row->name_source = flow->name_source;
	}
	device = table_see(c->devices, &key, &created);
	reach(device, created, flow->start);
	reach(device, false, flow->last);
	device->sent = device->sent || flow->from[end].packets > 0;
	destination_add_flow(row, flow, end);
}

static void
add_flow(struct copying *c, const struct flow *open)
{
	struct porch_counters *count = &c->result->counters;
	struct flow flow = *open;
	bool directed = false;

	flow.side = engine_side_of(c->e, &flow);
	count->flows++;
	for (unsigned end = 0; end < 2; end++) {
		if (!engine_has_destination(&flow, end))
			continue;
		add_end(c, &flow, end);
		directed = true;
	}
	if (directed)
		return;
	count->undirected++;
	count->undirected_bytes += flow.from[0].bytes + flow.from[1].bytes;
}

/* As large as the engine's own, and what leaves them is folded likewise. */
static bool
take_tables(struct copying *c)
{
	const struct engine *e = c->e;

	c->devices = table_new(e->setup.sizes.devices, sizeof(struct device),
	    sizeof(struct device_key), e->setup.seed);
	c->destinations = table_new(e->setup.sizes.destinations, sizeof(struct destination),
	    sizeof(struct destination_key), e->setup.seed);
	if (!c->devices || !c->destinations)
		return false;
	table_on_leave(c->destinations, fold, c->result);
	return true;
}

bool
engine_snapshot(struct engine *e, const uint64_t *only, struct engine_result *result)
{
	struct copying c = {.e = e, .only = only, .result = result};

	*result = engine_result_so_far(e);
	if (!take_tables(&c)) {
		table_free(c.devices);
		table_free(c.destinations);
		return false;
	}
	copy_tables(&c);
	for (const struct flow *f = flow_table_first(e->flows); f; f = flow_table_next(e->flows, f))
		if (f->settled)
			add_flow(&c, f);
	result->counters.evicted = engine_evicted(e);
	result->devices = c.devices;
	result->destinations = c.destinations;
	engine_advise_result(e, c.destinations, result);
	return true;
}

void
engine_snapshot_free(struct engine_result *result)
{
	table_free((struct table *)(uintptr_t)result->devices);
	table_free((struct table *)(uintptr_t)result->destinations);
	memset(result, 0, sizeof(*result));
}

void
engine_each_open(struct engine *e, track_open_fn *each, void *user)
{
	track_table_each_open(e->tracks, each, user);
}

void
engine_hold(struct engine *e, uint64_t device, bool hold)
{
	for (struct device *d = table_first(e->devices), *next; d; d = next) {
		next = table_next(e->devices, d);
		if (device_key_id(&d->key) != device)
			continue;
		table_set_tier(e->devices, d, hold);
		track_table_keep(e->tracks, &d->key, hold);
	}
	for (struct destination *d = table_first(e->destinations), *next; d; d = next) {
		struct device_key key = engine_device_key(e->splits, &d->key.mac, &d->key.inside);

		next = table_next(e->destinations, d);
		if (device_key_id(&key) == device)
			table_set_tier(e->destinations, d, hold);
	}
}
