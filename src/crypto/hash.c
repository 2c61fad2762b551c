/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/hash.h"

#include <gcrypt.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/crypto.h"

struct sha256 {
	gcry_md_hd_t handle;
};

struct sha256 *
sha256_new(void)
{
	struct sha256 *sum;

	if (!crypto_init())
		return NULL;
	sum = calloc(1, sizeof(*sum));
	if (!sum)
		return NULL;
	if (gcry_md_open(&sum->handle, GCRY_MD_SHA256, 0) != 0) {
		free(sum);
		return NULL;
	}
	return sum;
}

void
sha256_add(struct sha256 *sum, const void *bytes, size_t len)
{
	if (len > 0)
		gcry_md_write(sum->handle, bytes, len);
}

static void
hex_write(char *hex, const uint8_t *bytes, size_t len)
{
	static const char digit[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		hex[2 * i] = digit[bytes[i] >> 4];
		hex[2 * i + 1] = digit[bytes[i] & 15];
	}
	hex[2 * len] = '\0';
}

void
sha256_hex(struct sha256 *sum, char hex[static SHA256_TEXT])
{
	uint8_t out[SHA256_SIZE] = {0};
	const uint8_t *end;
	gcry_md_hd_t copy;

	/* Reading a handle ends it, so a copy is read. */
	if (gcry_md_copy(&copy, sum->handle) == 0) {
		end = gcry_md_read(copy, GCRY_MD_SHA256);
		if (end)
			memcpy(out, end, sizeof(out));
		gcry_md_close(copy);
	}
	hex_write(hex, out, sizeof(out));
}

void
sha256_free(struct sha256 *sum)
{
	if (!sum)
		return;
	gcry_md_close(sum->handle);
	free(sum);
}

bool
sha256_bytes(const void *bytes, size_t len, uint8_t out[static SHA256_SIZE])
{
	memset(out, 0, SHA256_SIZE);
	if (!crypto_init())
		return false;
	gcry_md_hash_buffer(GCRY_MD_SHA256, out, len > 0 ? bytes : "", len);
	return true;
}

bool
sha1_bytes(const void *bytes, size_t len, uint8_t out[static SHA1_SIZE])
{
	memset(out, 0, SHA1_SIZE);
	if (!crypto_init())
		return false;
	gcry_md_hash_buffer(GCRY_MD_SHA1, out, len > 0 ? bytes : "", len);
	return true;
}
