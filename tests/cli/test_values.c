/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/values.h"

#include <string.h>

#include "tests/test.h"

#define SECOND INT64_C(1000000)

static void
jobs_are_a_plain_number_within_bounds(void **state)
{
	static const char *const wrong[] = {
	    "", "0", "257", "-1", "+1", " 1", "1 ", "1.0", "0x1", "four", "99999999999999999999"};
	unsigned jobs = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(value_jobs(wrong[i], &jobs));
	assert_int_equal(jobs, 7);
	assert_true(value_jobs("256", &jobs));
	assert_int_equal(jobs, 256);
}

static void
a_time_is_seconds_with_up_to_six_decimals(void **state)
{
	int64_t time;

	(void)state;
	assert_true(value_time("0", &time));
	assert_int_equal(time, 0);
	assert_true(value_time("1764000000.25", &time));
	assert_int_equal(time, 1764000000 * SECOND + 250000);
	assert_true(value_time("1.000001", &time));
	assert_int_equal(time, SECOND + 1);
	assert_true(value_time("253402300799", &time));
}

static void
a_time_may_be_rfc_3339_with_any_offset(void **state)
{
	int64_t utc;
	int64_t east;

	(void)state;
	assert_true(value_time("2026-11-23T16:40:01.25Z", &utc));
	assert_true(value_time("2026-11-23T17:40:01.25+01:00", &east));
	assert_int_equal(utc, east);
	assert_int_equal(utc % SECOND, 250000);
}

static void
what_is_no_time_is_refused(void **state)
{
	static const char *const wrong[] = {"", "now", "-1", "1.", ".5", "1.0000001", "1e9",
	    "253402300800", "99999999999999999999", "2026-13-01T00:00:00Z", "2026-11-23T16:40",
	    "2026-11-23T16:40:01"};
	int64_t time = 5;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(value_time(wrong[i], &time));
}

static void
a_seed_is_any_64_bit_number(void **state)
{
	uint64_t seed = 1;

	(void)state;
	assert_true(value_seed("18446744073709551615", &seed));
	assert_true(seed == UINT64_MAX);
	assert_false(value_seed("18446744073709551616", &seed));
	assert_false(value_seed("", &seed));
	assert_false(value_seed("1a", &seed));
	assert_true(seed == UINT64_MAX);
}

static void
when_is_one_of_three_words(void **state)
{
	enum when when = WHEN_NEVER;

	(void)state;
	assert_true(value_when("always", &when));
	assert_int_equal(when, WHEN_ALWAYS);
	assert_true(value_when("auto", &when));
	assert_int_equal(when, WHEN_AUTO);
	assert_true(value_when("never", &when));
	assert_int_equal(when, WHEN_NEVER);
	assert_false(value_when("yes", &when));
	assert_false(value_when("", &when));
}

static void
a_subject_is_a_mac_or_an_address(void **state)
{
	static const char *const right[] = {"02:00:5e:00:53:01", "192.0.2.10", "2001:db8::10"};
	static const char *const wrong[] = {"", "camera", "192.0.2.0/24", "02:00:5e",
	    "2001:0db8:0000:0000:0000:0000:0000:0001:0000:0000"};

	(void)state;
	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++)
		assert_true(value_subject(right[i], strlen(right[i])));
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(value_subject(wrong[i], strlen(wrong[i])));
}

static void
a_label_names_a_subject(void **state)
{
	(void)state;
	assert_true(value_label("02:00:5e:00:53:01=Front door"));
	assert_true(value_label("2001:db8::10=a=b"));
	assert_false(value_label("192.0.2.10="));
	assert_false(value_label("192.0.2.10"));
	assert_false(value_label("=Front door"));
	assert_false(value_label("camera=Front door"));
}

static void
a_home_is_an_address_or_a_prefix(void **state)
{
	(void)state;
	assert_true(value_prefix("192.0.2.0/24"));
	assert_true(value_prefix("2001:db8::/48"));
	assert_true(value_prefix("192.0.2.10"));
	assert_false(value_prefix("192.0.2.0/33"));
	assert_false(value_prefix("home"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(jobs_are_a_plain_number_within_bounds),
	    cmocka_unit_test(a_time_is_seconds_with_up_to_six_decimals),
	    cmocka_unit_test(a_time_may_be_rfc_3339_with_any_offset),
	    cmocka_unit_test(what_is_no_time_is_refused),
	    cmocka_unit_test(a_seed_is_any_64_bit_number),
	    cmocka_unit_test(when_is_one_of_three_words),
	    cmocka_unit_test(a_subject_is_a_mac_or_an_address),
	    cmocka_unit_test(a_label_names_a_subject),
	    cmocka_unit_test(a_home_is_an_address_or_a_prefix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
