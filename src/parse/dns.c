/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/dns.h"

#include <stddef.h>

#include "base/host.h"

#define HEADER_SIZE 12
#define MESSAGE_MAX UINT16_MAX
#define RECORDS_MAX 512
#define JUMPS_MAX   16

#define POINTER 0xc0 /* top bits of a label's length (RFC 1035, 4.1.4) */

#define OPCODE_QUERY  0
#define OPCODE_NOTIFY 4 /* RFC 1996 */
#define OPCODE_UPDATE 5 /* RFC 2136 */

#define CLASS_FLAG 0x8000 /* mDNS: cache-flush, unicast-response */

struct walk {
	struct cursor whole; /* the message: pointers count from its start */
	struct cursor rest;
	bool multicast;
};

struct name {
	char *text;
	size_t len;
	bool multicast;
};

/* How far into the message a cursor that ends where the message ends stands. */
static size_t
offset_of(const struct walk *walk, const struct cursor *c)
{
	return cursor_left(&walk->whole) - cursor_left(c);
}

/* Steps over a name as it lies there: labels up to the root or a pointer. */
static enum parse_result
skip_name(struct cursor *c)
{
	for (;;) {
		uint8_t len = cursor_u8(c);

		if (c->short_read)
			return PARSE_SHORT;
		if (len == 0)
			return PARSE_OK;
		if ((len & POINTER) == POINTER) {
			cursor_take(c, 1);
			return c->short_read ? PARSE_SHORT : PARSE_OK;
		}
		if (len & POINTER)
			return PARSE_MALFORMED;
		if (!cursor_take(c, len))
			return PARSE_SHORT;
	}
}

static bool
put(struct name *name, uint8_t c)
{
	if (name->len == DNS_NAME - 1)
		return false;
	name->text[name->len++] = (char)c;
	return true;
}

