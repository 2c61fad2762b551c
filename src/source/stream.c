/* SPDX-License-Identifier: Apache-2.0 */
#include "source/stream.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/hash.h"
#include "source/fail.h"
#include "source/unpack.h"

struct stream {
	struct raw *raw;
	struct unpack *unpack;
	struct sha256 *sum; /* of the content where it is packed; else NULL */
	size_t block;
	uint8_t *window;
	size_t room;
	size_t begin; /* of the bytes not yet skipped */
	size_t end;
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
	s->window = malloc(s->room);
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
	s->window = window;
	s->room = len;
	return true;
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
		fail(&s->error, (int64_t)(s->skipped + s->end - s->begin), "cannot be %s: %s",
		    unpack_is_plain(s->unpack) ? "read" : "unpacked", why);
		s->broken = true;
		return false;
	}
	if (s->sum)
		sha256_add(s->sum, s->window + s->end, (size_t)got);
	s->end += (size_t)got;
	s->ended = got == 0;
	return got > 0;
}

const uint8_t *
stream_peek(struct stream *s, size_t len)
{
	if (s->end - s->begin < len) {
		if (!make_room(s, len))
			return NULL;
		while (s->end < len)
			if (!fill(s))
				return NULL;
	}
	return s->window + s->begin;
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
	while (make_room(s, s->block) && fill(s));
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
	return raw_consumed(s->raw);
}
