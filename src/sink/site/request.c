/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/site/request.h"

#include <string.h>

#include "base/escape.h"
#include "base/text.h"

/* One character of a form; 0 for what is none. */
static char
decode_next(const char *form, size_t len, size_t *at)
{
	char c = form[*at];
	int high, low;

	*at += 1;
	if (c == '+')
		return ' ';
	if (c != '%')
		return c;
	if (len - *at < 2)
		return '\0';
	high = text_hex_digit(form[*at]);
	low = text_hex_digit(form[*at + 1]);
	*at += 2;
	return high < 0 || low < 0 ? '\0' : (char)(unsigned char)(high * 16 + low);
}

static bool
decode(const char *form, size_t len, char *out, size_t size)
{
	size_t at = 0, to = 0;

	while (at < len) {
		char c = decode_next(form, len, &at);

		if (c == '\0' || to + 1 >= size)
			return false;
		out[to++] = c;
	}
	out[to] = '\0';
	return true;
}

static bool
is_utf8(const char *text)
{
	uint32_t code;

	for (size_t len = strlen(text), size; len > 0; text += size, len -= size) {
		size = utf8_decode(text, len, &code);
		if (size == 0)
			return false;
	}
	return true;
}

bool
form_field(const char *form, size_t len, const char *name, char *out, size_t size)
{
	size_t name_len = strlen(name);
	const char *found = NULL;
	size_t found_len = 0;

	out[0] = '\0';
	for (size_t at = 0, end; at < len; at = end + 1) {
		const char *stop = memchr(form + at, '&', len - at);

		end = stop ? (size_t)(stop - form) : len;
		if (end - at <= name_len || form[at + name_len] != '=' ||
		    memcmp(form + at, name, name_len) != 0)
			continue;
		if (found)
			return false;
		found = form + at + name_len + 1;
		found_len = end - at - name_len - 1;
	}
	if (found && decode(found, found_len, out, size) && is_utf8(out))
		return true;
	out[0] = '\0';
	return false;
}

bool
cookie_find(const char *header, const char *name, char *out, size_t size)
{
	size_t name_len = strlen(name);
	bool found = false;

	out[0] = '\0';
	while (header && *header) {
		size_t len = strcspn(header, ";");

		if (len > name_len && header[name_len] == '=' &&
		    memcmp(header, name, name_len) == 0) {
			size_t value = len - name_len - 1;

			if (found || value >= size) {
				out[0] = '\0';
				return false;
			}
			memcpy(out, header + name_len + 1, value);
			out[value] = '\0';
			found = true;
		}
		header += len;
		header += strspn(header, "; ");
	}
	return found;
}

bool
id_parse(const char *text, char letter, uint64_t *id)
{
	uint64_t number = 0;

	if (!text || text[0] != letter || strlen(text) != 17)
		return false;
	for (size_t i = 1; i < 17; i++) {
		int digit = text_hex_digit(text[i]);

		if (digit < 0 || (text[i] >= 'A' && text[i] <= 'F'))
			return false;
		number = number << 4 | (uint64_t)digit;
	}
	*id = number;
	return true;
}
