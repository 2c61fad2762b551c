/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARSE_QUIC_H
#define PARSE_QUIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"
#include "parse/result.h"

#define QUIC_V1 0x00000001u /* RFC 9000 */
#define QUIC_V2 0x6b3343cfu /* RFC 9369 */
/* draft-ietf-quic-transport: laid out as version 1 from -23 to its last, -34. */
#define QUIC_DRAFT_FIRST 0xff000017u
#define QUIC_DRAFT_LAST  0xff000022u

#define QUIC_CID_MAX 20 /* RFC 9000, 17.2 */

/* An Initial packet, still encrypted; everything is lent from the datagram. */
struct quic_initial_view {
	uint32_t version;
	struct cursor dcid;
	struct cursor scid;
	struct cursor token;
	struct cursor packet; /* from its first byte to its last: cut to its Length */
	size_t number_offset; /* of the packet number, from the start of packet */
	size_t protected_len; /* the Length field: packet number, payload and tag */
};

/*
 * Finds the next Initial in a datagram of coalesced packets (RFC 9000, 12.2, 17.2),
 * skipping 0-RTT and Handshake packets, and steps datagram past it.  PARSE_OTHER: none is
 * left, or this is no QUIC of a version with this layout (version negotiation, Google's
 * own).  PARSE_SHORT: a packet is cut off.
 */
enum parse_result quic_initial_find(struct cursor *datagram, struct quic_initial_view *initial);

/* Whether it begins with a long header of a version this room can read, or a greased one. */
bool quic_long_header(struct cursor datagram);

/* Gets each piece of the handshake: offset in the CRYPTO stream, and bytes.  False stops. */
typedef bool quic_crypto_fn(uint64_t offset, struct cursor data, void *user);

/*
 * Walks the frames of an opened Initial (RFC 9000, 12.4 and 19): PADDING, PING, ACK,
 * CRYPTO, CONNECTION_CLOSE; any other is PARSE_MALFORMED, a cut one too.
 */
enum parse_result quic_crypto_frames(struct cursor plain, quic_crypto_fn *fn, void *user);

#endif
