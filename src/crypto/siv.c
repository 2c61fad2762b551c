/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/siv.h"

#include <gcrypt.h>
#include <stdlib.h>

#include "crypto/crypto.h"

struct siv {
	gcry_cipher_hd_t cipher;
};

/* Half of the key is for the tag, half for the text (RFC 5297, 2.6). */
static int
algorithm_of(size_t key_len)
{
	switch (key_len) {
	case 32:
		return GCRY_CIPHER_AES128;
	case 48:
		return GCRY_CIPHER_AES192;
	case 64:
		return GCRY_CIPHER_AES256;
	default:
		return GCRY_CIPHER_NONE;
	}
}

struct siv *
siv_new(const uint8_t *key, size_t key_len)
{
	int algorithm = algorithm_of(key_len);
	struct siv *siv;

	if (algorithm == GCRY_CIPHER_NONE || !crypto_init())
		return NULL;
	siv = calloc(1, sizeof(*siv));
	if (!siv)
		return NULL;
	if (gcry_cipher_open(&siv->cipher, algorithm, GCRY_CIPHER_MODE_SIV, 0) != 0) {
		free(siv);
		return NULL;
	}
	if (gcry_cipher_setkey(siv->cipher, key, key_len) == 0)
		return siv;
	siv_free(siv);
	return NULL;
}

void
siv_free(struct siv *siv)
{
	if (!siv)
		return;
	gcry_cipher_close(siv->cipher);
	free(siv);
}

static bool
begin(struct siv *siv, const struct siv_beside *beside, size_t count)
{
	if (count > SIV_BESIDE_MAX || gcry_cipher_reset(siv->cipher) != 0)
		return false;
	for (size_t i = 0; i < count; i++)
		if (gcry_cipher_authenticate(siv->cipher, beside[i].bytes, beside[i].len) != 0)
			return false;
	return true;
}

bool
siv_seal(struct siv *siv, const struct siv_beside *beside, size_t count, const void *plain,
    size_t len, uint8_t *sealed)
{
	return begin(siv, beside, count) &&
	       gcry_cipher_encrypt(siv->cipher, sealed + SIV_TAG, len, plain, len) == 0 &&
	       gcry_cipher_gettag(siv->cipher, sealed, SIV_TAG) == 0;
}

bool
siv_open(struct siv *siv, const struct siv_beside *beside, size_t count, const void *sealed,
    size_t len, uint8_t *plain)
{
	const uint8_t *tag = sealed;

	if (len < SIV_TAG || !begin(siv, beside, count) ||
	    gcry_cipher_set_decryption_tag(siv->cipher, tag, SIV_TAG) != 0)
		return false;
	return gcry_cipher_decrypt(siv->cipher, plain, len - SIV_TAG, tag + SIV_TAG,
	           len - SIV_TAG) == 0;
}
