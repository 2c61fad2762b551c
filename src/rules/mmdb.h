/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULES_MMDB_H
#define RULES_MMDB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Values of the data section of a file in the MaxMind DB format 2.0, read with bounds of our
 * own: the library trusts how deep they lie, and how often they refer to each other.
 */
#define MMDB_WALK_DEPTH  16   /* maps, arrays and pointers within each other */
#define MMDB_WALK_VALUES 4096 /* of one record */
#define MMDB_WALK_PATH   64   /* bytes of a path, with its NUL */

/* A text, a number or a flag, and the keys that lead to it: "country.iso_code". */
struct mmdb_leaf {
	const char *path; /* lent for the call, as the text is */
	const char *text; /* not NUL-terminated; NULL for a number or a flag */
	size_t len;
	uint64_t number; /* 0 or 1 for a flag */
};

/*
 * Tells the leaves of the value that begins at an offset, but for those within arrays or with
 * a longer path.  *budget is what may still be read, in values; it is counted down.  False when
 * the value is malformed, too deep, or more than MMDB_WALK_VALUES or the budget.
 */
bool mmdb_walk(const uint8_t *section, size_t len, size_t offset, uint64_t *budget,
    void (*each)(const struct mmdb_leaf *leaf, void *user), void *user);

#endif
