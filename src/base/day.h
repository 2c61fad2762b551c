/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_DAY_H
#define BASE_DAY_H

#include <stdint.h>

/* Days on a reader's clock.  Times are microseconds since 1970, UTC. */

/* Seconds that a clock is ahead of UTC at a time; user is lent.  NULL: it shows UTC. */
typedef int32_t zone_fn(int64_t time, void *user);

/* The number of the day a time lies in, 0 for 1 January 1970. */
int64_t day_of(int64_t time, zone_fn *zone, void *user);
/* When that day began. */
int64_t day_begin(int64_t time, zone_fn *zone, void *user);

#endif
