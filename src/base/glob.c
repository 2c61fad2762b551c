/* SPDX-License-Identifier: Apache-2.0 */
#include "base/glob.h"

#include <stdint.h>

static char
lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

/* Only the last star is ever tried again, so the work is bounded by the product. */
bool
glob_matches(const char *pattern, size_t pattern_len, const char *text, size_t text_len)
{
	size_t p = 0, t = 0, star = SIZE_MAX, resume = 0;

	while (t < text_len) {
		if (p < pattern_len && pattern[p] == '*') {
			star = p++;
			resume = t;
		} else if (p < pattern_len &&
		           (pattern[p] == '?' || lower(pattern[p]) == lower(text[t]))) {
			p++;
			t++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			t = ++resume;
		} else {
			return false;
		}
	}
	while (p < pattern_len && pattern[p] == '*')
		p++;
	return p == pattern_len;
}

size_t
glob_literals(const char *pattern, size_t pattern_len)
{
	size_t count = 0;

	for (size_t i = 0; i < pattern_len; i++)
		count += pattern[i] != '*' && pattern[i] != '?';
	return count;
}
