/* SPDX-License-Identifier: Apache-2.0 */

/*
 * DNS keeps its shape: names that lead out of the home stay, labels of others are replaced by
 * as many letters, addresses by their images, and the data of all other types is gone.
 */

#include "redact/rewrite.h"

#include "parse/dns.h"

#define HEADER      12
#define POINTER     0xc0
#define RECORDS_MAX 512
#define LABELS_MAX  128 /* of one name, pointers followed */

/* Names share labels, so what goes is written first, and what stays over it. */
enum pass { PASS_MASK, PASS_KEEP };

struct message {
	struct passage *p;
	enum pass pass;
	size_t at;   /* where the next byte lies, in the span */
	size_t from; /* of the message */
	size_t end;
};

/* A name's labels: where they lie in the span, and in the text. */
struct labels {
	struct {
		size_t at;
		uint8_t len;
		size_t text;
	} label[LABELS_MAX];
	size_t count;
	char text[HOST_TEXT];
};

static uint8_t
byte_at(const struct message *m, size_t at)
{
	return at < m->end ? m->p->span->in[at] : 0;
}

static uint16_t
be16_at(const struct message *m, size_t at)
{
	return (uint16_t)(byte_at(m, at) << 8 | byte_at(m, at + 1));
}

static void
add_label(const struct message *m, struct labels *l, size_t at, uint8_t len, size_t *used)
{
	if (*used > 0)
		l->text[(*used)++] = '.';
	l->label[l->count].at = at;
	l->label[l->count].len = len;
	l->label[l->count++].text = *used;
	for (size_t i = 1; i <= len; i++) {
		uint8_t c = byte_at(m, at + i);

		l->text[(*used)++] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
	}
}

/* Follows a name; false for one that does not end, is too long, or holds a NUL. */
static bool
find_labels(const struct message *m, size_t at, struct labels *l)
{
	size_t used = 0, limit = at;

	l->count = 0;
	while (at < m->end && byte_at(m, at) != 0) {
		uint8_t len = byte_at(m, at);

		if ((len & POINTER) == POINTER) {
			at = m->from + (size_t)(be16_at(m, at) & 0x3fff);
			if (at >= limit)
				return false;
			limit = at;
			continue;
		}
		if (len & POINTER || l->count == LABELS_MAX || len >= m->end - at ||
		    used + len + 2 > sizeof(l->text))
			return false;
		add_label(m, l, at, len, &used);
		at += 1U + len;
	}
	l->text[used] = '\0';
	return at < m->end && strlen(l->text) == used;
}

/* Writes a name's labels, as far as this pass is about them. */
static void
write_labels(struct message *m, size_t at)
{
	char masked[HOST_TEXT];
	struct labels l;

	if (!find_labels(m, at, &l))
		return;
	masks_host(m->p->r->masks, l.text, masked);
	for (size_t i = 0; i < l.count; i++) {
		const char *before = l.text + l.label[i].text, *after = masked + l.label[i].text;
		bool same = memcmp(before, after, l.label[i].len) == 0;

		if (!same && m->pass == PASS_MASK)
			span_put(m->p->span, l.label[i].at + 1, after, l.label[i].len);
		if (same && m->pass == PASS_KEEP)
			span_keep(m->p->span, l.label[i].at + 1, l.label[i].len);
	}
}

/* Steps over a name as it lies there; lengths and pointers stay.  False when it is broken. */
static bool
walk_name(struct message *m)
{
	write_labels(m, m->at);
	while (m->at < m->end) {
		uint8_t len = byte_at(m, m->at);

		if ((len & POINTER) == POINTER) {
			span_keep(m->p->span, m->at, 2);
			m->at += 2;
			return m->at <= m->end;
		}
		if (len & POINTER)
			return false;
		span_keep(m->p->span, m->at, 1);
		m->at += 1U + len;
		if (len == 0)
			return true;
	}
	return false;
}

/* A name within data: the walk goes on behind the data whatever it is. */
static void
walk_target(struct message *m, size_t before, size_t end)
{
	struct message inner = *m;

	span_keep(m->p->span, m->at, before);
	inner.at = m->at + before;
	inner.end = end;
	/* Pointers lead back, to before the data. */
	walk_name(&inner);
}

static void
walk_data(struct message *m, uint16_t type, size_t len)
{
	uint8_t family = type == DNS_A ? 4 : 6;
	struct addr addr;

	switch (type) {
	case DNS_A:
	case DNS_AAAA:
		if (len != (type == DNS_A ? 4U : 16U))
			return;
		addr = addr_from_bytes(family, m->p->span->in + m->at);
		put_addr(m->p, m->at, &addr);
		break;
	case DNS_CNAME:
	case DNS_PTR:
		walk_target(m, 0, m->at + len);
		break;
	case DNS_SVCB:
	case DNS_HTTPS:
		walk_target(m, 2, m->at + len);
		break;
	case DNS_SRV:
		walk_target(m, 6, m->at + len);
		break;
	default:
		break;
	}
}

/* type(2) class(2), and of a record ttl(4) length(2) data. */
static bool
walk_record(struct message *m, bool question)
{
	size_t fixed = question ? 4 : 10, len;
	uint16_t type;

	if (!walk_name(m) || m->end - m->at < fixed)
		return false;
	type = be16_at(m, m->at);
	span_keep(m->p->span, m->at, fixed);
	m->at += fixed;
	if (question)
		return true;
	len = be16_at(m, m->at - 2);
	if (len > m->end - m->at)
		return false;
	walk_data(m, type, len);
	m->at += len;
	return true;
}

static void
walk_message(struct message *m)
{
	unsigned records = 0;

	m->at = m->from + HEADER;
	if (m->end - m->from < HEADER)
		return;
	span_keep(m->p->span, m->from, HEADER);
	for (int section = 0; section < DNS_SECTIONS; section++) {
		uint16_t count = be16_at(m, m->from + 4 + 2 * (size_t)section);

		for (unsigned i = 0; i < count; i++)
			if (++records > RECORDS_MAX || !walk_record(m, section == DNS_QUESTION))
				return;
	}
}

static void
rewrite_message(struct passage *p, size_t from, size_t len)
{
	struct message m = {.p = p, .from = from, .end = from + len};

	m.pass = PASS_MASK;
	walk_message(&m);
	m.pass = PASS_KEEP;
	walk_message(&m);
}

/* Zeroes would read as an empty query, so a code that no query has says that it is none. */
static void
put_no_message(struct passage *p, size_t at)
{
	const uint8_t flags = 0x78;

	span_put(p->span, at + 2, &flags, 1);
}

static void
rewrite_if_message(struct passage *p, size_t at, struct cursor message)
{
	struct dns_header header;
	enum parse_result result = dns_parse(message, &header, NULL, NULL);

	if (result == PARSE_OK || result == PARSE_SHORT)
		rewrite_message(p, at, cursor_left(&message));
	else
		put_no_message(p, at);
}

void
rewrite_dns(struct passage *p)
{
	struct cursor rest = p->payload, message;

	if (p->packet->protocol != IP_TCP) {
		rewrite_if_message(p, p->at, rest);
		return;
	}
	while (dns_tcp_next(&rest, &message) == PARSE_OK) {
		size_t at = span_offset(p->span, message.at);

		span_keep(p->span, at - 2, 2);
		rewrite_if_message(p, at, message);
	}
}
