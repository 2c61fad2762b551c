/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/quic_keys.h"

#include <gcrypt.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/crypto.h"
#include "crypto/hkdf.h"

#define KEY_SIZE    16 /* AES-128 (RFC 9001, 5.3) */
#define IV_SIZE     12
#define SAMPLE_SIZE 16 /* RFC 9001, 5.4.2 */
#define NUMBER_MAX  4  /* a packet number's longest encoding (RFC 9000, 17.1) */
#define DCID_MAX    20
#define HEADER_MAX  2048 /* with a token; longer ones cannot be a client's first flight */

struct version {
	uint32_t first;
	uint32_t last;
	const char *key_label;
	const char *iv_label;
	const char *hp_label;
	uint8_t salt[20];
};

static const struct version versions[] = {
    /* RFC 9001, 5.2 */
    {0x00000001, 0x00000001, "quic key", "quic iv", "quic hp",
        {0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4, 0xc8, 0x0c,
            0xad, 0xcc, 0xbb, 0x7f, 0x0a}},
    /* RFC 9369, 3.3 */
    {0x6b3343cf, 0x6b3343cf, "quicv2 key", "quicv2 iv", "quicv2 hp",
        {0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93, 0x81, 0xbe, 0x6e, 0x26, 0x9d,
            0xcb, 0xf9, 0xbd, 0x2e, 0xd9}},
    /* draft-ietf-quic-tls-33 and -34, 5.2: as version 1 */
    {0xff000021, 0xff000022, "quic key", "quic iv", "quic hp",
        {0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4, 0xc8, 0x0c,
            0xad, 0xcc, 0xbb, 0x7f, 0x0a}},
    /* draft-ietf-quic-tls-29 to -32, 5.2 */
    {0xff00001d, 0xff000020, "quic key", "quic iv", "quic hp",
        {0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97, 0x86, 0xf1, 0x9c, 0x61, 0x11,
            0xe0, 0x43, 0x90, 0xa8, 0x99}},
    /* draft-ietf-quic-tls-23 to -28, 5.2 */
    {0xff000017, 0xff00001c, "quic key", "quic iv", "quic hp",
        {0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb, 0x5a, 0x11, 0xa7, 0xd2, 0x43, 0x2b, 0xb4, 0x63,
            0x65, 0xbe, 0xf9, 0xf5, 0x02}},
};

struct quic_opener {
	struct hkdf *hkdf;
	gcry_cipher_hd_t mask;    /* header protection: AES-ECB */
	gcry_cipher_hd_t payload; /* AES-GCM */
};

struct keys {
	uint8_t key[KEY_SIZE];
	uint8_t iv[IV_SIZE];
	uint8_t hp[KEY_SIZE];
};

struct quic_opener *
quic_opener_new(void)
{
	struct quic_opener *opener;

	if (!crypto_init())
		return NULL;
	opener = calloc(1, sizeof(*opener));
	if (!opener)
		return NULL;
	opener->hkdf = hkdf_new();
	if (!opener->hkdf ||
	    gcry_cipher_open(&opener->mask, GCRY_CIPHER_AES128, GCRY_CIPHER_MODE_ECB, 0) != 0 ||
	    gcry_cipher_open(&opener->payload, GCRY_CIPHER_AES128, GCRY_CIPHER_MODE_GCM, 0) != 0) {
		quic_opener_free(opener);
		return NULL;
	}
	return opener;
}

void
quic_opener_free(struct quic_opener *opener)
{
	if (!opener)
		return;
	gcry_cipher_close(opener->payload); /* NULL is fine */
	gcry_cipher_close(opener->mask);
	hkdf_free(opener->hkdf);
	free(opener);
}

static const struct version *
version_find(uint32_t number)
{
	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++)
		if (number >= versions[i].first && number <= versions[i].last)
			return &versions[i];
	return NULL;
}

bool
quic_version_known(uint32_t version)
{
	return version_find(version) != NULL;
}

static bool
keys_derive(struct hkdf *hkdf, const struct version *v, const struct quic_initial *initial,
    struct keys *keys)
{
	uint8_t secret[HKDF_KEY_SIZE];
	uint8_t client[HKDF_KEY_SIZE];

