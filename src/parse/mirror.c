/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/layers.h"

#define LINK_ETHERNET 1
#define LINK_RAW      101
#define LINK_DOT11    105

#define UDP_HEADER 8

#define PORT_VXLAN       4789 /* RFC 7348, 5 */
#define PORT_VXLAN_LINUX 8472 /* before IANA gave a number */
#define PORT_TZSP        37008

/* TZSP, as Wireshark's packet-tzsp.c and MikroTik's manual describe it. */
#define TZSP_VERSION  1
#define TZSP_RECEIVED 0
#define TZSP_TRANSMIT 1
#define TZSP_ETHERNET 1
#define TZSP_DOT11    18
#define TZSP_TAG_PAD  0
#define TZSP_TAG_END  1

#define VXLAN_HAS_ID 0x08

/* GRE (RFC 2784, 2890) and what it carries here. */
#define GRE_CHECKSUM   0x8000
#define GRE_ROUTING    0x4000
#define GRE_KEY        0x2000
#define GRE_SEQUENCE   0x1000
#define GRE_VERSION    0x0007
#define GRE_ETHERNET   0x6558
#define GRE_ERSPAN     0x88be
#define GRE_ERSPAN_III 0x22eb

/* ERSPAN (draft-foschiano-erspan-03, 4): version 1 is type II, 2 is type III. */
#define ERSPAN_II         1
#define ERSPAN_III        2
#define ERSPAN_MORE       0x0001
#define ERSPAN_ETHERNET   0
#define ERSPAN_IP         2
#define ERSPAN_FRAME_TYPE 0x7c00

static bool
tzsp_open(struct cursor *c, uint16_t *link_type)
{
	uint8_t version = cursor_u8(c), type = cursor_u8(c);
	uint16_t carried = cursor_be16(c);
	uint8_t tag;

	if (version != TZSP_VERSION || (type != TZSP_RECEIVED && type != TZSP_TRANSMIT) ||
	    (carried != TZSP_ETHERNET && carried != TZSP_DOT11))
		return false;
	*link_type = carried == TZSP_ETHERNET ? LINK_ETHERNET : LINK_DOT11;
	do {
		tag = cursor_u8(c);
		if (tag != TZSP_TAG_PAD && tag != TZSP_TAG_END)
			cursor_take(c, cursor_u8(c));
	} while (tag != TZSP_TAG_END && !c->short_read);
	return !c->short_read;
}

static bool
vxlan_open(struct cursor *c, uint16_t *link_type)
{
	uint8_t flags = cursor_u8(c);

	cursor_take(c, 7);
	*link_type = LINK_ETHERNET;
	return !c->short_read && (flags & VXLAN_HAS_ID);
}

/* Type I has neither sequence number nor header of its own. */
static bool
erspan_open(struct cursor *c, bool numbered)
{
	uint16_t version;

	if (!numbered)
		return true;
	version = cursor_be16(c);
	cursor_take(c, 6);
	return !c->short_read && version >> 12 == ERSPAN_II;
}

static bool
erspan_iii_open(struct cursor *c, uint16_t *link_type)
{
	uint16_t version = cursor_be16(c), flags;

	cursor_take(c, 2 + 4 + 2);
	flags = cursor_be16(c);
	if (flags & ERSPAN_MORE)
		cursor_take(c, 8); /* platform specific */
	if (c->short_read || version >> 12 != ERSPAN_III)
		return false;
	switch ((flags & ERSPAN_FRAME_TYPE) >> 10) {
	case ERSPAN_ETHERNET:
		*link_type = LINK_ETHERNET;
		return true;
	case ERSPAN_IP:
		*link_type = LINK_RAW;
		return true;
	default:
		return false;
	}
}

static bool
gre_open(struct cursor *c, uint16_t *link_type)
{
	uint16_t flags = cursor_be16(c), carried = cursor_be16(c);

	if (c->short_read || (flags & (GRE_VERSION | GRE_ROUTING)))
		return false;
	cursor_take(c, flags & GRE_CHECKSUM ? 4 : 0);
	cursor_take(c, flags & GRE_KEY ? 4 : 0);
	cursor_take(c, flags & GRE_SEQUENCE ? 4 : 0);
	*link_type = LINK_ETHERNET;
	switch (carried) {
	case GRE_ETHERNET:
		return !c->short_read;
	case GRE_ERSPAN:
		return erspan_open(c, (flags & GRE_SEQUENCE) != 0);
	case GRE_ERSPAN_III:
		return erspan_iii_open(c, link_type);
	default:
		return false;
	}
}

static bool
udp_open(uint16_t port, struct cursor *c, uint16_t *link_type)
{
	switch (port) {
	case PORT_TZSP:
		return tzsp_open(c, link_type);
	case PORT_VXLAN:
	case PORT_VXLAN_LINUX:
		return vxlan_open(c, link_type);
	default:
		return false;
	}
}

/*
 * Bytes behind the transport header.  A mirrored frame of full size often takes two fragments:
 * UDP's own length tells that the rest of it comes with the other one, and is not missing.
 */
static uint32_t
bytes_carried(const struct packet *outer, size_t captured)
{
	struct cursor udp;
	uint16_t length;

	if (!outer->fragment || outer->protocol != IP_UDP || captured == 0)
		return outer->payload_bytes;
	udp = cursor_over(outer->transport_header, UDP_HEADER);
	cursor_take(&udp, 4);
	length = cursor_be16(&udp);
	if (length < UDP_HEADER + outer->payload_bytes)
		return outer->payload_bytes;
	return length - UDP_HEADER;
}

bool
mirror_open(const struct packet *outer, struct frame *inner)
{
	struct cursor c = outer->payload;
	size_t before = cursor_left(&c);
	bool opened = false;

	if (outer->later_fragment)
		return false;
	if (outer->protocol == IP_GRE)
		opened = gre_open(&c, &inner->link_type);
	else if (outer->protocol == IP_UDP && outer->has_ports)
		opened = udp_open(outer->target_port, &c, &inner->link_type);
	if (!opened || c.short_read)
		return false;
	inner->captured = (uint32_t)cursor_left(&c);
	inner->on_wire = bytes_carried(outer, before) - ((uint32_t)before - inner->captured);
	inner->bytes = cursor_take(&c, inner->captured);
	return true;
}
