/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HOME_JOINER_H
#define HOME_JOINER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"

#define JOINER_SIZE 16384 /* as TLS_HELLO_MAX */

/*
 * Puts pieces of a byte stream together, whatever their order and overlap.  The first
 * copy of a byte stays: what a retransmission says differently is not believed.
 */
struct joiner {
	size_t ready;                  /* bytes from 0 that are all there */
	size_t end;                    /* behind the last byte that is there */
	uint8_t have[JOINER_SIZE / 8]; /* one bit a byte */
	uint8_t bytes[JOINER_SIZE];
};

void joiner_clear(struct joiner *joiner); /* leaves bytes as they are */

/* Returns false, having kept what fits, if the piece goes past JOINER_SIZE. */
bool joiner_put(struct joiner *joiner, uint64_t offset, struct cursor piece);

/* Lent until the next put or clear. */
struct cursor joiner_ready(const struct joiner *joiner);

#endif
