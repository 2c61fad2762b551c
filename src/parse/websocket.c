/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/websocket.h"

#define CONTROL     0x08 /* opcodes with this bit are control frames */
#define CONTROL_MAX 125
#define LENGTH_16   126
#define LENGTH_64   127

static bool
known_opcode(uint8_t opcode)
{
	return opcode <= WEBSOCKET_BINARY ||
	       (opcode >= WEBSOCKET_CLOSE && opcode <= WEBSOCKET_PONG);
}

/* The length in the shortest of its three forms; false when a longer one was used. */
static bool
read_length(struct cursor *c, uint8_t form, uint64_t *length)
{
	*length = form;
	if (form == LENGTH_16) {
		*length = cursor_be16(c);
		return c->short_read || *length >= LENGTH_16;
	}
	if (form == LENGTH_64) {
		*length = cursor_be64(c);
		return c->short_read || (*length > UINT16_MAX && *length <= INT64_MAX);
	}
	return true;
}

static bool
well_formed(const struct websocket_frame *frame, uint8_t form)
{
	if (!known_opcode(frame->opcode))
		return false;
	return !(frame->opcode & CONTROL) || (frame->fin && form <= CONTROL_MAX);
}

/* RFC 6455, 5.2, in its order. */
static enum parse_result
read_header(struct cursor *c, struct websocket_frame *frame)
{
	uint8_t first = cursor_u8(c);
	uint8_t second = cursor_u8(c);
	uint8_t form = second & 0x7f;
	const uint8_t *key;

	if (c->short_read)
		return PARSE_SHORT;
	frame->fin = first & 0x80;
	frame->reserved = first >> 4 & 7;
	frame->opcode = first & 0x0f;
	frame->masked = second & 0x80;
	if (!well_formed(frame, form) || !read_length(c, form, &frame->length))
		return PARSE_MALFORMED;
	key = cursor_take(c, frame->masked ? sizeof(frame->key) : 0);
	if (c->short_read)
		return PARSE_SHORT;
	if (frame->masked)
		memcpy(frame->key, key, sizeof(frame->key));
	return PARSE_OK;
}

enum parse_result
websocket_next(struct cursor *stream, struct websocket_frame *frame)
{
	struct cursor c = *stream;
	enum parse_result result;

	*frame = (struct websocket_frame){0};
	result = read_header(&c, frame);
	if (result != PARSE_OK) {
		*frame = (struct websocket_frame){0};
		return result;
	}
	frame->payload = cursor_sub_clamped(&c, (size_t)frame->length);
	if (cursor_left(&frame->payload) < frame->length)
		return PARSE_SHORT;
	*stream = c;
	return PARSE_OK;
}

size_t
websocket_unmask(const struct websocket_frame *frame, uint8_t *clear, size_t size)
{
	struct cursor payload = frame->payload;
	size_t count = size < cursor_left(&payload) ? size : cursor_left(&payload);

	for (size_t i = 0; i < count; i++)
		clear[i] = cursor_u8(&payload) ^ frame->key[i % sizeof(frame->key)];
	return count;
}
