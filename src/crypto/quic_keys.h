/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRYPTO_QUIC_KEYS_H
#define CRYPTO_QUIC_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Opens QUIC Initial packets that a client sent.  They are encrypted with keys that
 * anyone on the path can derive from the packet itself (RFC 9001, 5.2; RFC 9369, 3.3),
 * so no secret is involved.
 */
struct quic_opener;

/* One Initial packet as it lies in its datagram; everything is lent for the call. */
struct quic_initial {
	uint32_t version;
	const uint8_t *dcid;   /* of the client's first Initial, from which the keys follow */
	size_t dcid_len;       /* at most 20 (RFC 9000, 17.2) */
	const uint8_t *packet; /* from the first byte of its long header */
	size_t number_offset;  /* of the packet number, from there */
	size_t protected_len;  /* the header's Length: packet number, payload and tag */
};

#define QUIC_TAG 16 /* bytes of AEAD_AES_128_GCM's tag (RFC 9001, 5.3) */

/* Cipher handles are opened here, once; not to be shared between threads.  NULL: no memory. */
struct quic_opener *quic_opener_new(void);
void quic_opener_free(struct quic_opener *opener);

/* Whether Initials of this version can be opened. */
bool quic_version_known(uint32_t version);

/*
 * Removes header and packet protection and writes the frames to plain.  Returns false,
 * with *plain_len 0, if the version is not known, plain_size is too small, or the tag
 * does not match: the packet is not a client's Initial under these keys.
 */
bool quic_open(struct quic_opener *opener, const struct quic_initial *initial, uint8_t *plain,
    size_t plain_size, size_t *plain_len);

#endif
