/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARSE_TEXT_H
#define PARSE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"
#include "parse/result.h"

/*
 * What HTTP/1, RTSP and SSDP have in common (RFC 9112, 2 to 5): a start line, then lines
 * of "Name: value" up to an empty one.  All text is lent.
 */

struct text_start {
	bool request;
	struct cursor method; /* request only */
	struct cursor target; /* request only */
	uint16_t status;      /* response only: 100 to 599 */
};

/* The value is without the blanks around it. */
struct text_field {
	struct cursor name;
	struct cursor value;
};

/*
 * Whether a start line may begin like this: a method or a version begins with a letter.  Tells
 * most other bytes apart before any more is asked.
 */
static inline bool
text_may_start(const struct cursor *text)
{
	uint8_t first;

	if (!cursor_peek(text, 0, &first))
		return true;
	return (first >= 'A' && first <= 'Z') || (first >= 'a' && first <= 'z');
}

/*
 * Takes the start line of a protocol such as "HTTP/1." (a digit follows).  PARSE_SHORT: it
 * may become one, nothing was taken.  PARSE_OTHER: it is none.
 */
enum parse_result text_next_start(struct cursor *text, const char *protocol,
    struct text_start *start);

/*
 * Takes the next field line.  PARSE_OTHER: the empty line that ends the head was taken.
 * PARSE_SHORT: the line has no end yet, nothing was taken.  PARSE_MALFORMED: a line that is
 * no field was taken.
 */
enum parse_result text_next_field(struct cursor *text, struct text_field *field);

/* Takes a line without its CR LF or LF; false when it has no end yet, nothing was taken. */
bool text_next_line(struct cursor *text, struct cursor *line);
/* Takes the next element of a list parted by this byte, without blanks; false at the end. */
bool text_next_part(struct cursor *text, uint8_t separator, struct cursor *part);

/* Whether len characters, which are there, are the word's; letter case (ASCII) aside. */
bool text_equal(const struct cursor *text, const char *word, size_t len);

/* Whether text is this word, letter case aside. */
static inline bool
text_is(const struct cursor *text, const char *word)
{
	size_t len = strlen(word);

	return cursor_left(text) == len && text_equal(text, word, len);
}

/* A decimal number without sign that fills the text; false above max. */
bool text_number(struct cursor text, uint64_t max, uint64_t *number);
bool text_empty(const struct cursor *text);

#endif
