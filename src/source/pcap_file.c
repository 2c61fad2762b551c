/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Classic capture files (draft-ietf-opsawg-pcap): a header of 24 bytes, then records of a
 * 16-byte header and the bytes captured.
 */
#include <stdlib.h>

#include "source/format.h"
#include "source/packet_time.h"

#define MAGIC_MICRO   0xa1b2c3d4
#define MAGIC_NANO    0xa1b23c4d
#define FILE_HEADER   24
#define RECORD_HEADER 16
#define CAPTURED_MAX  262144 /* what libpcap and Wireshark take for the most of one packet */

struct pcap_file {
	bool big;
	bool nano; /* what the parts of a second are; else microseconds */
	uint32_t magic;
	uint16_t link_type;
	uint64_t packets;
};

static bool
is_magic(uint32_t number)
{
	return number == MAGIC_MICRO || number == MAGIC_NANO;
}

static bool
is_pcap(const uint8_t magic[static FORMAT_MAGIC])
{
	struct cursor big = cursor_over(magic, FORMAT_MAGIC);
	struct cursor little = big;

	return is_magic(cursor_be32(&big)) || is_magic(cursor_le32(&little));
}

static bool
read_header(struct pcap_file *p, struct cursor c)
{
	struct cursor big = c;
	uint16_t major;
	uint16_t minor;

	p->big = is_magic(cursor_be32(&big));
	p->magic = order_u32(&c, p->big);
	p->nano = p->magic == MAGIC_NANO;
	major = order_u16(&c, p->big);
	minor = order_u16(&c, p->big);
	cursor_take(&c, 12); /* two of no meaning, and the snap length, which records outdo */
	p->link_type = (uint16_t)(order_u32(&c, p->big) & 0xffff); /* above: length of the FCS */
	return major == 2 && (minor == 3 || minor == 4);
}

static void *
open_pcap(struct stream *stream)
{
	const uint8_t *header = stream_peek(stream, FILE_HEADER);
	struct pcap_file *p;

	if (!header) {
		stream_fail(stream,
		    "the capture ends within its file header (wants %d bytes, %zu left)",
		    FILE_HEADER, stream_left(stream));
		return NULL;
	}
	p = calloc(1, sizeof(*p));
	if (!p) {
		stream_fail(stream, "out of memory");
		return NULL;
	}
	if (!read_header(p, cursor_over(header, FILE_HEADER))) {
		stream_fail(stream, "this version of pcap is not supported (only 2.3 and 2.4 are)");
		free(p);
		return NULL;
	}
	stream_skip(stream, FILE_HEADER);
	return p;
}

/* There are fewer than wanted bytes left: the end, or a cut record. */
static enum source_result
end_or_cut(const struct pcap_file *p, struct stream *stream, size_t wanted)
{
	size_t left = stream_left(stream);

	if (left == 0 && !stream_broken(stream))
		return SOURCE_END;
	stream_fail(stream,
	    "the capture ends in the middle of packet %llu (wants %zu bytes, %zu left)",
	    (unsigned long long)p->packets + 1, wanted, left);
	return SOURCE_ERROR;
}

static int64_t
record_time(const struct pcap_file *p, uint32_t seconds, uint32_t part, bool *odd)
{
	int64_t time = (int64_t)seconds * SECOND;

	if (p->nano)
		part /= 1000;
	*odd = part >= SECOND || packet_time_is_odd(time);
	return time + (part < SECOND ? part : SECOND - 1);
}

static enum source_result
next_pcap(void *state, struct stream *stream, struct record *record)
{
	struct pcap_file *p = state;
	const uint8_t *bytes = stream_peek(stream, RECORD_HEADER);
	struct cursor c = cursor_over(bytes, bytes ? RECORD_HEADER : 0);
	struct frame *frame = record->frame;
	uint32_t seconds, part, captured, on_wire;

	if (!bytes)
		return end_or_cut(p, stream, RECORD_HEADER);
	seconds = order_u32(&c, p->big);
	part = order_u32(&c, p->big);
	captured = order_u32(&c, p->big);
	on_wire = order_u32(&c, p->big);
	if (seconds == p->magic && captured == 0 && on_wire == 0) {
		stream_fail(stream, "another capture begins here; give each as a file of its own");
		return SOURCE_ERROR;
	}
	if (captured > CAPTURED_MAX) {
		stream_fail(stream, "packet %llu claims %u bytes, more than a packet can have",
		    (unsigned long long)p->packets + 1, captured);
		return SOURCE_ERROR;
	}
	bytes = stream_peek(stream, RECORD_HEADER + captured);
	if (!bytes)
		return end_or_cut(p, stream, RECORD_HEADER + captured);
	c = cursor_over(bytes, RECORD_HEADER + captured);
	cursor_take(&c, RECORD_HEADER);
	frame->bytes = c.at;
	frame->captured = captured;
	frame->on_wire = on_wire;
	frame->link_type = p->link_type;
	frame->interface = 0;
	frame->time = record_time(p, seconds, part, &record->odd_time);
	stream_skip(stream, RECORD_HEADER + captured);
	p->packets++;
	return SOURCE_FRAME;
}

static uint64_t
no_drops(const void *state)
{
	(void)state;
	return 0;
}

static uint16_t
link_type_of(const void *state)
{
	const struct pcap_file *p = state;

	return p->link_type;
}

const struct format pcap_format = {
    .name = "pcap",
    .is = is_pcap,
    .open = open_pcap,
    .next = next_pcap,
    .dropped = no_drops,
    .link_type = link_type_of,
    .close = free,
};
