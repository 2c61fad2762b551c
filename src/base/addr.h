/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_ADDR_H
#define BASE_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* An IP address: IPv4 uses the first four bytes, the rest is zero. */
struct addr {
	uint8_t family; /* 0 for none, else 4 or 6 */
	uint8_t bytes[16];
};

struct mac {
	uint8_t bytes[6];
};

struct prefix {
	struct addr addr; /* bits past length are zero */
	uint8_t length;
};

#define ADDR_TEXT 46 /* an IPv6 address as text, with its NUL (RFC 4291, 2.2) */
#define MAC_TEXT  18

struct addr addr_from_ipv4(uint8_t a, uint8_t b, uint8_t c, uint8_t d);

/* RFC 5952 text; "" for none.  Returns text. */
char *addr_format(const struct addr *addr, char text[static ADDR_TEXT]);
bool addr_parse(const char *text, struct addr *addr);

char *mac_format(const struct mac *mac, char text[static MAC_TEXT]);
bool mac_parse(const char *text, struct mac *mac); /* aa:bb:.. or aa-bb-.. */

/* "192.0.2.0/24", or an address alone. */
bool prefix_parse(const char *text, struct prefix *prefix);
/* The same at the beginning of a text: where it ends, or NULL. */
const char *prefix_read(const char *text, struct prefix *prefix);
/* The network of that many bits in which addr lies; length is at most its own. */
struct prefix prefix_of(const struct addr *addr, uint8_t length);

/* What follows is asked of every packet. */

static inline size_t
addr_size(const struct addr *addr) /* 0, 4 or 16 bytes */
{
	if (addr->family == 6)
		return 16;
	return addr->family == 4 ? 4 : 0;
}

/* family is 4 or 6; bytes holds 4 or 16. */
static inline struct addr
addr_from_bytes(uint8_t family, const uint8_t *bytes)
{
	struct addr addr = {.family = family};

	if (family == 6)
		memcpy(addr.bytes, bytes, 16);
	else if (family == 4)
		memcpy(addr.bytes, bytes, 4);
	return addr;
}

static inline bool
addr_equal(const struct addr *a, const struct addr *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

/* Adds an address to a sum that tells most apart, and that anybody can foresee. */
static inline uint64_t
addr_fold(const struct addr *addr, uint64_t sum)
{
	uint64_t first, second;

	memcpy(&first, addr->bytes, sizeof(first));
	memcpy(&second, addr->bytes + sizeof(first), sizeof(second));
	sum = (sum << 23 | sum >> 41) ^ first;
	return (sum << 23 | sum >> 41) ^ second;
}

static inline int
addr_compare(const struct addr *a, const struct addr *b) /* IPv4 before IPv6 */
{
	return memcmp(a, b, sizeof(*a));
}

/* Special ranges of the IANA registries (RFC 6890). */
static inline bool
addr_is_multicast(const struct addr *addr)
{
	if (addr->family == 4)
		return (addr->bytes[0] & 0xf0) == 0xe0;
	return addr->family == 6 && addr->bytes[0] == 0xff;
}

static inline bool
addr_is_broadcast(const struct addr *addr) /* 255.255.255.255 */
{
	return addr->family == 4 && memcmp(addr->bytes, "\xff\xff\xff\xff", 4) == 0;
}

static inline bool
addr_is_unspecified(const struct addr *addr)
{
	static const uint8_t zero[16];

	return addr->family != 0 && memcmp(addr->bytes, zero, sizeof(zero)) == 0;
}

static inline bool
addr_is_loopback(const struct addr *addr)
{
	static const uint8_t one[16] = {[15] = 1};

	if (addr->family == 4)
		return addr->bytes[0] == 127;
	return addr->family == 6 && memcmp(addr->bytes, one, sizeof(one)) == 0;
}

static inline bool
addr_is_link_local(const struct addr *addr) /* 169.254/16, fe80::/10 */
{
	if (addr->family == 4)
		return addr->bytes[0] == 169 && addr->bytes[1] == 254;
	return addr->family == 6 && addr->bytes[0] == 0xfe && (addr->bytes[1] & 0xc0) == 0x80;
}

static inline bool
addr_is_private(const struct addr *addr) /* RFC 1918, fc00::/7 */
{
	const uint8_t *b = addr->bytes;

	if (addr->family == 6)
		return (b[0] & 0xfe) == 0xfc;
	if (addr->family != 4)
		return false;
	return b[0] == 10 || (b[0] == 172 && (b[1] & 0xf0) == 16) || (b[0] == 192 && b[1] == 168);
}

static inline bool
mac_equal(const struct mac *a, const struct mac *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

static inline bool
mac_is_zero(const struct mac *mac)
{
	static const struct mac zero;

	return mac_equal(mac, &zero);
}

static inline bool
mac_is_group(const struct mac *mac) /* multicast and broadcast */
{
	return (mac->bytes[0] & 1) != 0;
}

static inline bool
mac_is_local(const struct mac *mac) /* locally administered: randomised */
{
	return (mac->bytes[0] & 2) != 0;
}

static inline bool
prefix_contains(const struct prefix *prefix, const struct addr *addr)
{
	unsigned whole = prefix->length / 8, rest = prefix->length % 8;
	const uint8_t *a = prefix->addr.bytes, *b = addr->bytes;
	uint8_t mask = (uint8_t)(0xff00U >> rest);

	if (prefix->addr.family != addr->family || (whole > 0 && a[0] != b[0]) ||
	    memcmp(a, b, whole) != 0)
		return false;
	return rest == 0 || ((a[whole] ^ b[whole]) & mask) == 0;
}

#endif
