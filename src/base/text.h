/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A bounded text under construction in memory that someone else owns.  It always ends in
 * a NUL and never overflows; what does not fit is left out and sets `cut`.
 */
struct text {
	char *at;
	size_t size; /* with room for the NUL; at least 1 */
	size_t len;
	bool cut;
};

/* Begins an empty text in size bytes; size is at least 1. */
struct text text_over(char *at, size_t size);

void text_char(struct text *text, char c);
void text_add(struct text *text, const char *more);
void text_bytes(struct text *text, const char *more, size_t len);
void text_addf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What a hexadecimal digit stands for; -1 for what is none. */
static inline int
text_hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

#endif
