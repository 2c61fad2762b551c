/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HOME_HELLO_READER_H
#define HOME_HELLO_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"
#include "base/host.h"
#include "home/ja4.h"
#include "parse/hello.h"

/*
 * Reads the hello of TLS, DTLS and QUIC clients when it comes in several packets, in any
 * order.  Only a hello that is not whole in its first packet takes a slot, of 16 KiB; all
 * slots are taken at start, and when none is free the one begun first is given up.
 */
struct hello_reader;

#define HELLO_SLOTS   256 /* a good default: 4.5 MiB */
#define HELLO_NO_SLOT 0

enum hello_answer {
	HELLO_MORE,  /* not known yet: feed the next packet of the client */
	HELLO_FOUND, /* the hello is complete */
	HELLO_NONE,  /* no TLS, DTLS or QUIC, malformed, cut, too long, or given up */
};

struct hello_found {
	enum hello_transport transport;
	uint16_t version;     /* newest the client offers */
	bool ech;             /* then host is only the outer name */
	char host[HOST_TEXT]; /* valid DNS name in lower case, no final dot; or "" */
	char raw_host[256];   /* as sent, at most 255 bytes; may hold anything */
	uint8_t raw_host_len;
	char alpn[256];     /* first protocol name, as sent up to a NUL; or "" */
	char ja4[JA4_TEXT]; /* or "" */
};

/* Returns NULL when out of memory or slots is 0. */
struct hello_reader *hello_reader_new(size_t slots);
void hello_reader_free(struct hello_reader *reader);

/*
 * Feeds one segment that the originator sent.  *slot is HELLO_NO_SLOT at first and belongs
 * to the stream; after FOUND and NONE it is HELLO_NO_SLOT again, and no more is to be fed.
 * offset is the segment's sequence number less that of the stream's first byte (the SYN's
 * plus one, else the first payload's), modulo 2^32.  on_wire is the payload's length on the
 * wire: if it is more than what payload holds, the packet was cut.
 */
enum hello_answer hello_feed_tcp(struct hello_reader *reader, uint64_t *slot, uint32_t offset,
    struct cursor payload, uint32_t on_wire, struct hello_found *found);

/* The same for one datagram.  STUN in front of DTLS (as WebRTC does) is MORE. */
enum hello_answer hello_feed_udp(struct hello_reader *reader, uint64_t *slot, struct cursor payload,
    uint32_t on_wire, struct hello_found *found);

/* For a stream that ends before its hello was found.  HELLO_NO_SLOT is fine. */
void hello_release(struct hello_reader *reader, uint64_t *slot);

size_t hello_slots_used(const struct hello_reader *reader);
uint64_t hello_given_up(const struct hello_reader *reader); /* slots taken from streams */

#endif
