/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/layers.h"

/* LINKTYPE_ values, from www.tcpdump.org/linktypes.html */
#define LINK_NULL        0
#define LINK_PPP         9
#define LINK_RAW_DLT     12 /* DLT_RAW as some systems wrote it */
#define LINK_RAW_OPENBSD 14
#define LINK_RAW         101
#define LINK_C_HDLC      104
#define LINK_DOT11       105
#define LINK_LOOP        108
#define LINK_SLL         113
#define LINK_RADIOTAP    127
#define LINK_IPV4        228
#define LINK_IPV6        229
#define LINK_SLL2        276

/* EtherTypes, from the IEEE registry; below the first a length stands in their place. */
#define TYPE_FIRST     0x0600
#define TYPE_ARP       0x0806
#define TYPE_VLAN      0x8100
#define TYPE_IPV6      0x86dd
#define TYPE_MPLS      0x8847
#define TYPE_MPLS_MANY 0x8848
#define TYPE_PPPOE     0x8864
#define TYPE_PROVIDER  0x88a8
#define TYPE_QINQ      0x9100

#define ETHERNET_HEADER 14

#define PPP_IPV4  0x0021
#define PPP_IPV6  0x0057
#define PPP_MPLS  0x0281
#define PPP_MPLS2 0x0283

#define SLL_NOVELL    0x0001 /* 802.3 without 802.2: carries no IP */
#define SLL_LLC       0x0004
#define HARDWARE_GRE  778 /* Linux ARPHRD_IPGRE: the protocol is not an EtherType */
#define HARDWARE_LINK 824 /* ARPHRD_NETLINK */

typedef enum parse_result link_fn(struct packet *packet);

static void
mac_take(struct cursor *c, struct mac *mac)
{
	const uint8_t *bytes = cursor_take(c, sizeof(mac->bytes));

	if (bytes)
		memcpy(mac->bytes, bytes, sizeof(mac->bytes));
}

/* Where the layer below says which version it carries. */
static enum parse_result
ip_version_parse(uint8_t version, struct packet *packet)
{
	uint8_t first;

	if (!cursor_peek(&packet->payload, 0, &first))
		return PARSE_SHORT;
	return first >> 4 == version ? ip_parse(packet) : PARSE_MALFORMED;
}

static enum parse_result
ipv4_only_parse(struct packet *packet)
{
	return ip_version_parse(4, packet);
}

static enum parse_result
ipv6_only_parse(struct packet *packet)
{
	return ip_version_parse(6, packet);
}

enum parse_result
llc_parse(struct packet *packet)
{
	struct cursor *c = &packet->payload;
	uint32_t sap = cursor_be24(c);
	uint32_t organisation;
	uint16_t type;

	if (c->short_read)
		return PARSE_SHORT;
	if (sap == 0x060603) /* IP straight over 802.2 */
		return ip_parse(packet);
	if (sap != 0xaaaa03)
		return PARSE_OTHER;
	organisation = cursor_be24(c);
	type = cursor_be16(c);
	if (c->short_read)
		return PARSE_SHORT;
	/* RFC 1042, and the bridge tunnel of IEEE 802.1H */
	if ((organisation != 0 && organisation != 0x0000f8) || type < TYPE_FIRST)
		return PARSE_OTHER;
	return ethertype_parse(type, packet);
}

/* A stack of labels; what follows is told only by its own first bits (RFC 4928, 2). */
static enum parse_result
mpls_parse(struct packet *packet)
{
	uint32_t label;
	uint8_t first;

	do
		label = cursor_be32(&packet->payload);
	while (!packet->payload.short_read && (label & 0x100) == 0);
	if (!cursor_peek(&packet->payload, 0, &first))
		return PARSE_SHORT;
	if (first >> 4 != 4 && first >> 4 != 6)
		return PARSE_OTHER;
	return ip_parse(packet);
}

/* From the PPP protocol on, which may be compressed to one byte (RFC 1661, 6.5). */
static enum parse_result
ppp_protocol_parse(struct packet *packet)
{
	struct cursor *c = &packet->payload;
	uint16_t protocol = cursor_u8(c);

	if ((protocol & 1) == 0)
		protocol = (uint16_t)(protocol << 8 | cursor_u8(c));
	if (c->short_read)
		return PARSE_SHORT;
	if (protocol == PPP_IPV4 || protocol == PPP_IPV6)
		return ip_parse(packet);
	if (protocol == PPP_MPLS || protocol == PPP_MPLS2)
		return mpls_parse(packet);
	return PARSE_OTHER;
}

/* RFC 2516, 4: version and type, code, session, length. */
static enum parse_result
pppoe_parse(struct packet *packet)
{
	struct cursor *c = &packet->payload;
	uint8_t version = cursor_u8(c);
	uint8_t code = cursor_u8(c);

	cursor_take(c, 2 + 2);
	if (c->short_read)
		return PARSE_SHORT;
	if (version != 0x11 || code != 0)
		return PARSE_OTHER;
	return ppp_protocol_parse(packet);
}

enum parse_result
ethertype_parse(uint16_t type, struct packet *packet)
{
	while (type == TYPE_VLAN || type == TYPE_PROVIDER || type == TYPE_QINQ) {
		cursor_take(&packet->payload, 2);
		type = cursor_be16(&packet->payload);
		if (packet->payload.short_read)
			return PARSE_SHORT;
	}
	if (type < TYPE_FIRST)
		return llc_parse(packet);
	switch (type) {
	case TYPE_IPV4:
		return ip_parse(packet);
	case TYPE_IPV6:
		return ipv6_only_parse(packet);
	case TYPE_ARP:
		return arp_parse(packet);
	case TYPE_MPLS:
	case TYPE_MPLS_MANY:
		return mpls_parse(packet);
	case TYPE_PPPOE:
		return pppoe_parse(packet);
	default:
		return PARSE_OTHER;
	}
}

