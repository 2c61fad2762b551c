/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_ENGINE_FRAMES_H
#define TESTS_ENGINE_FRAMES_H

/* Ethernet frames put together in memory: who sends how much to whom, and when. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/frame.h"
#include "parse/packet.h"
#include "tests/test.h"

#define SECOND    INT64_C(1000000)
#define MORNING   (INT64_C(1764000000) * SECOND) /* where the clocks of these tests begin */
#define FRAME_MAX 1600
#define HEADERS   42 /* Ethernet, IPv4, UDP */

/* One datagram, or one TCP segment when tcp is set; addresses as text. */
struct sent {
	const char *from_mac, *to_mac;
	const char *from, *to;
	uint16_t from_port, to_port;
	bool tcp;
	const void *payload; /* NULL: as many bytes as payload_bytes says, that mean nothing */
	uint16_t payload_bytes;
	int64_t time;
};

struct made {
	struct frame frame;
	uint8_t bytes[FRAME_MAX];
};

static inline void
put_be(uint8_t *at, uint64_t value, size_t size)
{
	for (size_t i = 0; i < size; i++)
		at[i] = (uint8_t)(value >> 8 * (size - 1 - i));
}

static inline void
put_addr(uint8_t *at, const char *text)
{
	struct addr addr;

	assert_true(addr_parse(text, &addr) && addr.family == 4);
	memcpy(at, addr.bytes, 4);
}

static inline void
put_mac(uint8_t *at, const char *text)
{
	struct mac mac;

	assert_true(mac_parse(text, &mac));
	memcpy(at, mac.bytes, 6);
}

static inline struct made *
begin_frame(struct made *m, size_t length, int64_t time)
{
	memset(m, 0, sizeof(*m));
	assert_true(length <= FRAME_MAX);
	m->frame = (struct frame){
	    .bytes = m->bytes,
	    .captured = (uint32_t)length,
	    .on_wire = (uint32_t)length,
	    .link_type = 1,
	    .time = time,
	};
	return m;
}

/* An IPv4 packet's bytes are 28 more than a datagram's payload, 40 more than a segment's. */
static inline struct made *
make_packet(struct made *m, const struct sent *s)
{
	size_t transport = s->tcp ? 20 : 8, ip = 20 + transport + s->payload_bytes;
	uint8_t *at = m->bytes;

	begin_frame(m, 14 + ip, s->time);
	put_mac(at, s->to_mac);
	put_mac(at + 6, s->from_mac);
	put_be(at + 12, 0x0800, 2);
	put_be(at + 14, 0x45, 1);
	put_be(at + 16, ip, 2);
	put_be(at + 18, (uint64_t)s->time / 1000, 2); /* identification: no two are the same */
	put_be(at + 22, 64, 1);
	put_be(at + 23, s->tcp ? IP_TCP : IP_UDP, 1);
	put_addr(at + 26, s->from);
	put_addr(at + 30, s->to);
	put_be(at + 34, s->from_port, 2);
	put_be(at + 36, s->to_port, 2);
	if (s->tcp) {
		put_be(at + 38, (uint64_t)s->time, 4);
		put_be(at + 46, 0x5018, 2);
	} else {
		put_be(at + 38, 8U + s->payload_bytes, 2);
	}
	if (s->payload)
		memcpy(at + 34 + transport, s->payload, s->payload_bytes);
	return m;
}

/* "addr is at mac", told to everybody. */
static inline struct made *
make_arp(struct made *m, const char *mac, const char *addr, int64_t time)
{
	uint8_t *at = m->bytes;

	begin_frame(m, 42, time);
	memset(at, 0xff, 6);
	put_mac(at + 6, mac);
	put_be(at + 12, 0x0806, 2);
	put_be(at + 14, UINT64_C(0x0001080006040001), 8);
	put_mac(at + 22, mac);
	put_addr(at + 28, addr);
	put_addr(at + 38, addr);
	return m;
}

#endif
