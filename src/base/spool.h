/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_SPOOL_H
#define BASE_SPOOL_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A list of records of one size that may be longer than memory should hold: what goes
 * beyond its share waits in a temporary file that has no name, and is gone with the program.
 */
struct spool;

/* The records of the first `memory` bytes stay in memory.  NULL when out of memory. */
struct spool *spool_new(size_t record_size, size_t memory);
void spool_free(struct spool *spool);

/* False when out of memory, or when the file cannot take it: then it is not in the list. */
bool spool_add(struct spool *spool, const void *record);
size_t spool_count(const struct spool *spool);

/* A copy of the record at index, which is below the count.  False when it cannot be read. */
bool spool_get(const struct spool *spool, size_t index, void *record);
/* Writes over the record at index. */
bool spool_put(struct spool *spool, size_t index, const void *record);

#endif
