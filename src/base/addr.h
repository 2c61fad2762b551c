/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_ADDR_H
#define BASE_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
/* family is 4 or 6; bytes holds 4 or 16. */
struct addr addr_from_bytes(uint8_t family, const uint8_t *bytes);
size_t addr_size(const struct addr *addr); /* 0, 4 or 16 bytes */
bool addr_equal(const struct addr *a, const struct addr *b);
int addr_compare(const struct addr *a, const struct addr *b); /* IPv4 before IPv6 */

/* RFC 5952 text; "" for none.  Returns text. */
char *addr_format(const struct addr *addr, char text[static ADDR_TEXT]);
bool addr_parse(const char *text, struct addr *addr);

/* Special ranges of the IANA registries (RFC 6890). */
bool addr_is_multicast(const struct addr *addr);
bool addr_is_broadcast(const struct addr *addr); /* 255.255.255.255 */
bool addr_is_unspecified(const struct addr *addr);
bool addr_is_loopback(const struct addr *addr);
bool addr_is_link_local(const struct addr *addr); /* 169.254/16, fe80::/10 */
bool addr_is_private(const struct addr *addr);    /* RFC 1918, fc00::/7 */

bool mac_equal(const struct mac *a, const struct mac *b);
bool mac_is_zero(const struct mac *mac);
bool mac_is_group(const struct mac *mac); /* multicast and broadcast */
bool mac_is_local(const struct mac *mac); /* locally administered: randomised */
char *mac_format(const struct mac *mac, char text[static MAC_TEXT]);
bool mac_parse(const char *text, struct mac *mac); /* aa:bb:.. or aa-bb-.. */

/* "192.0.2.0/24", or an address alone. */
bool prefix_parse(const char *text, struct prefix *prefix);
bool prefix_contains(const struct prefix *prefix, const struct addr *addr);

#endif
