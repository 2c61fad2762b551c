/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pcapng (draft-ietf-opsawg-pcapng): blocks of a type, a length, a body and the length
 * again.  A section header begins anew with byte order and interfaces.
 */
#include <stdlib.h>

#include "source/format.h"
#include "source/packet_time.h"

#define BLOCK_SECTION    0x0a0d0d0a
#define BLOCK_INTERFACE  1
#define BLOCK_PACKET     2 /* obsolete, still written by old tools */
#define BLOCK_SIMPLE     3
#define BLOCK_STATISTICS 5
#define BLOCK_ENHANCED   6
#define ORDER_MAGIC      0x1a2b3c4d

#define BLOCK_OVERHEAD 12
#define BLOCK_MAX      (16u << 20) /* as libpcap */
#define INTERFACES_MAX 65535       /* frame.interface counts from 0 in 16 bits */

#define COMMENTS_MAX 1024
#define COMMENT_TEXT 256

#define OPTION_END       0
#define OPTION_COMMENT   1
#define OPTION_TSRESOL   9 /* of an interface */
#define OPTION_TSOFFSET  14
#define OPTION_DROPCOUNT 4 /* of an enhanced packet */
#define OPTION_IFDROP    5 /* of statistics */
#define OPTION_OSDROP    7
#define DROPS_UNKNOWN    0xffff /* in an obsolete packet block */

struct interface {
	uint16_t link_type;
	uint8_t tsresol;
	uint32_t snap_length; /* 0: none */
	int64_t tsoffset;
	uint64_t summed_drops; /* of packet blocks */
	uint64_t stated_drops; /* of the last statistics block */
};

struct pcapng {
	bool big;
	size_t section; /* its first interface */
	size_t count;
	size_t room;
	struct interface *interface; /* of all sections */
	uint64_t packets;
	int64_t last;                  /* time of the packet before */
	char (*comment)[COMMENT_TEXT]; /* of section headers; room for COMMENTS_MAX, or NULL */
	size_t comments;
};

/* What a block gave. */
enum outcome { OUTCOME_NONE, OUTCOME_FRAME, OUTCOME_DAMAGED };

static bool
is_pcapng(const uint8_t magic[static FORMAT_MAGIC])
{
	struct cursor c = cursor_over(magic, FORMAT_MAGIC);

	return cursor_be32(&c) == BLOCK_SECTION;
}

static uint64_t
order_u64(struct cursor *c, bool big)
{
	uint64_t first = order_u32(c, big);
	uint64_t second = order_u32(c, big);

	return big ? first << 32 | second : second << 32 | first;
}

