/* SPDX-License-Identifier: Apache-2.0 */
#include "base/addr.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct addr
addr_from_ipv4(uint8_t a, uint8_t b, uint8_t c, uint8_t d)
{
	return (struct addr){.family = 4, .bytes = {a, b, c, d}};
}

struct addr
addr_from_bytes(uint8_t family, const uint8_t *bytes)
{
	struct addr addr = {.family = family};

	memcpy(addr.bytes, bytes, addr_size(&addr));
	return addr;
}

size_t
addr_size(const struct addr *addr)
{
	if (addr->family == 6)
		return 16;
	return addr->family == 4 ? 4 : 0;
}

bool
addr_equal(const struct addr *a, const struct addr *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

int
addr_compare(const struct addr *a, const struct addr *b)
{
	return memcmp(a, b, sizeof(*a));
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

bool
addr_parse(const char *text, struct addr *addr)
{
	memset(addr, 0, sizeof(*addr));
	if (inet_pton(AF_INET, text, addr->bytes) == 1)
		addr->family = 4;
	else if (inet_pton(AF_INET6, text, addr->bytes) == 1)
		addr->family = 6;
	return addr->family != 0;
}

bool
addr_is_multicast(const struct addr *addr)
{
	if (addr->family == 4)
		return (addr->bytes[0] & 0xf0) == 0xe0;
	return addr->family == 6 && addr->bytes[0] == 0xff;
}

bool
addr_is_broadcast(const struct addr *addr)
{
	return addr->family == 4 && memcmp(addr->bytes, "\xff\xff\xff\xff", 4) == 0;
}

bool
addr_is_unspecified(const struct addr *addr)
{
	static const uint8_t zero[16];

	return addr->family != 0 && memcmp(addr->bytes, zero, sizeof(zero)) == 0;
}

bool
addr_is_loopback(const struct addr *addr)
{
	static const uint8_t one[16] = {[15] = 1};

	if (addr->family == 4)
		return addr->bytes[0] == 127;
	return addr->family == 6 && memcmp(addr->bytes, one, sizeof(one)) == 0;
}

bool
addr_is_link_local(const struct addr *addr)
{
	if (addr->family == 4)
		return addr->bytes[0] == 169 && addr->bytes[1] == 254;
	return addr->family == 6 && addr->bytes[0] == 0xfe && (addr->bytes[1] & 0xc0) == 0x80;
}

bool
addr_is_private(const struct addr *addr)
{
	const uint8_t *b = addr->bytes;

	if (addr->family == 6)
		return (b[0] & 0xfe) == 0xfc;
	if (addr->family != 4)
		return false;
	return b[0] == 10 || (b[0] == 172 && (b[1] & 0xf0) == 16) || (b[0] == 192 && b[1] == 168);
}

bool
mac_equal(const struct mac *a, const struct mac *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

bool
mac_is_zero(const struct mac *mac)
{
	static const struct mac zero;

	return mac_equal(mac, &zero);
}

bool
mac_is_group(const struct mac *mac)
{
	return (mac->bytes[0] & 1) != 0;
}

bool
mac_is_local(const struct mac *mac)
{
	return (mac->bytes[0] & 2) != 0;
}

char *
mac_format(const struct mac *mac, char text[static MAC_TEXT])
{
	const uint8_t *b = mac->bytes;

	snprintf(text, MAC_TEXT, "%02x:%02x:%02x:%02x:%02x:%02x", b[0], b[1], b[2], b[3], b[4],
	    b[5]);
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

static void
clear_past(struct addr *addr, unsigned length)
{
	for (unsigned bit = length; bit < addr_size(addr) * 8; bit++)
		addr->bytes[bit / 8] &= (uint8_t) ~(0x80U >> bit % 8);
}

bool
prefix_parse(const char *text, struct prefix *prefix)
{
	char copy[ADDR_TEXT + 4];
	char *slash, *end = NULL;
	unsigned long length;

	if (strlen(text) >= sizeof(copy))
		return false;
	strcpy(copy, text);
	slash = strchr(copy, '/');
	if (slash)
		*slash = '\0';
	if (!addr_parse(copy, &prefix->addr))
		return false;
	length = addr_size(&prefix->addr) * 8;
	if (slash) {
		unsigned long most = length;

		if (hex_digit(slash[1]) < 0)
			return false;
		length = strtoul(slash + 1, &end, 10);
		if (*end != '\0' || length > most)
			return false;
	}
	clear_past(&prefix->addr, (unsigned)length);
	prefix->length = (uint8_t)length;
	return true;
}

bool
prefix_contains(const struct prefix *prefix, const struct addr *addr)
{
	unsigned whole = prefix->length / 8, rest = prefix->length % 8;
	uint8_t mask = (uint8_t)(0xff00U >> rest);

	if (prefix->addr.family != addr->family ||
	    memcmp(prefix->addr.bytes, addr->bytes, whole) != 0)
		return false;
	return rest == 0 || ((prefix->addr.bytes[whole] ^ addr->bytes[whole]) & mask) == 0;
}
