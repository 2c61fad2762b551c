/* SPDX-License-Identifier: Apache-2.0 */
#include "source/packet_time.h"

#include "tests/test.h"

#define MILLISECONDS 3
#define MICROSECONDS 6
#define NANOSECONDS  9
#define BINARY       0x80

static void
decimal_resolutions_are_rounded_down_to_microseconds(void **state)
{
	(void)state;
	assert_int_equal(packet_time(7, 0, 0), 7000000);
	assert_int_equal(packet_time(7, MILLISECONDS, 0), 7000);
	assert_int_equal(packet_time(7, MICROSECONDS, 0), 7);
	assert_int_equal(packet_time(7999, NANOSECONDS, 0), 7);
	assert_int_equal(packet_time(UINT64_MAX, 25, 0), 1);
	assert_int_equal(packet_time(UINT64_MAX, 26, 0), 0);
	assert_int_equal(packet_time(UINT64_MAX, 127, 0), 0);
}

static void
binary_resolutions_are_rounded_down_to_microseconds(void **state)
{
	(void)state;
	assert_int_equal(packet_time(7, BINARY | 0, 0), 7000000);
	assert_int_equal(packet_time(3, BINARY | 1, 0), 1500000);
	assert_int_equal(packet_time(1023, BINARY | 10, 0), 999023);
	assert_int_equal(packet_time(UINT64_MAX, BINARY | 63, 0), 1999999);
	assert_int_equal(packet_time(UINT64_MAX, BINARY | 64, 0), 999999);
	assert_int_equal(packet_time(UINT64_MAX, BINARY | 65, 0), 499999);
	assert_int_equal(packet_time(UINT64_MAX, BINARY | 127, 0), 0);
}

static void
an_offset_moves_either_way(void **state)
{
	(void)state;
	assert_int_equal(packet_time(5, MICROSECONDS, 1700000000), 1700000000000005);
	assert_int_equal(packet_time(5, MICROSECONDS, -1), -999995);
}

static void
times_beyond_the_years_1_to_9999_are_held_there(void **state)
{
	(void)state;
	assert_int_equal(packet_time(UINT64_MAX, 0, 0), TIME_GREATEST);
	assert_int_equal(packet_time(UINT64_MAX, MICROSECONDS, INT64_MAX), TIME_GREATEST);
	assert_int_equal(packet_time(UINT64_MAX, BINARY, INT64_MAX), TIME_GREATEST);
	assert_int_equal(packet_time(0, MICROSECONDS, INT64_MIN), TIME_LEAST);
	assert_int_equal(packet_time(0, MICROSECONDS, INT64_MAX), TIME_GREATEST);
}

static void
no_resolution_and_offset_leaves_the_range(void **state)
{
	static const int64_t offsets[] = {INT64_MIN, -1, 0, 1, INT64_MAX};

	(void)state;
	for (unsigned resolution = 0; resolution < 256; resolution++)
		for (unsigned shift = 0; shift < 64; shift++)
			for (size_t i = 0; i < 5; i++) {
				int64_t time = packet_time(UINT64_MAX >> shift, (uint8_t)resolution,
				    offsets[i]);

				assert_true(time >= TIME_LEAST && time <= TIME_GREATEST);
			}
}

static void
odd_is_before_the_second_second_of_1970_or_past_2106(void **state)
{
	(void)state;
	assert_true(packet_time_is_odd(TIME_LEAST));
	assert_true(packet_time_is_odd(999999));
	assert_false(packet_time_is_odd(1000000));
	assert_false(packet_time_is_odd(INT64_C(4294967295999999)));
	assert_true(packet_time_is_odd(INT64_C(4294967296000000)));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(decimal_resolutions_are_rounded_down_to_microseconds),
	    cmocka_unit_test(binary_resolutions_are_rounded_down_to_microseconds),
	    cmocka_unit_test(an_offset_moves_either_way),
	    cmocka_unit_test(times_beyond_the_years_1_to_9999_are_held_there),
	    cmocka_unit_test(no_resolution_and_offset_leaves_the_range),
	    cmocka_unit_test(odd_is_before_the_second_second_of_1970_or_past_2106),
	};

	return cmocka_run_group_tests_name("packet_time", tests, NULL, NULL);
}
