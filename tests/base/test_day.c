/* SPDX-License-Identifier: Apache-2.0 */
#include "base/day.h"

#include <stddef.h>

#include "tests/test.h"

#define SECOND INT64_C(1000000)
#define HOUR   (3600 * SECOND)
#define DAY    (24 * HOUR)
#define SPRING (20541 * DAY) /* 29 March 2026, when Oslo's clocks go from 2 to 3 at 1 UTC */
#define AUTUMN (20751 * DAY) /* 25 October 2026, when they go from 3 to 2 at 1 UTC */

static int32_t
oslo(int64_t time, void *user)
{
	assert_null(user);
	return time >= SPRING + HOUR && time < AUTUMN + HOUR ? 7200 : 3600;
}

static int32_t
honolulu(int64_t time, void *user)
{
	(void)time;
	(void)user;
	return -36000;
}

static void
without_a_zone_days_are_those_of_utc(void **state)
{
	(void)state;
	assert_int_equal(day_of(SPRING, NULL, NULL), 20541);
	assert_int_equal(day_of(SPRING - 1, NULL, NULL), 20540);
	assert_int_equal(day_of(-1, NULL, NULL), -1);
	assert_int_equal(day_begin(SPRING + 23 * HOUR, NULL, NULL), SPRING);
	assert_int_equal(day_begin(-1, NULL, NULL), -DAY);
}

static void
a_day_begins_at_midnight_of_its_zone(void **state)
{
	(void)state;
	assert_int_equal(day_of(SPRING + 9 * HOUR, honolulu, NULL), 20540);
	assert_int_equal(day_begin(SPRING + 9 * HOUR, honolulu, NULL), SPRING - 14 * HOUR);
	assert_int_equal(day_begin(SPRING + 10 * HOUR, honolulu, NULL), SPRING + 10 * HOUR);
}

static void
a_day_on_which_clocks_are_set_begins_by_the_old_one(void **state)
{
	(void)state;
	assert_int_equal(day_begin(SPRING + 12 * HOUR, oslo, NULL), SPRING - HOUR);
	assert_int_equal(day_begin(SPRING + 30 * HOUR, oslo, NULL), SPRING + 22 * HOUR);
	assert_int_equal(day_begin(AUTUMN + 12 * HOUR, oslo, NULL), AUTUMN - 2 * HOUR);
	assert_int_equal(day_begin(AUTUMN + 30 * HOUR, oslo, NULL), AUTUMN + 23 * HOUR);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(without_a_zone_days_are_those_of_utc),
	    cmocka_unit_test(a_day_begins_at_midnight_of_its_zone),
	    cmocka_unit_test(a_day_on_which_clocks_are_set_begins_by_the_old_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
