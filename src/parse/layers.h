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
 * What packet.c, plain.c, link.c, dot11.c, ip.c, transport.c and mirror.c hand to each other;
 * nobody else includes this.  Until all is parsed, packet->payload is what was captured from here
 * on: each layer takes its header from it.
 */

/* Bytes on the wire from here to the end of the frame. */
uint32_t frame_left(const struct packet *packet);
/* Cuts bytes off the end of the frame (a frame check sequence). */
void frame_trim(struct packet *packet, uint32_t trailer);

#define LINK_ETHERNET 1      /* LINKTYPE_ value (www.tcpdump.org/linktypes.html) */
#define TYPE_IPV4     0x0800 /* EtherType, from the IEEE registry */

/*
 * What most frames are: TCP or UDP over IPv4 over Ethernet, without anything between them, cut,
 * fragmented or odd.  Says of it what the layers would; false when it is for them to say.
 */
bool plain_parse(const struct frame *frame, struct packet *packet);

/* The frame as it is, mirrored or not, layer by layer. */
enum parse_result layers_parse(const struct frame *frame, struct packet *packet);

/* Reads a frame of that LINKTYPE_ value; PARSE_OTHER when it is not supported. */
enum parse_result link_parse(uint16_t link_type, struct packet *packet);

/* What follows an EtherType, tags and labels and PPPoE included. */
enum parse_result ethertype_parse(uint16_t type, struct packet *packet);
/* IEEE 802.2 with SNAP (RFC 1042). */
enum parse_result llc_parse(struct packet *packet);

/* IEEE 802.11 data frames, bare and behind a radiotap header. */
enum parse_result dot11_parse(struct packet *packet);
enum parse_result radiotap_parse(struct packet *packet);

enum parse_result arp_parse(struct packet *packet);
/* IPv4 or IPv6, by the version in the first four bits; payload is all behind its headers. */
enum parse_result ip_parse(struct packet *packet);

/* Fills ports and flags for packet->protocol, and makes of IP's payload what it carries. */
void transport_parse(struct packet *packet);

/* Whether the packet carries a mirrored frame; then its bytes, lengths and type are *inner's. */
bool mirror_open(const struct packet *outer, struct frame *inner);

#endif
