/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_ESCAPE_H
#define BASE_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

/*
 * Hostile text on its way out.  Devices choose host names, DHCP and mDNS names; every sink
 * passes them through here.
 *
 * A byte that is no UTF-8 (RFC 3629) is shown as the four characters \xNN, and a backslash
 * that stands before an `x` in the text itself as \x5c: what comes out is always valid
 * UTF-8, and nothing is lost.
 */
enum escape {
	/* Inside a JSON string's quotes (RFC 8259): controls, DEL, C1, bidi marks, `<`, U+2028 and
	   U+2029 as \uNNNN, so that the document is inert in a script element and on a terminal. */
	ESCAPE_JSON,
	/* One line on a terminal: controls, C1, bidi marks and line separators as \xNN per byte. */
	ESCAPE_TERMINAL,
	/* Inside a CSV cell's quotes (RFC 4180): quotes doubled, controls but TAB as \xNN. */
	ESCAPE_CSV,
	/* Text of an HTML or SVG element, or within an attribute's double quotes: & < > " ' as
	   references; controls, bidi marks and line separators as \xNN per byte. */
	ESCAPE_HTML,
};

#define ESCAPE_MAX 17 /* the longest answer to one character, with its NUL */

/* How many bytes at the start of text may be copied as they are. */
size_t escape_plain(enum escape escape, const char *text);
/* Escapes the character at *at (not the NUL) and steps over it; returns out's length. */
size_t escape_next(enum escape escape, const char **at, char out[static ESCAPE_MAX]);

/* Whether a spreadsheet might take the cell for a formula: it starts with = + - @ or TAB. */
bool escape_csv_formula(const char *text);

/* Adds a whole text escaped, never half of an escape. */
void text_add_escaped(struct text *text, enum escape escape, const char *more);

/*
 * Decodes one character of len bytes into *code and returns how many bytes it took, or 0
 * when the bytes are no UTF-8: overlong, surrogate, past U+10FFFF or cut.
 */
size_t utf8_decode(const char *at, size_t len, uint32_t *code);
/* Columns a valid UTF-8 text takes on a terminal: one per character, marks that combine none,
   East Asian wide ones two. */
size_t utf8_columns(const char *text);

#endif
