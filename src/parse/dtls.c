/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/hello.h"

#define TYPE_HANDSHAKE         22
#define HANDSHAKE_CLIENT_HELLO 1

/* type(1) version(2) epoch(2) sequence(6) length(2): RFC 6347, 4.1; RFC 9147, 4 */
static enum parse_result
record_take(struct cursor *datagram, uint8_t *type, struct cursor *body)
{
	uint16_t version;
	uint16_t epoch;
	uint8_t first;

	if (!cursor_peek(datagram, 0, &first))
		return PARSE_OTHER;
	if (first < 20 || first > 26)
		return PARSE_OTHER;
	*type = cursor_u8(datagram);
	version = cursor_be16(datagram);
	epoch = cursor_be16(datagram);
	cursor_take(datagram, 6);
	*body = cursor_sub(datagram, cursor_be16(datagram));
	/* DTLS 1.0, 1.2 and 1.3; a hello is never encrypted. */
	if (!datagram->short_read && (version >> 8 != 0xfe || epoch != 0))
		return PARSE_OTHER;
	return body->short_read ? PARSE_SHORT : PARSE_OK;
}

/* type(1) length(3) message_seq(2) fragment_offset(3) fragment_length(3): RFC 6347, 4.2.2 */
static enum parse_result
fragment_read(struct cursor body, struct dtls_fragment *fragment)
{
	uint8_t type = cursor_u8(&body);

	*fragment = (struct dtls_fragment){.total = cursor_be24(&body)};
	fragment->message = cursor_be16(&body);
	fragment->offset = cursor_be24(&body);
	fragment->piece = cursor_sub(&body, cursor_be24(&body));
	/* The record is whole, so what it lacks will never come. */
	if (body.short_read)
		return PARSE_MALFORMED;
	if (type != HANDSHAKE_CLIENT_HELLO)
		return PARSE_OTHER;
	if (fragment->offset + cursor_left(&fragment->piece) > fragment->total)
		return PARSE_MALFORMED;
	return fragment->total > TLS_HELLO_MAX ? PARSE_OTHER : PARSE_OK;
}

enum parse_result
dtls_hello_fragment(struct cursor *datagram, struct dtls_fragment *fragment)
{
	enum parse_result result = PARSE_OTHER;
	struct cursor body;
	uint8_t type;

	while (result == PARSE_OTHER) {
		result = record_take(datagram, &type, &body);
		if (result != PARSE_OK)
			return result;
		result = type == TYPE_HANDSHAKE ? fragment_read(body, fragment) : PARSE_OTHER;
	}
	return result;
}

enum parse_result
dtls_hello_parse(struct cursor datagram, struct hello *hello)
{
	struct dtls_fragment fragment;
	enum parse_result result = dtls_hello_fragment(&datagram, &fragment);

	if (result != PARSE_OK)
		return result;
	if (cursor_left(&fragment.piece) < fragment.total)
		return PARSE_SHORT;
	result = client_hello_parse(fragment.piece, HELLO_OVER_DTLS, hello);
	return result == PARSE_SHORT ? PARSE_MALFORMED : result;
}
