/* SPDX-License-Identifier: Apache-2.0 */
#include "engine_state.h"

#include <stdlib.h>

/* A row leaves its table, and holds no text any more. */
void
engine_fold_destination(void *entry, void *user)
{
	struct destination *row = entry;
	struct engine *e = user;

	engine_fold(&e->folded, row);
	texts_drop(e->listener.texts, row->name);
	texts_drop(e->listener.texts, row->aliases);
	texts_drop(e->listener.texts, row->candidates);
}

void
engine_fold(struct engine_folded *f, const struct destination *row)
{
	if (row->flows == 0) /* it waited for its first flow to end: nothing to add */
		return;
	if (f->rows == 0 || row->first_seen < f->first_seen)
		f->first_seen = row->first_seen;
	if (f->rows == 0 || row->last_seen > f->last_seen)
		f->last_seen = row->last_seen;
	f->rows++;
	if (row->local) {
		f->bytes_local += row->up.bytes + row->down.bytes;
		return;
	}
	f->up.bytes += row->up.bytes;
	f->up.packets += row->up.packets;
	f->down.bytes += row->down.bytes;
	f->down.packets += row->down.packets;
}

static void
add_to_destination(struct engine *e, struct flow *flow, unsigned end)
{
	struct destination *row = engine_destination_of(e, flow, end);
	struct device *device = engine_device_at(e, flow, end, flow->start);

	engine_device_at(e, flow, end, flow->last);
	device->sent = device->sent || flow->from[end].packets > 0;
	destination_add_flow(row, flow, end);
}

/* 0: that end is no device with a receiver. */
static uint64_t
device_id_of(const struct flow *flow, unsigned end)
{
	struct device_key key;

	if (!engine_has_destination(flow, end))
		return 0;
	key = engine_key_of_known(flow, end);
	return device_key_id(&key);
}

static uint64_t
receiver_id_of(const struct flow *flow, unsigned end, uint64_t device)
{
	return device ? destination_id(device, flow->what[end]) : 0;
}

static void
tell_flow(const struct engine *e, const struct flow *flow, const char *why)
{
	unsigned o = flow->originator, r = !flow->originator;
	uint64_t device[2] = {device_id_of(flow, 0), device_id_of(flow, 1)};
	unsigned told = device[o] ? o : r;
	char originator[ADDR_TEXT], responder[ADDR_TEXT], community[COMMUNITY_ID_TEXT] = "";
	struct porch_flow record = {
	    .input = e->setup.input,
	    .device = device[told],
	    .destination = receiver_id_of(flow, told, device[told]),
	    .peer_device = device[told] && device[!told] ? device[!told] : 0,
	    .originator = addr_format(&flow->key.end[o], originator),
	    .responder = addr_format(&flow->key.end[r], responder),
	    .originator_port = flow->key.port[o],
	    .responder_port = flow->key.port[r],
	    .protocol = flow->key.protocol,
	    .originator_bytes = flow->from[o].bytes,
	    .responder_bytes = flow->from[r].bytes,
	    .originator_packets = flow->from[o].packets,
	    .responder_packets = flow->from[r].packets,
	    .start = flow->start,
	    .end = flow->last,
	    .name = flow->name,
	    .name_source = flow->name_source,
	    .ja4 = flow->ja4,
	    .alpn = flow->alpn,
	    .application = flow_application_word(flow->application),
	    .ended = why,
	};

	if (record.peer_device)
		record.peer_destination = receiver_id_of(flow, !told, device[!told]);
	flow_community_id(&flow->key, o, flow->one_way, community);
	record.community_id = community[0] ? community : NULL;
	e->setup.flow(&record, e->setup.user);
}

void
engine_end_flow(struct flow *flow, const char *why, void *user)
{
	struct engine *e = user;
	bool directed = false;

	engine_settle(e, flow);
	engine_know_ends(e, flow);
	engine_set_side(e, flow);
	engine_advise_end(e, flow);
	e->count.flows++;
	for (unsigned end = 0; end < 2; end++) {
		if (!engine_has_destination(flow, end))
			continue;
		add_to_destination(e, flow, end);
		directed = true;
	}
	if (!directed) {
		e->count.undirected++;
		e->count.undirected_bytes += flow->from[0].bytes + flow->from[1].bytes;
	}
	if (e->setup.flow)
		tell_flow(e, flow, why);
	listen_forget(&e->listener, flow);
}

void
engine_close_episode(const struct track_episode *episode, void *user)
{
	struct engine *e = user;

	if (e->setup.closed)
		e->setup.closed(episode, e->setup.user);
	else if (!spool_add(e->episodes, episode))
		e->out_of_memory = true;
	if (e->setup.follow)
		engine_learn_episode(e, episode);
}
