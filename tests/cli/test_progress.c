/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/progress.h"

#include <string.h>

#include <porchlight/record.h>

#include "tests/test.h"

#define SECOND UINT64_C(1000000)
#define GB     UINT64_C(1000000000)

static char line[512];

static void
a_line_tells_amount_rate_time_reached_and_time_left(void **state)
{
	struct progress_state now = {
	    .path = "/captures/week46.pcapng",
	    .bytes = 7420 * GB / 1000,
	    .total = 11800 * GB / 1000,
	    .packet_time = INT64_C(1794492540) * 1000000, /* 2026-11-12T14:09:00Z */
	    .elapsed = 35 * SECOND,
	};

	(void)state;
	progress_line(&now, 100, line, sizeof(line));
	assert_string_equal(line,
	    "week46.pcapng  7.42 of 11.8 GB  62%  212 MB/s  Thu 12 Nov 14:09  0:20 left");
}

static void
what_is_not_known_is_left_out(void **state)
{
	struct progress_state now = {.path = "-", .bytes = 2000, .packet_time = PORCH_NO_TIME};

	(void)state;
	assert_string_equal(progress_line(&now, 80, line, sizeof(line)), "-  2.00 kB");
}

static void
a_long_name_is_cut_and_the_numbers_stay(void **state)
{
	char path[300];
	struct progress_state now = {
	    .path = path, .bytes = 1000, .total = 2000, .packet_time = PORCH_NO_TIME};

	(void)state;
	memset(path, 'n', sizeof(path));
	path[sizeof(path) - 1] = '\0';
	progress_line(&now, 40, line, sizeof(line));
	assert_int_equal(strlen(line), 40);
	assert_non_null(strstr(line, "1.00 of 2.00 kB  50%"));
}

static void
no_width_overflows_the_line(void **state)
{
	struct progress_state now = {
	    .path = "a\x1b[31m\xff.pcap",
	    .bytes = UINT64_MAX - 1,
	    .total = UINT64_MAX,
	    .packet_time = INT64_MAX,
	    .elapsed = UINT64_MAX,
	};

	(void)state;
	for (unsigned columns = 0; columns <= 200; columns++) {
		progress_line(&now, columns, line, sizeof(line));
		assert_true(strlen(line) <= columns);
		assert_null(strchr(line, '\x1b'));
	}
}

static void
an_hour_left_is_told_in_hours(void **state)
{
	struct progress_state now = {
	    .path = "a.pcap",
	    .bytes = GB,
	    .total = 2 * GB,
	    .packet_time = PORCH_NO_TIME,
	    .elapsed = 3725 * SECOND,
	};

	(void)state;
	progress_line(&now, 100, line, sizeof(line));
	assert_non_null(strstr(line, "  1:02:05 left"));
}

static void
nothing_is_drawn_in_the_first_second_nor_oftener_than_five_times_in_one(void **state)
{
	struct progress progress = {.begun = 1000};

	(void)state;
	assert_false(progress_due(&progress, 1000 + 999999));
	assert_true(progress_due(&progress, 1000 + 1000000));
	progress.drawn = true;
	progress.last = 5000000;
	assert_false(progress_due(&progress, 5199999));
	assert_true(progress_due(&progress, 5200000));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_line_tells_amount_rate_time_reached_and_time_left),
	    cmocka_unit_test(what_is_not_known_is_left_out),
	    cmocka_unit_test(a_long_name_is_cut_and_the_numbers_stay),
	    cmocka_unit_test(no_width_overflows_the_line),
	    cmocka_unit_test(an_hour_left_is_told_in_hours),
	    cmocka_unit_test(
	        nothing_is_drawn_in_the_first_second_nor_oftener_than_five_times_in_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
