/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/hkdf.h"

#include <gcrypt.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/crypto.h"

struct hkdf {
	gcry_md_hd_t hmac;
};

struct hkdf *
hkdf_new(void)
{
	struct hkdf *hkdf;

	if (!crypto_init())
		return NULL;
	hkdf = calloc(1, sizeof(*hkdf));
	if (!hkdf)
		return NULL;
	if (gcry_md_open(&hkdf->hmac, GCRY_MD_SHA256, GCRY_MD_FLAG_HMAC) != 0) {
		free(hkdf);
		return NULL;
	}
	return hkdf;
}

void
hkdf_free(struct hkdf *hkdf)
{
	if (!hkdf)
		return;
	gcry_md_close(hkdf->hmac);
	free(hkdf);
}

static void
add(struct hkdf *hkdf, const uint8_t *bytes, size_t len)
{
	if (len > 0)
		gcry_md_write(hkdf->hmac, bytes, len);
}

static bool
finish(struct hkdf *hkdf, uint8_t out[static HKDF_KEY_SIZE])
{
	const uint8_t *sum = gcry_md_read(hkdf->hmac, GCRY_MD_SHA256);

	if (!sum)
		return false;
	memcpy(out, sum, HKDF_KEY_SIZE);
	return true;
}

bool
hkdf_extract(struct hkdf *hkdf, const uint8_t *salt, size_t salt_len, const uint8_t *input,
    size_t input_len, uint8_t key[static HKDF_KEY_SIZE])
{
	static const uint8_t zero[HKDF_KEY_SIZE];

	if (salt_len == 0) {
		salt = zero;
		salt_len = sizeof(zero);
	}
	gcry_md_reset(hkdf->hmac);
	if (gcry_md_setkey(hkdf->hmac, salt, salt_len) != 0)
		return false;
	add(hkdf, input, input_len);
	return finish(hkdf, key);
}

/* T(n) = HMAC(key, T(n - 1) | info | n), and the output is T(1) | T(2) | ... (RFC 5869, 2.3) */
bool
hkdf_expand(struct hkdf *hkdf, const uint8_t key[static HKDF_KEY_SIZE], const uint8_t *info,
    size_t info_len, uint8_t *out, size_t out_len)
{
	uint8_t block[HKDF_KEY_SIZE];

	if (out_len > HKDF_OUT_MAX)
		return false;
	gcry_md_reset(hkdf->hmac);
	if (gcry_md_setkey(hkdf->hmac, key, HKDF_KEY_SIZE) != 0)
		return false;
	for (size_t done = 0; done < out_len; done += HKDF_KEY_SIZE) {
		uint8_t n = (uint8_t)(done / HKDF_KEY_SIZE + 1);
		size_t want = out_len - done < HKDF_KEY_SIZE ? out_len - done : HKDF_KEY_SIZE;

		gcry_md_reset(hkdf->hmac);
		if (n > 1)
			add(hkdf, block, sizeof(block));
		add(hkdf, info, info_len);
		add(hkdf, &n, 1);
		if (!finish(hkdf, block))
			return false;
		memcpy(out + done, block, want);
	}
	return true;
}

/* HkdfLabel: length(2) label<7..255> context<0..255> */
bool
hkdf_expand_label(struct hkdf *hkdf, const uint8_t key[static HKDF_KEY_SIZE], const char *label,
    uint8_t *out, size_t out_len)
{
	static const char prefix[] = "tls13 ";
	uint8_t info[2 + 1 + 255 + 1];
	size_t label_len = strlen(label);
	size_t prefix_len = strlen(prefix);

	if (label_len > HKDF_LABEL_MAX || out_len > HKDF_OUT_MAX)
		return false;
	info[0] = (uint8_t)(out_len >> 8);
	info[1] = (uint8_t)out_len;
	info[2] = (uint8_t)(prefix_len + label_len);
	memcpy(info + 3, prefix, prefix_len);
	memcpy(info + 3 + prefix_len, label, label_len);
	info[3 + prefix_len + label_len] = 0;
	return hkdf_expand(hkdf, key, info, 4 + prefix_len + label_len, out, out_len);
}
