/* SPDX-License-Identifier: Apache-2.0 */
#include "source/stream.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/hash.h"
#include "source/ahead.h"
#include "source/fail.h"
#include "source/unpack.h"

struct stream {
	struct raw *raw;
	struct unpack *unpack;
	struct sha256 *sum;  /* of the content where it is packed; else NULL */
	struct ahead *ahead; /* who reads, or NULL */
	size_t block;
	uint8_t *window;
	size_t room;
	const uint8_t *bytes; /* the window, or a block lent by who reads ahead */
	size_t begin;         /* of the bytes not yet skipped */
	size_t end;
	uint64_t consumed; /* stored bytes, as who reads ahead told */
	uint64_t skipped;
	bool ended;
	bool broken;
	struct porch_error error;
};

struct stream *
stream_new(struct raw *raw, size_t block, bool hash, struct porch_error *error)
{
	struct stream *s = calloc(1, sizeof(*s));

	if (!s) {
		raw_close(raw);
		fail(error, 0, "out of memory");
		return NULL;
	}
	s->raw = raw;
	s->block = block ? block : STREAM_BLOCK;
	s->error.offset = -1;
	s->unpack = unpack_new(raw);
	if (s->unpack && hash && !unpack_is_plain(s->unpack))
		s->sum = sha256_new();
	s->room = s->block;
	s->bytes = s->window = malloc(s->room);
	if (!s->unpack || !s->window || (hash && !s->sum && !unpack_is_plain(s->unpack))) {
		fail(error, 0, "out of memory");
		stream_free(s);
		return NULL;
	}
	return s;
}

void
stream_free(struct stream *s)
{
	if (!s)
		return;
	ahead_free(s->ahead);
	unpack_free(s->unpack);
	raw_close(s->raw);
	sha256_free(s->sum);
	free(s->window);
	free(s);
}

/* Moves what is left to the front, of a window of at least len bytes. */
static bool
make_room(struct stream *s, size_t len)
{
	size_t left = s->end - s->begin;
	uint8_t *window;

	if (s->begin > 0 && left > 0)
		memmove(s->window, s->window + s->begin, left);
	s->begin = 0;
	s->end = left;
	if (s->room >= len)
		return true;
	window = realloc(s->window, len);
	if (!window) {
		stream_fail(s, "out of memory");
		s->broken = true;
		return false;
	}
	s->bytes = s->window = window;
	s->room = len;
	return true;
}

static void
cannot_be_read(struct stream *s, const char *why)
{
	fail(&s->error, (int64_t)(s->skipped + s->end - s->begin), "cannot be %s: %s",
	    unpack_is_plain(s->unpack) ? "read" : "unpacked", why);
	s->broken = true;
}

/* Reads a block, or less if the window has less room.  False at the end and on damage. */
static bool
fill(struct stream *s)
{
	size_t len = s->room - s->end < s->block ? s->room - s->end : s->block;
	const char *why = "";
	ssize_t got;

	if (s->ended || s->broken)
		return false;
	got = unpack_read(s->unpack, s->window + s->end, len, &why);
	if (got < 0) {
		cannot_be_read(s, why);
		return false;
	}
	if (s->sum)
		sha256_add(s->sum, s->window + s->end, (size_t)got);
	s->end += (size_t)got;
	s->ended = got == 0;
	return got > 0;
}

static void
read_block(struct ahead_block *block, void *user)
{
	struct stream *s = user;

	block->why = "";
	block->len = unpack_read(s->unpack, block->bytes + AHEAD_ROOM, AHEAD_BLOCK, &block->why);
	if (s->sum && block->len > 0)
		sha256_add(s->sum, block->bytes + AHEAD_ROOM, (size_t)block->len);
	block->consumed = raw_consumed(s->raw);
}

void
stream_read_ahead(struct stream *s)
{
	s->consumed = raw_consumed(s->raw);
	s->ahead = ahead_new(read_block, s);
}

