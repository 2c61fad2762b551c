/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARSE_WEBSOCKET_H
#define PARSE_WEBSOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"
#include "parse/result.h"

/* Opcodes (RFC 6455, 5.2). */
enum websocket_opcode {
	WEBSOCKET_CONTINUATION = 0,
	WEBSOCKET_TEXT = 1,
	WEBSOCKET_BINARY = 2,
	WEBSOCKET_CLOSE = 8,
	WEBSOCKET_PING = 9,
	WEBSOCKET_PONG = 10,
};

struct websocket_frame {
	bool fin;
	uint8_t reserved;      /* RSV1 to RSV3 as 4, 2, 1; 4 says compressed (RFC 7692) */
	uint8_t opcode;        /* enum websocket_opcode */
	bool masked;           /* every frame from a client is */
	uint8_t key[4];        /* the mask, zero when not masked */
	uint64_t length;       /* bytes of payload the frame has */
	struct cursor payload; /* what is there of them, still masked */
};

/*
 * Takes the next frame from a stream, after the HTTP heads.  PARSE_SHORT: the frame is not
 * whole; when its header was, *frame holds it and what is there of the payload, else
 * frame->payload is empty and length 0; nothing was taken.  PARSE_MALFORMED: an opcode,
 * length or control frame that RFC 6455 forbids.
 */
enum parse_result websocket_next(struct cursor *stream, struct websocket_frame *frame);

/*
 * Copies up to size bytes of the payload, unmasked, to clear; returns how many.  A packet's
 * header is enough to recognise it, so size may be small.
 */
size_t websocket_unmask(const struct websocket_frame *frame, uint8_t *clear, size_t size);

#endif
