/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/layers.h"

#define IPV4_HEADER 20
#define IPV6_HEADER 40

#define HARDWARE_ETHERNET 1
#define HARDWARE_802      6
#define PROTOCOL_IPV4     0x0800

/* IPv6 extension headers, from IANA's registry. */
#define EXT_HOP_BY_HOP  0
#define EXT_ROUTING     43
#define EXT_FRAGMENT    44
#define EXT_AUTH        51
#define EXT_DESTINATION 60
#define EXT_MOBILITY    135
#define EXT_HIP         139
#define EXT_SHIM6       140
#define EXT_MAX         16 /* headers followed in one packet; no sender needs as many */

#define OPTION_PAD1  0
#define OPTION_JUMBO 0xc2 /* RFC 2675, 2 */

/* Of a packet that had none.  Leaves it so when too few bytes are left. */
static inline void
addr_take(struct cursor *c, uint8_t family, struct addr *addr)
{
	size_t length = family == 6 ? 16 : 4;
	const uint8_t *bytes = cursor_take(c, length);

	if (!bytes)
		return;
	addr->family = family;
	memcpy(addr->bytes, bytes, length);
}

enum parse_result
arp_parse(struct packet *packet)
{
	struct cursor *c = &packet->payload;
	const uint8_t *body = c->at, *sender;
	uint16_t hardware = cursor_be16(c), protocol = cursor_be16(c);
	uint16_t sizes = cursor_be16(c);

	if (c->short_read)
		return PARSE_SHORT;
	if ((hardware != HARDWARE_ETHERNET && hardware != HARDWARE_802) ||
	    protocol != PROTOCOL_IPV4 || sizes != 0x0604)
		return PARSE_OTHER;
	packet->arp_operation = cursor_be16(c);
	sender = cursor_take(c, 6);
	addr_take(c, 4, &packet->source);
	cursor_take(c, 6);
	addr_take(c, 4, &packet->target);
	if (!sender || c->short_read)
		return PARSE_SHORT;
	memcpy(packet->arp_sender_mac.bytes, sender, sizeof(packet->arp_sender_mac.bytes));
	packet->network = NETWORK_ARP;
	packet->network_header = body;
	return PARSE_OK;
}

/* Contract, promise 2.  A claimed length of 0 is left to the network card to fill in. */
static void
count_bytes(struct packet *packet, uint32_t claimed, uint32_t wire)
{
	packet->ip_bytes = claimed;
	if (claimed > 0 && claimed <= wire)
		return;
	packet->ip_bytes = wire < PACKET_BYTES_MAX ? wire : PACKET_BYTES_MAX;
	if (claimed > packet->ip_bytes)
		packet->implausible = claimed - packet->ip_bytes;
}

/* The IP payload: rest stands behind a header of that many bytes. */
static void
payload_take(struct cursor rest, uint32_t header, struct packet *packet)
{
	packet->payload_bytes = packet->ip_bytes > header ? packet->ip_bytes - header : 0;
	packet->payload = cursor_sub_clamped(&rest, packet->payload_bytes);
}

static enum parse_result
ipv4_parse(struct packet *packet)
{
	uint32_t wire = frame_left(packet);
	struct cursor rest = packet->payload, fixed = cursor_sub(&rest, IPV4_HEADER);
	uint16_t claimed, id, fragment;
	uint32_t header;

	if (fixed.short_read)
		return PARSE_SHORT;
	header = (cursor_u8(&fixed) & 0x0fU) * 4;
	cursor_take(&fixed, 1);
	claimed = cursor_be16(&fixed);
	id = cursor_be16(&fixed);
	fragment = cursor_be16(&fixed);
	packet->hop_limit = cursor_u8(&fixed);
	packet->protocol = cursor_u8(&fixed);
	cursor_take(&fixed, 2);
	addr_take(&fixed, 4, &packet->source);
	addr_take(&fixed, 4, &packet->target);
	if (header < IPV4_HEADER)
		return PARSE_MALFORMED;
	packet->network = NETWORK_IP;
	count_bytes(packet, claimed, wire);
	packet->later_fragment = (fragment & 0x1fff) != 0;
	packet->fragment = (fragment & 0x3fff) != 0;
	packet->fragment_id = id;
	cursor_take(&rest, header - IPV4_HEADER);
	payload_take(rest, header, packet);
	return PARSE_OK;
}

