/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SOURCE_AHEAD_H
#define SOURCE_AHEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Reads on a thread of its own, a few blocks ahead: reading, unpacking and hashing go on
 * while somebody else looks at what was read before.
 */
struct ahead;

#define AHEAD_BLOCK 262144
#define AHEAD_ROOM  65536 /* before each block, for what was left of the one before it */

struct ahead_block {
	ssize_t len; /* 0: the end; below 0: damaged, and why tells */
	const char *why;
	uint64_t consumed;                       /* stored bytes read so far */
	uint8_t bytes[AHEAD_ROOM + AHEAD_BLOCK]; /* the content begins at AHEAD_ROOM */
};

/* Fills the block's bytes from AHEAD_ROOM on, and the rest of it.  Called on the thread. */
typedef void ahead_fill_fn(struct ahead_block *block, void *user);

/* Returns NULL when out of memory or without a thread. */
struct ahead *ahead_new(ahead_fill_fn *fill, void *user);
/* Waits for the thread; what it was about to read is not. */
void ahead_free(struct ahead *ahead);

/*
 * The next block, waited for, lent until the call after the next one; after the end or damage
 * the same again.
 */
struct ahead_block *ahead_next(struct ahead *ahead);

#endif
