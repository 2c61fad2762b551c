/* SPDX-License-Identifier: Apache-2.0 */
#include "dpi/wire.h"

#include <string.h>

#include "base/cursor.h"

#define MARK_SLICE    0x5053 /* "SP" */
#define SLICE_HEAD    24     /* bytes before the payload */
#define MARK_QUESTION 0x5150
#define MARK_GREETING 0x4750
#define MARK_OPINION  0x4f50

/* A record being written: it is as long as all its fields, so nothing is checked. */
struct pen {
	uint8_t *at;
};

static void
put(struct pen *pen, uint64_t number, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		*pen->at++ = (uint8_t)(number >> 8 * i);
}

static void
put_bytes(struct pen *pen, const void *bytes, size_t len)
{
	memcpy(pen->at, bytes, len);
	pen->at += len;
}

static uint64_t
get64(struct cursor *c)
{
	uint64_t low = cursor_le32(c);

	return low | (uint64_t)cursor_le32(c) << 32;
}

/* 0 and 1 are flags; anything else was not written by us. */
static bool
get_flag(struct cursor *c, bool *flag)
{
	uint8_t byte = cursor_u8(c);

	*flag = byte == 1;
	return byte <= 1;
}

/* Visible ASCII, then NULs up to the end of the field, one at least. */
static bool
get_text(struct cursor *c, char *text, size_t size)
{
	const uint8_t *bytes = cursor_take(c, size);
	bool ended = false;

	text[0] = '\0';
	if (!bytes || bytes[size - 1] != '\0')
		return false;
	for (size_t i = 0; i < size; i++) {
		if (ended ? bytes[i] != '\0'
		          : bytes[i] != '\0' && (bytes[i] <= ' ' || bytes[i] > '~'))
			return false;
		ended = ended || bytes[i] == '\0';
	}
	memcpy(text, bytes, size);
	return true;
}

/* What is left of a record is empty. */
static bool
rest_is_zero(struct cursor *c)
{
	while (cursor_left(c) > 0)
		if (cursor_u8(c) != 0)
			return false;
	return !c->short_read;
}

size_t
wire_slot(unsigned slot)
{
	return (size_t)slot * WIRE_SLICES * WIRE_CELL;
}

static size_t
size_of(const struct wire_slice *slice)
{
	return (SLICE_HEAD + slice->length + 7U) & ~(size_t)7;
}

size_t
wire_write_slice(uint8_t cell[static WIRE_CELL], const struct wire_slice *slice)
{
	struct pen pen = {cell};

	put(&pen, MARK_SLICE, 2);
	put(&pen, slice->length, 2);
	put(&pen, slice->from_originator, 1);
	put(&pen, slice->tcp_flags, 1);
	put(&pen, 0, 2);
	put(&pen, slice->tcp_seq, 4);
	put(&pen, slice->tcp_ack, 4);
	put(&pen, (uint64_t)slice->time, 8);
	if (slice->length > 0)
		put_bytes(&pen, slice->payload, slice->length);
	return size_of(slice);
}

size_t
wire_read_slice(const uint8_t cell[static WIRE_CELL], struct wire_slice *slice)
{
	struct cursor c = cursor_over(cell, WIRE_CELL);
	bool good = cursor_le16(&c) == MARK_SLICE;

	slice->length = cursor_le16(&c);
	good = get_flag(&c, &slice->from_originator) && good;
	slice->tcp_flags = cursor_u8(&c);
	good = cursor_le16(&c) == 0 && good;
	slice->tcp_seq = cursor_le32(&c);
	slice->tcp_ack = cursor_le32(&c);
	slice->time = (int64_t)get64(&c);
	slice->payload = cursor_take(&c, slice->length);
	good = good && slice->payload && slice->length <= WIRE_PAYLOAD;
	return good ? size_of(slice) : 0;
}

void
wire_write_question(uint8_t record[static WIRE_QUESTION], const struct wire_question *q)
{
	struct pen pen = {record};

	memset(record, 0, WIRE_QUESTION);
	put(&pen, MARK_QUESTION, 2);
	put(&pen, q->slot, 1);
	put(&pen, q->slices, 1);
	put(&pen, q->number, 8);
	put(&pen, q->protocol, 1);
	put(&pen, q->family, 1);
	put(&pen, q->originator_port, 2);
	put(&pen, q->responder_port, 2);
}

bool
wire_read_question(const uint8_t record[static WIRE_QUESTION], struct wire_question *q)
{
	struct cursor c = cursor_over(record, WIRE_QUESTION);
	bool good = cursor_le16(&c) == MARK_QUESTION;

	q->slot = cursor_u8(&c);
	q->slices = cursor_u8(&c);
	q->number = get64(&c);
	q->protocol = cursor_u8(&c);
	q->family = cursor_u8(&c);
	q->originator_port = cursor_le16(&c);
	q->responder_port = cursor_le16(&c);
	return rest_is_zero(&c) && good && (q->family == 4 || q->family == 6) &&
	       q->slot < WIRE_SLOTS && q->slices >= 1 && q->slices <= WIRE_SLICES && q->number != 0;
}

void
wire_write_greeting(uint8_t record[static WIRE_ANSWER], const struct wire_greeting *g)
{
	struct pen pen = {record};

	memset(record, 0, WIRE_ANSWER);
	put(&pen, MARK_GREETING, 2);
	put(&pen, g->shut_in, 1);
	put(&pen, g->landlock, 1);
	put(&pen, g->dtls, 1);
	put_bytes(&pen, g->library, sizeof(g->library));
}

void
wire_write_opinion(uint8_t record[static WIRE_ANSWER], const struct wire_opinion *o)
{
	struct pen pen = {record};

	memset(record, 0, WIRE_ANSWER);
	put(&pen, MARK_OPINION, 2);
	put(&pen, o->basis, 1);
	put(&pen, 0, 1);
	put(&pen, o->risks, 4);
	put(&pen, o->number, 8);
	put_bytes(&pen, o->protocol, sizeof(o->protocol));
	put_bytes(&pen, o->application, sizeof(o->application));
	put_bytes(&pen, o->ja4, sizeof(o->ja4));
}

static bool
read_greeting(struct cursor *c, struct wire_greeting *g)
{
	bool good;

	g->shut_in = cursor_u8(c);
	g->landlock = cursor_u8(c);
	good = get_flag(c, &g->dtls);
	good = get_text(c, g->library, sizeof(g->library)) && good;
	return rest_is_zero(c) && good && g->shut_in <= SHUT_IN_ALL;
}

static bool
read_opinion(struct cursor *c, struct wire_opinion *o)
{
	bool good;

	o->basis = cursor_u8(c);
	good = cursor_u8(c) == 0;
	o->risks = cursor_le32(c);
	o->number = get64(c);
	good = get_text(c, o->protocol, sizeof(o->protocol)) && good;
	good = get_text(c, o->application, sizeof(o->application)) && good;
	good = get_text(c, o->ja4, sizeof(o->ja4)) && good;
	return rest_is_zero(c) && good && o->basis < BASES && o->risks <= RISKS && o->number != 0;
}

bool
wire_read_said(const uint8_t record[static WIRE_ANSWER], struct wire_said *said)
{
	struct cursor c = cursor_over(record, WIRE_ANSWER);
	uint16_t mark = cursor_le16(&c);

	memset(said, 0, sizeof(*said));
	said->kind = mark == MARK_OPINION ? WIRE_ANSWERS : WIRE_GREETS;
	if (mark == MARK_OPINION)
		return read_opinion(&c, &said->opinion);
	return mark == MARK_GREETING && read_greeting(&c, &said->greeting);
}
