/* SPDX-License-Identifier: Apache-2.0 */
#include "base/addr.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

struct addr
addr_from_ipv4(uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
	return (struct addr){.family = 4, .bytes = {a, b, c, d}};
}

/* In decimal, without zeros before it: where it ends. */
static char *
write_byte(char *at, unsigned byte)
{
	if (byte >= 100)
		*at++ = (char)('0' + byte / 100);
	if (byte >= 10)
		*at++ = (char)('0' + byte / 10 % 10);
	*at++ = (char)('0' + byte % 10);
	return at;
}

static void
write_ipv4(const uint8_t bytes[static 4], char *at)
{
	for (size_t i = 0; i < 4; i++) {
		if (i > 0)
			*at++ = '.';
		at = write_byte(at, bytes[i]);
	}
	*at = '\0';
}

/* In hexadecimal, without zeros before it: where it ends. */
static char *
write_group(char *at, unsigned group)
{
	for (int shift = 12; shift >= 0; shift -= 4)
		if (group >> shift || shift == 0)
			*at++ = "0123456789abcdef"[group >> shift & 15];
	return at;
}

/* Groups of zeros that stand together, the most of them: two at least, the first of equals. */
static size_t
find_gap(const uint16_t group[static 8], size_t *len)
{
	size_t gap = 8;

	*len = 1;
	for (size_t i = 0, end; i < 8; i = end + 1) {
		for (end = i; end < 8 && group[end] == 0;)
			end++;
		if (end - i > *len) {
			gap = i;
			*len = end - i;
		}
	}
	return gap;
}

/* How many groups stand before IPv4 that is mapped or compatible (RFC 4291, 2.5.5); 8 for none. */
static size_t
groups_of(const uint16_t group[static 8], size_t gap, size_t len)
{
	return gap == 0 && (len == 6 || (len == 5 && group[5] == 0xffff)) ? 6 : 8;
}

/* As RFC 5952 has it. */
static void
write_ipv6(const uint8_t bytes[static 16], char *at)
{
	uint16_t group[8];
	size_t gap, len, count;

	for (size_t i = 0; i < 8; i++)
		group[i] = (uint16_t)(bytes[2 * i] << 8 | bytes[2 * i + 1]);
	gap = find_gap(group, &len);
	count = groups_of(group, gap, len);
	for (size_t i = 0; i < count; i++) {
		if (i > 0 || gap == 0)
			*at++ = ':';
		if (i == gap)
			i += len - 1;
		else
			at = write_group(at, group[i]);
	}
	if (count == 6 || gap + len == 8)
		*at++ = ':';
	if (count == 6)
		write_ipv4(bytes + 12, at);
	else
		*at = '\0';
}

char *
addr_format(const struct addr *addr, char text[static ADDR_TEXT])
{
	text[0] = '\0';
	if (addr->family == 4)
		write_ipv4(addr->bytes, text);
	else if (addr->family == 6)
		write_ipv6(addr->bytes, text);
	return text;
}

static unsigned
digit(char c) /* more than 9 for what is none */
{
	return (unsigned char)c - (unsigned)'0';
}

/* Four numbers with dots between them, in decimal, none with a zero before it: where they end. */
static const char *
read_ipv4(const char *text, uint8_t bytes[static 4])
{
	for (size_t i = 0; i < 4; i++) {
		unsigned number;

		if (i > 0 && *text++ != '.')
			return NULL;
		number = digit(*text++);
		if (number > 9)
			return NULL;
		for (; number > 0 && digit(*text) <= 9; text++) {
			number = number * 10 + digit(*text);
			if (number > 255)
				return NULL;
		}
		bytes[i] = (uint8_t)number;
	}
	return text;
}

/* One to four hexadecimal digits: where they end. */
static const char *
read_group(const char *text, uint8_t bytes[static 2])
{
	const char *first = text;
	unsigned number = 0;

	for (; text_hex_digit(*text) >= 0; text++) {
		if (text == first + 4)
			return NULL;
		number = number << 4 | (unsigned)text_hex_digit(*text);
	}
	bytes[0] = (uint8_t)(number >> 8);
	bytes[1] = (uint8_t)number;
	return text > first ? text : NULL;
}

/* A group, or IPv4 in the place of two: where it ends, and how many bytes it is. */
static const char *
read_part(const char *text, uint8_t *bytes, size_t room, size_t *size)
{
	const char *end = read_group(text, bytes);

	*size = 2;
	if (!end || *end != '.')
		return end;
	*size = 4;
	return room >= 4 ? read_ipv4(text, bytes) : NULL;
}

