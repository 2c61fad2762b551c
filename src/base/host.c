/* SPDX-License-Identifier: Apache-2.0 */
#include "base/host.h"

#include <string.h>

#define LABEL_MAX 63 /* RFC 1035, 2.3.4 */

/* clang-format off */
const char host_spelling[256] = {
	['-'] = '-', ['_'] = '_',
	['0'] = '0', ['1'] = '1', ['2'] = '2', ['3'] = '3', ['4'] = '4',
	['5'] = '5', ['6'] = '6', ['7'] = '7', ['8'] = '8', ['9'] = '9',
	['a'] = 'a', ['b'] = 'b', ['c'] = 'c', ['d'] = 'd', ['e'] = 'e', ['f'] = 'f', ['g'] = 'g',
	['h'] = 'h', ['i'] = 'i', ['j'] = 'j', ['k'] = 'k', ['l'] = 'l', ['m'] = 'm', ['n'] = 'n',
	['o'] = 'o', ['p'] = 'p', ['q'] = 'q', ['r'] = 'r', ['s'] = 's', ['t'] = 't', ['u'] = 'u',
	['v'] = 'v', ['w'] = 'w', ['x'] = 'x', ['y'] = 'y', ['z'] = 'z',
	['A'] = 'a', ['B'] = 'b', ['C'] = 'c', ['D'] = 'd', ['E'] = 'e', ['F'] = 'f', ['G'] = 'g',
	['H'] = 'h', ['I'] = 'i', ['J'] = 'j', ['K'] = 'k', ['L'] = 'l', ['M'] = 'm', ['N'] = 'n',
	['O'] = 'o', ['P'] = 'p', ['Q'] = 'q', ['R'] = 'r', ['S'] = 's', ['T'] = 't', ['U'] = 'u',
	['V'] = 'v', ['W'] = 'w', ['X'] = 'x', ['Y'] = 'y', ['Z'] = 'z',
};
/* clang-format on */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Copies the label that begins at from; its length, 0 when it is none. */
static size_t
copy_label(char *out, const char *from, size_t left)
{
	size_t len = 0;

	for (; len < left && from[len] != '.'; len++) {
		out[len] = host_spelling[(unsigned char)from[len]];
		if (out[len] == '\0' || len == LABEL_MAX)
			return 0;
	}
	return len;
}

static bool
all_digits(const char *label, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!is_digit(label[i]))
			return false;
	return true;
}

bool
host_normalise_bytes(char out[static HOST_TEXT], const void *bytes, size_t len)
{
	const char *host = bytes;
	size_t at = 0, label = 0;

	out[0] = '\0';
	if (len > 0 && host[len - 1] == '.')
		len--;
	if (len == 0 || len >= HOST_TEXT)
		return false;
	while (at < len) {
		label = copy_label(out + at, host + at, len - at);
		at += label;
		if (label == 0 || (at < len && at + 1 == len)) {
			out[0] = '\0';
			return false;
		}
		if (at < len)
			out[at++] = '.';
	}
	out[at] = '\0';
	if (all_digits(out + at - label, label))
		out[0] = '\0';
	return out[0] != '\0';
}

bool
host_normalise(char out[static HOST_TEXT], const char *host)
{
	return host_normalise_bytes(out, host, strlen(host));
}

bool
host_has_suffix(const char *host, const char *suffix)
{
	size_t len = strlen(host), tail = strlen(suffix);

	if (tail == 0 || tail > len || strcmp(host + len - tail, suffix) != 0)
		return false;
	return tail == len || host[len - tail - 1] == '.';
}
