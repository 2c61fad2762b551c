/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPTO_HKDF_H
#define CRYPTO_HKDF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * HKDF (RFC 5869) with SHA-256, and HKDF-Expand-Label of TLS 1.3 (RFC 8446, 7.1), made
 * from the library's HMAC because Debian's libgcrypt 1.10 has no HKDF of its own.
 */

#define HKDF_KEY_SIZE  32                 /* a pseudorandom key: one SHA-256 */
#define HKDF_OUT_MAX   ((size_t)255 * 32) /* RFC 5869, 2.3 */
#define HKDF_LABEL_MAX (255 - 6) /* RFC 8446, 7.1: "tls13 " and the label share 255 bytes */

/* One HMAC handle, opened once; not to be shared between threads. */
struct hkdf;

/* Returns NULL when out of memory. */
struct hkdf *hkdf_new(void);
void hkdf_free(struct hkdf *hkdf);

/* An empty salt stands for 32 zero bytes. */
bool hkdf_extract(struct hkdf *hkdf, const uint8_t *salt, size_t salt_len, const uint8_t *input,
    size_t input_len, uint8_t key[static HKDF_KEY_SIZE]);

/* Fills out[0..out_len); false if out_len is over HKDF_OUT_MAX. */
bool hkdf_expand(struct hkdf *hkdf, const uint8_t key[static HKDF_KEY_SIZE], const uint8_t *info,
    size_t info_len, uint8_t *out, size_t out_len);

/* With an empty context, which is all that QUIC Initials need (RFC 9001, 5.1). */
bool hkdf_expand_label(struct hkdf *hkdf, const uint8_t key[static HKDF_KEY_SIZE],
    const char *label, uint8_t *out, size_t out_len);

#endif
