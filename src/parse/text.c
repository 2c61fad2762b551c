/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/text.h"

#define METHOD_MAX 24 /* the longest registered is 17 (IANA, "HTTP Method Registry") */

static uint8_t
lower(uint8_t c)
{
	return (uint8_t)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

bool
text_empty(const struct cursor *text)
{
	return cursor_left(text) == 0;
}

bool
text_equal(const struct cursor *text, const char *word, size_t len)
{
	uint8_t c;

	for (size_t i = 0; i < len; i++)
		if (!cursor_peek(text, i, &c) || lower(c) != lower((uint8_t)word[i]))
			return false;
	return true;
}

bool
text_number(struct cursor text, uint64_t max, uint64_t *number)
{
	uint64_t n = 0;

	if (text_empty(&text))
		return false;
	while (cursor_left(&text) > 0) {
		uint8_t c = cursor_u8(&text);
		uint64_t digit = c - (uint64_t)'0';

		if (c < '0' || c > '9' || digit > max || n > (max - digit) / 10)
			return false;
		n = n * 10 + digit;
	}
	*number = n;
	return !text.short_read;
}

/* Where the byte stands, or all there is when it does not occur. */
static size_t
find(const struct cursor *text, uint8_t byte)
{
	size_t left = cursor_left(text);
	const uint8_t *found = left > 0 ? memchr(text->at, byte, left) : NULL;

	return found ? (size_t)(found - text->at) : left;
}

static bool
blank_at(const struct cursor *text, size_t at)
{
	uint8_t c;

	return cursor_peek(text, at, &c) && (c == ' ' || c == '\t');
}

static struct cursor
trimmed(struct cursor text)
{
	size_t len;

	while (blank_at(&text, 0))
		cursor_take(&text, 1);
	len = cursor_left(&text);
	while (len > 0 && blank_at(&text, len - 1))
		len--;
	return cursor_sub(&text, len);
}

bool
text_next_line(struct cursor *text, struct cursor *line)
{
	size_t len = find(text, '\n');
	uint8_t c;

	if (len == cursor_left(text))
		return false;
	*line = cursor_sub(text, len);
	cursor_take(text, 1);
	if (len > 0 && cursor_peek(line, len - 1, &c) && c == '\r')
		*line = cursor_sub(line, len - 1);
	return true;
}

static bool
next_piece(struct cursor *text, uint8_t separator, struct cursor *piece)
{
	if (text_empty(text))
		return false;
	*piece = cursor_sub(text, find(text, separator));
	cursor_sub_clamped(text, 1);
	return true;
}

bool
text_next_part(struct cursor *text, uint8_t separator, struct cursor *part)
{
	if (!next_piece(text, separator, part))
		return false;
	*part = trimmed(*part);
	return true;
}

/* Visible ASCII: what methods, targets and field names are made of. */
static bool
all_visible(struct cursor text)
{
	while (cursor_left(&text) > 0) {
		uint8_t c = cursor_u8(&text);

		if (c <= ' ' || c > '~')
			return false;
	}
	return true;
}

/* Whether this may be, or become, a method: capitals, '-' and '_'. */
static bool
method_like(struct cursor text)
{
	if (text_empty(&text) || cursor_left(&text) > METHOD_MAX)
		return false;
	while (cursor_left(&text) > 0) {
		uint8_t c = cursor_u8(&text);

		if ((c < 'A' || c > 'Z') && c != '-' && c != '_')
			return false;
	}
	return true;
}

/* Whether text begins as word does, as far as either goes. */
static bool
may_begin_with(const struct cursor *text, const char *word)
{
	size_t len = strlen(word);

	return cursor_starts_with(text, word, len < cursor_left(text) ? len : cursor_left(text));
}

static bool
version_is(struct cursor version, const char *protocol)
{
	size_t len = strlen(protocol);
	uint8_t digit;

	return cursor_left(&version) == len + 1 && cursor_starts_with(&version, protocol, len) &&
	       cursor_peek(&version, len, &digit) && digit >= '0' && digit <= '9';
}

/* "HTTP/1.1 200 OK", the first word already taken. */
static enum parse_result
status_line(struct cursor rest, struct text_start *start)
{
	struct cursor code;
	uint64_t status;

	if (!next_piece(&rest, ' ', &code) || cursor_left(&code) != 3)
		return PARSE_OTHER;
	if (!text_number(code, 599, &status) || status < 100)
		return PARSE_OTHER;
	start->request = false;
	start->status = (uint16_t)status;
	return PARSE_OK;
}

/* "GET /path HTTP/1.1", the first word already taken. */
static enum parse_result
request_line(struct cursor method, struct cursor rest, const char *protocol,
    struct text_start *start)
{
	struct cursor target, version;

	if (!method_like(method) || !next_piece(&rest, ' ', &target) ||
	    !next_piece(&rest, ' ', &version))
		return PARSE_OTHER;
	if (text_empty(&target) || !all_visible(target) || !version_is(version, protocol) ||
	    !text_empty(&rest))
		return PARSE_OTHER;
	start->request = true;
	start->method = method;
	start->target = target;
	return PARSE_OK;
}

/* A start line without its end: what it may still become. */
static enum parse_result
unfinished_start(struct cursor text, const char *protocol)
{
	struct cursor word;

	if (text_empty(&text) || may_begin_with(&text, protocol))
		return PARSE_SHORT;
	word = cursor_sub(&text, find(&text, ' '));
	return method_like(word) ? PARSE_SHORT : PARSE_OTHER;
}

enum parse_result
text_next_start(struct cursor *text, const char *protocol, struct text_start *start)
{
	struct cursor after = *text;
	struct cursor line, word;
	enum parse_result result;

	*start = (struct text_start){0};
	if (!text_may_start(text))
		return PARSE_OTHER;
	if (!text_next_line(&after, &line))
		return unfinished_start(*text, protocol);
	if (!next_piece(&line, ' ', &word))
		return PARSE_OTHER;
	if (version_is(word, protocol))
		result = status_line(line, start);
	else
		result = request_line(word, line, protocol, start);
	if (result == PARSE_OK)
		*text = after;
	return result;
}

enum parse_result
text_next_field(struct cursor *text, struct text_field *field)
{
	struct cursor line;
	size_t colon;

	*field = (struct text_field){0};
	if (!text_next_line(text, &line))
		return PARSE_SHORT;
	if (text_empty(&line))
		return PARSE_OTHER;
	colon = find(&line, ':');
	if (colon == 0 || colon == cursor_left(&line))
		return PARSE_MALFORMED;
	field->name = cursor_sub(&line, colon);
	cursor_take(&line, 1);
	field->value = trimmed(line);
	return all_visible(field->name) ? PARSE_OK : PARSE_MALFORMED;
}
