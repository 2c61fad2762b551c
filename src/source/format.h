/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SOURCE_FORMAT_H
#define SOURCE_FORMAT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"
#include "base/frame.h"
#include "source/source.h"
#include "source/stream.h"

#define FORMAT_MAGIC 4

/* What a reader says of a record. */
struct record {
	struct frame *frame; /* to be filled in; time in microseconds; number is set by source.c */
	bool odd_time;
};

/* One capture file format: a row of a table in source.c. */
struct format {
	const char *name;
	bool (*is)(const uint8_t magic[static FORMAT_MAGIC]);
	/* Reads the file header.  NULL after stream_fail(). */
	void *(*open)(struct stream *stream);
	/* ERROR after stream_fail(). */
	enum source_result (*next)(void *state, struct stream *stream, struct record *record);
	uint64_t (*dropped)(const void *state);
	/* A comment of the file, from 0; NULL past the last.  NULL where a format has none. */
	const char *(*comment)(const void *state, size_t index);
	/* Of all frames, where the file header says it; NULL where each frame has its own. */
	uint16_t (*link_type)(const void *state);
	void (*close)(void *state);
};

extern const struct format pcap_format;
extern const struct format pcapng_format;

/* Integers in the byte order that a file declares. */
static inline uint16_t
order_u16(struct cursor *c, bool big)
{
	return big ? cursor_be16(c) : cursor_le16(c);
}

static inline uint32_t
order_u32(struct cursor *c, bool big)
{
	return big ? cursor_be32(c) : cursor_le32(c);
}

#endif
