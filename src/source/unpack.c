/* SPDX-License-Identifier: Apache-2.0 */
#include "source/unpack.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#define ZLIB_CONST
#include <zlib.h>
#include <zstd.h>

#include "base/cursor.h"

#define STORED_BLOCK 65536
#define MAGIC_SIZE   4
#define ZSTD_HEADER  5 /* what it asks for at the start of a frame */

/* Unpacks some of what is left.  Returns content bytes made; may set damage. */
typedef size_t step_fn(struct unpack *u, uint8_t *out, size_t len);

struct unpack {
	struct raw *raw;
	step_fn *step;      /* NULL: content is as stored */
	struct cursor left; /* stored bytes not yet unpacked; lies in stored[] */
	bool open;          /* within a gzip member or zstd frame */
	bool started;       /* z is initialised */
	bool more;          /* zstd holds content that did not fit */
	size_t wanted;      /* stored bytes that zstd asks for next */
	const char *damage; /* told once the content before it was given; else NULL */
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

static size_t
inflate_step(struct unpack *u, uint8_t *out, size_t len)
{
	size_t stored;
	int status;

	if (!u->open && !next_member(u))
		return 0;
	stored = cursor_left(&u->left);
	len = len > UINT32_MAX ? UINT32_MAX : len;
	u->z.next_in = u->left.at;
	u->z.avail_in = (uInt)stored;
	u->z.next_out = out;
	u->z.avail_out = (uInt)len;
	status = inflate(&u->z, Z_NO_FLUSH);
	cursor_take(&u->left, stored - u->z.avail_in);
	if (status == Z_STREAM_END)
		u->open = false;
	else if (status != Z_OK && status != Z_BUF_ERROR)
		u->damage = "the gzip data is damaged";
	return len - u->z.avail_out;
}

/* Gives libzstd no more than it asks for: content made in a step that fails is lost. */
static size_t
zstd_step(struct unpack *u, uint8_t *out, size_t len)
{
	struct cursor left = u->left;
	struct cursor part = cursor_sub_clamped(&left, u->wanted);
	ZSTD_inBuffer stored = {.src = part.at, .size = cursor_left(&part)};
	ZSTD_outBuffer content = {.dst = out, .size = len};
	size_t status = ZSTD_decompressStream(u->zstd, &content, &stored);

	if (ZSTD_isError(status)) {
		u->damage = ZSTD_getErrorName(status);
		return 0;
	}
	cursor_take(&u->left, stored.pos);
	u->open = status != 0;
	u->wanted = status ? status : ZSTD_HEADER;
	u->more = u->open && content.pos == content.size;
	return content.pos;
}

/* Whether there is something to unpack: 1, 0 at the end, -1 when there should be but is not. */
static int
ready(struct unpack *u, const char **why)
{
	int stored;

	if (u->damage) {
		*why = u->damage;
		return -1;
	}
	if (u->more)
		return 1;
	stored = refill(u, why);
	if (stored == 0 && u->open) {
		*why = "the packed data ends early";
		return -1;
	}
	return stored;
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
	read_magic(u);
	if (is_gzip(u->left)) {
		u->step = inflate_step;
		u->started = inflateInit2(&u->z, 16 + MAX_WBITS) == Z_OK; /* 16: gzip only */
		u->open = true;
	} else if (is_zstd(u->left)) {
		u->step = zstd_step;
		u->zstd = ZSTD_createDStream();
		u->wanted = ZSTD_HEADER;
	}
	if (u->step && !u->started && !u->zstd) {
		unpack_free(u);
		return NULL;
	}
	return u;
}

ssize_t
unpack_read(struct unpack *u, uint8_t *out, size_t len, const char **why)
{
	size_t got = 0;

	if (!u->step)
		return read_plain(u, out, len, why);
	while (got == 0) {
		int more = ready(u, why);

		if (more <= 0)
			return more;
		got = u->step(u, out, len);
	}
	return (ssize_t)got;
}

bool
unpack_is_plain(const struct unpack *u)
{
	return !u->step;
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