/* What follows a "::" goes to the end; false when there are too few groups, or none it stands for.
 */
static bool
fill_gap(uint8_t bytes[static 16], size_t gap, size_t len)
{
	if (gap == 16)
		return len == 16;
	if (len == 16)
		return false;
	memmove(bytes + 16 - (len - gap), bytes + gap, len - gap);
	memset(bytes + gap, 0, 16 - len);
	return true;
}

/* Groups, "::" once for several of zeros, IPv4 at the end perhaps (RFC 4291, 2.2): where it ends.
 */
static const char *
read_ipv6(const char *text, uint8_t bytes[static 16])
{
	size_t len = 0, size = 2, gap = 16;

	while (text && size == 2 && len < 16) {
		if (gap == 16 && text[0] == ':' && text[1] == ':') {
			gap = len;
			text += 2;
			if (text_hex_digit(*text) < 0)
				break;
		} else if (len > 0) {
			if (*text != ':')
				break;
			text++;
		}
		text = read_part(text, bytes + len, 16 - len, &size);
		len += size;
	}
	return text && fill_gap(bytes, gap, len) ? text : NULL;
}

/* Where an address ends that a text begins with, or NULL. */
static const char *
read_address(const char *text, struct addr *addr)
{
	const char *end;

	*addr = (struct addr){.family = 4};
	end = read_ipv4(text, addr->bytes);
	if (end)
		return end;
	*addr = (struct addr){.family = 6};
	end = read_ipv6(text, addr->bytes);
	if (!end)
		*addr = (struct addr){0};
	return end;
}

bool
addr_parse(const char *text, struct addr *addr)
{
	const char *end = read_address(text, addr);

	if (end && !*end)
		return true;
	*addr = (struct addr){0};
	return false;
}

char *
mac_format(const struct mac *mac, char text[static MAC_TEXT])
{
	static const char digit[] = "0123456789abcdef";

	for (size_t i = 0; i < sizeof(mac->bytes); i++) {
		text[3 * i] = digit[mac->bytes[i] >> 4];
		text[3 * i + 1] = digit[mac->bytes[i] & 15];
		text[3 * i + 2] = i + 1 < sizeof(mac->bytes) ? ':' : '\0';
	}
	return text;
}

bool
mac_parse(const char *text, struct mac *mac)
{
	if (strlen(text) != MAC_TEXT - 1)
		return false;
	for (size_t i = 0; i < sizeof(mac->bytes); i++) {
		const char *at = text + 3 * i;
		int high = text_hex_digit(at[0]);
		int low = text_hex_digit(at[1]);

		if (high < 0 || low < 0 || (i < 5 && at[2] != ':' && at[2] != '-'))
			return false;
		mac->bytes[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

/* Clears what lies past the length. */
static void
cut_off(struct prefix *prefix)
{
	size_t whole = prefix->length / 8, size = addr_size(&prefix->addr);
	uint8_t *bytes = prefix->addr.bytes;

	if (whole >= size)
		return;
	bytes[whole] &= (uint8_t)(0xff00U >> prefix->length % 8);
	memset(bytes + whole + 1, 0, size - whole - 1);
}

struct prefix
prefix_of(const struct addr *addr, uint8_t length)
{
	struct prefix prefix = {.addr = *addr, .length = length};

	cut_off(&prefix);
	return prefix;
}

/* Digits, for a number of bits that is at most that: where they end. */
static const char *
read_length(const char *text, size_t most, size_t *length)
{
	const char *first = text;

	for (*length = 0; digit(*text) <= 9; text++) {
		*length = *length * 10 + digit(*text);
		if (*length > most)
			return NULL;
	}
	return text > first ? text : NULL;
}

const char *
prefix_read(const char *text, struct prefix *prefix)
{
	const char *end = read_address(text, &prefix->addr);
	size_t length = addr_size(&prefix->addr) * 8;

	if (end && *end == '/')
		end = read_length(end + 1, length, &length);
	if (!end)
		return NULL;
	prefix->length = (uint8_t)length;
	cut_off(prefix);
	return end;
}

bool
prefix_parse(const char *text, struct prefix *prefix)
{
	const char *end = prefix_read(text, prefix);

	return end && !*end;
}
