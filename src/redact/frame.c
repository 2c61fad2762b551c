/* SPDX-License-Identifier: Apache-2.0 */
#include "redact/rewrite.h"

#include "base/hash.h"

#define LINK_ETHERNET 1
#define LINK_DOT11    105
#define LINK_SLL      113
#define LINK_RADIOTAP 127
#define LINK_SLL2     276

#define DEPTH_MAX 2 /* a mirrored frame within a mirrored frame is opened no further */

#define PORT_DNS         53
#define PORT_DHCP_SERVER 67
#define PORT_DHCP_CLIENT 68
#define PORT_MDNS        5353
#define PORT_LLMNR       5355

#define IPV4_HEADER    20
#define IPV6_HEADER    40
#define EXT_HOP_BY_HOP 0
#define EXT_FRAGMENT   44
#define EXT_AUTH       51

void
put_addr(struct passage *p, size_t offset, const struct addr *addr)
{
	struct addr image = pseudonym_addr(p->r->pseudonyms, addr);

	span_put(p->span, offset, image.bytes, addr_size(&image));
}

void
put_mac(struct passage *p, size_t offset, const uint8_t *bytes)
{
	struct mac mac, image;

	memcpy(mac.bytes, bytes, sizeof(mac.bytes));
	image = pseudonym_mac(p->r->pseudonyms, &mac);
	span_put(p->span, offset, image.bytes, sizeof(image.bytes));
}

/* A MAC that lies at an offset of the span, if all of it does. */
static void
replace_mac(struct passage *p, size_t offset)
{
	uint8_t zero[6] = {0};

	if (span_clamp(p->span, offset, 6) == 6)
		put_mac(p, offset, p->span->in + offset);
	else
		span_put(p->span, offset, zero, span_clamp(p->span, offset, 6));
}

static void
replace_dot11_macs(struct passage *p, size_t at)
{
	const uint8_t *control = p->span->in + at;
	bool four = span_clamp(p->span, at, 2) == 2 && (control[1] & 3) == 3;

	replace_mac(p, at + 4);
	replace_mac(p, at + 10);
	replace_mac(p, at + 16);
	if (four)
		replace_mac(p, at + 24);
}

static size_t
radiotap_length(const struct span *span)
{
	return span->len >= 4 ? (size_t)(span->in[2] | span->in[3] << 8) : span->len;
}

/* How much of a frame's beginning is its link header, when nothing more could be read. */
static size_t
bare_header(const struct span *span, uint16_t link_type)
{
	size_t before = link_type == LINK_RADIOTAP ? radiotap_length(span) : 0;

	switch (link_type) {
	case LINK_ETHERNET:
		return 14;
	case LINK_SLL:
		return 16;
	case LINK_SLL2:
		return 20;
	case LINK_DOT11:
	case LINK_RADIOTAP: /* management, control, data (IEEE 802.11-2020, 9.3) */
		if (before < span->len && (span->in[before] & 0x0c) == 4)
			return before + 16;
		if (span_clamp(span, before, 2) == 2 && (span->in[before + 1] & 3) == 3)
			return before + 30;
		return before + 24;
	default:
		return 0;
	}
}

/* The link header stays, with the MACs in it replaced. */
static void
rewrite_link(struct passage *p, uint16_t link_type, size_t header)
{
	const uint8_t *in = p->span->in;

	span_keep(p->span, 0, header);
	switch (link_type) {
	case LINK_ETHERNET:
		replace_mac(p, 0);
		replace_mac(p, 6);
		break;
	case LINK_SLL:
		if (p->span->len >= 14 && in[4] == 0 && in[5] == 6)
			replace_mac(p, 6);
		else
			memset(p->span->out, 0, span_clamp(p->span, 0, 14));
		break;
	case LINK_SLL2:
		if (p->span->len >= 20 && in[11] == 6)
			replace_mac(p, 12);
		else
			memset(p->span->out + span_clamp(p->span, 0, 12), 0,
			    span_clamp(p->span, 12, 8));
		break;
	case LINK_DOT11:
		replace_dot11_macs(p, 0);
		break;
	case LINK_RADIOTAP:
		replace_dot11_macs(p, radiotap_length(p->span));
		break;
	default:
		break;
	}
}

