/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SOURCE_UNPACK_H
#define SOURCE_UNPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "source/raw.h"

/*
 * Turns stored bytes into content: gzip (RFC 1952, any number of members), zstd (RFC 8878,
 * any number of frames, windows up to 128 MiB), or as they are.
 */
struct unpack;

/* Looks at the first bytes of raw to know the packing.  Returns NULL when out of memory. */
struct unpack *unpack_new(struct raw *raw);

/* Up to len bytes of content; 0 at the end; -1 when damaged or cut, and *why tells. */
ssize_t unpack_read(struct unpack *unpack, uint8_t *out, size_t len, const char **why);

/* Whether content and stored bytes are the same. */
bool unpack_is_plain(const struct unpack *unpack);
void unpack_free(struct unpack *unpack);

#endif
