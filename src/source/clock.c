/* SPDX-License-Identifier: Apache-2.0 */
#include "source/clock.h"

#include <stddef.h>
#include <stdlib.h>
#include <time.h>

#define SECOND INT64_C(1000000)
#define STEP   (SECOND / 2) /* what is slewed comes to less between two looks */
#define LATE   (5 * SECOND) /* frames of before a step have come by then */

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

/* What the clock that goes on meanwhile has more (clock_gettime(2)). */
static int64_t
read_asleep(void *user)
{
	(void)user;
	return read_clock(CLOCK_BOOTTIME) - read_clock(CLOCK_MONOTONIC);
}

const struct clock *
clock_machine(void)
{
	static const struct clock machine = {
	    .real = read_real, .monotonic = read_monotonic, .asleep = read_asleep};

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

	stamp.offset = stamp.latest = difference(&stamp);
	stamp.until = INT64_MIN;
	if (clock->asleep)
		stamp.slept = clock->asleep(clock->user);
	return stamp;
}

int64_t
stamp_now(const struct stamp *stamp)
{
	return stamp->clock.monotonic(stamp->clock.user) + stamp->offset;
}

int64_t
stamp_frame(struct stamp *stamp, int64_t kernel)
{
	const struct clock *clock = &stamp->clock;
	int64_t monotonic = clock->monotonic(clock->user);
	int64_t between = clock->real(clock->user) - monotonic;
	int64_t now = monotonic + stamp->offset;
	int64_t time = kernel - between + stamp->offset;

	if (llabs(between - stamp->latest) >= STEP) {
		stamp->before = stamp->latest;
		stamp->until = now + LATE;
	}
	stamp->latest = between;
	if (now < stamp->until) {
		int64_t of_before = kernel - stamp->before + stamp->offset;

		/* By the wrong one of the two it lies in the future, or longer ago. */
		if (of_before <= now && (time > now || of_before > time))
			time = of_before;
	}
	return time > now ? now : time;
}

int64_t
stamp_asleep(struct stamp *stamp)
{
	const struct clock *clock = &stamp->clock;
	int64_t slept;

	if (!clock->asleep)
		return 0;
	slept = clock->asleep(clock->user) - stamp->slept;
	if (slept < STEP)
		return 0;
	stamp->slept += slept;
	stamp->stepped += slept; /* the real-time clock went on */
	return slept;
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
