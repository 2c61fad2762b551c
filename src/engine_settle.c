/* SPDX-License-Identifier: Apache-2.0 */
#include "engine_state.h"

#include <string.h>

#include "base/hash.h"
#include "judge/receiver.h"
#include "parse/packet.h"

#define SECOND INT64_C(1000000)

/* Contract, destination: when a name that does not come is given up. */
#define SETTLE_PACKETS 16
#define SETTLE_BYTES   16384
#define SETTLE_TIME    (10 * SECOND)

static void
widen(struct device *device, int64_t time)
{
	if (time > device->last_seen)
		device->last_seen = time;
	if (time < device->first_seen)
		device->first_seen = time;
}

struct device *
engine_device_of(struct engine *e, const struct device_key *key, int64_t time)
{
	bool created;
	struct device *device = table_see(e->devices, key, &created);

	if (created)
		device->first_seen = device->last_seen = time;
	widen(device, time);
	return device;
}

/* Apart from its caller, which most often knows the place. */
static __attribute__((noinline)) struct device *
look_up_device(struct engine *e, const struct flow *flow, unsigned end, int64_t time,
    uint16_t *place)
{
	struct device_key key = engine_key_of_known(flow, end);
	struct device *device = engine_device_of(e, &key, time);

	*place = table_short_place(device);
	return device;
}

/*
 * The same for an end of a flow that is known: all its packets have the same one.  inline, as
 * table_touch_at() is.
 */
inline struct device *
engine_device_at(struct engine *e, struct flow *flow, unsigned end, int64_t time)
{
	uint16_t *place = &engine_places_of(e, flow, end)->device_at;
	struct device *device = table_touch_at(e->devices, *place);

	if (!device)
		return look_up_device(e, flow, end, time, place);
	widen(device, time);
	return device;
}

/* The receiver of an end, once the flow is settled and its side known. */
static uint64_t
what_of(struct flow *flow, unsigned end)
{
	if (!flow->what[end])
		flow->what[end] = destination_key_of(flow, end).what;
	return flow->what[end];
}

struct destination *
engine_destination_of(struct engine *e, struct flow *flow, unsigned end)
{
	struct destination_key key = {
	    .mac = flow->mac[end], .inside = flow->key.end[end], .what = what_of(flow, end)};
	struct destination *row;
	bool created;

	row = table_see(e->destinations, &key, &created);
	if (created)
		row->local = flow->side == SIDE_LOCAL;
	if (!row->name && flow->name && !row->local) {
		row->name = texts_hold(flow->name);
		row->name_source = flow->name_source;
	}
	return row;
}

/* As many of the names as fit, blank separated. */
static void
list_names(char list[static ALIASES_TEXT], const struct bound_names *names)
{
	size_t used = 0;

	for (unsigned i = 0; i < names->count; i++) {
		size_t length = strlen(names->host[i]);

		if (used + length + 2 > ALIASES_TEXT)
			return;
		if (used)
			list[used++] = ' ';
		memcpy(list + used, names->host[i], length + 1);
		used += length;
	}
}

static void
remember_names(struct engine *e, struct destination *row, const struct bound_names *names)
{
	char list[ALIASES_TEXT];

	if (!row->aliases)
		row->aliases = texts_hold(names->aliases);
	if (names->count < 2 || row->candidates)
		return;
	list_names(list, names);
	row->candidates = texts_keep(e->listener.texts, list);
}

static void
track_one(struct engine *e, struct flow *flow, unsigned end, const struct pending_packet *packet)
{
	struct device_key key;
	struct track_packet p = {
	    .flow = flow,
	    .place = &engine_places_of(e, flow, end)->track_at,
	    .time = packet->time,
	    .bytes = packet->bytes,
	    .packets = packet->packets,
	    .inside_end = (uint8_t)end,
	    .up = packet->sender == end,
	    .media = packet->media,
	    .overhead = packet->overhead,
	    .sequence = packet->sequence,
	    .ssrc = packet->ssrc,
	};

	if (!*p.place) {
		key = engine_key_of_known(flow, end);
		p.device = &key;
		p.what = what_of(flow, end);
	}
	track_table_see(e->tracks, &p);
}

/* Gives a packet of a settled flow, whose ends are known, to the episodes of devices there. */
void
engine_track(struct engine *e, struct flow *flow, const struct pending_packet *packet)
{
	for (unsigned end = 0; end < 2; end++)
		if (flow->end[end].uploads)
			track_one(e, flow, end, packet);
}

/* Whether the owner of the address is known to be somebody else than the name says. */
static bool
owner_contradicts(const struct engine *e, const char *host, const struct addr *remote)
{
	struct receiver named, owner;

	if (!rules_address(e->setup.rules, remote, &owner) || owner.shared_network ||
	    owner.access_network || owner.role == PORCH_PARTY_UNKNOWN || !owner.organisation)
		return false;
	return rules_host(e->setup.rules, host, &named) && named.organisation &&
	       strcmp(named.organisation, owner.organisation) != 0;
}

