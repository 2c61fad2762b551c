/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_HOST_H
#define BASE_HOST_H

#include <stdbool.h>
#include <stddef.h>

#define HOST_TEXT   254 /* 253 characters (RFC 1035, 2.3.4, without the final dot) and a NUL */
#define HOST_LABELS 127 /* one character and a dot each */

/* How each byte of a host name is spelt: in lower case; 0 for what stands in none. */
extern const char host_spelling[256];

/*
 * Writes host in its one spelling: lower case, no final dot.  False, and "" in out, for
 * what is no host name: labels of 1 to 63 letters, digits, hyphens and underscores
 * (RFC 1035, 2.3.1; RFC 2782 for the underscore).  An IPv4 address is none: the last
 * label may not be all digits (RFC 1123, 2.1).
 */
bool host_normalise(char out[static HOST_TEXT], const char *host);
/* The same for len bytes that need no NUL; a NUL among them is no host name. */
bool host_normalise_bytes(char out[static HOST_TEXT], const void *host, size_t len);

/* Whether host is suffix or lies below it, at a label's border.  Both in normal form. */
bool host_has_suffix(const char *host, const char *suffix);

#endif
