/* SPDX-License-Identifier: Apache-2.0 */
#include "base/host.h"

#include <string.h>

#define LABEL_MAX 63 /* RFC 1035, 2.3.4 */

static char
lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
in_label(char c)
{
	return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-' || c == '_';
}

/* Copies the label that begins at from; its length, 0 when it is none. */
static size_t
copy_label(char *out, const char *from, size_t left)
{
	size_t len = 0;

	while (len < left && from[len] != '.') {
		if (len == LABEL_MAX || !in_label(lower(from[len])))
			return 0;
		out[len] = lower(from[len]);
		len++;
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
	return host_normalise_bytes(out, host, strnlen(host, HOST_TEXT + 1));
}

bool
host_has_suffix(const char *host, const char *suffix)
{
	size_t len = strlen(host), tail = strlen(suffix);

	if (tail == 0 || tail > len || strcmp(host + len - tail, suffix) != 0)
		return false;
	return tail == len || host[len - tail - 1] == '.';
}
