/* SPDX-License-Identifier: Apache-2.0 */
#include "source/unpack.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "base/cursor.h"

#define STORED_BLOCK 65536
#define MAGIC_SIZE   4
#define ZSTD_HEADER  5 /* what it asks for at the start of a frame */

typedef ssize_t read_fn(struct unpack *u, uint8_t *out, size_t len, const char **why);

struct unpack {
	struct raw *raw;
	read_fn *read;
	struct cursor left; /* stored bytes not yet unpacked; lies in stored[] */
	bool open;          /* within a gzip member or zstd frame */
	bool started;       /* z is initialised */
	bool more;          /* zstd holds content that did not fit */
	size_t wanted;      /* stored bytes that zstd asks for next */
	bool damaged;       /* told once the content before the damage was given */
	z_stream z;
	ZSTD_DStream *zstd;
	uint8_t stored[STORED_BLOCK];
};

/* Whether there are stored bytes to go on with; -1 when they cannot be read. */
static int
refill(struct unpack *u, const char **why)
{
	ssize_t got;

	if (cursor_left(&u->left) > 0)
		return 1;
	got = raw_read(u->raw, u->stored, sizeof(u->stored));
	if (got < 0) {
		*why = strerror(errno);
		return -1;
	}
	u->left = cursor_over(u->stored, (size_t)got);
	return got > 0;
}

static ssize_t
read_plain(struct unpack *u, uint8_t *out, size_t len, const char **why)
{
	struct cursor part = cursor_sub_clamped(&u->left, len);
	ssize_t got = (ssize_t)cursor_left(&part);

	if (got > 0) {
		memcpy(out, part.at, (size_t)got);
		return got;
	}
	got = raw_read(u->raw, out, len);
	if (got < 0)
		*why = strerror(errno);
	return got;
}

/* Between members: steps over zero padding (tape blocks), then begins the next. */
static bool
next_member(struct unpack *u)
{
	uint8_t byte;

	while (cursor_peek(&u->left, 0, &byte) && byte == 0)
		cursor_take(&u->left, 1);
	if (cursor_left(&u->left) == 0)
		return false;
	u->open = true;
	inflateReset(&u->z);
	return true;
}

/* One step of zlib.  Returns content bytes made, or -1. */
static ssize_t
inflate_step(struct unpack *u, uint8_t *out, size_t len, const char **why)
{
	size_t stored = cursor_left(&u->left);
	int status;

	u->z.next_in = (Bytef *)(uintptr_t)u->left.at;
	u->z.avail_in = (uInt)stored;
	u->z.next_out = out;
	u->z.avail_out = len > UINT32_MAX ? UINT32_MAX : (uInt)len;
	len = u->z.avail_out;
	status = inflate(&u->z, Z_NO_FLUSH);
	cursor_take(&u->left, stored - u->z.avail_in);
	len -= u->z.avail_out;
	if (status == Z_STREAM_END)
		u->open = false;
	else if (status != Z_OK && status != Z_BUF_ERROR)
		u->damaged = true;
	if (!u->damaged || len > 0)
		return (ssize_t)len;
	*why = "the gzip data is damaged";
	return -1;
}

static ssize_t
read_gzip(struct unpack *u, uint8_t *out, size_t len, const char **why)
{
	ssize_t got = 0;

	if (u->damaged)
		*why = "the gzip data is damaged";
	while (got == 0) {
		int stored = u->damaged ? -1 : refill(u, why);

		if (stored < 0)
			return -1;
		if (stored == 0 && u->open)
			*why = "the gzip data ends early";
		if (stored == 0)
			return u->open ? -1 : 0;
		if (!u->open && !next_member(u))
			continue;
		got = inflate_step(u, out, len, why);
	}
	return got;
}

/*
 * One step of libzstd.  Returns content bytes made, or -1.  It is given no more than it asks
 * for, a block, because content made in a step that fails is lost.
 */
static ssize_t
zstd_step(struct unpack *u, uint8_t *out, size_t len, const char **why)
{
	struct cursor left = u->left;
	struct cursor part = cursor_sub_clamped(&left, u->wanted);
	ZSTD_inBuffer stored = {.src = part.at, .size = cursor_left(&part)};
	ZSTD_outBuffer content = {.dst = out, .size = len};
	size_t status = ZSTD_decompressStream(u->zstd, &content, &stored);

	if (ZSTD_isError(status)) {
		*why = ZSTD_getErrorName(status);
		return -1;
	}
	cursor_take(&u->left, stored.pos);
	u->open = status != 0;
	u->wanted = status ? status : ZSTD_HEADER;
	u->more = u->open && content.pos == content.size;
	return (ssize_t)content.pos;
}

static ssize_t
read_zstd(struct unpack *u, uint8_t *out, size_t len, const char **why)
{
	ssize_t got = 0;

	while (got == 0) {
		int stored = u->more ? 1 : refill(u, why);

		if (stored < 0)
			return -1;
		if (stored == 0 && u->open)
			*why = "the zstd data ends early";
		if (stored == 0)
			return u->open ? -1 : 0;
		got = zstd_step(u, out, len, why);
	}
	return got;
}

/* RFC 8878, 3.1.1 and 3.1.2 (skippable frames: 0x184D2A50 to 0x184D2A5F). */
static bool
is_zstd(struct cursor magic)
{
	uint32_t number = cursor_le32(&magic);

	return number == ZSTD_MAGICNUMBER ||
	       (number & ZSTD_MAGIC_SKIPPABLE_MASK) == ZSTD_MAGIC_SKIPPABLE_START;
}

static bool
is_gzip(struct cursor magic)
{
	static const uint8_t deflated[] = {0x1f, 0x8b, 8}; /* RFC 1952, 2.3.1 */

	return cursor_starts_with(&magic, deflated, sizeof(deflated));
}

/* Reads at least the magic, if there are so many bytes: a pipe gives as few as it likes. */
static void
read_magic(struct unpack *u)
{
	size_t have = 0;
	ssize_t got = 1;

	while (have < MAGIC_SIZE && got > 0) {
		got = raw_read(u->raw, u->stored + have, sizeof(u->stored) - have);
		if (got > 0)
			have += (size_t)got;
	}
	u->left = cursor_over(u->stored, have);
}

struct unpack *
unpack_new(struct raw *raw)
{
	struct unpack *u = calloc(1, sizeof(*u));

	if (!u)
		return NULL;
	u->raw = raw;
	u->read = read_plain;
	read_magic(u);
	if (is_gzip(u->left)) {
		u->read = read_gzip;
		u->started = inflateInit2(&u->z, 16 + MAX_WBITS) == Z_OK; /* 16: gzip only */
		u->open = true;
	} else if (is_zstd(u->left)) {
		u->read = read_zstd;
		u->zstd = ZSTD_createDStream();
		u->wanted = ZSTD_HEADER;
	}
	if ((u->read == read_gzip && !u->started) || (u->read == read_zstd && !u->zstd)) {
		unpack_free(u);
		return NULL;
	}
	return u;
}

ssize_t
unpack_read(struct unpack *u, uint8_t *out, size_t len, const char **why)
{
	return u->read(u, out, len, why);
}

bool
unpack_is_plain(const struct unpack *u)
{
	return u->read == read_plain;
}

void
unpack_free(struct unpack *u)
{
	if (!u)
		return;
	if (u->started)
		inflateEnd(&u->z);
	ZSTD_freeDStream(u->zstd);
	free(u);
}
