/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_MESSENGER_COOLDOWN_H
#define SINK_MESSENGER_COOLDOWN_H

#include <stdbool.h>
#include <stdint.h>

#include "sink/messenger/telling.h"

/*
 * So that a busy porch is no storm: after a telling of one kind about one device, further
 * ones of that kind about it are held back for a while and counted.  The next one that is told
 * says how many; with a digest, the count itself is told when the while is over.
 */
struct cooldown;

/* wait: microseconds, 0 for none.  NULL when out of memory. */
struct cooldown *cooldown_new(int64_t wait, bool digest);
void cooldown_free(struct cooldown *cooldown);

/* Whether it may be told now; then held_back is filled in.  now: microseconds, monotonic. */
bool cooldown_pass(struct cooldown *cooldown, struct telling *telling, int64_t now);

/* The next digest that is due at now, or (INT64_MAX) any that is owed; false when none is. */
bool cooldown_due(struct cooldown *cooldown, int64_t now, struct telling *digest);
/* When the next one is due; INT64_MAX for none. */
int64_t cooldown_next(const struct cooldown *cooldown);

#endif
