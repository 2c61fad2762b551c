/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPTO_SIV_H
#define CRYPTO_SIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * AES-SIV (RFC 5297): encryption that is deterministic and tells of any change.  The same
 * bytes beside the same bytes give the same text, so that what is sealed can be looked up;
 * nothing else about it can be learnt without the key.
 */
struct siv;

#define SIV_TAG        16
#define SIV_KEY        64 /* of AES-256; 32 and 48 bytes are keys too */
#define SIV_BESIDE_MAX 8

/* Bytes that are not in the text and may not change either. */
struct siv_beside {
	const void *bytes;
	size_t len;
};

/* The key is copied.  NULL when out of memory, for a wrong length, or where the library is old. */
struct siv *siv_new(const uint8_t *key, size_t key_len);
void siv_free(struct siv *siv);

/* Writes SIV_TAG + len bytes to sealed. */
bool siv_seal(struct siv *siv, const struct siv_beside *beside, size_t count, const void *plain,
    size_t len, uint8_t *sealed);
/*
 * Writes len - SIV_TAG bytes to plain.  False, with plain undefined, if the text or what is
 * beside it is not what was sealed with this key.
 */
bool siv_open(struct siv *siv, const struct siv_beside *beside, size_t count, const void *sealed,
    size_t len, uint8_t *plain);

#endif
