/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/layout.h"

#include <string.h>

#define GAP 2

static const char *
paint_on(const struct sink_style *style, enum paint paint)
{
	if (!style->colour)
		return "";
	return paint == PAINT_BOLD ? "\033[1m" : paint == PAINT_AMBER ? "\033[33m" : "";
}

static const char *
paint_off(const struct sink_style *style, enum paint paint)
{
	return style->colour && paint != PAINT_NONE ? "\033[0m" : "";
}

static void
write_spaces(struct writer *w, size_t count)
{
	while (count-- > 0)
		write_char(w, ' ');
}

/* Escapes as much of text as fits width columns, with an ellipsis for the rest. */
static size_t
fit(const char *text, size_t width, const char *ellipsis, struct text *out)
{
	size_t columns = 0, kept = 0, room = width - utf8_columns(ellipsis);

	while (*text) {
		char piece[ESCAPE_MAX];
		size_t len = escape_next(ESCAPE_TERMINAL, &text, piece);

		piece[len] = '\0';
		columns += utf8_columns(piece);
		if (columns > width || out->len + len + 4 > out->size) {
			out->len = kept;
			out->at[kept] = '\0';
			text_add(out, ellipsis);
			return utf8_columns(out->at);
		}
		text_bytes(out, piece, len);
		if (columns <= room)
			kept = out->len;
	}
	return columns;
}

struct line
line_over(struct writer *w, const struct sink_style *style, size_t indent)
{
	return (struct line){.w = w, .style = style, .spaces = indent};
}

void
line_cell(struct line *line, const char *text, size_t width, enum align align, enum paint paint)
{
	char shown[LINE_MAX_BYTES];
	struct text out = text_over(shown, sizeof(shown));
	size_t columns = fit(text, width, line->style->utf8 ? "\xe2\x80\xa6" : "...", &out);
	size_t pad = columns < width ? width - columns : 0;

	if (out.len > 0) {
		write_spaces(line->w, line->spaces + (align == ALIGN_RIGHT ? pad : 0));
		write_text(line->w, paint_on(line->style, paint));
		write_bytes(line->w, out.at, out.len);
		write_text(line->w, paint_off(line->style, paint));
		line->spaces = GAP + (align == ALIGN_LEFT ? pad : 0);
	} else {
		line->spaces += width + GAP;
	}
}

void
line_end(struct line *line)
{
	write_char(line->w, '\n');
}

void
write_paragraph(struct writer *w, const char *text, size_t at, size_t indent, size_t width)
{
	bool begun = false;

	while (*text) {
		char word[LINE_MAX_BYTES];
		struct text out = text_over(word, sizeof(word));
		size_t columns;

		text += strspn(text, " ");
		while (*text && *text != ' ' && out.len + ESCAPE_MAX < out.size) {
			char piece[ESCAPE_MAX];
			size_t len = escape_next(ESCAPE_TERMINAL, &text, piece);

			text_bytes(&out, piece, len);
		}
		columns = utf8_columns(word);
		if (begun && at + 1 + columns > width) {
			write_char(w, '\n');
			write_spaces(w, indent);
			at = indent;
		} else if (begun) {
			write_char(w, ' ');
			at++;
		}
		write_bytes(w, out.at, out.len);
		at += columns;
		begun = true;
	}
	write_char(w, '\n');
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Whether text, at a hyphen, goes on as "-99%)" after a digit. */
static bool
is_range(const char *before, const char *text)
{
	size_t digits = 1;

	if (text == before || !is_digit(text[-1]))
		return false;
	while (is_digit(text[digits]))
		digits++;
	return digits > 1 &&
	       (strncmp(text + digits, "%)", 2) == 0 || strncmp(text + digits, " %)", 3) == 0);
}

void
write_sentence(struct writer *w, const struct sink_style *style, const char *text, enum paint paint)
{
	const char *from = text;

	write_text(w, paint_on(style, paint));
	while (*text) {
		char piece[ESCAPE_MAX];

		if (style->utf8 && *text == '-' && is_range(from, text)) {
			write_text(w, "\xe2\x80\x93");
			text++;
		} else {
			size_t len = escape_next(ESCAPE_TERMINAL, &text, piece);

			write_bytes(w, piece, len);
		}
	}
	write_text(w, paint_off(style, paint));
	write_char(w, '\n');
}
