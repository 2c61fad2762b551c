/* SPDX-License-Identifier: Apache-2.0 */
#include "base/serial.h"

#define HEX_RUN    12 /* a MAC without its colons, the end of a UUID */
#define RUN        8
#define RUN_DIGITS 4

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool
serial_looks_like(const char *label, size_t len)
{
	size_t run = 0, digits = 0, hex = 0;

	for (size_t i = 0; i <= len; i++) {
		if (i < len && (is_digit(label[i]) || is_letter(label[i]))) {
			run++;
			digits += is_digit(label[i]);
			hex += is_hex(label[i]);
			continue;
		}
		if (hex == run && run >= HEX_RUN && digits > 0)
			return true;
		if (run >= RUN && digits >= RUN_DIGITS)
			return true;
		run = digits = hex = 0;
	}
	return false;
}
