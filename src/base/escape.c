/* SPDX-License-Identifier: Apache-2.0 */
#include "base/escape.h"

#include <stdbool.h>
#include <string.h>

#define UTF8_MAX 4

size_t
utf8_decode(const char *at, size_t len, uint32_t *code)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	uint8_t first = len > 0 ? (uint8_t)at[0] : 0xff;
	size_t size;

	if (first < 0x80) {
		*code = first;
		return 1;
	}
	size = first >= 0xf8 ? 0 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 0;
	if (size == 0 || size > len)
		return 0;
	*code = first & (0x7fU >> size);
	for (size_t i = 1; i < size; i++) {
		if (((uint8_t)at[i] & 0xc0) != 0x80)
			return 0;
		*code = *code << 6 | ((uint8_t)at[i] & 0x3f);
	}
	if (*code < least[size] || *code > 0x10ffff || (*code >= 0xd800 && *code <= 0xdfff))
		return 0;
	return size;
}

/* As utf8_decode over a NUL-terminated text: the NUL is no continuation byte. */
static size_t
decode(const char *at, uint32_t *code)
{
	size_t len = strnlen(at, UTF8_MAX);

	return utf8_decode(at, len, code);
}

/* Characters that change what stands around them: bidi controls, line separators, tags. */
static bool
is_treacherous(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x061c ||
	       (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
	       (code >= 0x2060 && code <= 0x206f) || code == 0xfeff ||
	       (code >= 0xfff9 && code <= 0xfffb) || (code >= 0xe0000 && code <= 0xe007f);
}

static bool
must_escape(enum escape escape, const char *at, uint32_t code)
{
	if (code == '\\')
		return escape == ESCAPE_JSON || at[1] == 'x';
	if (code == '"')
		return escape != ESCAPE_TERMINAL;
	if (code == '&' || code == '<' || code == '>' || code == '\'') {
		if (escape == ESCAPE_HTML)
			return true;
	}
	if (code == '\t' && escape == ESCAPE_CSV)
		return false;
	if (code == '<' && escape == ESCAPE_JSON)
		return true;
	return is_treacherous(code);
}

/* Letters, digits and what stands between them in names, numbers and times: plain everywhere. */
static bool
is_ordinary(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '-' && c <= ':') || (c >= 'A' && c <= 'Z') ||
	       c == '_' || c == ' ';
}

size_t
escape_plain(enum escape escape, const char *text)
{
	size_t len = 0;

	while (text[len]) {
		uint32_t code;
		size_t size;

		if (is_ordinary(text[len])) {
			len++;
			continue;
		}
		size = decode(text + len, &code);

		if (size == 0 || must_escape(escape, text + len, code))
			break;
		len += size;
	}
	return len;
}

static char
hex_digit(unsigned value)
{
	return "0123456789abcdef"[value & 15];
}

static void
add_hex_byte(struct text *out, enum escape escape, char byte)
{
	text_add(out, escape == ESCAPE_JSON ? "\\\\x" : "\\x");
	text_char(out, hex_digit((uint8_t)byte >> 4));
	text_char(out, hex_digit((uint8_t)byte));
}

static void
add_json_unit(struct text *out, uint32_t unit)
{
	text_add(out, "\\u");
	for (int shift = 12; shift >= 0; shift -= 4)
		text_char(out, hex_digit(unit >> shift));
}

/* RFC 8259, section 7: past the basic plane as a surrogate pair. */
static void
add_json(struct text *out, uint32_t code)
{
	if (code == '"' || code == '\\') {
		text_char(out, '\\');
		text_char(out, (char)code);
	} else if (code > 0xffff) {
		add_json_unit(out, 0xd800 + ((code - 0x10000) >> 10));
		add_json_unit(out, 0xdc00 + ((code - 0x10000) & 0x3ff));
	} else {
		add_json_unit(out, code);
	}
}

/* The characters that mean something to HTML; NULL for any other. */
static const char *
html_reference(uint32_t code)
{
	switch (code) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

size_t
escape_next(enum escape escape, const char **at, char out[static ESCAPE_MAX])
{
	struct text text = text_over(out, ESCAPE_MAX);
	const char *from = *at;
	uint32_t code = 0;
	size_t size = decode(from, &code);
	bool bad = size == 0;

	if (bad)
		size = 1;
	*at = from + size;
	if (bad || (code == '\\' && from[1] == 'x'))
		add_hex_byte(&text, escape, from[0]);
	else if (!must_escape(escape, from, code))
		text_bytes(&text, from, size);
	else if (escape == ESCAPE_JSON)
		add_json(&text, code);
	else if (escape == ESCAPE_HTML && html_reference(code))
		text_add(&text, html_reference(code));
	else if (code == '"')
		text_add(&text, "\"\"");
	else
		for (size_t i = 0; i < size; i++)
			add_hex_byte(&text, escape, from[i]);
	return text.len;
}

bool
escape_csv_formula(const char *text)
{
	return text[0] != '\0' && strchr("=+-@\t", text[0]) != NULL;
}

void
text_add_escaped(struct text *text, enum escape escape, const char *more)
{
	while (*more) {
		char out[ESCAPE_MAX];
		size_t len = escape_next(escape, &more, out);

		if (len > text->size - 1 - text->len) {
			text->cut = true;
			return;
		}
		text_bytes(text, out, len);
	}
}

/* Ranges of Unicode 15 in which no letter of a name takes exactly one column. */
static unsigned
columns_of(uint32_t code)
{
	if ((code >= 0x300 && code <= 0x36f) || (code >= 0x20d0 && code <= 0x20ff) ||
	    (code >= 0xfe00 && code <= 0xfe0f) || (code >= 0xfe20 && code <= 0xfe2f))
		return 0;
	if ((code >= 0x1100 && code <= 0x115f) || (code >= 0x2e80 && code <= 0xa4cf) ||
	    (code >= 0xac00 && code <= 0xd7a3) || (code >= 0xf900 && code <= 0xfaff) ||
	    (code >= 0xfe30 && code <= 0xfe6f) || (code >= 0xff00 && code <= 0xff60) ||
	    (code >= 0xffe0 && code <= 0xffe6) || (code >= 0x1f300 && code <= 0x1faff) ||
	    (code >= 0x20000 && code <= 0x3fffd))
		return 2;
	return 1;
}

size_t
utf8_columns(const char *text)
{
	size_t columns = 0;

	while (*text) {
		uint32_t code = 0;
		size_t size = decode(text, &code);

		columns += size ? columns_of(code) : 1;
		text += size ? size : 1;
	}
	return columns;
}
