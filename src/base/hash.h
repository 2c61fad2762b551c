/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

/*
 * SipHash-1-3 (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012)
 * with the 128-bit key seed || ~seed.  For tables keyed by packet bytes: whoever
 * does not know the seed cannot make keys collide.
 */
uint64_t hash_bytes(const void *bytes, size_t len, uint64_t seed);

/*
 * The identifier of a record: the same bytes give the same id on every machine,
 * so the key is fixed.  Never 0, which means "none".
 */
uint64_t hash_id(const void *bytes, size_t len);

#endif
