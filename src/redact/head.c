/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Heads of HTTP, RTSP and SSDP: the start line keeps its method, version and status, and of
 * the fields stay those that tell what the flow is and to whom.  Letters of all else become
 * `x`, so that lines and lengths are what they were.
 */

#include "redact/rewrite.h"

#include <strings.h>

#include "parse/http.h"
#include "parse/rtsp.h"
#include "parse/text.h"

#define PORT_SSDP 1900

/* Fields whose value says nothing of anybody. */
static const char *const plain_fields[] = {"upgrade", "connection", "content-length", "cseq"};

static bool
is_field(const struct cursor *name, const char *word)
{
	return cursor_left(name) == strlen(word) &&
	       strncasecmp((const char *)name->at, word, strlen(word)) == 0;
}

/* Hides what lies from..to, blanks and line ends aside. */
static void
hide(struct passage *p, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		uint8_t c = p->span->in[i];

		if (c != ' ' && c != '\r' && c != '\n')
			c = 'x';
		span_put(p->span, i, &c, 1);
	}
}

/* The first and last word and, of an answer, the status stay. */
static void
rewrite_start(struct passage *p, const struct cursor *line)
{
	size_t from = span_offset(p->span, line->at), to = from + cursor_left(line);
	size_t word = from, last = to;
	const uint8_t *in = p->span->in;

	while (word < to && in[word] != ' ')
		word++;
	hide(p, from, to);
	span_keep(p->span, from, word - from);
	if (memchr(in + from, '/', word - from)) { /* "HTTP/1.1 200 OK" */
		span_keep(p->span, word, 4);
		return;
	}
	while (last > word && in[last - 1] != ' ')
		last--;
	span_keep(p->span, last, to - last);
	if (last - word == 3 && in[word + 1] == '*')
		span_keep(p->span, word + 1, 1);
	else if (last > word + 1)
		span_put(p->span, word + 1, "/", 1);
}

/* A host that is a name, masked as one; an address in its place is hidden whole. */
static void
rewrite_host(struct passage *p, const struct text_field *field)
{
	char host[HOST_TEXT], masked[HOST_TEXT];
	const uint8_t *at = field->value.at;
	size_t len = 0;

	while (len < cursor_left(&field->value) && at[len] != ':')
		len++;
	if (!host_normalise_bytes(host, at, len) || strlen(host) != len)
		return;
	span_keep(p->span, span_offset(p->span, field->name.at), cursor_left(&field->name));
	span_keep(p->span, span_offset(p->span, at), cursor_left(&field->value));
	if (masks_host(p->r->masks, host, masked))
		span_put(p->span, span_offset(p->span, at), masked, len);
}

static void
rewrite_field(struct passage *p, const struct text_field *field)
{
	if (is_field(&field->name, "host")) {
		rewrite_host(p, field);
		return;
	}
	for (size_t i = 0; i < sizeof(plain_fields) / sizeof(plain_fields[0]); i++) {
		if (!is_field(&field->name, plain_fields[i]))
			continue;
		span_keep(p->span, span_offset(p->span, field->name.at), cursor_left(&field->name));
		span_keep(p->span, span_offset(p->span, field->value.at),
		    cursor_left(&field->value));
	}
}

static void
rewrite_fields(struct passage *p, struct cursor rest)
{
	struct text_field field;
	enum parse_result result;

	do {
		size_t from = span_offset(p->span, rest.at), to, name;

		result = text_next_field(&rest, &field);
		to = span_offset(p->span, result == PARSE_SHORT ? rest.end : rest.at);
		hide(p, from, to);
		if (result != PARSE_OK)
			continue;
		name = span_offset(p->span, field.name.at) + cursor_left(&field.name);
		span_put(p->span, name, ":", 1);
		rewrite_field(p, &field);
	} while (result == PARSE_OK || result == PARSE_MALFORMED);
}

static bool
begins_head(const struct passage *p)
{
	struct http http;
	struct rtsp rtsp;
	enum parse_result result = http_parse(p->payload, &http);

	if ((result == PARSE_OK || result == PARSE_SHORT) &&
	    (http.status != 0 || cursor_left(&http.method) > 0))
		return true;
	result = rtsp_parse(p->payload, &rtsp);
	return (result == PARSE_OK || result == PARSE_SHORT) &&
	       (rtsp.status != 0 || cursor_left(&rtsp.method) > 0);
}

bool
rewrite_head(struct passage *p)
{
	bool ssdp = p->packet->protocol == IP_UDP &&
	            (p->packet->source_port == PORT_SSDP || p->packet->target_port == PORT_SSDP);
	struct cursor rest = p->payload, line;

	if (cursor_left(&rest) == 0 || (p->packet->protocol == IP_UDP && !ssdp))
		return false;
	if (!begins_head(p) || !text_next_line(&rest, &line))
		return false;
	rewrite_start(p, &line);
	span_keep(p->span, span_offset(p->span, line.end), (size_t)(rest.at - line.end));
	rewrite_fields(p, rest);
	return true;
}