static bool
put_letter(struct name *name, uint8_t c)
{
	if (name->multicast) {
		if (c < ' ' || c == 0x7f)
			return false;
		if ((c == '.' || c == '\\') && !put(name, '\\'))
			return false;
	} else if (c <= ' ' || c > '~' || c == '.') {
		return false;
	}
	return put(name, c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a') : c);
}

/* Most labels are all letters of host names: those go first, without a look at each place. */
static bool
put_label(struct name *name, struct cursor *c, size_t len)
{
	const uint8_t *at = cursor_take(c, len);
	size_t n = 0;
	char *to;

	if (!at || (name->len > 0 && !put(name, '.')) || len > DNS_NAME - 1 - name->len)
		return false;
	to = name->text + name->len;
	while (n < len && (to[n] = host_spelling[at[n]]) != '\0')
		n++;
	name->len += n;
	while (n < len)
		if (!put_letter(name, at[n++]))
			return false;
	return true;
}

/*
 * Spells out the name at an offset.  Each pointer must lead to before the labels it ends,
 * so the walk comes to an end.
 */
static bool
expand_name(const struct walk *walk, size_t offset, char text[static DNS_NAME])
{
	struct name name = {.text = text, .len = 0, .multicast = walk->multicast};
	struct cursor c = walk->whole;
	size_t labels_from = offset;
	unsigned jumps = 0;
	uint8_t len;

	cursor_take(&c, offset);
	while ((len = cursor_u8(&c)) != 0) {
		if ((len & POINTER) == POINTER) {
			size_t target = (size_t)(len & ~POINTER) << 8 | cursor_u8(&c);

			if (target >= labels_from || ++jumps > JUMPS_MAX)
				return false;
			labels_from = target;
			c = walk->whole;
			cursor_take(&c, target);
		} else if (len & POINTER || !put_label(&name, &c, len)) {
			return false;
		}
	}
	text[name.len] = '\0';
	return !c.short_read;
}

/* The bytes before the name in this type's data, or -1 when it has no name that matters. */
static int
name_in_rdata(uint16_t type)
{
	switch (type) {
	case DNS_CNAME:
	case DNS_PTR:
		return 0;
	case DNS_SVCB:
	case DNS_HTTPS:
		return 2; /* priority (RFC 9460, 2.2) */
	case DNS_SRV:
		return 6; /* priority, weight, port (RFC 2782) */
	default:
		return -1;
	}
}

/* Reads the target, which must fit the data; only SVCB and HTTPS have more after it. */
static bool
read_target(const struct walk *walk, size_t offset, struct dns_record *record)
{
	struct cursor rdata = record->rdata;
	int before = name_in_rdata(record->type);

	if (record->type == DNS_SRV) {
		cursor_take(&rdata, 4);
		record->port = cursor_be16(&rdata);
	} else {
		cursor_take(&rdata, (size_t)before);
	}
	if (skip_name(&rdata) != PARSE_OK)
		return false;
	if (cursor_left(&rdata) > 0 && before != 2)
		return false;
	return expand_name(walk, offset + (size_t)before, record->target);
}

/* offset is where the data begins in the message. */
static bool
read_rdata(const struct walk *walk, size_t offset, struct dns_record *record)
{
	struct cursor rdata = record->rdata;
	size_t size = cursor_left(&rdata);

	if (size == 0)
		return true; /* UPDATE has records without data (RFC 2136, 2.4) */
	if (dns_class(record) == DNS_CLASS_IN && record->type == DNS_A) {
		if (size == 4)
			record->addr = addr_from_bytes(4, cursor_take(&rdata, 4));
		return size == 4;
	}
	if (dns_class(record) == DNS_CLASS_IN && record->type == DNS_AAAA) {
		if (size == 16)
			record->addr = addr_from_bytes(6, cursor_take(&rdata, 16));
		return size == 16;
	}
	return name_in_rdata(record->type) < 0 || read_target(walk, offset, record);
}

/* Takes one record.  PARSE_OTHER: it was passed over, the walk goes on. */
static enum parse_result
next_record(struct walk *walk, enum dns_section section, struct dns_record *record)
{
	struct cursor *c = &walk->rest;
	size_t owner = offset_of(walk, c);
	enum parse_result result = skip_name(c);
	size_t data = 0;

	if (result != PARSE_OK)
		return result;
	*record = (struct dns_record){.section = section};
	record->type = cursor_be16(c);
	record->class = cursor_be16(c);
	if (section != DNS_QUESTION) {
		uint16_t size;

		record->ttl = cursor_be32(c);
		size = cursor_be16(c);
		data = offset_of(walk, c);
		record->rdata = cursor_sub(c, size);
	}
	if (c->short_read)
		return PARSE_SHORT;
	if (!expand_name(walk, owner, record->owner))
		return PARSE_OTHER;
	if (section != DNS_QUESTION && !read_rdata(walk, data, record))
		return PARSE_OTHER;
	return PARSE_OK;
}

/* A question is at least 5 bytes, a record 11: counts beyond that are no DNS. */
static bool
plausible(const struct dns_header *header)
{
	uint32_t size = HEADER_SIZE + 5u * header->count[DNS_QUESTION];

	for (int s = DNS_ANSWER; s < DNS_SECTIONS; s++)
		size += 11u * header->count[s];
	return size <= MESSAGE_MAX;
}

/* id, flags (QR, opcode(4), AA, TC, RD, RA, Z(3), rcode(4)), four counts. */
static enum parse_result
read_header(struct cursor *c, struct dns_header *header)
{
	uint16_t flags;

	*header = (struct dns_header){0};
	header->id = cursor_be16(c);
	flags = cursor_be16(c);
	header->response = flags & 0x8000;
	header->opcode = flags >> 11 & 0x0f;
	header->truncated = flags & 0x0200;
	header->rcode = flags & 0x0f;
	for (int s = 0; s < DNS_SECTIONS; s++)
		header->count[s] = cursor_be16(c);
	if (c->short_read)
		return PARSE_SHORT;
	if (header->opcode != OPCODE_QUERY && header->opcode != OPCODE_NOTIFY &&
	    header->opcode != OPCODE_UPDATE)
		return PARSE_OTHER;
	return plausible(header) ? PARSE_OK : PARSE_OTHER;
}

struct listener {
	dns_record_fn *tell;
	void *user;
	unsigned records; /* walked so far */
	bool stopped;
	struct dns_record record; /* the one at hand */
};

static enum parse_result
walk_section(struct walk *walk, enum dns_section section, struct dns_header *header,
    struct listener *listener)
{
	struct dns_record *record = &listener->record;

	for (unsigned i = 0; i < header->count[section] && !listener->stopped; i++) {
		enum parse_result result;

		if (listener->records++ == RECORDS_MAX) {
			listener->stopped = true;
			break;
		}
		result = next_record(walk, section, record);
		if (result == PARSE_OTHER)
			header->malformed++;
		else if (result != PARSE_OK)
			return result;
		else if (listener->tell)
			listener->stopped = !listener->tell(record, listener->user);
	}
	return PARSE_OK;
}

static enum parse_result
parse(struct walk *walk, struct dns_header *header, dns_record_fn *tell, void *user)
{
	struct listener listener = {.tell = tell, .user = user};
	enum parse_result result = read_header(&walk->rest, header);

	for (int s = 0; s < DNS_SECTIONS && result == PARSE_OK; s++)
		result = walk_section(walk, (enum dns_section)s, header, &listener);
	return result;
}

enum parse_result
dns_parse(struct cursor message, struct dns_header *header, dns_record_fn *tell, void *user)
{
	struct walk walk = {.whole = message, .rest = message, .multicast = false};

	return parse(&walk, header, tell, user);
}

enum parse_result
mdns_parse(struct cursor message, struct dns_header *header, dns_record_fn *tell, void *user)
{
	struct walk walk = {.whole = message, .rest = message, .multicast = true};

	return parse(&walk, header, tell, user);
}

enum parse_result
dns_tcp_next(struct cursor *stream, struct cursor *message)
{
	struct cursor c = *stream;
	uint16_t size = cursor_be16(&c);

	if (c.short_read)
		return PARSE_SHORT;
	if (size < HEADER_SIZE)
		return PARSE_MALFORMED;
	*message = cursor_sub(&c, size);
	if (c.short_read)
		return PARSE_SHORT;
	*stream = c;
	return PARSE_OK;
}

enum parse_result
dns_tcp_parse(struct cursor payload, struct dns_header *header, dns_record_fn *tell, void *user)
{
	struct cursor message;
	enum parse_result result = dns_tcp_next(&payload, &message);

	*header = (struct dns_header){0};
	if (result != PARSE_OK)
		return result;
	result = dns_parse(message, header, tell, user);
	return result == PARSE_SHORT ? PARSE_MALFORMED : result;
}

uint16_t
dns_class(const struct dns_record *record)
{
	return record->class & (uint16_t)~CLASS_FLAG;
}