static uint32_t
sum16(uint32_t sum, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i + 1 < len; i += 2)
		sum += (uint32_t)(bytes[i] << 8 | bytes[i + 1]);
	if (len % 2)
		sum += (uint32_t)(bytes[len - 1] << 8);
	return sum;
}

static uint16_t
folded(uint32_t sum)
{
	while (sum > 0xffff)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

/* RFC 1071 over pseudo-header and segment, which must be there whole. */
static uint16_t
transport_sum(const struct span *span, size_t ip, size_t transport, size_t len, uint8_t protocol)
{
	bool six = span->in[ip] >> 4 == 6;
	uint32_t sum = protocol + (uint32_t)(len >> 16) + (uint32_t)(len & 0xffff);

	sum = sum16(sum, span->out + ip + (six ? 8 : 12), six ? 32 : 8);
	return folded(sum16(sum, span->out + transport, len));
}

/* Where each protocol has its checksum, from the transport header on; 0: it has none. */
static size_t
sum_offset(uint8_t protocol)
{
	switch (protocol) {
	case IP_TCP:
		return 16;
	case IP_UDP:
		return 6;
	case IP_ICMP:
	case IP_ICMPV6:
		return 2;
	default:
		return 0;
	}
}

/* A sum that cannot be made, because the packet is cut or a fragment, is left zero. */
static void
fix_transport_sum(struct passage *p, size_t ip, size_t transport)
{
	const struct packet *packet = p->packet;
	size_t at = sum_offset(packet->protocol), header = transport - ip;
	size_t len = packet->ip_bytes > header ? packet->ip_bytes - header : 0;
	uint16_t sum;

	if (at == 0)
		return;
	if (packet->protocol == IP_UDP && span_clamp(p->span, transport + at, 2) == 2 &&
	    p->span->in[transport + at] == 0 && p->span->in[transport + at + 1] == 0)
		return; /* the sender made none */
	span_put_be16(p->span, transport + at, 0);
	if (packet->fragment || len < at + 2 || span_clamp(p->span, transport, len) < len)
		return;
	if (packet->protocol == IP_ICMP)
		sum = folded(sum16(0, p->span->out + transport, len));
	else
		sum = transport_sum(p->span, ip, transport, len, packet->protocol);
	if (sum == 0 && packet->protocol == IP_UDP)
		sum = 0xffff;
	span_put_be16(p->span, transport + at, sum);
}

/*
 * Packets that differed in what is gone must not become duplicates of each other, so the
 * identification (RFC 791, 3.1; RFC 6864) follows from all they were.
 */
static void
put_identification(struct passage *p, size_t ip)
{
	const uint8_t *in = p->span->in + ip;
	uint64_t sum;

	if (p->packet
	        ->fragment) /* all fragments of one datagram: from ends, protocol and old one */
		sum = hash_bytes(in + 12, 8, p->r->seed ^ ((uint64_t)in[4] << 8 | in[5]));
	else
		sum = hash_bytes(in, p->span->len - ip, p->r->seed);
	span_put_be16(p->span, ip + 4, (uint16_t)sum);
}

/* Options are zero, which ends their list (RFC 791, 3.1): some record a route. */
static void
rewrite_ipv4(struct passage *p, size_t ip)
{
	size_t header = (p->span->in[ip] & 0x0fU) * 4;

	span_keep(p->span, ip, IPV4_HEADER);
	put_addr(p, ip + 12, &p->packet->source);
	put_addr(p, ip + 16, &p->packet->target);
	put_identification(p, ip);
	span_put_be16(p->span, ip + 10, 0);
	if (span_clamp(p->span, ip, header) == header)
		span_put_be16(p->span, ip + 10, folded(sum16(0, p->span->out + ip, header)));
}

/* The same of IPv6, in the flow label (RFC 6437); TCP has its sequence numbers. */
static void
put_flow_label(struct passage *p, size_t ip)
{
	const uint8_t *in = p->span->in + ip;
	uint64_t sum = hash_bytes(in, p->span->len - ip, p->r->seed);
	const uint8_t label[] = {
	    (uint8_t)((in[1] & 0xf0) | (sum >> 16 & 0x0f)), (uint8_t)(sum >> 8), (uint8_t)sum};

	if (p->packet->protocol != IP_TCP && !p->packet->fragment)
		span_put(p->span, ip + 1, label, sizeof(label));
}

/* Of an extension header what leads on to the next stays; options become padding. */
static void
rewrite_ipv6(struct passage *p, size_t ip, size_t payload)
{
	size_t at = ip + IPV6_HEADER;
	uint8_t type = p->span->in[ip + 6];
	bool jumbo = p->span->in[ip + 4] == 0 && p->span->in[ip + 5] == 0;

	span_keep(p->span, ip, IPV6_HEADER);
	put_addr(p, ip + 8, &p->packet->source);
	put_addr(p, ip + 24, &p->packet->target);
	put_flow_label(p, ip);
	while (at + 8 <= payload && span_clamp(p->span, at, 8) == 8) {
		size_t len = (p->span->in[at + 1] + 1U) * 8;

		if (type == EXT_FRAGMENT)
			len = 8;
		else if (type == EXT_AUTH)
			len = (p->span->in[at + 1] + 2U) * 4;
		if (type == EXT_FRAGMENT)
			span_keep(p->span, at, 8);
		else /* a jumbo payload's length lies among the options (RFC 2675) */
			span_keep(p->span, at, jumbo && type == EXT_HOP_BY_HOP ? len : 2);
		type = p->span->in[at];
		at += len;
	}
}

/* The frame a mirror sent on: rewritten as what it is, behind the mirror's own header. */
static bool
rewrite_mirrored(struct passage *p)
{
	const struct packet_options options = {.open_mirrors = true};
	const struct packet *outer = p->packet;
	struct frame frame = {
	    .bytes = p->span->in,
	    .captured = (uint32_t)p->span->len,
	    .on_wire = p->on_wire,
	    .link_type = p->link_type,
	};
	struct packet inner;
	struct span rest;
	size_t at;

	if ((outer->protocol != IP_GRE && outer->protocol != IP_UDP) || p->r->depth == DEPTH_MAX)
		return false;
	packet_parse(&frame, &options, &inner);
	if (!inner.mirrored)
		return false;
	at = span_offset(p->span, inner.mirrored_frame.at);
	span_keep(p->span, p->at, at - p->at);
	rest = span_from(p->span, at);
	p->r->depth++;
	rewrite_frame(p->r, &rest, inner.mirrored_link, (uint32_t)rest.len);
	p->r->depth--;
	return true;
}

struct flow_key
flow_key_of(const struct addr *a, uint16_t a_port, const struct addr *b, uint16_t b_port,
    uint8_t protocol)
{
	int order = addr_compare(a, b);
	bool swap = order > 0 || (order == 0 && a_port > b_port);
	uint16_t low = swap ? b_port : a_port, high = swap ? a_port : b_port;

	return (struct flow_key){
	    .low = swap ? *b : *a,
	    .high = swap ? *a : *b,
	    .ports = {(uint8_t)(low >> 8), (uint8_t)low, (uint8_t)(high >> 8), (uint8_t)high},
	    .protocol = protocol,
	};
}

static const struct flow_row *
flow_of(const struct passage *p)
{
	const struct packet *packet = p->packet;
	struct flow_key key = flow_key_of(&packet->source, packet->source_port, &packet->target,
	    packet->target_port, packet->protocol);

	return table_find(p->r->flows, &key);
}

static bool
has_port(const struct packet *packet, uint16_t port)
{
	return packet->source_port == port || packet->target_port == port;
}

static void
rewrite_udp(struct passage *p)
{
	const struct packet *packet = p->packet;

	if (has_port(packet, PORT_MDNS) || has_port(packet, PORT_LLMNR))
		return; /* devices' names, and nothing else */
	if (has_port(packet, PORT_DNS))
		rewrite_dns(p);
	else if (has_port(packet, PORT_DHCP_SERVER) || has_port(packet, PORT_DHCP_CLIENT))
		rewrite_dhcp(p);
	else if (!rewrite_mirrored(p) && !rewrite_head(p))
		rewrite_datagram(p, flow_of(p));
}

static void
rewrite_tcp(struct passage *p)
{
	const struct flow_row *flow = flow_of(p);

	if (has_port(p->packet, PORT_DNS))
		rewrite_dns(p);
	else if (!rewrite_head(p) && !rewrite_tls(p, flow && flow->secret) && flow)
		rewrite_media_stream(p, flow);
}

/* As long as its data offset says; one that contradicts itself keeps the fixed part. */
static size_t
tcp_header(const struct passage *p, size_t transport)
{
	size_t len = 20;

	if (span_clamp(p->span, transport, len) == len)
		len = (p->span->in[transport + 12] >> 4) * 4U;
	return len < 20 || transport + len > p->span->len ? 20 : len;
}

/* Transport headers stay, and of what they carry what the room knows to be no secret. */
static void
rewrite_transport(struct passage *p, size_t ip, size_t transport)
{
	const struct packet *packet = p->packet;

	switch (packet->protocol) {
	case IP_TCP:
		span_keep(p->span, transport, tcp_header(p, transport));
		rewrite_tcp(p);
		break;
	case IP_UDP:
		span_keep(p->span, transport, 8);
		rewrite_udp(p);
		break;
	case IP_ICMP:
	case IP_ICMPV6:
		span_keep(p->span, transport, 4);
		rewrite_icmp(p);
		break;
	case IP_SCTP:
		span_keep(p->span, transport, 4);
		break;
	case IP_GRE:
		rewrite_mirrored(p);
		break;
	default:
		break;
	}
	fix_transport_sum(p, ip, transport);
}

static void
rewrite_ip(struct passage *p)
{
	const struct packet *packet = p->packet;
	size_t ip = span_offset(p->span, packet->network_header), transport = p->span->len;

	if (packet->transport_header)
		transport = span_offset(p->span, packet->transport_header);
	if (packet->source.family == 4)
		rewrite_ipv4(p, ip);
	else
		rewrite_ipv6(p, ip, transport);
	p->payload = packet->payload;
	p->at = packet->payload.at ? span_offset(p->span, packet->payload.at) : p->span->len;
	if (packet->transport_header)
		rewrite_transport(p, ip, transport);
}

void
rewrite_frame(struct rewriter *r, struct span *span, uint16_t link_type, uint32_t on_wire)
{
	struct frame frame = {
	    .bytes = span->in,
	    .captured = (uint32_t)span->len,
	    .on_wire = on_wire,
	    .link_type = link_type,
	};
	struct packet packet;
	struct passage p = {
	    .r = r, .span = span, .link_type = link_type, .on_wire = on_wire, .packet = &packet};

	if (packet_parse(&frame, NULL, &packet) != PARSE_OK) {
		rewrite_link(&p, link_type, bare_header(span, link_type));
		return;
	}
	rewrite_link(&p, link_type, span_offset(span, packet.network_header));
	if (packet.network == NETWORK_ARP)
		rewrite_arp(&p);
	else
		rewrite_ip(&p);
}
