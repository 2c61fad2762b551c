/* SPDX-License-Identifier: Apache-2.0 */
#include "base/addr.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

struct addr
addr_from_ipv4(uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
	return (struct addr){.family = 4, .bytes = {a, b, c, d}};
}

char *
addr_format(const struct addr *addr, char text[static ADDR_TEXT])
{
	text[0] = '\0';
	if (addr->family == 4)
		inet_ntop(AF_INET, addr->bytes, text, ADDR_TEXT);
	else if (addr->family == 6)
		inet_ntop(AF_INET6, addr->bytes, text, ADDR_TEXT);
	return text;
}

/* Four numbers with dots between them, in decimal, none with a zero before it: where they end. */
static const char *
read_ipv4(const char *text, struct addr *addr)
{
	*addr = (struct addr){.family = 4};
	for (size_t i = 0; i < 4; i++) {
		const char *first;
		unsigned number = 0;

		if (i > 0 && *text++ != '.')
			return NULL;
		for (first = text; *text >= '0' && *text <= '9'; text++) {
			number = number * 10 + (unsigned)(*text - '0');
			if (number > 255 || (*first == '0' && text > first))
				return NULL;
		}
		if (text == first)
			return NULL;
		addr->bytes[i] = (uint8_t)number;
	}
	return text;
}

bool
addr_parse(const char *text, struct addr *addr)
{
	const char *end = read_ipv4(text, addr);

	if (end && !*end)
		return true;
	*addr = (struct addr){.family = 6};
	if (inet_pton(AF_INET6, text, addr->bytes) == 1)
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

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool
mac_parse(const char *text, struct mac *mac)
{
	if (strlen(text) != MAC_TEXT - 1)
		return false;
	for (size_t i = 0; i < sizeof(mac->bytes); i++) {
		const char *at = text + 3 * i;
		int high = hex_digit(at[0]);
		int low = hex_digit(at[1]);

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

	if (whole < size)
		bytes[whole] &= (uint8_t)(0xff00U >> prefix->length % 8);
	for (size_t i = whole + 1; i < size; i++)
		bytes[i] = 0;
}

struct prefix
prefix_of(const struct addr *addr, uint8_t length)
{
	struct prefix prefix = {.addr = *addr, .length = length};

	cut_off(&prefix);
	return prefix;
}

/* Digits alone, for a number of bits that is at most that. */
static bool
parse_length(const char *text, size_t most, size_t *length)
{
	if (!*text)
		return false;
	for (*length = 0; *text; text++) {
		if (*text < '0' || *text > '9')
			return false;
		*length = *length * 10 + (size_t)(*text - '0');
		if (*length > most)
			return false;
	}
	return true;
}

/* An address up to a slash or the end: where it ends, or NULL. */
static const char *
read_address(const char *text, struct addr *addr)
{
	const char *end = read_ipv4(text, addr);
	char address[ADDR_TEXT + 4];
	size_t len;

	if (end && (!*end || *end == '/'))
		return end;
	len = strcspn(text, "/");
	if (len >= sizeof(address))
		return NULL;
	memcpy(address, text, len);
	address[len] = '\0';
	return addr_parse(address, addr) ? text + len : NULL;
}

bool
prefix_parse(const char *text, struct prefix *prefix)
{
	const char *end = read_address(text, &prefix->addr);
	size_t length;

	if (!end)
		return false;
	length = addr_size(&prefix->addr) * 8;
	if (*end && !parse_length(end + 1, length, &length))
		return false;
	prefix->length = (uint8_t)length;
	cut_off(prefix);
	return true;
}
