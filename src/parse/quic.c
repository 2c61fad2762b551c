/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/quic.h"

#define LONG_HEADER 0x80

enum packet_type { PACKET_INITIAL, PACKET_0RTT, PACKET_HANDSHAKE, PACKET_RETRY };

/* Frame types (RFC 9000, 19). */
#define FRAME_PADDING         0x00
#define FRAME_PING            0x01
#define FRAME_ACK             0x02
#define FRAME_ACK_ECN         0x03
#define FRAME_CRYPTO          0x06
#define FRAME_CLOSE_TRANSPORT 0x1c

static bool
version_readable(uint32_t version)
{
	return version == QUIC_V1 || version == QUIC_V2 ||
	       (version >= QUIC_DRAFT_FIRST && version <= QUIC_DRAFT_LAST);
}

/* Bits 4 and 5 of the first byte (RFC 9000, 17.2), which v2 numbers anew (RFC 9369, 3.2). */
static enum packet_type
packet_type(uint8_t first, uint32_t version)
{
	unsigned bits = first >> 4 & 3u;

	return (enum packet_type)(version == QUIC_V2 ? (bits + 3) & 3 : bits);
}

/* A variable-length integer: two bits give its size (RFC 9000, 16). */
static uint64_t
varint(struct cursor *c)
{
	uint64_t value = cursor_u8(c);
	unsigned more = (1u << (value >> 6)) - 1;

	value &= 0x3f;
	for (unsigned i = 0; i < more; i++)
		value = value << 8 | cursor_u8(c);
	return value;
}

/* cursor_sub for a length that may not fit size_t. */
static struct cursor
sub_varint(struct cursor *c)
{
	uint64_t len = varint(c);

	return cursor_sub(c, len > SIZE_MAX ? SIZE_MAX : (size_t)len);
}

bool
quic_long_header(struct cursor datagram)
{
	uint8_t first = cursor_u8(&datagram);
	uint32_t version = cursor_be32(&datagram);

	return !datagram.short_read && (first & LONG_HEADER) != 0 &&
	       (version_readable(version) || (version & 0x0f0f0f0f) == 0x0a0a0a0a);
}

/*
 * first(1) version(4) dcid<0..20> scid<0..20> [Initial: token<..>] length packet-number..
 * Takes one packet off datagram; PARSE_OTHER for one that ends the search.
 */
static enum parse_result
packet_take(struct cursor *datagram, enum packet_type *type, struct quic_initial_view *view)
{
	struct cursor at = *datagram;
	uint8_t first = cursor_u8(&at);
	size_t number_offset;
	struct cursor protected;

	view->version = cursor_be32(&at);
	if (at.short_read)
		return PARSE_SHORT;
	if ((first & LONG_HEADER) == 0 || !version_readable(view->version))
		return PARSE_OTHER;
	*type = packet_type(first, view->version);
	if (*type == PACKET_RETRY)
		return PARSE_OTHER; /* only a server sends it, alone */
	view->dcid = cursor_sub(&at, cursor_u8(&at));
	view->scid = cursor_sub(&at, cursor_u8(&at));
	view->token = *type == PACKET_INITIAL ? sub_varint(&at) : cursor_sub(&at, 0);
	if (at.short_read)
		return PARSE_SHORT;
	if (cursor_left(&view->dcid) > QUIC_CID_MAX || cursor_left(&view->scid) > QUIC_CID_MAX)
		return PARSE_MALFORMED;
	protected = sub_varint(&at);
	if (at.short_read)
		return PARSE_SHORT;
	view->protected_len = cursor_left(&protected);
	number_offset = cursor_left(datagram) - cursor_left(&at) - view->protected_len;
	view->number_offset = number_offset;
	view->packet = cursor_sub(datagram, number_offset + view->protected_len);
	return PARSE_OK;
}

enum parse_result
quic_initial_find(struct cursor *datagram, struct quic_initial_view *initial)
{
	enum packet_type type = PACKET_HANDSHAKE;
	uint8_t first;

	while (cursor_peek(datagram, 0, &first) && (first & LONG_HEADER) != 0) {
		enum parse_result result = packet_take(datagram, &type, initial);

		if (result != PARSE_OK || type == PACKET_INITIAL)
			return result;
	}
	return PARSE_OTHER;
}

/* RFC 9000, 19.3: largest, delay, count, first range, count * (gap, range) [three counts] */
static void
ack_skip(struct cursor *c, bool ecn)
{
	uint64_t ranges;

	varint(c);
	varint(c);
	ranges = varint(c);
	varint(c);
	for (uint64_t i = 0; i < ranges && !c->short_read; i++) {
		varint(c);
		varint(c);
	}
	for (int i = 0; ecn && i < 3; i++)
		varint(c);
}

/* RFC 9000, 19.19: error, frame type, reason<..> */
static void
close_skip(struct cursor *c)
{
	varint(c);
	varint(c);
	sub_varint(c);
}

/* Each byte is a frame; hundreds follow each other. */
static void
padding_skip(struct cursor *c)
{
	uint8_t type;

	while (cursor_peek(c, 0, &type) && type == FRAME_PADDING)
		cursor_take(c, 1);
}

enum parse_result
quic_crypto_frames(struct cursor plain, quic_crypto_fn *fn, void *user)
{
	while (cursor_left(&plain) > 0 && !plain.short_read) {
		uint64_t type = varint(&plain);
		uint64_t offset;
		struct cursor data;

		switch (type) {
		case FRAME_PADDING:
			padding_skip(&plain);
			break;
		case FRAME_PING:
			break;
		case FRAME_ACK:
		case FRAME_ACK_ECN:
			ack_skip(&plain, type == FRAME_ACK_ECN);
			break;
		case FRAME_CRYPTO:
			offset = varint(&plain);
			data = sub_varint(&plain);
			if (!plain.short_read && !fn(offset, data, user))
				return PARSE_OK;
			break;
		case FRAME_CLOSE_TRANSPORT:
			close_skip(&plain);
			break;
		default:
			return PARSE_MALFORMED;
		}
	}
	return plain.short_read ? PARSE_MALFORMED : PARSE_OK;
}
