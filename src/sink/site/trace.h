/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_SITE_TRACE_H
#define SINK_SITE_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * How fast each device sent of late: every second of the last two minutes, and every ten of
 * the last day.  Memory is taken device by device; the one seen longest ago makes room.
 */

#define TRACE_SECONDS 120
#define TRACE_BIN     10 /* seconds */
#define TRACE_BINS    8640
#define TRACE_DEVICES 16

struct traces;

/* Returns NULL when out of memory. */
struct traces *traces_new(void);
void traces_free(struct traces *traces);

/* What a device sent in the second at time (microseconds), in kbit/s; told once a second. */
void traces_see(struct traces *traces, uint64_t device, int64_t time, uint64_t kbps, bool footage);

/* The last two minutes up to the second of time, oldest first; what is not known is 0. */
void traces_seconds(const struct traces *traces, uint64_t device, int64_t time,
    uint32_t kbps[static TRACE_SECONDS]);

/* What lay between two moments: the mean, and whether footage seemed to go out meanwhile. */
struct trace_span {
	uint32_t kbps;
	bool footage;
	bool known;
};
struct trace_span traces_between(const struct traces *traces, uint64_t device, int64_t from,
    int64_t to);
/* When the first of a device's bins begins; INT64_MAX when there is none. */
int64_t traces_begin(const struct traces *traces, uint64_t device);

#endif
