/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REDACT_SPAN_H
#define REDACT_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * A frame under way: what was captured, and what is written in its place.  The copy begins
 * as zeroes, so that whatever nobody asked to keep is gone; lengths stay.  Every write is
 * checked, and what would pass the end is left out.
 */
struct span {
	const uint8_t *in;
	uint8_t *out;
	size_t len;
};

/* Where at lies in the frame; at points into it or to its end. */
static inline size_t
span_offset(const struct span *span, const uint8_t *at)
{
	return (size_t)(at - span->in);
}

/* How many of len bytes from offset on are there. */
static inline size_t
span_clamp(const struct span *span, size_t offset, size_t len)
{
	if (offset >= span->len)
		return 0;
	return len < span->len - offset ? len : span->len - offset;
}

static inline void
span_keep(struct span *span, size_t offset, size_t len)
{
	len = span_clamp(span, offset, len);
	if (len > 0)
		memcpy(span->out + offset, span->in + offset, len);
}

/* All of bytes, or nothing. */
static inline void
span_put(struct span *span, size_t offset, const void *bytes, size_t len)
{
	if (span_clamp(span, offset, len) == len && len > 0)
		memcpy(span->out + offset, bytes, len);
}

static inline void
span_put_be16(struct span *span, size_t offset, uint16_t number)
{
	const uint8_t bytes[] = {(uint8_t)(number >> 8), (uint8_t)number};

	span_put(span, offset, bytes, sizeof(bytes));
}

/* The bytes from offset to the end, as a frame of their own. */
static inline struct span
span_from(const struct span *span, size_t offset)
{
	size_t at = offset < span->len ? offset : span->len;

	return (struct span){.in = span->in + at, .out = span->out + at, .len = span->len - at};
}

#endif
