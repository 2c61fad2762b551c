/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SOURCE_PACKET_TIME_H
#define SOURCE_PACKET_TIME_H

#include <stdbool.h>
#include <stdint.h>

#define SECOND INT64_C(1000000)

/* RFC 3339 can tell the years 1 to 9999, and no sum of two such times overflows. */
#define TIME_LEAST    (INT64_C(-62135596800) * SECOND)
#define TIME_GREATEST (INT64_C(253402300800) * SECOND - 1)

/*
 * Ticks of a pcapng interface as microseconds since 1970, rounded down: tsresol is the
 * if_tsresol option (10^-n, or 2^-n with the top bit set), offset its if_tsoffset in
 * seconds.  Held within TIME_LEAST and TIME_GREATEST.
 */
int64_t packet_time(uint64_t ticks, uint8_t tsresol, int64_t offset);

/* Within the first second of 1970 or before, or past 32 bits of seconds (year 2106). */
bool packet_time_is_odd(int64_t time);

#endif
