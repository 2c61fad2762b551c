/* SPDX-License-Identifier: Apache-2.0 */
#include "dpi/made_packet.h"

#include <netinet/in.h>
#include <string.h>

/* A header being written, in network order. */
static uint8_t *
put(uint8_t *at, uint64_t number, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		at[i] = (uint8_t)(number >> 8 * (bytes - 1 - i));
	return at + bytes;
}

/* One of two addresses that are nobody's (RFC 5737, RFC 3849). */
static uint8_t *
put_addr(uint8_t *at, uint8_t family, bool originator)
{
	static const uint8_t ipv4[3] = {192, 0, 2}, ipv6[15] = {0x20, 0x01, 0x0d, 0xb8};
	size_t network = family == 4 ? sizeof(ipv4) : sizeof(ipv6);

	memcpy(at, family == 4 ? ipv4 : ipv6, network);
	return put(at + network, originator ? 1 : 2, 1);
}

/* An IP header without options, whatever the flow's own packets had. */
static uint8_t *
put_network(uint8_t *at, const struct wire_question *q, bool from_originator, unsigned length)
{
	if (q->family == 4) {
		at = put(at, 0x4500, 2);
		at = put(at, 20 + length, 2);
		at = put(at, 0, 4); /* in no fragments */
		at = put(at, 64, 1);
		at = put(at, q->protocol, 1);
		at = put(at, 0, 2); /* nobody checks the sum */
	} else {
		at = put(at, 0x60000000, 4);
		at = put(at, length, 2);
		at = put(at, q->protocol, 1);
		at = put(at, 64, 1);
	}
	at = put_addr(at, q->family, from_originator);
	return put_addr(at, q->family, !from_originator);
}

static uint8_t *
put_transport(uint8_t *at, const struct wire_question *q, const struct wire_slice *slice)
{
	bool first = slice->from_originator;

	at = put(at, first ? q->originator_port : q->responder_port, 2);
	at = put(at, first ? q->responder_port : q->originator_port, 2);
	if (q->protocol == IPPROTO_UDP) {
		at = put(at, 8U + slice->length, 2);
		return put(at, 0, 2);
	}
	at = put(at, slice->tcp_seq, 4);
	at = put(at, slice->tcp_ack, 4);
	at = put(at, 0x50, 1); /* five words of header */
	at = put(at, slice->tcp_flags, 1);
	at = put(at, 0xffff, 2);
	return put(at, 0, 4);
}

size_t
made_packet(uint8_t packet[static WIRE_PACKET], const struct wire_question *q,
    const struct wire_slice *slice)
{
	unsigned headers = q->protocol == IPPROTO_UDP ? 8 : 20;
	uint8_t *at = put_network(packet, q, slice->from_originator, headers + slice->length);

	at = put_transport(at, q, slice);
	if (slice->length > 0)
		memcpy(at, slice->payload, slice->length);
	return (size_t)(at - packet) + slice->length;
}
