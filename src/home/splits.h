/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HOME_SPLITS_H
#define HOME_SPLITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

/*
 * Whether one MAC fronts for several devices (a repeater, a second router): two of its
 * IPv4 addresses alternate A, B, A within 60 s.  A device whose address changed once does
 * not come back to the old one.  IPv6 never splits: every device has many.
 */
struct splits;

/* Returns NULL when out of memory or max_macs is 0. */
struct splits *splits_new(size_t max_macs, uint64_t seed);
void splits_free(struct splits *splits);

/*
 * Learns that mac sent from an inside address at time (microseconds of packet time), and
 * returns whether that MAC is split, now or since before.  0.0.0.0, 169.254/16 and IPv6
 * change nothing.  *place, if place is not NULL, says where that MAC was found: 0 at first, and
 * good until a MAC leaves.
 */
bool splits_see(struct splits *splits, const struct mac *mac, const struct addr *addr, int64_t time,
    uint16_t *place);
/* Takes for granted that it was seen before. */
void splits_mark(struct splits *splits, const struct mac *mac);
bool splits_has(const struct splits *splits, const struct mac *mac);

/* Counts whatever can change an answer: while it stays, answers do.  Wraps. */
uint32_t splits_changes(const struct splits *splits);
/* Counts the MACs that leave: see table_count_changes(). */
void splits_count_places(struct splits *splits, uint32_t *changes);
uint64_t splits_evicted(const struct splits *splits);

#endif