static enum parse_result
ethernet_parse(struct packet *packet)
{
	struct cursor header = cursor_sub(&packet->payload, ETHERNET_HEADER);
	const uint8_t *target = cursor_take(&header, sizeof(struct mac));
	const uint8_t *source = cursor_take(&header, sizeof(struct mac));

	if (!target || !source)
		return PARSE_SHORT;
	memcpy(&packet->target_mac, target, sizeof(struct mac));
	memcpy(&packet->source_mac, source, sizeof(struct mac));
	packet->has_macs = true;
	return ethertype_parse(cursor_be16(&header), packet);
}

/* The sender's link-layer address: its length, then eight bytes. */
static void
cooked_address(struct cursor *c, size_t length, struct packet *packet)
{
	struct cursor address = cursor_sub(c, 8);

	if (length != sizeof(packet->source_mac.bytes))
		return;
	mac_take(&address, &packet->source_mac);
	packet->has_macs = !address.short_read;
}

static enum parse_result
cooked_protocol(uint16_t hardware, uint16_t protocol, struct packet *packet)
{
	if (packet->payload.short_read)
		return PARSE_SHORT;
	if (hardware == HARDWARE_GRE || hardware == HARDWARE_LINK || protocol == SLL_NOVELL)
		return PARSE_OTHER;
	if (protocol < TYPE_FIRST && protocol != SLL_LLC)
		return PARSE_OTHER;
	return ethertype_parse(protocol, packet);
}

/* www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html */
static enum parse_result
sll_parse(struct packet *packet)
{
	struct cursor *c = &packet->payload;
	uint16_t hardware, length, protocol;

	cursor_take(c, 2);
	hardware = cursor_be16(c);
	length = cursor_be16(c);
	cooked_address(c, length, packet);
	protocol = cursor_be16(c);
	return cooked_protocol(hardware, protocol, packet);
}

/* www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL2.html */
static enum parse_result
sll2_parse(struct packet *packet)
{
	struct cursor *c = &packet->payload;
	uint16_t hardware, protocol;

	protocol = cursor_be16(c);
	cursor_take(c, 2 + 4);
	hardware = cursor_be16(c);
	cursor_take(c, 1);
	cooked_address(c, cursor_u8(c), packet);
	return cooked_protocol(hardware, protocol, packet);
}

/* A BSD address family in either byte order: 24, 28 and 30 are IPv6, by system. */
static enum parse_result
null_parse(struct packet *packet)
{
	uint32_t family = cursor_le32(&packet->payload);

	if (packet->payload.short_read)
		return PARSE_SHORT;
	if (family > 0xffff)
		family = family >> 24 | (family >> 8 & 0xff00);
	switch (family) {
	case 2:
	case 10: /* Linux */
	case 23: /* Windows */
	case 24: /* NetBSD, OpenBSD */
	case 28: /* FreeBSD */
	case 30: /* Darwin */
		return ip_parse(packet);
	default:
		return PARSE_OTHER;
	}
}

static enum parse_result
ppp_parse(struct packet *packet)
{
	if (cursor_starts_with(&packet->payload, "\xff\x03", 2)) /* RFC 1662, 3.1 */
		cursor_take(&packet->payload, 2);
	return ppp_protocol_parse(packet);
}

/* Address, control, EtherType (RFC 1547, 4.3.1). */
static enum parse_result
c_hdlc_parse(struct packet *packet)
{
	uint16_t type;

	cursor_take(&packet->payload, 2);
	type = cursor_be16(&packet->payload);
	if (packet->payload.short_read)
		return PARSE_SHORT;
	if (type < TYPE_FIRST)
		return PARSE_OTHER;
	return ethertype_parse(type, packet);
}

static const struct link {
	uint16_t link_type;
	const char *name;
	link_fn *parse;
} links[] = {
    {LINK_ETHERNET, "ethernet", ethernet_parse},
    {LINK_SLL, "linux-sll", sll_parse},
    {LINK_SLL2, "linux-sll2", sll2_parse},
    {LINK_RAW, "raw-ip", ip_parse},
    {LINK_RAW_DLT, "raw-ip", ip_parse},
    {LINK_RAW_OPENBSD, "raw-ip", ip_parse},
    {LINK_IPV4, "raw-ip", ipv4_only_parse},
    {LINK_IPV6, "raw-ip", ipv6_only_parse},
    {LINK_NULL, "null", null_parse},
    {LINK_LOOP, "loop", null_parse},
    {LINK_DOT11, "802.11", dot11_parse},
    {LINK_RADIOTAP, "802.11-radiotap", radiotap_parse},
    {LINK_PPP, "ppp", ppp_parse},
    {LINK_C_HDLC, "c-hdlc", c_hdlc_parse},
};

static const struct link *
link_find(uint16_t link_type)
{
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		if (links[i].link_type == link_type)
			return &links[i];
	return NULL;
}

enum parse_result
link_parse(uint16_t link_type, struct packet *packet)
{
	const struct link *link = link_find(link_type);

	return link ? link->parse(packet) : PARSE_OTHER;
}

const char *
packet_link_name(uint16_t link_type)
{
	const struct link *link = link_find(link_type);

	return link ? link->name : NULL;
}
