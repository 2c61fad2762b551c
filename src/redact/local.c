/* SPDX-License-Identifier: Apache-2.0 */

/* What hosts of one network say to each other of addresses: ARP, neighbour discovery, DHCP. */

#include "redact/rewrite.h"

#include "parse/dhcp.h"
#include "parse/ndp.h"

/* Neighbour discovery (RFC 4861, 4). */
#define ROUTER_SOLICITATION     133
#define ROUTER_ADVERTISEMENT    134
#define NEIGHBOUR_SOLICITATION  135
#define NEIGHBOUR_ADVERTISEMENT 136
#define OPTION_SOURCE_LINK      1
#define OPTION_TARGET_LINK      2
#define OPTION_PREFIX           3
#define LINK_BITS               64

#define ICMP_ECHO_REPLY   0
#define ICMP_ECHO         8
#define ICMPV6_ECHO       128
#define ICMPV6_ECHO_REPLY 129

/* DHCP (RFC 2131, 2; RFC 2132). */
#define DHCP_CLIENT  12 /* and three more addresses */
#define DHCP_CHADDR  28
#define DHCP_COOKIE  236
#define DHCP_OPTIONS 240
#define OPTION_PAD   0
#define OPTION_END   255

static void
put_addr_at(struct passage *p, size_t offset, uint8_t family)
{
	size_t size = family == 6 ? 16 : 4;
	struct addr addr;

	if (span_clamp(p->span, offset, size) < size)
		return;
	addr = addr_from_bytes(family, p->span->in + offset);
	put_addr(p, offset, &addr);
}

static void
put_mac_at(struct passage *p, size_t offset)
{
	if (span_clamp(p->span, offset, 6) == 6)
		put_mac(p, offset, p->span->in + offset);
}

/* RFC 826: hardware, protocol, sizes, operation, then MAC and address of both. */
void
rewrite_arp(struct passage *p)
{
	size_t at = span_offset(p->span, p->packet->network_header);

	span_keep(p->span, at, 8);
	put_mac_at(p, at + 8);
	put_addr_at(p, at + 14, 4);
	put_mac_at(p, at + 18);
	put_addr_at(p, at + 24, 4);
}

/* A prefix of a router: its network is replaced as a device's in it is. */
static void
rewrite_prefix(struct passage *p, size_t at)
{
	uint8_t length = p->span->in[at + 2];
	struct addr prefix, image;

	span_keep(p->span, at, 16);
	if (span_clamp(p->span, at, 32) < 32)
		return;
	prefix = addr_from_bytes(6, p->span->in + at + 16);
	memset(prefix.bytes + 8, 0, 8);
	image = addr_is_private(&prefix) || addr_is_link_local(&prefix)
	            ? pseudonym_addr(p->r->pseudonyms, &prefix)
	            : pseudonym_network(p->r->pseudonyms, &prefix);
	memset(image.bytes + 8, 0, 8);
	span_put(p->span, at + 16, image.bytes, 16);
	if (length < LINK_BITS) {
		const uint8_t narrow = LINK_BITS;

		span_put(p->span, at + 2, &narrow, 1);
	}
}

static void
rewrite_ndp_options(struct passage *p, size_t at, size_t end)
{
	while (at + 8 <= end) {
		uint8_t type = p->span->in[at];
		size_t len = p->span->in[at + 1] * 8U;

		if (len == 0 || len > end - at)
			return;
		span_keep(p->span, at, 2);
		if ((type == OPTION_SOURCE_LINK || type == OPTION_TARGET_LINK) && len == 8)
			put_mac_at(p, at + 2);
		else if (type == OPTION_PREFIX && len == 32)
			rewrite_prefix(p, at);
		at += len;
	}
}

/* Behind type, code and checksum; echoes keep identifier and number. */
void
rewrite_icmp(struct passage *p)
{
	size_t at = p->at, end = at + cursor_left(&p->payload);
	uint8_t type = p->packet->icmp_type;
	bool six = p->packet->protocol == IP_ICMPV6;

	if (cursor_left(&p->payload) == 0)
		return;
	if (six ? type == ICMPV6_ECHO || type == ICMPV6_ECHO_REPLY
	        : type == ICMP_ECHO || type == ICMP_ECHO_REPLY) {
		span_keep(p->span, at, 4);
		return;
	}
	if (!six || p->packet->icmp_code != 0)
		return;
	switch (type) {
	case ROUTER_SOLICITATION:
		rewrite_ndp_options(p, at + 4, end);
		break;
	case ROUTER_ADVERTISEMENT:
		span_keep(p->span, at, 12);
		rewrite_ndp_options(p, at + 12, end);
		break;
	case NEIGHBOUR_SOLICITATION:
	case NEIGHBOUR_ADVERTISEMENT:
		span_keep(p->span, at, 4);
		put_addr_at(p, at + 4, 6);
		rewrite_ndp_options(p, at + 20, end);
		break;
	default:
		break;
	}
}

/* What an option of DHCP holds, as far as it may stay. */
static void
rewrite_dhcp_option(struct passage *p, uint8_t code, size_t at, size_t len)
{
	switch (code) {
	case 1:  /* subnet mask */
	case 51: /* lease, and when to renew it */
	case 53: /* kind of message */
	case 58:
	case 59:
		span_keep(p->span, at, len + 2);
		break;
	case 3:  /* routers */
	case 50: /* requested address */
	case 54: /* server */
		span_keep(p->span, at, 2);
		for (size_t i = 0; i + 4 <= len; i += 4)
			put_addr_at(p, at + 2 + i, 4);
		break;
	default: /* zeroes, which are padding */
		break;
	}
}

static void
rewrite_dhcp_options(struct passage *p, size_t at, size_t end)
{
	while (at < end) {
		uint8_t code = p->span->in[at];
		size_t len;

		if (code == OPTION_PAD) {
			at++;
			continue;
		}
		if (code == OPTION_END) {
			span_keep(p->span, at, 1);
			return;
		}
		if (at + 1 >= end)
			return;
		len = p->span->in[at + 1];
		if (len > end - at - 2)
			return;
		rewrite_dhcp_option(p, code, at, len);
		at += len + 2;
	}
}

/* Names, classes and identifiers go; who has which address stays, under pseudonyms. */
void
rewrite_dhcp(struct passage *p)
{
	size_t at = p->at, end = at + cursor_left(&p->payload);
	struct dhcp dhcp;
	enum parse_result result = dhcp_parse(p->payload, &dhcp);

	if (result != PARSE_OK && result != PARSE_SHORT)
		return;
	span_keep(p->span, at, DHCP_CLIENT);
	for (size_t i = 0; i < 4; i++)
		put_addr_at(p, at + DHCP_CLIENT + 4 * i, 4);
	if (dhcp.has_mac)
		put_mac_at(p, at + DHCP_CHADDR);
	span_keep(p->span, at + DHCP_COOKIE, DHCP_OPTIONS - DHCP_COOKIE);
	rewrite_dhcp_options(p, at + DHCP_OPTIONS, end);
}
