/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SOURCE_STREAM_H
#define SOURCE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <porchlight/error.h>

#include "source/raw.h"

#define STREAM_BLOCK 131072 /* larger ones leave the second-level cache before they are read */

/*
 * The unpacked content of a file as one long row of bytes, of which a window lies in
 * memory.  The window grows to the largest stream_peek() and no further.
 */
struct stream;

/*
 * Takes raw over, also on failure.  block bytes are asked for at a time (0: STREAM_BLOCK).
 * With hash the content is hashed; raw decides on its own.
 */
struct stream *stream_new(struct raw *raw, size_t block, bool hash, struct porch_error *error);
void stream_free(struct stream *stream);

/*
 * From now on reads on a thread of its own, which pays for a large file and another core.
 * Without a thread to be had it goes on as before.
 */
void stream_read_ahead(struct stream *stream);

/*
 * The next len bytes, without stepping, lent until the next peek; or NULL when fewer are
 * left, when out of memory, or when what comes next cannot be read.
 */
const uint8_t *stream_peek(struct stream *stream, size_t len);
void stream_skip(struct stream *stream, size_t len); /* at most what was peeked */

/* After stream_peek() gave NULL: bytes left, and whether that is the true end. */
size_t stream_left(const struct stream *stream);
bool stream_broken(const struct stream *stream);

/* Where the next byte lies in the content. */
uint64_t stream_offset(const struct stream *stream);

/*
 * Keeps where and why reading failed.  What broke the stream itself comes before any
 * reason of the caller's.
 */
__attribute__((format(printf, 2, 3))) void stream_fail(struct stream *stream, const char *why, ...);
const struct porch_error *stream_error(const struct stream *stream);

/* Reads the rest, for the hashes. */
void stream_drain(struct stream *stream);
/* "" where there is none: not hashed, or content that could not be unpacked. */
void stream_hashes(struct stream *stream, char stored[static 65], char content[static 65]);

uint64_t stream_total(const struct stream *stream);
uint64_t stream_consumed(const struct stream *stream);

#endif
