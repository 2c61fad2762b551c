/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SOURCE_COVERAGE_H
#define SOURCE_COVERAGE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Whether a capture saw what its interface carried: the interface's own counter of bytes,
 * looked at now and then, against the bytes of the frames that were captured.  What forwards in
 * hardware is in the one and not in the other.
 *
 * Counters run ahead for other reasons too: frames under way, which two looks in a row do not
 * both see, and packets that were joined before they were captured, whose headers are missing.
 * What is told is at least what passed unseen, never more.
 */
struct coverage {
	bool begun;
	uint64_t counter; /* as it was looked at last */
	uint64_t counted; /* bytes since the beginning */
	uint64_t captured;
	uint64_t ahead; /* of counted over captured, at the last look */
	uint64_t told;
};

/*
 * One more look: the counter as it is, and the bytes captured since the last look.  fair: no
 * frame was lost since then, and none waits.  Returns the bytes that passed unseen and were not
 * told before.
 */
uint64_t coverage_look(struct coverage *coverage, uint64_t counter, uint64_t captured, bool fair);

#endif
