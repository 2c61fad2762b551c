/* SPDX-License-Identifier: Apache-2.0 */
#include "base/day.h"

#include <stddef.h>

#define SECOND INT64_C(1000000)
#define DAY    (86400 * SECOND)

static int64_t
offset_at(int64_t time, zone_fn *zone, void *user)
{
	return zone ? zone(time, user) * SECOND : 0;
}

int64_t
day_of(int64_t time, zone_fn *zone, void *user)
{
	int64_t local = time + offset_at(time, zone, user);

	return local >= 0 ? local / DAY : (local - (DAY - 1)) / DAY;
}

/* On the day that clocks are set, midnight had another offset than now. */
int64_t
day_begin(int64_t time, zone_fn *zone, void *user)
{
	int64_t midnight = day_of(time, zone, user) * DAY;

	return midnight - offset_at(midnight - offset_at(time, zone, user), zone, user);
}
