/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"

/*
 * Numbers and texts as few bytes, in memory that someone else owns.  What does not fit is left
 * out and sets `cut`.  A number takes a byte for each seven bits (LEB128), the low ones first;
 * one with a sign is folded, so that small negative ones stay short.
 */
struct bytes {
	uint8_t *at;
	size_t size, len;
	bool cut;
};

struct bytes bytes_over(void *at, size_t size);

void bytes_add(struct bytes *bytes, const void *more, size_t len);
void bytes_number(struct bytes *bytes, uint64_t number);
void bytes_signed(struct bytes *bytes, int64_t number);
void bytes_text(struct bytes *bytes, const char *text); /* its length, then itself */

/* What was written, read back: on too few or wrong bytes the cursor is short, and the result 0. */
uint64_t bytes_read_number(struct cursor *c);
int64_t bytes_read_signed(struct cursor *c);
/* At most max, else the cursor is short. */
uint64_t bytes_read_below(struct cursor *c, uint64_t max);
/* Writes a text of less than size bytes, with its NUL. */
void bytes_read_text(struct cursor *c, char *text, size_t size);

#endif
