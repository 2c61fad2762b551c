/* SPDX-License-Identifier: Apache-2.0 */
#include "source/packet_time.h"

#define MICRO  6  /* decimal places of our own times */
#define EXACT  44 /* a fraction of 44 bits times a million still fits 64 bits */
#define BEYOND UINT64_MAX
#define PLACES 19 /* the most decimal places that a power of ten in 64 bits has */

static uint64_t
power_of_ten(unsigned places)
{
	uint64_t power = 1;

	while (places-- > 0)
		power *= 10;
	return power;
}

static uint64_t
times(uint64_t a, uint64_t b)
{
	return a > BEYOND / b ? BEYOND : a * b;
}

/* Ticks of 10^-places seconds. */
static uint64_t
from_decimal(uint64_t ticks, unsigned places)
{
	if (places <= MICRO)
		return times(ticks, power_of_ten(MICRO - places));
	if (places - MICRO > PLACES)
		return 0;
	return ticks / power_of_ten(places - MICRO);
}

/* Ticks of 2^-places seconds. */
static uint64_t
from_binary(uint64_t ticks, unsigned places)
{
	uint64_t seconds = places < 64 ? ticks >> places : 0;
	uint64_t fraction = places < 64 ? ticks & ((UINT64_C(1) << places) - 1) : ticks;
	uint64_t whole = times(seconds, (uint64_t)SECOND);

	if (places > EXACT) {
		fraction = places - EXACT < 64 ? fraction >> (places - EXACT) : 0;
		places = EXACT;
	}
	fraction = fraction * (uint64_t)SECOND >> places;
	return whole > BEYOND - fraction ? BEYOND : whole + fraction;
}

static int64_t
hold(int64_t time, int64_t least, int64_t greatest)
{
	if (time < least)
		return least;
	return time > greatest ? greatest : time;
}

int64_t
packet_time(uint64_t ticks, uint8_t tsresol, int64_t offset)
{
	unsigned places = tsresol & 0x7f;
	uint64_t since = tsresol & 0x80 ? from_binary(ticks, places) : from_decimal(ticks, places);
	int64_t range = TIME_GREATEST - TIME_LEAST;
	int64_t seconds = hold(offset, -range / SECOND, range / SECOND);

	/* Two terms within the range cannot overflow. */
	if (since > (uint64_t)range)
		since = (uint64_t)range;
	return hold((int64_t)since + seconds * SECOND, TIME_LEAST, TIME_GREATEST);
}

bool
packet_time_is_odd(int64_t time)
{
	return time < SECOND || time / SECOND > UINT32_MAX;
}
