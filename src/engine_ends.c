/* SPDX-License-Identifier: Apache-2.0 */
#include "engine_state.h"

/*
 * Who is at the ends of a flow.  It is asked of every packet, and follows from what is known of
 * addresses and MACs; so answers are kept with the flow until something new is known.
 */

struct device_key
engine_device_key(const struct splits *splits, const struct mac *mac, const struct addr *inside)
{
	if (mac_is_zero(mac))
		return device_key_addr(mac, inside);
	if (inside->family == 4 && splits_has(splits, mac))
		return device_key_addr(mac, inside);
	return device_key_mac(mac);
}

/* Another number whenever an answer may be another one; never 0. */
static uint32_t
knowledge(const struct engine *e, const struct flow *flow)
{
	bool ipv6 = flow->key.end[0].family == 6;

	return (inside_changes(e->inside, ipv6) + splits_changes(e->splits)) << 1 | 1;
}

struct device_key
engine_key_of_known(const struct flow *flow, unsigned end)
{
	const struct mac *mac = &flow->mac[end];

	return flow->end[end].split ? device_key_addr(mac, &flow->key.end[end])
	                            : device_key_mac(mac);
}

struct device_key
engine_key_of_end(const struct engine *e, const struct flow *flow, unsigned end)
{
	if (flow->as_of == knowledge(e, flow))
		return engine_key_of_known(flow, end);
	return engine_device_key(e->splits, &flow->mac[end], &flow->key.end[end]);
}

static void
forget_places(struct flow *flow)
{
	for (unsigned end = 0; end < 2; end++)
		flow->end[end].device_at = flow->end[end].track_at = flow->end[end].split_at = 0;
}

struct flow_end *
engine_places_of(const struct engine *e, struct flow *flow, unsigned end)
{
	if (flow->placed != e->places)
		forget_places(flow);
	flow->placed = e->places;
	return &flow->end[end];
}

/* A group or missing address has nobody behind it that could be called a device. */
bool
engine_is_device_end(const struct flow *flow, unsigned end)
{
	const struct addr *addr = &flow->key.end[end];

	if (addr_is_multicast(addr) || addr_is_broadcast(addr) || mac_is_group(&flow->mac[end]))
		return false;
	return !addr_is_unspecified(addr) || !mac_is_zero(&flow->mac[end]);
}

/* Whether this end is a device of the home whose receiver is the other end. */
bool
engine_has_destination(const struct flow *flow, unsigned end)
{
	if (flow->side != SIDE_LOCAL && flow->side != (end == 0 ? SIDE_FIRST : SIDE_SECOND))
		return false;
	return engine_is_device_end(flow, end);
}

uint8_t
engine_side_of(const struct engine *e, const struct flow *flow)
{
	bool known = flow->as_of == knowledge(e, flow), inside[2];

	for (unsigned end = 0; end < 2; end++)
		inside[end] = known ? flow->end[end].inside
		                    : inside_has(e->inside, &flow->key.end[end], &flow->mac[end]);
	if (inside[0] && inside[1])
		return SIDE_LOCAL;
	if (inside[0])
		return SIDE_FIRST;
	return inside[1] ? SIDE_SECOND : SIDE_UNDIRECTED;
}

bool
engine_set_side(const struct engine *e, struct flow *flow)
{
	uint8_t side = engine_side_of(e, flow);
	bool changed = side != flow->side;

	if (changed)
		flow->what[0] = flow->what[1] = 0;
	flow->side = side;
	return changed;
}

static void
know_end(const struct engine *e, struct flow *flow, unsigned end)
{
	const struct addr *addr = &flow->key.end[end];
	const struct mac *mac = &flow->mac[end];
	struct flow_end *known = &flow->end[end];

	known->split = engine_device_key(e->splits, mac, addr).addr.family != 0;
	known->inside = inside_has(e->inside, addr, mac);
	known->device = engine_is_device_end(flow, end);
	known->heard = false;
}

static bool
uploads(const struct flow *flow, unsigned end)
{
	const struct addr *other = &flow->key.end[!end];

	return engine_has_destination(flow, end) && !addr_is_multicast(other) &&
	       !addr_is_broadcast(other);
}

/* Apart from its caller: of most packets nothing new is known. */
static __attribute__((noinline)) void
know_anew(const struct engine *e, struct flow *flow)
{
	know_end(e, flow, 0);
	know_end(e, flow, 1);
	flow->as_of = knowledge(e, flow);
	if (flow->side == SIDE_UNDIRECTED)
		engine_set_side(e, flow);
	for (unsigned end = 0; end < 2; end++)
		flow->end[end].uploads = uploads(flow, end);
	forget_places(flow);
}

void
engine_know_ends(const struct engine *e, struct flow *flow)
{
	if (flow->as_of != knowledge(e, flow))
		know_anew(e, flow);
}

/*
 * Whether this end has sent just like that since, so that nothing is to be learnt of where the
 * packet comes from.  Lease and neighbour are told in packets that may always bring something
 * new; bare link headers want to be filled in; and a router's copy has another MAC.
 */
bool
engine_has_heard(const struct engine *e, const struct flow *flow, unsigned sender,
    const struct packet *packet)
{
	return flow->as_of == knowledge(e, flow) && flow->end[sender].heard &&
	       mac_equal(&packet->source_mac, &flow->mac[sender]) &&
	       (!packet->has_macs || !mac_is_zero(&packet->target_mac)) &&
	       packet->protocol != IP_ICMPV6 && flow->application != APPLICATION_DHCP;
}
