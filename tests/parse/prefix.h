/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_PARSE_PREFIX_H
#define TESTS_PARSE_PREFIX_H

#include <stdlib.h>

#include "base/cursor.h"
#include "parse/result.h"
#include "tests/test.h"

/*
 * Shows every prefix of a sample, shorter than the sample, to a parser, each in memory of
 * its own that ends where the prefix ends.  The parser's answer is checked by the caller.
 */
static inline void
with_every_prefix(const void *sample, size_t size, void (*check)(struct cursor prefix))
{
	for (size_t len = 0; len < size; len++) {
		uint8_t *copy = malloc(len ? len : 1);

		assert_non_null(copy);
		if (len > 0)
			memcpy(copy, sample, len);
		check(cursor_over(copy, len));
		free(copy);
	}
}

static inline void
assert_text(struct cursor text, const char *expected)
{
	assert_int_equal(cursor_left(&text), strlen(expected));
	if (cursor_left(&text) > 0)
		assert_memory_equal(text.at, expected, cursor_left(&text));
}

#endif
