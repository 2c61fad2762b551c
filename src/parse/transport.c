/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/layers.h"

#define PORTS       4
#define TCP_HEADER  20
#define UDP_HEADER  8
#define ICMP_HEADER 4

/* A message and the one that answers it, both ways (Community ID v1, its list of types). */
struct twins {
	uint8_t one;
	uint8_t other;
};

static const struct twins icmp_twins[] = {
    {0, 8},   /* echo */
    {9, 10},  /* router advertisement, solicitation */
    {13, 14}, /* timestamp */
    {15, 16}, /* information */
    {17, 18}, /* address mask */
};

static const struct twins icmpv6_twins[] = {
    {128, 129}, /* echo */
    {130, 131}, /* listener query, report */
    {133, 134}, /* router solicitation, advertisement */
    {135, 136}, /* neighbour solicitation, advertisement */
    {139, 140}, /* node information */
    {144, 145}, /* home agent discovery */
};

/* rest stands behind a transport header of that many bytes, or ended within it. */
static void
payload_set(struct cursor rest, uint32_t header, struct packet *packet)
{
	uint32_t wire = packet->payload_bytes;

	packet->payload = rest.short_read ? cursor_over(NULL, 0) : rest;
	packet->payload_bytes = wire > header ? wire - header : 0;
}

static inline void
ports_take(struct cursor *c, struct packet *packet)
{
	struct cursor ports = cursor_sub(c, PORTS);

	if (ports.short_read)
		return;
	packet->source_port = cursor_be16(&ports);
	packet->target_port = cursor_be16(&ports);
	packet->has_ports = true;
}

/* What there is of a header that was cut. */
static void
tcp_cut_parse(struct packet *packet)
{
	struct cursor c = packet->payload;
	uint32_t header = TCP_HEADER, wire = packet->payload_bytes;
	struct cursor ahead;
	uint32_t seq, ack;
	uint16_t flags;
	uint8_t offset;

	if (cursor_peek(&c, 12, &offset))
		header = (offset >> 4) * 4U;
	if (header < TCP_HEADER || header > wire)
		header = wire;
	ahead = c;
	ports_take(&ahead, packet);
	seq = cursor_be32(&ahead);
	ack = cursor_be32(&ahead);
	flags = cursor_be16(&ahead);
	if (!ahead.short_read) {
		packet->tcp_seq = seq;
		packet->tcp_ack = ack;
		packet->tcp_flags = (uint8_t)flags;
	}
	cursor_take(&c, header);
	payload_set(c, header, packet);
}

/* RFC 9293, 3.1.  A data offset that contradicts the length leaves no payload to find. */
static void
tcp_parse(struct packet *packet)
{
	struct cursor c = packet->payload, rest = c, fixed = cursor_sub(&rest, TCP_HEADER);
	uint32_t header;
	uint16_t flags;

	if (fixed.short_read) {
		tcp_cut_parse(packet);
		return;
	}
	packet->source_port = cursor_be16(&fixed);
	packet->target_port = cursor_be16(&fixed);
	packet->has_ports = true;
	packet->tcp_seq = cursor_be32(&fixed);
	packet->tcp_ack = cursor_be32(&fixed);
	flags = cursor_be16(&fixed);
	packet->tcp_flags = (uint8_t)flags;
	header = (flags >> 12) * 4U;
	if (header < TCP_HEADER || header > packet->payload_bytes)
		header = packet->payload_bytes;
	cursor_take(&c, header);
	payload_set(c, header, packet);
}

/* RFC 768.  A length that contradicts IP's, or 0 (a jumbogram), is not believed. */
static void
udp_parse(struct packet *packet)
{
	struct cursor c = packet->payload, fixed;
	uint16_t length;

	ports_take(&c, packet);
	fixed = cursor_sub(&c, UDP_HEADER - PORTS);
	length = cursor_be16(&fixed);
	if (!fixed.short_read) {
		if (length >= UDP_HEADER && length < packet->payload_bytes)
			packet->payload_bytes = length;
		c = cursor_sub_clamped(&c, packet->payload_bytes - UDP_HEADER);
	}
	payload_set(c, UDP_HEADER, packet);
}

static bool
twin_of(uint8_t protocol, uint8_t type, uint8_t *twin)
{
	const struct twins *twins = protocol == IP_ICMP ? icmp_twins : icmpv6_twins;
	size_t count = protocol == IP_ICMP ? sizeof(icmp_twins) : sizeof(icmpv6_twins);

	for (size_t i = 0; i < count / sizeof(*twins); i++) {
		if (twins[i].one != type && twins[i].other != type)
			continue;
		*twin = twins[i].one == type ? twins[i].other : twins[i].one;
		return true;
	}
	return false;
}

static void
icmp_parse(struct packet *packet)
{
	struct cursor c = packet->payload;
	uint8_t type = cursor_u8(&c), code = cursor_u8(&c);
	uint8_t twin = 0;

	if (!c.short_read) {
		packet->icmp_type = type;
		packet->icmp_code = code;
		packet->icmp_two_way = twin_of(packet->protocol, type, &twin);
		packet->source_port = type;
		packet->target_port = packet->icmp_two_way ? twin : code;
		packet->has_ports = true;
	}
	cursor_take(&c, 2);
	payload_set(c, ICMP_HEADER, packet);
}

/* RFC 9260, 3.1: the same four bytes.  What they are followed by stays with them. */
static void
sctp_parse(struct packet *packet)
{
	struct cursor c = packet->payload;

	ports_take(&c, packet);
}

void
transport_parse(struct packet *packet)
{
	if (packet->later_fragment || packet->payload.short_read) {
		packet->payload = cursor_over(NULL, 0);
		return;
	}
	packet->transport_header = packet->payload.at;
	switch (packet->protocol) {
	case IP_TCP:
		tcp_parse(packet);
		break;
	case IP_UDP:
		udp_parse(packet);
		break;
	case IP_ICMP:
	case IP_ICMPV6:
		icmp_parse(packet);
		break;
	case IP_SCTP:
		sctp_parse(packet);
		break;
	default:
		break;
	}
}
