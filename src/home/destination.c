/* SPDX-License-Identifier: Apache-2.0 */
#include "home/destination.h"

#include <string.h>

#include "base/hash.h"

uint64_t
destination_what(const char *name, const struct addr *remote)
{
	if (name)
		return hash_id(name, strlen(name));
	return hash_id(remote, sizeof(*remote));
}

uint64_t
destination_id(uint64_t device, uint64_t what)
{
	uint64_t both[2] = {device, what};

	return hash_id(both, sizeof(both));
}

static bool
named(const struct flow *flow)
{
	return flow->name && !flow->contradicted && flow->name_source != PORCH_NAME_ECH_OUTER &&
	       flow->name_source != PORCH_NAME_NONE;
}

struct destination_key
destination_key_of(const struct flow *flow, unsigned inside_end)
{
	const char *name = flow->side != SIDE_LOCAL && named(flow) ? flow->name : NULL;

	return (struct destination_key){
	    .mac = flow->mac[inside_end],
	    .inside = flow->key.end[inside_end],
	    .what = destination_what(name, &flow->key.end[!inside_end]),
	};
}

static void
add_port(struct destination *row, uint16_t port)
{
	unsigned at = 0;

	while (at < row->ports && row->port[at] < port)
		at++;
	if (at == DESTINATION_PORTS || (at < row->ports && row->port[at] == port))
		return;
	if (row->ports < DESTINATION_PORTS)
		row->ports++;
	memmove(&row->port[at + 1], &row->port[at],
	    (size_t)(row->ports - 1 - at) * sizeof(row->port[0]));
	row->port[at] = port;
}

/* Keeps the lowest ones in order, so that what is told does not hang on who came first. */
static void
add_address(struct destination *row, const struct addr *addr)
{
	unsigned at = 0;

	while (at < row->addresses && addr_compare(&row->address[at], addr) < 0)
		at++;
	if (at == DESTINATION_ADDRESSES ||
	    (at < row->addresses && addr_equal(&row->address[at], addr)))
		return;
	if (row->addresses < DESTINATION_ADDRESSES)
		row->addresses++;
	memmove(&row->address[at + 1], &row->address[at],
	    (size_t)(row->addresses - 1 - at) * sizeof(row->address[0]));
	row->address[at] = *addr;
}

static uint16_t
transport_bit(uint8_t protocol)
{
	switch (protocol) {
	case IP_TCP:
		return TRANSPORT_TCP;
	case IP_UDP:
		return TRANSPORT_UDP;
	case IP_ICMP:
		return TRANSPORT_ICMP;
	case IP_ICMPV6:
		return TRANSPORT_ICMPV6;
	default:
		return TRANSPORT_OTHER;
	}
}

static void
widen(struct destination *row, int64_t first, int64_t last)
{
	if (row->flows == 0 || first < row->first_seen)
		row->first_seen = first;
	if (row->flows == 0 || last > row->last_seen)
		row->last_seen = last;
}

void
destination_add_flow(struct destination *row, const struct flow *flow, unsigned inside_end)
{
	uint16_t port = flow->key.port[!inside_end];

	widen(row, flow->start, flow->last);
	row->flows++;
	row->local = flow->side == SIDE_LOCAL;
	row->up.bytes += flow->from[inside_end].bytes;
	row->up.packets += flow->from[inside_end].packets;
	row->down.bytes += flow->from[!inside_end].bytes;
	row->down.packets += flow->from[!inside_end].packets;
	add_address(row, &flow->key.end[!inside_end]);
	row->transports |= transport_bit(flow->key.protocol);
	if (flow->application != APPLICATION_UNKNOWN)
		row->applications |= 1U << flow->application;
	if (flow->key.protocol == IP_TCP || flow->key.protocol == IP_UDP) {
		add_port(row, port);
		row->stun_or_vpn_port =
		    row->stun_or_vpn_port || port == 443 || port == 3478 || port == 4500;
	}
	row->after_rendezvous = row->after_rendezvous || flow->after_rendezvous;
	row->introduced = row->introduced || flow->introduced;
	row->turn = row->turn || flow->turn;
	row->dns_agrees = row->dns_agrees || flow->dns_agrees;
	row->contradicted = row->contradicted || flow->contradicted;
}

void
destination_merge(struct destination *into, const struct destination *from)
{
	widen(into, from->first_seen, from->last_seen);
	into->flows += from->flows;
	into->up.bytes += from->up.bytes;
	into->up.packets += from->up.packets;
	into->down.bytes += from->down.bytes;
	into->down.packets += from->down.packets;
	for (unsigned i = 0; i < from->addresses; i++)
		add_address(into, &from->address[i]);
	for (unsigned i = 0; i < from->ports; i++)
		add_port(into, from->port[i]);
	advice_add(&into->advice, &from->advice);
	into->transports |= from->transports;
	into->applications |= from->applications;
	into->stun_or_vpn_port = into->stun_or_vpn_port || from->stun_or_vpn_port;
	into->after_rendezvous = into->after_rendezvous || from->after_rendezvous;
	into->turn = into->turn || from->turn;
	into->introduced = into->introduced || from->introduced;
	into->dns_agrees = into->dns_agrees || from->dns_agrees;
	into->contradicted = into->contradicted || from->contradicted;
	if (!into->name) {
		into->name_source = from->name_source;
		into->name = from->name;
	}
	if (!into->aliases)
		into->aliases = from->aliases;
	if (!into->candidates)
		into->candidates = from->candidates;
}
