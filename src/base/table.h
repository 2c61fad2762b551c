/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A table of at most `max` entries of one size, found by the key that begins each
 * entry.  All memory is taken by table_new().  When it is full, the least recently
 * touched entry of the lowest tier goes, over the whole table: the seed of the hash
 * never shows in a result (house rule 9).
 */
struct table;

/* What happens to an entry just before it is overwritten, by eviction or table_drop(). */
typedef void table_leave_fn(void *entry, void *user);

/*
 * key_size bytes at the start of an entry are its key; they must have no padding.
 * Returns NULL when out of memory or when max is 0.
 */
struct table *table_new(size_t max, size_t entry_size, size_t key_size, uint64_t seed);
void table_free(struct table *table); /* entries leave silently */
void table_on_leave(struct table *table, table_leave_fn *leave, void *user);
/* Counts what leaves; several tables may share a count.  It wraps. */
void table_count_changes(struct table *table, uint32_t *changes);

/* Finds without creating and without touching. */
void *table_find(const struct table *table, const void *key);

/*
 * Finds or creates (all zero but the key, tier 0), and touches.  *created tells which.
 * Returns NULL only if the table is full of watched entries that are kept (see
 * table_keep_watched); the refusal is counted.
 */
void *table_see(struct table *table, const void *key, bool *created);

/*
 * Where an entry lies, and what lies there now, or NULL: the same entry while nothing left, else
 * one whose key has to be looked at.  Nothing lies at 0.
 */
uint32_t table_place(const void *entry);
uint16_t table_short_place(const void *entry); /* 0 when 16 bits do not hold it */
void *table_at(const struct table *table, uint32_t place);
/* For what was found without a look-up: touches it, or what lies at that place. */
void table_touch(struct table *table, void *entry);
void *table_touch_at(struct table *table, uint32_t place);

/* Moves an entry between tiers: 0 goes first when room is needed, 1 (watched) last. */
void table_set_tier(struct table *table, void *entry, unsigned tier);
/* With true, a table full of tier-1 entries refuses newcomers instead of evicting. */
void table_keep_watched(struct table *table, bool keep);

void table_drop(struct table *table, void *entry);

/* From least to most recently touched, tier 0 first; NULL at the end. */
void *table_first(const struct table *table);
void *table_next(const struct table *table, const void *entry);
/* The least recently touched of tier 0, else of tier 1; NULL when empty. */
void *table_oldest(const struct table *table);

size_t table_count(const struct table *table);
uint64_t table_evicted(const struct table *table);
uint64_t table_refused(const struct table *table);

#endif
