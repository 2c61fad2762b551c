/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SOURCE_LIVE_H
#define SOURCE_LIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <porchlight/error.h>

#include "base/frame.h"
#include "source/clock.h"

/* One network interface, listened to through libpcap.  Never blocks: wait on live_fd(). */
struct live;

/* Zero is every default. */
struct live_options {
	const char *filter; /* BPF, or NULL */
	int snap_length;    /* bytes kept of a frame; 0: 2048 */
	int ring_bytes;     /* kernel buffer; 0: 2 MiB */
	bool no_promiscuous;
	uint16_t interface;        /* told in frames */
	const struct clock *clock; /* NULL: the machine's */
	struct stamp *stamp;       /* lent, shared with others; NULL: one of its own */
};

struct live_stats {
	uint64_t received; /* frames delivered by live_next() */
	uint64_t dropped;  /* by the kernel's buffer and by the interface */
};

enum live_result {
	LIVE_FRAME,
	LIVE_NONE,  /* nothing waits */
	LIVE_ERROR, /* the interface is gone; open it anew */
};

/* Returns NULL, and says why, without the right to capture or the interface. */
struct live *live_open(const char *interface, const struct live_options *options,
    struct porch_error *error);

/* To wait on with poll(), at most 100 ms at a time; -1 when the platform has none. */
int live_fd(const struct live *live);

/*
 * The frame is lent until the next call.  Its time is the kernel's stamp moved onto the
 * monotonic clock (clock.h), so it never steps.
 */
enum live_result live_next(struct live *live, struct frame *frame, struct porch_error *error);

/* Counts since live_open(), over wraps of libpcap's 32-bit counters. */
struct live_stats live_stats(struct live *live);

/* How far the real-time clock was set since the last call, in microseconds; 0: not at all. */
int64_t live_clock_step(struct live *live);

uint16_t live_link_type(const struct live *live);
void live_close(struct live *live);

#endif
