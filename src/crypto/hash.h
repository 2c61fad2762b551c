/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPTO_HASH_H
#define CRYPTO_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SHA1_SIZE   20
#define SHA256_SIZE 32
#define SHA256_TEXT 65 /* hex digits with a NUL */

/* SHA-256 (FIPS 180-4) over bytes that come in pieces. */
struct sha256;

/* Returns NULL when out of memory. */
struct sha256 *sha256_new(void);
void sha256_add(struct sha256 *sum, const void *bytes, size_t len);
/* The sum of all bytes added so far, in lower-case hex; more may be added afterwards. */
void sha256_hex(struct sha256 *sum, char hex[static SHA256_TEXT]);
void sha256_free(struct sha256 *sum);

/* At once.  Return false, with out all zero, only if the library cannot be used. */
bool sha256_bytes(const void *bytes, size_t len, uint8_t out[static SHA256_SIZE]);
bool sha1_bytes(const void *bytes, size_t len, uint8_t out[static SHA1_SIZE]);

#endif
