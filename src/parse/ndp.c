/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/ndp.h"

#include "base/cursor.h"

/* ICMPv6 types and options of RFC 4861, 4. */
#define ROUTER_ADVERTISEMENT    134
#define NEIGHBOUR_SOLICITATION  135
#define NEIGHBOUR_ADVERTISEMENT 136
#define OPTION_SOURCE_LINK      1
#define OPTION_TARGET_LINK      2
#define OPTION_PREFIX           3
#define PREFIX_ON_LINK          0x80
#define PREFIX_AUTONOMOUS       0x40

#define HOP_LIMIT_UNROUTED 255

static void
link_layer_take(struct cursor option, struct ndp *ndp)
{
	const uint8_t *bytes = cursor_take(&option, sizeof(ndp->link_layer.bytes));

	if (!bytes || cursor_left(&option) > 0 || ndp->has_link_layer)
		return; /* of another kind of link, or said twice */
	memcpy(ndp->link_layer.bytes, bytes, sizeof(ndp->link_layer.bytes));
	ndp->has_link_layer = true;
}

static void
prefix_take(struct cursor option, struct ndp *ndp)
{
	struct ndp_prefix read = {0};
	uint8_t flags;
	const uint8_t *bytes;

	read.prefix.length = cursor_u8(&option);
	flags = cursor_u8(&option);
	read.valid_lifetime = cursor_be32(&option);
	read.preferred_lifetime = cursor_be32(&option);
	cursor_take(&option, 4);
	bytes = cursor_take(&option, 16);
	if (!bytes || read.prefix.length > 128 || ndp->prefix_count == NDP_PREFIXES)
		return;
	read.prefix.addr = addr_from_bytes(6, bytes);
	for (unsigned bit = read.prefix.length; bit < 128; bit++)
		read.prefix.addr.bytes[bit / 8] &= (uint8_t) ~(0x80U >> bit % 8);
	read.on_link = (flags & PREFIX_ON_LINK) != 0;
	read.autonomous = (flags & PREFIX_AUTONOMOUS) != 0;
	ndp->prefixes[ndp->prefix_count++] = read;
}

/* RFC 4861, 4.6: type, length in units of eight bytes, never 0. */
static enum parse_result
options_take(struct cursor *c, struct ndp *ndp)
{
	uint8_t wanted = ndp->kind == NDP_ADVERTISEMENT ? OPTION_TARGET_LINK : OPTION_SOURCE_LINK;

	while (cursor_left(c) > 0) {
		uint8_t type = cursor_u8(c), length = cursor_u8(c);
		struct cursor option;

		if (!c->short_read && length == 0)
			return PARSE_MALFORMED;
		option = cursor_sub(c, length * 8U - 2);
		if (option.short_read)
			return PARSE_SHORT;
		if (type == wanted)
			link_layer_take(option, ndp);
		else if (type == OPTION_PREFIX && ndp->kind == NDP_ROUTER_ADVERTISEMENT)
			prefix_take(option, ndp);
	}
	return PARSE_OK;
}

static bool
kind_of(uint8_t type, enum ndp_kind *kind)
{
	switch (type) {
	case ROUTER_ADVERTISEMENT:
		*kind = NDP_ROUTER_ADVERTISEMENT;
		return true;
	case NEIGHBOUR_SOLICITATION:
		*kind = NDP_SOLICITATION;
		return true;
	case NEIGHBOUR_ADVERTISEMENT:
		*kind = NDP_ADVERTISEMENT;
		return true;
	default:
		return false;
	}
}

/* Hop limit, flags, lifetime, two timers (4.2); or flags and target (4.3, 4.4). */
static void
body_take(struct cursor *c, const struct packet *packet, struct ndp *ndp)
{
	const uint8_t *target;

	if (ndp->kind == NDP_ROUTER_ADVERTISEMENT) {
		cursor_take(c, 1 + 1);
		ndp->router_lifetime = cursor_be16(c);
		cursor_take(c, 4 + 4);
		return;
	}
	cursor_take(c, 4);
	target = cursor_take(c, 16);
	if (target)
		ndp->target = addr_from_bytes(6, target);
	ndp->probe = ndp->kind == NDP_SOLICITATION && addr_is_unspecified(&packet->source);
}

enum parse_result
ndp_parse(const struct packet *packet, struct ndp *ndp)
{
	struct cursor c = packet->payload;

	*ndp = (struct ndp){0};
	if (packet->network != NETWORK_IP || packet->protocol != IP_ICMPV6 ||
	    packet->source.family != 6 || packet->later_fragment || !packet->has_ports)
		return PARSE_OTHER;
	if (!kind_of(packet->icmp_type, &ndp->kind) || packet->icmp_code != 0 ||
	    packet->hop_limit != HOP_LIMIT_UNROUTED)
		return PARSE_OTHER;
	body_take(&c, packet, ndp);
	if (c.short_read)
		return PARSE_SHORT;
	if (ndp->kind == NDP_ROUTER_ADVERTISEMENT && !addr_is_link_local(&packet->source))
		return PARSE_MALFORMED;
	if (ndp->kind != NDP_ROUTER_ADVERTISEMENT &&
	    (addr_is_multicast(&ndp->target) || addr_is_unspecified(&ndp->target)))
		return PARSE_MALFORMED;
	return options_take(&c, ndp);
}
