/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_SIEVE_H
#define BASE_SIEVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * Whether a key may be among those put in, asked of every packet: a no is sure, and a yes
 * has to be looked up.  Anybody can foresee where a key lies; whoever fills the sieve has only
 * made it useless.  All zero is empty.
 */
#define SIEVE_BITS 4096

struct sieve {
	uint64_t word[SIEVE_BITS / 64];
};

/* size is 4 at least. */
static inline uint32_t
sieve_bit(const void *key, size_t size)
{
	const unsigned char *at = key;
	uint64_t sum = 0;
	uint32_t part;

	for (size_t i = 0; i + 4 <= size; i += 4) {
		memcpy(&part, at + i, sizeof(part));
		sum = (sum << 27 | sum >> 37) ^ part;
	}
	memcpy(&part, at + size - sizeof(part), sizeof(part));
	sum = (sum << 27 | sum >> 37) ^ part;
	return (uint32_t)(sum * UINT64_C(0x9e3779b97f4a7c15) >> 32) % SIEVE_BITS;
}

static inline void
sieve_add(struct sieve *sieve, const void *key, size_t size)
{
	uint32_t bit = sieve_bit(key, size);

	sieve->word[bit / 64] |= UINT64_C(1) << bit % 64;
}

static inline bool
sieve_may_have(const struct sieve *sieve, const void *key, size_t size)
{
	uint32_t bit = sieve_bit(key, size);

	return sieve->word[bit / 64] >> bit % 64 & 1;
}

#endif
