/* SPDX-License-Identifier: Apache-2.0 */
#include "redact/pcapng.h"

#include <string.h>

#define BLOCK_SECTION    0x0a0d0d0a
#define BLOCK_INTERFACE  1
#define BLOCK_STATISTICS 5
#define BLOCK_ENHANCED   6
#define ORDER_MAGIC      0x1a2b3c4d
#define OVERHEAD         12 /* type, and the length twice */

#define OPTION_COMMENT 1
#define OPTION_IFDROP  5

static void
put(struct pcapng_out *out, const void *bytes, size_t len)
{
	if (!out->failed && len > 0)
		out->failed = !out->write(bytes, len, out->user);
}

static void
put_le(struct pcapng_out *out, uint64_t number, size_t size)
{
	uint8_t bytes[8];

	for (size_t i = 0; i < size; i++, number >>= 8)
		bytes[i] = (uint8_t)number;
	put(out, bytes, size);
}

static size_t
padded(size_t len)
{
	return (len + 3) & ~(size_t)3;
}

static void
put_padding(struct pcapng_out *out, size_t len)
{
	put(out, "\0\0\0", padded(len) - len);
}

static size_t
comment_length(const char *comment)
{
	size_t len = strlen(comment);

	return len < PCAPNG_COMMENT_MAX ? len : PCAPNG_COMMENT_MAX;
}

void
pcapng_section(struct pcapng_out *out, const char *const *comments, size_t count)
{
	size_t len = OVERHEAD + 16 + 4;

	for (size_t i = 0; i < count; i++)
		len += 4 + padded(comment_length(comments[i]));
	put_le(out, BLOCK_SECTION, 4);
	put_le(out, len, 4);
	put_le(out, ORDER_MAGIC, 4);
	put_le(out, 1, 2); /* version 1.0 */
	put_le(out, 0, 2);
	put_le(out, UINT64_MAX, 8); /* how long the section is, is not told */
	for (size_t i = 0; i < count; i++) {
		size_t size = comment_length(comments[i]);

		put_le(out, OPTION_COMMENT, 2);
		put_le(out, size, 2);
		put(out, comments[i], size);
		put_padding(out, size);
	}
	put_le(out, 0, 4); /* end of options */
	put_le(out, len, 4);
}

void
pcapng_interface(struct pcapng_out *out, uint16_t link_type)
{
	put_le(out, BLOCK_INTERFACE, 4);
	put_le(out, OVERHEAD + 8, 4);
	put_le(out, link_type, 2);
	put_le(out, 0, 2);
	put_le(out, 0, 4); /* no snap length */
	put_le(out, OVERHEAD + 8, 4);
}

void
pcapng_packet(struct pcapng_out *out, uint32_t interface, const struct frame *frame,
    const uint8_t *bytes)
{
	size_t len = OVERHEAD + 20 + padded(frame->captured);
	uint64_t time = (uint64_t)frame->time;

	put_le(out, BLOCK_ENHANCED, 4);
	put_le(out, len, 4);
	put_le(out, interface, 4);
	put_le(out, time >> 32, 4);
	put_le(out, time, 4);
	put_le(out, frame->captured, 4);
	put_le(out, frame->on_wire, 4);
	put(out, bytes, frame->captured);
	put_padding(out, frame->captured);
	put_le(out, len, 4);
}

void
pcapng_statistics(struct pcapng_out *out, int64_t time, uint64_t dropped)
{
	size_t len = OVERHEAD + 12 + 12 + 4;

	put_le(out, BLOCK_STATISTICS, 4);
	put_le(out, len, 4);
	put_le(out, 0, 4);
	put_le(out, (uint64_t)time >> 32, 4);
	put_le(out, (uint64_t)time, 4);
	put_le(out, OPTION_IFDROP, 2);
	put_le(out, 8, 2);
	put_le(out, dropped, 8);
	put_le(out, 0, 4);
	put_le(out, len, 4);
}
