/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_SOURCE_CAPTURES_H
#define TESTS_SOURCE_CAPTURES_H

/* Small captures written byte by byte, in either byte order, and what they read as. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "source/source.h"
#include "tests/test.h"

#define BYTES_MAX 8192

struct bytes {
	bool big;
	size_t len;
	uint8_t at[BYTES_MAX];
};

static inline void
put(struct bytes *b, uint64_t value, size_t size)
{
	assert_true(b->len + size <= BYTES_MAX);
	for (size_t i = 0; i < size; i++) {
		size_t shift = 8 * (b->big ? size - 1 - i : i);

		b->at[b->len++] = (uint8_t)(value >> shift);
	}
}

/* len bytes that count up from 0, and zeros up to a multiple of align. */
static inline void
put_packet(struct bytes *b, size_t len, size_t align)
{
	for (size_t i = 0; i < len; i++)
		put(b, i & 0xff, 1);
	while (align > 0 && b->len % align != 0)
		put(b, 0, 1);
}

static inline void
put_pcap_header(struct bytes *b, uint32_t magic, uint32_t link_type)
{
	put(b, magic, 4);
	put(b, 2, 2);
	put(b, 4, 2);
	put(b, 0, 8);
	put(b, 262144, 4);
	put(b, link_type, 4);
}

static inline void
put_pcap_record(struct bytes *b, uint32_t seconds, uint32_t part, uint32_t captured,
    uint32_t on_wire)
{
	put(b, seconds, 4);
	put(b, part, 4);
	put(b, captured, 4);
	put(b, on_wire, 4);
	put_packet(b, captured, 0);
}

/* Begins a pcapng block; end_block() fills in its length. */
static inline size_t
begin_block(struct bytes *b, uint32_t type)
{
	size_t start = b->len;

	put(b, type, 4);
	put(b, 0, 4);
	return start;
}

static inline void
end_block(struct bytes *b, size_t start)
{
	size_t end = b->len + 4;

	put(b, end - start, 4);
	b->len = start + 4;
	put(b, end - start, 4);
	b->len = end;
}

static inline void
put_section(struct bytes *b)
{
	size_t start = begin_block(b, 0x0a0d0d0a);

	put(b, 0x1a2b3c4d, 4);
	put(b, 1, 2);
	put(b, 0, 2);
	put(b, UINT64_MAX, 8);
	end_block(b, start);
}

static inline void
put_option(struct bytes *b, uint16_t code, uint64_t value, uint16_t size)
{
	put(b, code, 2);
	put(b, size, 2);
	put(b, value, size);
	while (b->len % 4 != 0)
		put(b, 0, 1);
}

static inline void
put_interface(struct bytes *b, uint16_t link_type, uint32_t snap_length)
{
	size_t start = begin_block(b, 1);

	put(b, link_type, 2);
	put(b, 0, 2);
	put(b, snap_length, 4);
	end_block(b, start);
}

/* Without if_tsoffset when offset is 0. */
static inline void
put_timed_interface(struct bytes *b, uint8_t tsresol, int64_t offset)
{
	size_t start = begin_block(b, 1);

	put(b, 1, 2);
	put(b, 0, 2);
	put(b, 0, 4);
	put_option(b, 9, tsresol, 1);
	if (offset != 0)
		put_option(b, 14, (uint64_t)offset, 8);
	put_option(b, 0, 0, 0);
	end_block(b, start);
}

static inline size_t
begin_enhanced(struct bytes *b, uint32_t interface, uint64_t ticks, uint32_t captured,
    uint32_t on_wire)
{
	size_t start = begin_block(b, 6);

	put(b, interface, 4);
	put(b, ticks >> 32, 4);
	put(b, ticks & 0xffffffff, 4);
	put(b, captured, 4);
	put(b, on_wire, 4);
	put_packet(b, captured, 4);
	return start;
}

static inline void
put_enhanced(struct bytes *b, uint32_t interface, uint64_t ticks, uint32_t captured,
    uint32_t on_wire)
{
	end_block(b, begin_enhanced(b, interface, ticks, captured, on_wire));
}

/* A copy of exactly len bytes, so that AddressSanitizer sees who reads past it. */
struct opened {
	uint8_t *copy;
	struct source *source;
	struct porch_error error;
};

static inline struct opened
open_bytes(const void *bytes, size_t len, size_t block)
{
	struct source_options options = {.block = block};
	struct opened o = {.copy = malloc(len ? len : 1)};

	assert_non_null(o.copy);
	memcpy(o.copy, bytes, len);
	o.source = source_open_memory(o.copy, len, "test.pcap", &options, &o.error);
	return o;
}

static inline void
close_bytes(struct opened *o)
{
	source_close(o->source);
	free(o->copy);
}

static inline struct frame
expect_frame(struct opened *o)
{
	struct frame frame;

	assert_non_null(o->source);
	assert_int_equal(source_next(o->source, &frame), SOURCE_FRAME);
	for (uint32_t i = 0; i < frame.captured; i++)
		assert_int_equal(frame.bytes[i], i & 0xff);
	return frame;
}

static inline void
expect_end(struct opened *o)
{
	struct frame frame;

	assert_non_null(o->source);
	assert_int_equal(source_next(o->source, &frame), SOURCE_END);
}

static inline void
expect_error(struct opened *o, int64_t offset, const char *text)
{
	struct frame frame;

	assert_non_null(o->source);
	assert_int_equal(source_next(o->source, &frame), SOURCE_ERROR);
	assert_string_equal(source_error(o->source)->file, "test.pcap");
	assert_int_equal(source_error(o->source)->offset, offset);
	assert_string_equal(source_error(o->source)->text, text);
}

static inline void
expect_refused(struct opened *o, const char *text)
{
	assert_null(o->source);
	assert_string_equal(o->error.file, "test.pcap");
	assert_int_equal(o->error.offset, 0);
	assert_string_equal(o->error.text, text);
}

/* Frames until something else comes, which *result tells. */
static inline uint64_t
count_frames(struct source *source, enum source_result *result)
{
	struct frame frame;
	uint64_t count = 0;

	while ((*result = source_next(source, &frame)) == SOURCE_FRAME)
		assert_int_equal(frame.number, ++count);
	return count;
}

/*
 * Cuts the capture at every byte from `first` on.  border[] are the offsets behind whole
 * records: a cut there is an end, any other an error at the border before, and all frames
 * before it come.  is_frame[] says which records are frames.
 */
static inline void
expect_every_cut(const struct bytes *whole, const size_t *border, const bool *is_frame,
    size_t borders)
{
	size_t at = 0;
	uint64_t frames = 0;

	for (size_t len = border[0]; len <= whole->len; len++) {
		struct opened o = open_bytes(whole->at, len, len % 2 ? 0 : 7);
		enum source_result result;

		if (at + 1 < borders && len == border[at + 1])
			frames += is_frame[++at];
		assert_non_null(o.source);
		assert_int_equal(count_frames(o.source, &result), frames);
		assert_int_equal(result, len == border[at] ? SOURCE_END : SOURCE_ERROR);
		assert_int_equal(source_facts(o.source)->complete, result == SOURCE_END);
		if (result == SOURCE_ERROR)
			assert_int_equal(source_error(o.source)->offset, border[at]);
		close_bytes(&o);
	}
	assert_int_equal(at + 1, borders);
}

#endif
