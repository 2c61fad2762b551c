/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SOURCE_CLOCK_H
#define SOURCE_CLOCK_H

#include <stdint.h>

/* The two clocks of a machine, in microseconds; a test brings its own. */
struct clock {
	int64_t (*real)(void *user);
	int64_t (*monotonic)(void *user);
	int64_t (*asleep)(void *user); /* how long the machine was suspended, ever; NULL: never */
	void *user;
};

const struct clock *clock_machine(void);

/*
 * Packet time for live frames: begins at the real-time clock's and goes on at the pace of
 * the monotonic one, whatever happens to the former.
 */
struct stamp {
	struct clock clock;
	int64_t offset;  /* real less monotonic at the start */
	int64_t stepped; /* of the real-time clock, already told */
	int64_t slept;   /* already told */
	int64_t latest;  /* real less monotonic when a frame was last stamped */
	int64_t before;  /* the same before the last step, for frames stamped before it */
	int64_t until;   /* packet time until which there may be such */
};

struct stamp stamp_start(const struct clock *clock);

/* Now, in packet time. */
int64_t stamp_now(const struct stamp *stamp);

/*
 * Packet time of a kernel stamp that was taken from the real-time clock just now, or before it
 * was set just now; never in the future.
 */
int64_t stamp_frame(struct stamp *stamp, int64_t kernel);

/* How long the machine was suspended since the last call: packet time stood still. */
int64_t stamp_asleep(struct stamp *stamp);

/*
 * How far the real-time clock was set since the last call, but for suspensions that were told; 0
 * while it has drifted by less
 * than half a second.
 */
int64_t stamp_step(struct stamp *stamp);

#endif
