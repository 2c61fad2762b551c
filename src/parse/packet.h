/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARSE_PACKET_H
#define PARSE_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/cursor.h"
#include "base/frame.h"
#include "parse/result.h"

#define IP_ICMP   1
#define IP_TCP    6
#define IP_UDP    17
#define IP_GRE    47
#define IP_ICMPV6 58
#define IP_SCTP   132

#define TCP_FIN 0x01
#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_ACK 0x10

/* An IP packet counts at most this many bytes when its header cannot be believed. */
#define PACKET_BYTES_MAX 262144

enum packet_network {
	NETWORK_NONE,
	NETWORK_ARP,
	NETWORK_IP,
};

/*
 * The decoded view of one frame.  It lives on the corridor's stack and points
 * into the frame; it is good for that one call.
 */
struct packet {
	int64_t time; /* microseconds of packet time */

	bool has_macs; /* false for raw IP, BSD null and loop */
	struct mac source_mac;
	struct mac target_mac; /* zero where the link header has none (Linux cooked) */

	enum packet_network network;
	struct addr source; /* ARP: the sender's protocol address */
	struct addr target;
	uint8_t protocol; /* IP protocol number after IPv6 extension headers */
	uint8_t hop_limit;

	/* Contract, promise 2: what this packet adds to the ledger. */
	uint32_t ip_bytes;    /* bytes it counts */
	uint32_t implausible; /* bytes its header claimed beyond the record, not counted */

	bool fragment;       /* any fragment of a larger datagram */
	bool later_fragment; /* not the first: has no ports of its own */
	uint32_t fragment_id;

	bool has_ports; /* TCP, UDP, SCTP; for ICMP the pair Community ID v1 uses (type, code or its
	                   twin) */
	uint16_t source_port;
	uint16_t target_port;

	uint8_t tcp_flags;
	uint32_t tcp_seq;
	uint32_t tcp_ack;
	uint8_t icmp_type;
	uint8_t icmp_code;
	bool
	    icmp_two_way; /* source_port and target_port are twin types, as Community ID v1 wants */

	/*
	 * Transport payload that was captured; ICMP: after type, code, checksum.  Empty for a
	 * later fragment, whose bytes begin no message, and for what is no IP.
	 */
	struct cursor payload;
	uint32_t cut;           /* bytes at the end of the frame that were not captured */
	uint32_t payload_bytes; /* transport payload on the wire; at least what was captured */

	uint16_t arp_operation;
	struct mac arp_sender_mac;

	bool mirrored; /* came out of TZSP, VXLAN, ERSPAN or GRE that carried Ethernet */
	uint16_t mirrored_link;

	/* Where headers begin in the frame, for who rewrites it; NULL where there is none. */
	const uint8_t *network_header;   /* IP, or ARP's body */
	const uint8_t *transport_header; /* behind extension headers; not of a later fragment */
	struct cursor mirrored_frame;    /* of a mirrored packet: the frame that was inside */
};

/*
 * Whether the outer packet of a mirror encapsulation is to be opened: --mirror was
 * given, or it is addressed to the capturing host.  Lent for the call.
 */
struct packet_options {
	bool open_mirrors;                /* always */
	const struct addr *capture_hosts; /* the addresses of that host: open mirrors to them */
	size_t capture_host_count;
};

/*
 * Decodes link, network and transport headers.  PARSE_OK fills *packet (ARP, or IP with
 * whatever transport: a protocol it does not know has no ports and its payload).
 * PARSE_OTHER: no ARP and no IP inside.  PARSE_SHORT: cut before addresses and length were
 * complete.  PARSE_MALFORMED: an IP header that contradicts itself so that nothing can be
 * counted.  A transport header that is cut or broken still gives PARSE_OK with has_ports
 * false (or the ports, where those four bytes are there).
 */
enum parse_result packet_parse(const struct frame *frame, const struct packet_options *options,
    struct packet *packet);

/* NULL when link_type (LINKTYPE_ value) is none of the supported ones. */
const char *packet_link_name(uint16_t link_type);

#endif