/* What is left and the block behind it, in a window of our own: a record may be that long. */
static bool
join_block(struct stream *s, const struct ahead_block *block)
{
	size_t left = s->end - s->begin, len = left + (size_t)block->len;
	uint8_t *window = s->room >= len ? s->window : malloc(len);

	if (!window) {
		stream_fail(s, "out of memory");
		s->broken = true;
		return false;
	}
	memmove(window, s->bytes + s->begin, left);
	memcpy(window + left, block->bytes + AHEAD_ROOM, (size_t)block->len);
	if (window != s->window) {
		free(s->window);
		s->window = window;
		s->room = len;
	}
	s->bytes = window;
	s->begin = 0;
	s->end = len;
	return true;
}

/* Goes on to the next block; what is left of the one before is put in front of it. */
static bool
take_block(struct stream *s)
{
	size_t left = s->end - s->begin;
	struct ahead_block *block;

	if (s->ended || s->broken)
		return false;
	block = ahead_next(s->ahead);
	s->consumed = block->consumed;
	s->ended = block->len == 0;
	if (block->len < 0)
		cannot_be_read(s, block->why);
	if (block->len <= 0)
		return false;
	if (left > AHEAD_ROOM)
		return join_block(s, block);
	if (left > 0)
		memcpy(block->bytes + AHEAD_ROOM - left, s->bytes + s->begin, left);
	s->bytes = block->bytes;
	s->begin = AHEAD_ROOM - left;
	s->end = AHEAD_ROOM + (size_t)block->len;
	return true;
}

/* Reads on until so many bytes lie in the window: not woven into the look that mostly is enough. */
static __attribute__((noinline)) bool
reach(struct stream *s, size_t len)
{
	if (!s->ahead && !make_room(s, len))
		return false;
	while (s->end - s->begin < len)
		if (!(s->ahead ? take_block(s) : fill(s)))
			return false;
	return true;
}

const uint8_t *
stream_peek(struct stream *s, size_t len)
{
	if (s->end - s->begin < len && !reach(s, len))
		return NULL;
	return s->bytes + s->begin;
}

void
stream_skip(struct stream *s, size_t len)
{
	s->begin += len;
	s->skipped += len;
}

size_t
stream_left(const struct stream *s)
{
	return s->end - s->begin;
}

bool
stream_broken(const struct stream *s)
{
	return s->broken;
}

uint64_t
stream_offset(const struct stream *s)
{
	return s->skipped;
}

void
stream_fail(struct stream *s, const char *why, ...)
{
	va_list arguments;

	va_start(arguments, why);
	if (!s->broken) {
		s->error.offset = (int64_t)s->skipped;
		vsnprintf(s->error.text, sizeof(s->error.text), why, arguments);
	}
	va_end(arguments);
}

const struct porch_error *
stream_error(const struct stream *s)
{
	return &s->error;
}

void
stream_drain(struct stream *s)
{
	uint8_t rest[4096];
	struct porch_error first = s->error;

	do
		stream_skip(s, stream_left(s));
	while (s->ahead ? take_block(s) : make_room(s, s->block) && fill(s));
	while (s->broken && raw_read(s->raw, rest, sizeof(rest)) > 0)
		continue;
	if (first.text[0])
		s->error = first;
}

void
stream_hashes(struct stream *s, char stored[static 65], char content[static 65])
{
	raw_sha256(s->raw, stored);
	content[0] = '\0';
	if (s->broken)
		return;
	if (s->sum)
		sha256_hex(s->sum, content);
	else if (unpack_is_plain(s->unpack))
		memcpy(content, stored, 65);
}

uint64_t
stream_total(const struct stream *s)
{
	return raw_total(s->raw);
}

uint64_t
stream_consumed(const struct stream *s)
{
	return s->ahead ? s->consumed : raw_consumed(s->raw);
}
