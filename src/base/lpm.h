/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_LPM_H
#define BASE_LPM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

/*
 * Longest prefix match over IPv4 and IPv6.  Filled, sealed once, then only read: a
 * look-up is one binary search and a walk over the prefixes that cover the one found,
 * at most 128.
 */
struct lpm;

struct lpm *lpm_new(void); /* NULL when out of memory */
void lpm_free(struct lpm *lpm);

/* A prefix added twice keeps the later value.  False when out of memory or sealed. */
bool lpm_add(struct lpm *lpm, const struct prefix *prefix, uint32_t value);
void lpm_seal(struct lpm *lpm);

/* False when no prefix holds addr, or before lpm_seal(). */
bool lpm_find(const struct lpm *lpm, const struct addr *addr, uint32_t *value);
/* Every prefix that holds addr, the longest first. */
void lpm_each(const struct lpm *lpm, const struct addr *addr,
    void (*each)(const struct prefix *prefix, uint32_t value, void *user), void *user);
size_t lpm_count(const struct lpm *lpm);

#endif