static uint64_t
plus(uint64_t a, uint64_t b)
{
	return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

/* Steps to the next option.  False at the end of options, and where they are cut. */
static bool
next_option(struct cursor *c, bool big, uint16_t *code, struct cursor *value)
{
	uint16_t len;

	*code = order_u16(c, big);
	len = order_u16(c, big);
	*value = cursor_sub(c, len);
	cursor_take(c, -(size_t)len & 3);
	return !value->short_read && *code != OPTION_END;
}

static enum outcome
damaged(struct stream *stream, const char *why)
{
	stream_fail(stream, "%s", why);
	return OUTCOME_DAMAGED;
}

static bool
keep_comment(struct pcapng *p, struct cursor text)
{
	size_t len = cursor_left(&text);
	const uint8_t *bytes = cursor_take(&text, len);
	char *kept;

	if (len >= COMMENT_TEXT || p->comments == COMMENTS_MAX)
		return true;
	if (!p->comment)
		p->comment = calloc(COMMENTS_MAX, sizeof(*p->comment));
	if (!p->comment)
		return false;
	kept = p->comment[p->comments++];
	for (size_t i = 0; i < len; i++)
		if (bytes[i])
			*kept++ = (char)bytes[i];
	*kept = '\0';
	return true;
}

static enum outcome
read_section(struct pcapng *p, struct stream *stream, struct cursor c)
{
	struct cursor value;
	uint16_t major, code;

	cursor_take(&c, 4); /* byte order, known by now */
	major = order_u16(&c, p->big);
	if (c.short_read)
		return damaged(stream, "a section header is too short");
	if (major != 1)
		return damaged(stream, "this version of pcapng is not supported (only 1 is)");
	cursor_take(&c, 2 + 8); /* minor version, length of the section */
	while (next_option(&c, p->big, &code, &value))
		if (code == OPTION_COMMENT && !keep_comment(p, value))
			return damaged(stream, "out of memory");
	p->section = p->count;
	return OUTCOME_NONE;
}

static bool
more_interfaces(struct pcapng *p)
{
	size_t room = p->room ? 2 * p->room : 4;
	struct interface *interface;

	if (p->count < p->room)
		return true;
	interface = realloc(p->interface, room * sizeof(*interface));
	if (!interface)
		return false;
	p->interface = interface;
	p->room = room;
	return true;
}

static enum outcome
read_interface(struct pcapng *p, struct stream *stream, struct cursor c)
{
	struct interface i = {.tsresol = 6};
	struct cursor value;
	uint16_t code;

	i.link_type = order_u16(&c, p->big);
	cursor_take(&c, 2);
	i.snap_length = order_u32(&c, p->big);
	if (c.short_read)
		return damaged(stream, "an interface block is too short");
	while (next_option(&c, p->big, &code, &value)) {
		if (code == OPTION_TSRESOL && cursor_left(&value) >= 1)
			i.tsresol = cursor_u8(&value);
		if (code == OPTION_TSOFFSET && cursor_left(&value) >= 8)
			i.tsoffset = (int64_t)order_u64(&value, p->big);
	}
	if (p->count == INTERFACES_MAX)
		return damaged(stream, "the capture has more than 65535 interfaces");
	if (!more_interfaces(p))
		return damaged(stream, "out of memory");
	p->interface[p->count++] = i;
	return OUTCOME_NONE;
}

/* The section's interface of that number, or NULL after saying that there is none. */
static struct interface *
interface_at(struct pcapng *p, struct stream *stream, uint32_t number)
{
	if (number < p->count - p->section)
		return &p->interface[p->section + number];
	stream_fail(stream, "a block names interface %u, but the section has described %zu", number,
	    p->count - p->section);
	return NULL;
}

/* Fills the frame with its bytes; the cursor goes on behind their padding. */
static enum outcome
take_packet(struct pcapng *p, struct stream *stream, struct cursor *c, const struct interface *from,
    struct record *record)
{
	struct frame *frame = record->frame;
	size_t captured = frame->captured;

	frame->bytes = cursor_take(c, captured);
	if (!frame->bytes)
		return damaged(stream, "a packet is longer than its block");
	cursor_take(c, -captured & 3);
	frame->link_type = from->link_type;
	frame->interface = (uint16_t)(from - p->interface);
	p->last = frame->time;
	p->packets++;
	return OUTCOME_FRAME;
}

/* The part that both packet blocks share: time, lengths, bytes. */
static enum outcome
read_timed(struct pcapng *p, struct stream *stream, struct cursor *c, const struct interface *from,
    struct record *record)
{
	uint64_t high = order_u32(c, p->big);
	uint64_t ticks = high << 32 | order_u32(c, p->big);

	record->frame->captured = order_u32(c, p->big);
	record->frame->on_wire = order_u32(c, p->big);
	record->frame->time = packet_time(ticks, from->tsresol, from->tsoffset);
	record->odd_time = packet_time_is_odd(record->frame->time);
	return take_packet(p, stream, c, from, record);
}

static enum outcome
read_enhanced(struct pcapng *p, struct stream *stream, struct cursor c, struct record *record)
{
	struct interface *from = interface_at(p, stream, order_u32(&c, p->big));
	enum outcome outcome;
	struct cursor value;
	uint16_t code;

	if (!from)
		return OUTCOME_DAMAGED;
	outcome = read_timed(p, stream, &c, from, record);
	while (outcome == OUTCOME_FRAME && next_option(&c, p->big, &code, &value))
		if (code == OPTION_DROPCOUNT && cursor_left(&value) >= 8)
			from->summed_drops = plus(from->summed_drops, order_u64(&value, p->big));
	return outcome;
}

static enum outcome
read_obsolete(struct pcapng *p, struct stream *stream, struct cursor c, struct record *record)
{
	struct interface *from = interface_at(p, stream, order_u16(&c, p->big));
	uint16_t drops = order_u16(&c, p->big);
	enum outcome outcome;

	if (!from)
		return OUTCOME_DAMAGED;
	outcome = read_timed(p, stream, &c, from, record);
	if (outcome == OUTCOME_FRAME && drops != DROPS_UNKNOWN)
		from->summed_drops = plus(from->summed_drops, drops);
	return outcome;
}

static enum outcome
read_simple(struct pcapng *p, struct stream *stream, struct cursor c, struct record *record)
{
	const struct interface *from = interface_at(p, stream, 0);
	struct frame *frame = record->frame;
	size_t most;

	if (!from)
		return OUTCOME_DAMAGED;
	frame->on_wire = order_u32(&c, p->big);
	most = cursor_left(&c);
	if (from->snap_length > 0 && from->snap_length < most)
		most = from->snap_length;
	frame->captured = frame->on_wire < most ? frame->on_wire : (uint32_t)most;
	frame->time = p->last;
	record->odd_time = true;
	return take_packet(p, stream, &c, from, record);
}

static enum outcome
read_statistics(struct pcapng *p, struct stream *stream, struct cursor c)
{
	struct interface *of = interface_at(p, stream, order_u32(&c, p->big));
	struct cursor value;
	uint16_t code;
	uint64_t drops = 0;
	bool told = false;

	if (!of)
		return OUTCOME_DAMAGED;
	cursor_take(&c, 8); /* when */
	while (next_option(&c, p->big, &code, &value)) {
		if ((code != OPTION_IFDROP && code != OPTION_OSDROP) || cursor_left(&value) < 8)
			continue;
		drops = plus(drops, order_u64(&value, p->big));
		told = true;
	}
	if (told)
		of->stated_drops = drops;
	return OUTCOME_NONE;
}

static enum outcome
read_block(struct pcapng *p, struct stream *stream, uint32_t type, struct cursor body,
    struct record *record)
{
	switch (type) {
	case BLOCK_SECTION:
		return read_section(p, stream, body);
	case BLOCK_INTERFACE:
		return read_interface(p, stream, body);
	case BLOCK_ENHANCED:
		return read_enhanced(p, stream, body, record);
	case BLOCK_PACKET:
		return read_obsolete(p, stream, body, record);
	case BLOCK_SIMPLE:
		return read_simple(p, stream, body, record);
	case BLOCK_STATISTICS:
		return read_statistics(p, stream, body);
	default:
		return OUTCOME_NONE;
	}
}

/* There are fewer than wanted bytes left of a block. */
static void
cut(const struct pcapng *p, struct stream *stream, size_t wanted)
{
	stream_fail(stream,
	    "the capture ends in the middle of the block after packet %llu (wants %zu bytes, %zu "
	    "left)",
	    (unsigned long long)p->packets, wanted, stream_left(stream));
}

/* A section header says in which byte order its own length is to be read. */
static bool
learn_order(struct pcapng *p, struct stream *stream)
{
	const uint8_t *head = stream_peek(stream, BLOCK_OVERHEAD);
	struct cursor c;
	uint32_t order;

	if (!head) {
		cut(p, stream, BLOCK_OVERHEAD);
		return false;
	}
	c = cursor_over(head, BLOCK_OVERHEAD);
	cursor_take(&c, 8);
	order = cursor_be32(&c);
	p->big = order == ORDER_MAGIC;
	if (order != ORDER_MAGIC && order != 0x4d3c2b1a) {
		stream_fail(stream, "a section header names no known byte order");
		return false;
	}
	return true;
}

/* Checks and steps over one whole block.  False after stream_fail(). */
static bool
take_block(struct pcapng *p, struct stream *stream, uint32_t *type, struct cursor *body)
{
	const uint8_t *bytes = stream_peek(stream, 8);
	struct cursor c = cursor_over(bytes, bytes ? 8 : 0);
	uint32_t len;

	if (!bytes) {
		cut(p, stream, 8);
		return false;
	}
	*type = order_u32(&c, p->big);
	if (*type == BLOCK_SECTION && !learn_order(p, stream))
		return false;
	c = cursor_over(stream_peek(stream, 8), 8);
	cursor_take(&c, 4);
	len = order_u32(&c, p->big);
	if (len < BLOCK_OVERHEAD || len % 4 != 0 || len > BLOCK_MAX) {
		stream_fail(stream, "a block claims a length of %u bytes, which none can have",
		    len);
		return false;
	}
	bytes = stream_peek(stream, len);
	if (!bytes) {
		cut(p, stream, len);
		return false;
	}
	c = cursor_over(bytes, len);
	cursor_take(&c, 8);
	*body = cursor_sub(&c, len - BLOCK_OVERHEAD);
	if (order_u32(&c, p->big) != len) {
		stream_fail(stream, "a block ends with another length than it began with");
		return false;
	}
	return true;
}

static enum source_result
next_pcapng(void *state, struct stream *stream, struct record *record)
{
	struct pcapng *p = state;
	enum outcome outcome = OUTCOME_NONE;
	struct cursor body;
	uint32_t type;

	while (outcome == OUTCOME_NONE) {
		size_t len = BLOCK_OVERHEAD;

		if (!stream_peek(stream, 1) && !stream_broken(stream))
			return SOURCE_END;
		if (!take_block(p, stream, &type, &body))
			return SOURCE_ERROR;
		len += cursor_left(&body);
		outcome = read_block(p, stream, type, body, record);
		if (outcome != OUTCOME_DAMAGED)
			stream_skip(stream, len);
	}
	return outcome == OUTCOME_FRAME ? SOURCE_FRAME : SOURCE_ERROR;
}

static void
close_pcapng(void *state)
{
	struct pcapng *p = state;

	free(p->interface);
	free(p->comment);
	free(p);
}

static void *
open_pcapng(struct stream *stream)
{
	struct pcapng *p = calloc(1, sizeof(*p));
	struct cursor body;
	uint32_t type;

	if (!p) {
		stream_fail(stream, "out of memory");
		return NULL;
	}
	if (!take_block(p, stream, &type, &body) || read_section(p, stream, body) != OUTCOME_NONE) {
		close_pcapng(p);
		return NULL;
	}
	stream_skip(stream, BLOCK_OVERHEAD + cursor_left(&body));
	return p;
}

static uint64_t
count_drops(const void *state)
{
	const struct pcapng *p = state;
	uint64_t drops = 0;

	for (size_t i = 0; i < p->count; i++) {
		const struct interface *of = &p->interface[i];

		drops = plus(drops,
		    of->summed_drops > of->stated_drops ? of->summed_drops : of->stated_drops);
	}
	return drops;
}

static const char *
comment_at(const void *state, size_t index)
{
	const struct pcapng *p = state;

	return index < p->comments ? p->comment[index] : NULL;
}

const struct format pcapng_format = {
    .name = "pcapng",
    .is = is_pcapng,
    .open = open_pcapng,
    .next = next_pcapng,
    .dropped = count_drops,
    .comment = comment_at,
    .close = close_pcapng,
};
