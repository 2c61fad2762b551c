/* SPDX-License-Identifier: Apache-2.0 */
#include "base/bytes.h"

#include <string.h>

struct bytes
bytes_over(void *at, size_t size)
{
	return (struct bytes){.at = at, .size = size};
}

void
bytes_add(struct bytes *bytes, const void *more, size_t len)
{
	if (len > bytes->size - bytes->len) {
		bytes->cut = true;
		return;
	}
	if (len > 0)
		memcpy(bytes->at + bytes->len, more, len);
	bytes->len += len;
}

void
bytes_number(struct bytes *bytes, uint64_t number)
{
	uint8_t group[10];
	size_t count = 0;

	do {
		group[count++] = (uint8_t)((number & 0x7f) | (number > 0x7f ? 0x80 : 0));
		number >>= 7;
	} while (number > 0);
	bytes_add(bytes, group, count);
}

void
bytes_signed(struct bytes *bytes, int64_t number)
{
	uint64_t folded = (uint64_t)number << 1;

	bytes_number(bytes, number < 0 ? ~folded : folded);
}

void
bytes_text(struct bytes *bytes, const char *text)
{
	size_t len = strlen(text);

	bytes_number(bytes, len);
	bytes_add(bytes, text, len);
}

static uint64_t
refuse(struct cursor *c)
{
	c->short_read = true;
	return 0;
}

uint64_t
bytes_read_number(struct cursor *c)
{
	uint64_t number = 0;

	for (unsigned shift = 0; shift < 64; shift += 7) {
		uint8_t group = cursor_u8(c);

		if (shift == 63 && group > 1)
			break; /* more than 64 bits */
		number |= (uint64_t)(group & 0x7f) << shift;
		if (group < 0x80)
			return c->short_read ? 0 : number;
	}
	return refuse(c);
}

int64_t
bytes_read_signed(struct cursor *c)
{
	uint64_t folded = bytes_read_number(c);

	return (int64_t)(folded & 1 ? ~(folded >> 1) : folded >> 1);
}

uint64_t
bytes_read_below(struct cursor *c, uint64_t max)
{
	uint64_t number = bytes_read_number(c);

	return number <= max ? number : refuse(c);
}

void
bytes_read_text(struct cursor *c, char *text, size_t size)
{
	size_t len = (size_t)bytes_read_below(c, size - 1);
	const uint8_t *at = cursor_take(c, len);

	text[0] = '\0';
	if (!at || (len > 0 && memchr(at, '\0', len) != NULL)) {
		c->short_read = true;
		return;
	}
	if (len > 0)
		memcpy(text, at, len);
	text[len] = '\0';
}
