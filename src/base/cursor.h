/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_CURSOR_H
#define BASE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * A cursor walks over bytes that someone else owns.  Every read is checked:
 * the first one that would pass the end sets `short_read`, and from then on
 * reads return zero.  A parser can therefore read a whole header and ask once.
 *
 * This header is the one place with pointer arithmetic over hostile bytes.
 */
struct cursor {
	const uint8_t *at;
	const uint8_t *end;
	bool short_read;
};

static inline struct cursor
cursor_over(const void *bytes, size_t len)
{
	const uint8_t *at = bytes;

	return (struct cursor){.at = at, .end = at ? at + len : at, .short_read = false};
}

static inline size_t
cursor_left(const struct cursor *c)
{
	return (size_t)(c->end - c->at);
}

/* Steps over len bytes and returns where they began, or NULL if too few are left. */
static inline const uint8_t *
cursor_take(struct cursor *c, size_t len)
{
	const uint8_t *taken = c->at;

	if (c->short_read || len > cursor_left(c)) {
		c->short_read = true;
		return NULL;
	}
	if (len > 0)
		c->at += len;
	return taken;
}

static inline uint8_t
cursor_u8(struct cursor *c)
{
	const uint8_t *b = cursor_take(c, 1);

	return b ? b[0] : 0;
}

static inline uint16_t
cursor_be16(struct cursor *c)
{
	const uint8_t *b = cursor_take(c, 2);

	if (!b)
		return 0;
	return (uint16_t)(b[0] << 8 | b[1]);
}

static inline uint32_t
cursor_be24(struct cursor *c)
{
	const uint8_t *b = cursor_take(c, 3);

	return b ? (uint32_t)b[0] << 16 | (uint32_t)b[1] << 8 | b[2] : 0;
}

static inline uint32_t
cursor_be32(struct cursor *c)
{
	const uint8_t *b = cursor_take(c, 4);

	return b ? (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3] : 0;
}

static inline uint64_t
cursor_be64(struct cursor *c)
{
	const uint8_t *b = cursor_take(c, 8);

	if (!b)
		return 0;
	return (uint64_t)b[0] << 56 | (uint64_t)b[1] << 48 | (uint64_t)b[2] << 40 |
	       (uint64_t)b[3] << 32 | (uint64_t)b[4] << 24 | (uint64_t)b[5] << 16 |
	       (uint64_t)b[6] << 8 | b[7];
}

static inline uint16_t
cursor_le16(struct cursor *c)
{
	const uint8_t *b = cursor_take(c, 2);

	if (!b)
		return 0;
	return (uint16_t)(b[1] << 8 | b[0]);
}

static inline uint32_t
cursor_le32(struct cursor *c)
{
	const uint8_t *b = cursor_take(c, 4);

	return b ? (uint32_t)b[3] << 24 | (uint32_t)b[2] << 16 | (uint32_t)b[1] << 8 | b[0] : 0;
}

/* Takes the next len bytes as a cursor of their own; empty and short if too few are left. */
static inline struct cursor
cursor_sub(struct cursor *c, size_t len)
{
	const uint8_t *at = cursor_take(c, len);

	if (!at)
		return (struct cursor){.at = c->end, .end = c->end, .short_read = true};
	return (struct cursor){.at = at, .end = at + len, .short_read = false};
}

/* As cursor_sub, but gives what there is when fewer than len bytes are left. */
static inline struct cursor
cursor_sub_clamped(struct cursor *c, size_t len)
{
	return cursor_sub(c, len < cursor_left(c) ? len : cursor_left(c));
}

/* Looks at the byte at offset from here without stepping; false if it lies past the end. */
static inline bool
cursor_peek(const struct cursor *c, size_t offset, uint8_t *byte)
{
	if (c->short_read || offset >= cursor_left(c))
		return false;
	*byte = c->at[offset];
	return true;
}

/* Whether the next bytes are exactly these; does not step. */
static inline bool
cursor_starts_with(const struct cursor *c, const void *bytes, size_t len)
{
	return !c->short_read && len <= cursor_left(c) && memcmp(c->at, bytes, len) == 0;
}

#endif
