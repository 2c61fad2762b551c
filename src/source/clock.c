/* SPDX-License-Identifier: Apache-2.0 */
#include "source/clock.h"

#include <stddef.h>
#include <stdlib.h>
#include <time.h>

#define SECOND INT64_C(1000000)
#define STEP   (SECOND / 2) /* what is slewed comes to less between two looks */

static int64_t
read_clock(clockid_t which)
{
	struct timespec now;

	clock_gettime(which, &now);
	return (int64_t)now.tv_sec * SECOND + now.tv_nsec / 1000;
}

static int64_t
read_real(void *user)
{
	(void)user;
	return read_clock(CLOCK_REALTIME);
}

static int64_t
read_monotonic(void *user)
{
	(void)user;
	return read_clock(CLOCK_MONOTONIC);
}

const struct clock *
clock_machine(void)
{
	static const struct clock machine = {.real = read_real, .monotonic = read_monotonic};

	return &machine;
}

/* Real less monotonic, read together. */
static int64_t
difference(const struct stamp *stamp)
{
	const struct clock *clock = &stamp->clock;

	return clock->real(clock->user) - clock->monotonic(clock->user);
}

struct stamp
stamp_start(const struct clock *clock)
{
	struct stamp stamp = {.clock = *clock};

	stamp.offset = difference(&stamp);
	return stamp;
}

int64_t
stamp_now(const struct stamp *stamp)
{
	return stamp->clock.monotonic(stamp->clock.user) + stamp->offset;
}

int64_t
stamp_frame(const struct stamp *stamp, int64_t kernel)
{
	return kernel - difference(stamp) + stamp->offset;
}

int64_t
stamp_step(struct stamp *stamp)
{
	int64_t step = difference(stamp) - stamp->offset - stamp->stepped;

	if (llabs(step) < STEP)
		return 0;
	stamp->stepped += step;
	return step;
}
