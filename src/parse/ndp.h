/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARSE_NDP_H
#define PARSE_NDP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "parse/packet.h"
#include "parse/result.h"

#define NDP_PREFIXES 8 /* read from one router advertisement; those beyond are passed over */

enum ndp_kind {
	NDP_ROUTER_ADVERTISEMENT,
	NDP_SOLICITATION,
	NDP_ADVERTISEMENT,
};

/* A prefix information option (RFC 4861, 4.6.2); lifetimes in seconds. */
struct ndp_prefix {
	struct prefix prefix;
	bool on_link;
	bool autonomous;
	uint32_t valid_lifetime;
	uint32_t preferred_lifetime;
};

/* A message of Neighbour Discovery (RFC 4861, 4.2 to 4.4); owns all it holds. */
struct ndp {
	enum ndp_kind kind;

	/* Solicitation: who is asked for; advertisement: whose address is told. */
	struct addr target;
	bool probe; /* a solicitation from ::, which claims its target (RFC 4862, 5.4.2) */

	/* Source link-layer option; in a neighbour advertisement the target's. */
	bool has_link_layer;
	struct mac link_layer;

	/* Router advertisement. */
	uint16_t router_lifetime; /* seconds; 0: sends no default route */
	struct ndp_prefix prefixes[NDP_PREFIXES];
	size_t prefix_count;
};

/*
 * Reads the neighbour discovery message in an ICMPv6 packet.  PARSE_OTHER: the packet is
 * none, or came through a router (hop limit below 255: RFC 4861, 6.1 and 7.1 say discard).
 * PARSE_SHORT leaves in *ndp what stood before the cut.
 */
enum parse_result ndp_parse(const struct packet *packet, struct ndp *ndp);

#endif
