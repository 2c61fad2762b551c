/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_PARSE_SAME_PACKET_H
#define TESTS_PARSE_SAME_PACKET_H

#include "parse/packet.h"

static inline bool
same_network(const struct packet *a, const struct packet *b)
{
	return a->time == b->time && a->has_macs == b->has_macs &&
	       mac_equal(&a->source_mac, &b->source_mac) &&
	       mac_equal(&a->target_mac, &b->target_mac) && a->network == b->network &&
	       addr_equal(&a->source, &b->source) && addr_equal(&a->target, &b->target) &&
	       a->protocol == b->protocol && a->hop_limit == b->hop_limit &&
	       a->ip_bytes == b->ip_bytes && a->implausible == b->implausible &&
	       a->fragment == b->fragment && a->later_fragment == b->later_fragment &&
	       a->fragment_id == b->fragment_id && a->network_header == b->network_header;
}

static inline bool
same_transport(const struct packet *a, const struct packet *b)
{
	return a->has_ports == b->has_ports && a->source_port == b->source_port &&
	       a->target_port == b->target_port && a->tcp_flags == b->tcp_flags &&
	       a->tcp_seq == b->tcp_seq && a->tcp_ack == b->tcp_ack &&
	       a->icmp_type == b->icmp_type && a->icmp_code == b->icmp_code &&
	       a->icmp_two_way == b->icmp_two_way && a->transport_header == b->transport_header;
}

/* Whether two parsers say the same of one frame. */
static inline bool
same_packet(const struct packet *a, const struct packet *b)
{
	return same_network(a, b) && same_transport(a, b) && a->cut == b->cut &&
	       a->payload_bytes == b->payload_bytes && a->payload.at == b->payload.at &&
	       a->payload.end == b->payload.end && a->payload.short_read == b->payload.short_read &&
	       a->arp_operation == b->arp_operation &&
	       mac_equal(&a->arp_sender_mac, &b->arp_sender_mac) && a->mirrored == b->mirrored &&
	       a->mirrored_link == b->mirrored_link &&
	       a->mirrored_frame.at == b->mirrored_frame.at &&
	       a->mirrored_frame.end == b->mirrored_frame.end;
}

#endif
