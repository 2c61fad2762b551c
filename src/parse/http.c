/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/http.h"

#include "parse/text.h"

#define STATUS_SWITCHING 101

/* "name", "name:port", "[v6]", "[v6]:port" (RFC 3986, 3.2). */
static void
split_host(struct cursor authority, struct http *http)
{
	bool literal = cursor_starts_with(&authority, "[", 1);
	struct cursor host, port;
	uint64_t number;

	if (literal)
		cursor_take(&authority, 1);
	if (!text_next_part(&authority, literal ? ']' : ':', &host))
		return;
	if (literal && cursor_starts_with(&authority, ":", 1))
		cursor_take(&authority, 1);
	http->host = host;
	port = authority;
	if (text_number(port, UINT16_MAX, &number))
		http->host_port = (uint16_t)number;
}

/* "http://host:port/path" (RFC 9112, 3.2.2). */
static void
host_of_target(struct http *http)
{
	static const char scheme[] = "http://";
	struct cursor target = http->target;
	struct cursor authority;

	if (!cursor_starts_with(&target, scheme, sizeof(scheme) - 1))
		return;
	cursor_take(&target, sizeof(scheme) - 1);
	if (text_next_part(&target, '/', &authority))
		split_host(authority, http);
}

static bool
list_has(struct cursor list, const char *word)
{
	struct cursor part;

	while (text_next_part(&list, ',', &part))
		if (text_is(&part, word))
			return true;
	return false;
}

static bool
list_ends_in(struct cursor list, const char *word)
{
	struct cursor part = {0};

	while (text_next_part(&list, ',', &part))
		;
	return text_is(&part, word);
}

/* Of a field that comes twice, the first counts. */
static void
keep_first(struct cursor *kept, struct cursor value)
{
	if (!kept->at)
		*kept = value;
}

static void
note_field(struct http *http, const struct text_field *field)
{
	const struct cursor *name = &field->name;

	if (http->request && text_is(name, "host")) {
		if (!http->host.at)
			split_host(field->value, http);
	} else if (text_is(name, "user-agent")) {
		keep_first(&http->user_agent, field->value);
	} else if (text_is(name, "server")) {
		keep_first(&http->server, field->value);
	} else if (text_is(name, "content-type")) {
		keep_first(&http->content_type, field->value);
	} else if (text_is(name, "content-length") && !http->has_content_length) {
		http->has_content_length =
		    text_number(field->value, INT64_MAX, &http->content_length);
	} else if (text_is(name, "transfer-encoding")) {
		http->chunked = list_ends_in(field->value, "chunked");
	} else if (text_is(name, "upgrade") && list_has(field->value, "websocket")) {
		http->upgrade_websocket = http->request || http->status == STATUS_SWITCHING;
	}
}

static enum parse_result
fields(struct cursor *head, struct http *http)
{
	struct text_field field;
	enum parse_result result;

	while ((result = text_next_field(head, &field)) == PARSE_OK)
		note_field(http, &field);
	return result == PARSE_OTHER ? PARSE_OK : result;
}

enum parse_result
http_parse(struct cursor stream, struct http *http)
{
	struct cursor body = stream;
	struct cursor head = cursor_sub_clamped(&body, HTTP_HEAD_MAX);
	size_t head_size = cursor_left(&head);
	struct text_start start;
	enum parse_result result;

	*http = (struct http){0};
	result = text_next_start(&head, "HTTP/1.", &start);
	if (result == PARSE_SHORT && head_size == HTTP_HEAD_MAX)
		return PARSE_OTHER;
	if (result != PARSE_OK)
		return result;
	http->request = start.request;
	http->method = start.method;
	http->target = start.target;
	http->status = start.status;
	result = fields(&head, http);
	if (result == PARSE_SHORT && head_size == HTTP_HEAD_MAX)
		return PARSE_MALFORMED;
	if (http->request && !http->host.at)
		host_of_target(http);
	cursor_take(&stream, head_size - cursor_left(&head));
	http->body = stream;
	return result;
}