/* The name as the look-ups have it, when the flow itself says none. */
static void
name_from_look_ups(struct engine *e, struct flow *flow, const struct bound_names *names)
{
	if (flow->name_source == PORCH_NAME_NONE && names->count == 1) {
		listen_hold(&e->listener, &flow->name, names->host[0]);
		flow->name_source = names->expired ? PORCH_NAME_DNS_EXPIRED : PORCH_NAME_DNS;
	}
	for (unsigned i = 0; flow->name && i < names->count; i++)
		if (strcmp(flow->name, names->host[i]) == 0)
			flow->dns_agrees = !names->expired;
}

/* Whom the device connects to; datagrams go to whoever is met. */
static void
learn_organisation(struct engine *e, const struct flow *flow, unsigned end)
{
	struct device_key key = engine_key_of_end(e, flow, end);
	const char *name;

	if (flow->key.protocol != IP_TCP)
		return;
	name = receiver_organisation(e->setup.rules,
	    flow->name && !flow->contradicted ? flow->name : "", &flow->key.end[!end]);
	if (name)
		device_add_organisation(engine_device_of(e, &key, flow->start),
		    (uint32_t)hash_id(name, strlen(name)));
}

/* A flow's name settles once; what waited for it is told to the episodes. */
void
engine_settle(struct engine *e, struct flow *flow)
{
	struct pending *waiting;

	if (flow->settled)
		return;
	flow->settled = true;
	if (engine_set_side(e, flow))
		flow->as_of = 0;
	engine_know_ends(e, flow);
	if (!flow->pending)
		return;
	waiting = pending_at(e->pending, flow->pending);
	name_from_look_ups(e, flow, &waiting->names);
	for (unsigned remote = 0; remote < 2; remote++) {
		if (flow->side == SIDE_LOCAL || !engine_has_destination(flow, !remote))
			continue;
		flow->contradicted =
		    flow->name && owner_contradicts(e, flow->name, &flow->key.end[remote]);
		remember_names(e, engine_destination_of(e, flow, !remote), &waiting->names);
		learn_organisation(e, flow, !remote);
	}
	for (unsigned i = 0; i < waiting->packets; i++)
		engine_track(e, flow, pending_packet_at(e->pending, waiting, i));
	names_drop(e->listener.names, &waiting->names);
	hello_release(e->listener.hellos, &waiting->hello);
	pending_release(e->pending, flow->pending);
	flow->pending = 0;
}

static void
settle_oldest(struct engine *e)
{
	struct pending *oldest = pending_oldest(e->pending);
	struct flow *flow = flow_table_at(e->flows, oldest->flow);

	engine_settle(e, flow);
}

void
engine_settle_overdue(struct engine *e)
{
	while (pending_has_before(e->pending, e->now - SETTLE_TIME))
		settle_oldest(e);
}

/* The end whose receiver this flow may give a name to; 2 when there is none. */
static unsigned
inside_end_of(const struct flow *flow)
{
	if (flow->side == SIDE_FIRST)
		return 0;
	return flow->side == SIDE_SECOND ? 1 : 2;
}

void
engine_begin_flow(struct engine *e, struct flow *flow)
{
	struct bound_names *names;
	struct device_key key;
	unsigned end;

	engine_know_ends(e, flow);
	flow->pending = pending_take(e->pending, flow_table_place(flow), flow->start);
	if (!flow->pending) {
		settle_oldest(e);
		flow->pending = pending_take(e->pending, flow_table_place(flow), flow->start);
	}
	end = inside_end_of(flow);
	if (end == 2)
		return;
	key = engine_key_of_end(e, flow, end);
	names = &pending_at(e->pending, flow->pending)->names;
	names_find(e->listener.names, &key, &flow->key.end[!end], flow->start, names);
	names_hold(names);
	if (flow->key.protocol != IP_UDP)
		return;
	flow->after_rendezvous = introductions_has_met(e->listener.introductions,
	    &flow->key.end[end], flow->key.port[end], flow->start);
	flow->introduced =
	    introductions_has_named(e->listener.introductions, &flow->key.end[!end], flow->start);
}

static bool
has_waited_enough(const struct engine *e, const struct flow *flow)
{
	const struct pending *waiting = pending_at(e->pending, flow->pending);

	return waiting->payload_packets >= SETTLE_PACKETS || waiting->payload_bytes >= SETTLE_BYTES;
}

void
engine_wait_for_name(struct engine *e, const struct packet *packet, struct flow *flow,
    unsigned sender, const struct pending_packet *counted, const struct heard *heard)
{
	struct pending *waiting = pending_at(e->pending, flow->pending);

	pending_add(e->pending, waiting, counted);
	if (sender == flow->originator && packet->payload_bytes > 0) {
		waiting->payload_packets++;
		waiting->payload_bytes += packet->payload_bytes;
	}
	if (heard->name == HEARD_NAME || has_waited_enough(e, flow))
		engine_settle(e, flow);
}
