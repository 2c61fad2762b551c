/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARSE_LAYERS_H
#define PARSE_LAYERS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"
#include "base/frame.h"
#include "parse/packet.h"
#include "parse/result.h"

/*
 * What packet.c, link.c, dot11.c, ip.c, transport.c and mirror.c hand to each other; nobody
 * else includes this.  A layer takes its header from rest; how much of the record lies
 * behind it follows from what is left.
 */
struct layers {
	struct cursor rest; /* captured bytes from here on */
	uint32_t captured;  /* bytes captured of the whole frame */
	uint32_t on_wire;   /* bytes the whole frame had; at least captured */
};

struct layers layers_over(struct cursor bytes, uint32_t on_wire);
/* Bytes on the wire from here to the end of the frame. */
uint32_t layers_wire(const struct layers *layers);
/* Cuts bytes off the end of the frame (a frame check sequence). */
void layers_trim(struct layers *layers, uint32_t trailer);

/* Reads a frame of that LINKTYPE_ value; PARSE_OTHER when it is not supported. */
enum parse_result link_parse(uint16_t link_type, struct layers *layers, struct packet *packet);

/* What follows an EtherType, tags and labels and PPPoE included. */
enum parse_result ethertype_parse(uint16_t type, struct layers *layers, struct packet *packet);
/* IEEE 802.2 with SNAP (RFC 1042). */
enum parse_result llc_parse(struct layers *layers, struct packet *packet);

/* IEEE 802.11 data frames, bare and behind a radiotap header. */
enum parse_result dot11_parse(struct layers *layers, struct packet *packet);
enum parse_result radiotap_parse(struct layers *layers, struct packet *packet);

enum parse_result arp_parse(struct layers *layers, struct packet *packet);
/* IPv4 or IPv6, by the version in the first four bits. */
enum parse_result ip_parse(struct layers *layers, struct packet *packet);

/*
 * Fills ports, flags and payload for packet->protocol.  rest is what was captured of the
 * IP payload, wire how long it was.
 */
void transport_parse(struct cursor rest, uint32_t wire, struct packet *packet);

/*
 * Whether the packet carries a mirrored frame; then *inner and *link_type are that frame's.
 */
bool mirror_open(const struct packet *outer, uint16_t *link_type, struct layers *inner);

#endif
