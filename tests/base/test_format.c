/* SPDX-License-Identifier: Apache-2.0 */
#include "base/format.h"

#include <string.h>

#include <porchlight/record.h>

#include "tests/test.h"

static void
times_are_utc_with_microseconds(void **state)
{
	char text[TIME_TEXT];

	(void)state;
	assert_string_equal(format_time(0, text), "1970-01-01T00:00:00.000000Z");
	assert_string_equal(format_time(-1, text), "1969-12-31T23:59:59.999999Z");
	assert_string_equal(format_moment(-1, text), "31 Dec 1969 23:59:59 UTC");
	assert_string_equal(format_moment(INT64_C(1795452001250000), text),
	    "23 Nov 2026 16:40:01 UTC");
	assert_string_equal(format_time(INT64_C(1795452001250000), text),
	    "2026-11-23T16:40:01.250000Z");
	assert_string_equal(format_time(INT64_C(951782400000000), text),
	    "2000-02-29T00:00:00.000000Z");
	assert_string_equal(format_time(INT64_C(4107542400000000), text),
	    "2100-03-01T00:00:00.000000Z");
}

static void
years_without_four_digits_get_a_sign(void **state)
{
	char text[TIME_TEXT];

	(void)state;
	assert_string_equal(format_time(INT64_C(253402300799999999), text),
	    "9999-12-31T23:59:59.999999Z");
	assert_string_equal(format_time(INT64_C(253402300800000000), text),
	    "+10000-01-01T00:00:00.000000Z");
	assert_string_equal(format_time(INT64_MAX, text), "+294247-01-10T04:00:54.775807Z");
	assert_string_equal(format_time(INT64_MIN, text), "-290308-12-21T19:59:05.224192Z");
}

static void
a_day_has_its_name(void **state)
{
	struct civil civil = civil_from_time(INT64_C(1795452001250000));

	(void)state;
	assert_string_equal(civil_weekday(&civil), "Mon");
	assert_string_equal(civil_month(&civil), "Nov");
	civil = civil_from_time(INT64_MIN);
	assert_true(civil.weekday < 7);
}

static void
a_time_is_read_as_it_is_written(void **state)
{
	const int64_t times[] = {0, -1, INT64_C(1795452001250000), INT64_C(951782400000000)};

	(void)state;
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		char text[TIME_TEXT];
		int64_t back;

		assert_true(time_parse(format_time(times[i], text), &back));
		assert_true(back == times[i]);
	}
}

static void
offsets_dates_and_short_fractions_are_read(void **state)
{
	int64_t time;

	(void)state;
	assert_true(time_parse("1970-01-01T01:00:00.5+01:00", &time));
	assert_int_equal(time, 500000);
	assert_true(time_parse("1970-01-02", &time));
	assert_true(time == INT64_C(86400000000));
	assert_true(time_parse("1970-01-01 00:01Z", &time));
	assert_int_equal(time, 60000000);
}

static void
what_is_no_time_is_refused(void **state)
{
	static const char *const bad[] = {"", "now", "1970-02-30", "1970-13-01", "1970-1-1",
	    "1970-01-01T", "1970-01-01T24:00:00Z", "1970-01-01T00:00:00", "1970-01-01T00:00:00.Z",
	    "1970-01-01T00:00:00Zz", "1970-01-01T00:00:00+1:00", "1970-01-01Z"};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		int64_t time;

		if (time_parse(bad[i], &time))
			fail_msg("took '%s' for a time", bad[i]);
	}
}

static void
bytes_have_three_significant_digits(void **state)
{
	static const struct {
		uint64_t bytes;
		const char *text;
	} rows[] = {
	    {0, "0 B"},
	    {999, "999 B"},
	    {1000, "1 kB"},
	    {1004, "1 kB"},
	    {1005, "1.01 kB"},
	    {26000, "26 kB"},
	    {99949, "99.9 kB"},
	    {99950, "100 kB"},
	    {999499, "999 kB"},
	    {999500, "1 MB"},
	    {4104000000, "4.1 GB"},
	    {769000000, "769 MB"},
	    {UINT64_MAX, "18.4 EB"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[NUMBER_TEXT];

		assert_string_equal(format_bytes_short(rows[i].bytes, text), rows[i].text);
	}
}

static void
bytes_in_a_line_that_moves_keep_their_width(void **state)
{
	char text[NUMBER_TEXT];

	(void)state;
	assert_string_equal(format_bytes(26000, text), "26.0 kB");
	assert_string_equal(format_bytes(4104000000, text), "4.10 GB");
	assert_string_equal(format_bytes(999500, text), "1.00 MB");
}

static void
durations_are_told_in_two_units(void **state)
{
	static const struct {
		uint64_t micros;
		const char *text;
	} rows[] = {
	    {0, "0 s"},
	    {400000, "0.4 s"},
	    {11400000, "11.4 s"},
	    {28000000, "28 s"},
	    {59940000, "59.9 s"},
	    {59960000, "1 min"},
	    {190000000, "3 min 10 s"},
	    {3599500000, "1 h"},
	    {UINT64_C(9660000000), "2 h 41 min"},
	    {UINT64_C(597000000000), "165 h 50 min"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[NUMBER_TEXT];

		assert_string_equal(format_duration(rows[i].micros, text), rows[i].text);
	}
}

static void
every_number_fits_its_buffer(void **state)
{
	char text[NUMBER_TEXT];

	(void)state;
	assert_string_equal(format_seconds(UINT64_MAX, text), "18446744073709.551615");
	assert_string_equal(format_milli(INT64_MIN, text), "-9223372036854775.808");
	assert_true(strlen(format_duration(UINT64_MAX, text)) < NUMBER_TEXT);
}

static void
thousandths_have_three_decimals(void **state)
{
	char text[NUMBER_TEXT];

	(void)state;
	assert_string_equal(format_milli(930, text), "0.930");
	assert_string_equal(format_milli(1000, text), "1.000");
	assert_string_equal(format_milli(-5, text), "-0.005");
}

static void
one_is_singular(void **state)
{
	char text[32];

	(void)state;
	assert_string_equal(format_count(1, "gap", "gaps", text, sizeof(text)), "1 gap");
	assert_string_equal(format_count(0, "gap", "gaps", text, sizeof(text)), "0 gaps");
	assert_string_equal(format_count(2, "gap", "gaps", text, sizeof(text)), "2 gaps");
}

static void
time_between_is_never_negative_or_absurd(void **state)
{
	(void)state;
	assert_int_equal(time_between(10, 5), 0);
	assert_int_equal(time_between(PORCH_NO_TIME, 5), 0);
	assert_int_equal(time_between(5, PORCH_NO_TIME), 0);
	assert_true(time_between(INT64_MIN + 1, INT64_MAX) == UINT64_MAX - 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(times_are_utc_with_microseconds),
	    cmocka_unit_test(years_without_four_digits_get_a_sign),
	    cmocka_unit_test(a_day_has_its_name),
	    cmocka_unit_test(a_time_is_read_as_it_is_written),
	    cmocka_unit_test(offsets_dates_and_short_fractions_are_read),
	    cmocka_unit_test(what_is_no_time_is_refused),
	    cmocka_unit_test(bytes_have_three_significant_digits),
	    cmocka_unit_test(bytes_in_a_line_that_moves_keep_their_width),
	    cmocka_unit_test(durations_are_told_in_two_units),
	    cmocka_unit_test(every_number_fits_its_buffer),
	    cmocka_unit_test(thousandths_have_three_decimals),
	    cmocka_unit_test(one_is_singular),
	    cmocka_unit_test(time_between_is_never_negative_or_absurd),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