	return hkdf_extract(hkdf, v->salt, sizeof(v->salt), initial->dcid, initial->dcid_len,
	           secret) &&
	       hkdf_expand_label(hkdf, secret, "client in", client, sizeof(client)) &&
	       hkdf_expand_label(hkdf, client, v->key_label, keys->key, sizeof(keys->key)) &&
	       hkdf_expand_label(hkdf, client, v->iv_label, keys->iv, sizeof(keys->iv)) &&
	       hkdf_expand_label(hkdf, client, v->hp_label, keys->hp, sizeof(keys->hp));
}

/*
 * RFC 9001, 5.4: the mask comes from a sample of the ciphertext, taken as if the packet
 * number had four bytes.  Writes the bare header to header and returns the bytes of the
 * packet number, or 0.
 */
static size_t
header_unmask(struct quic_opener *opener, const struct keys *keys,
    const struct quic_initial *initial, uint8_t *header)
{
	const uint8_t *number = initial->packet + initial->number_offset;
	uint8_t mask[SAMPLE_SIZE];
	size_t size;

	if (gcry_cipher_setkey(opener->mask, keys->hp, sizeof(keys->hp)) != 0 ||
	    gcry_cipher_encrypt(opener->mask, mask, sizeof(mask), number + NUMBER_MAX,
	        SAMPLE_SIZE) != 0)
		return 0;
	memcpy(header, initial->packet, initial->number_offset + NUMBER_MAX);
	header[0] ^= mask[0] & 0x0f; /* a long header protects four bits */
	size = (header[0] & 0x03u) + 1;
	for (size_t i = 0; i < size; i++)
		header[initial->number_offset + i] ^= mask[1 + i];
	return size;
}

/* What is fed to AES-GCM: the bare header is authenticated, sealed is ciphertext and tag. */
struct sealed {
	const uint8_t *header;
	size_t header_len;
	size_t number_size; /* bytes of the packet number, at the end of the header */
	const uint8_t *bytes;
	size_t len; /* without the tag */
};

/* RFC 9001, 5.3: the nonce is the IV, its end combined with the packet number. */
static bool
payload_decrypt(struct quic_opener *opener, const struct keys *keys, const struct sealed *sealed,
    uint8_t *plain)
{
	uint8_t nonce[IV_SIZE];
	const uint8_t *number = sealed->header + sealed->header_len - sealed->number_size;

	memcpy(nonce, keys->iv, sizeof(nonce));
	/* A first flight's numbers are small: what is not sent of them is zero. */
	for (size_t i = 0; i < sealed->number_size; i++)
		nonce[IV_SIZE - sealed->number_size + i] ^= number[i];
	return gcry_cipher_reset(opener->payload) == 0 &&
	       gcry_cipher_setkey(opener->payload, keys->key, sizeof(keys->key)) == 0 &&
	       gcry_cipher_setiv(opener->payload, nonce, sizeof(nonce)) == 0 &&
	       gcry_cipher_authenticate(opener->payload, sealed->header, sealed->header_len) == 0 &&
	       gcry_cipher_final(opener->payload) == 0 &&
	       gcry_cipher_decrypt(opener->payload, plain, sealed->len, sealed->bytes,
	           sealed->len) == 0 &&
	       gcry_cipher_checktag(opener->payload, sealed->bytes + sealed->len, QUIC_TAG) == 0;
}

bool
quic_open(struct quic_opener *opener, const struct quic_initial *initial, uint8_t *plain,
    size_t plain_size, size_t *plain_len)
{
	const struct version *version = version_find(initial->version);
	uint8_t header[HEADER_MAX + NUMBER_MAX];
	struct keys keys;
	struct sealed sealed;
	size_t number_size;

	*plain_len = 0;
	if (!version || initial->dcid_len > DCID_MAX || initial->number_offset > HEADER_MAX ||
	    initial->protected_len < NUMBER_MAX + SAMPLE_SIZE)
		return false;
	if (!keys_derive(opener->hkdf, version, initial, &keys))
		return false;
	number_size = header_unmask(opener, &keys, initial, header);
	if (number_size == 0)
		return false;
	sealed = (struct sealed){
	    .header = header,
	    .header_len = initial->number_offset + number_size,
	    .number_size = number_size,
	    .bytes = initial->packet + initial->number_offset + number_size,
	    .len = initial->protected_len - number_size - QUIC_TAG,
	};
	if (sealed.len > plain_size)
		return false;
	if (!payload_decrypt(opener, &keys, &sealed, plain)) {
		memset(plain, 0, sealed.len);
		return false;
	}
	*plain_len = sealed.len;
	return true;
}