/* Whether the hop-by-hop options hold a jumbo payload option. */
static bool
is_jumbo(struct cursor c)
{
	struct cursor options;

	cursor_take(&c, 1);
	options = cursor_sub_clamped(&c, cursor_u8(&c) * 8U + 6);
	while (cursor_left(&options) > 0 && !options.short_read) {
		uint8_t type = cursor_u8(&options);

		if (type == OPTION_JUMBO)
			return true;
		if (type != OPTION_PAD1)
			cursor_take(&options, cursor_u8(&options));
	}
	return false;
}

/* How long the extension header at c is, from its length field; 0 when it is none. */
static uint32_t
extension_length(uint8_t type, const struct cursor *c)
{
	uint8_t length;

	switch (type) {
	case EXT_FRAGMENT:
		return 8;
	case EXT_AUTH:
		return cursor_peek(c, 1, &length) ? (length + 2U) * 4 : 8;
	case EXT_HOP_BY_HOP:
	case EXT_ROUTING:
	case EXT_DESTINATION:
	case EXT_MOBILITY:
	case EXT_HIP:
	case EXT_SHIM6:
		return cursor_peek(c, 1, &length) ? (length + 1U) * 8 : 8;
	default:
		return 0;
	}
}

/* RFC 8200, 4.5.  One that is the whole datagram is no fragment of a larger (RFC 6946). */
static void
fragment_take(struct cursor *header, struct packet *packet)
{
	uint16_t offset = cursor_be16(header);

	packet->fragment_id = cursor_be32(header);
	packet->later_fragment = (offset & 0xfff8) != 0;
	packet->fragment = (offset & 0xfff9) != 0;
}

/*
 * Follows the chain of extension headers as far as it was captured; protocol is then what
 * comes after them.  Returns how long they were.
 */
static uint32_t
extensions_take(struct cursor *c, struct packet *packet)
{
	uint32_t taken = 0;

	for (unsigned count = 0; count < EXT_MAX && !packet->later_fragment; count++) {
		uint8_t type = packet->protocol;
		uint32_t length = extension_length(type, c);
		struct cursor header;

		if (length == 0)
			break;
		header = cursor_sub(c, length);
		if (header.short_read)
			break;
		packet->protocol = cursor_u8(&header);
		cursor_take(&header, 1);
		if (type == EXT_FRAGMENT)
			fragment_take(&header, packet);
		taken += length;
	}
	return taken;
}

/* Apart from its caller, so that this one keeps out of the way of IPv4, which is most. */
static __attribute__((noinline)) enum parse_result
ipv6_parse(struct packet *packet)
{
	uint32_t wire = frame_left(packet);
	struct cursor rest = packet->payload, fixed = cursor_sub(&rest, IPV6_HEADER);
	uint32_t claimed, extensions;

	if (fixed.short_read)
		return PARSE_SHORT;
	cursor_take(&fixed, 4);
	claimed = cursor_be16(&fixed) + (uint32_t)IPV6_HEADER;
	packet->protocol = cursor_u8(&fixed);
	packet->hop_limit = cursor_u8(&fixed);
	addr_take(&fixed, 6, &packet->source);
	addr_take(&fixed, 6, &packet->target);
	packet->network = NETWORK_IP;
	if (claimed == IPV6_HEADER && packet->protocol == EXT_HOP_BY_HOP && is_jumbo(rest))
		claimed = 0;
	count_bytes(packet, claimed, wire);
	rest = cursor_sub_clamped(&rest, packet->ip_bytes - IPV6_HEADER);
	extensions = extensions_take(&rest, packet);
	payload_take(rest, IPV6_HEADER + extensions, packet);
	return PARSE_OK;
}

enum parse_result
ip_parse(struct packet *packet)
{
	uint8_t first;

	if (!cursor_peek(&packet->payload, 0, &first))
		return PARSE_SHORT;
	packet->network_header = packet->payload.at;
	switch (first >> 4) {
	case 4:
		return ipv4_parse(packet);
	case 6:
		return ipv6_parse(packet);
	default:
		return PARSE_MALFORMED;
	}
}
