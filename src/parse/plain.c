/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "parse/layers.h"

#define NO_OPTIONS 0x45 /* version 4, a header of five words */

/* Of bytes alone, so that it lies over a frame wherever that is. */
struct ethernet {
	struct mac target;
	struct mac source;
	uint8_t type[2];
};

struct ipv4 { /* RFC 791, 3.1 */
	uint8_t version;
	uint8_t service;
	uint8_t length[2];
	uint8_t id[2];
	uint8_t fragment[2];
	uint8_t hop_limit;
	uint8_t protocol;
	uint8_t sum[2];
	uint8_t source[4];
	uint8_t target[4];
};

struct tcp { /* RFC 9293, 3.1 */
	uint8_t source[2];
	uint8_t target[2];
	uint8_t seq[4];
	uint8_t ack[4];
	uint8_t offset;
	uint8_t flags;
	uint8_t rest[6];
};

struct udp { /* RFC 768 */
	uint8_t source[2];
	uint8_t target[2];
	uint8_t length[2];
	uint8_t sum[2];
};

static inline uint16_t
be16(const uint8_t b[static 2])
{
	return (uint16_t)(b[0] << 8 | b[1]);
}

static inline uint32_t
be32(const uint8_t b[static 4])
{
	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

/* All of the header is there, and as long as it says. */
static inline bool
plain_tcp(struct cursor c, struct packet *packet)
{
	const struct tcp *tcp = (const struct tcp *)cursor_take(&c, sizeof(*tcp));
	uint32_t options;

	if (!tcp || tcp->offset >> 4 < 5)
		return false;
	options = (tcp->offset >> 4) * 4U - (uint32_t)sizeof(*tcp);
	if (!cursor_take(&c, options))
		return false;
	packet->source_port = be16(tcp->source);
	packet->target_port = be16(tcp->target);
	packet->tcp_seq = be32(tcp->seq);
	packet->tcp_ack = be32(tcp->ack);
	packet->tcp_flags = tcp->flags;
	packet->payload = c;
	packet->payload_bytes -= (uint32_t)sizeof(*tcp) + options;
	return true;
}

/* Its length is what IP's leaves. */
static inline bool
plain_udp(struct cursor c, struct packet *packet)
{
	const struct udp *udp = (const struct udp *)cursor_take(&c, sizeof(*udp));

	if (!udp || be16(udp->length) != packet->payload_bytes)
		return false;
	packet->source_port = be16(udp->source);
	packet->target_port = be16(udp->target);
	packet->payload = c;
	packet->payload_bytes -= (uint32_t)sizeof(*udp);
	return true;
}

static inline void
plain_addr(const uint8_t bytes[static 4], struct addr *addr)
{
	addr->family = 4;
	memcpy(addr->bytes, bytes, 4);
}

bool
plain_parse(const struct frame *frame, struct packet *packet)
{
	struct cursor c = cursor_over(frame->bytes, frame->captured);
	uint32_t cut = frame->on_wire > frame->captured ? frame->on_wire - frame->captured : 0;
	const struct ethernet *link = (const struct ethernet *)cursor_take(&c, sizeof(*link));
	const struct ipv4 *ip = (const struct ipv4 *)cursor_take(&c, sizeof(*ip));
	uint32_t left = (uint32_t)cursor_left(&c) + cut, bytes;

	if (!link || !ip || be16(link->type) != TYPE_IPV4 || ip->version != NO_OPTIONS ||
	    be16(ip->fragment) & 0x3fff)
		return false;
	bytes = be16(ip->length);
	if (bytes < sizeof(*ip) || bytes - sizeof(*ip) > left)
		return false;
	memset(packet, 0, sizeof(*packet));
	packet->time = frame->time;
	packet->has_macs = packet->has_ports = true;
	packet->source_mac = link->source;
	packet->target_mac = link->target;
	packet->network = NETWORK_IP;
	packet->network_header = (const uint8_t *)ip;
	packet->transport_header = c.at;
	packet->protocol = ip->protocol;
	packet->hop_limit = ip->hop_limit;
	packet->fragment_id = be16(ip->id);
	plain_addr(ip->source, &packet->source);
	plain_addr(ip->target, &packet->target);
	packet->cut = cut;
	packet->ip_bytes = bytes;
	packet->payload_bytes = bytes - (uint32_t)sizeof(*ip);
	c = cursor_sub_clamped(&c, packet->payload_bytes);
	if (packet->protocol == IP_TCP)
		return plain_tcp(c, packet);
	return packet->protocol == IP_UDP && plain_udp(c, packet);
}
