/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_GLOB_H
#define BASE_GLOB_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Whether the whole of text matches pattern: `*` stands for any run of characters, `?`
 * for one, all else for itself, ASCII letters in either case.  Takes at most
 * pattern_len * text_len steps.
 */
bool glob_matches(const char *pattern, size_t pattern_len, const char *text, size_t text_len);

/* How many characters of pattern stand for themselves. */
size_t glob_literals(const char *pattern, size_t pattern_len);

#endif
