/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/site/trace.h"

#include "tests/test.h"

#define SECOND INT64_C(1000000)
#define START  (INT64_C(1794182400) * SECOND) /* a whole bin */
#define BELL   1

static void
every_second_of_two_minutes_is_there(void **state)
{
	struct traces *traces = traces_new();
	uint32_t kbps[TRACE_SECONDS];

	(void)state;
	for (int i = 0; i < 300; i++)
		traces_see(traces, BELL, START + i * SECOND, (uint64_t)i, false);
	traces_seconds(traces, BELL, START + 299 * SECOND, kbps);
	for (uint32_t i = 0; i < TRACE_SECONDS; i++)
		assert_int_equal(300 - TRACE_SECONDS + i, kbps[i]);
	/* Two seconds in which nothing was told, and a device nobody told of. */
	traces_seconds(traces, BELL, START + 301 * SECOND, kbps);
	assert_int_equal(299, kbps[TRACE_SECONDS - 3]);
	assert_int_equal(0, kbps[TRACE_SECONDS - 1]);
	traces_seconds(traces, BELL + 1, START, kbps);
	assert_int_equal(0, kbps[0]);
	traces_free(traces);
}

static void
a_longer_time_is_told_by_its_mean(void **state)
{
	struct traces *traces = traces_new();
	struct trace_span span;

	(void)state;
	for (int i = 0; i < 100; i++)
		traces_see(traces, BELL, START + i * SECOND, i < 50 ? 100 : 300, i == 70);
	span = traces_between(traces, BELL, START, START + 50 * SECOND);
	assert_true(span.known);
	assert_false(span.footage);
	assert_int_equal(100, span.kbps);
	span = traces_between(traces, BELL, START + 40 * SECOND, START + 80 * SECOND);
	assert_int_equal(250, span.kbps);
	assert_true(span.footage);
	span = traces_between(traces, BELL, START + 70 * SECOND, START + 71 * SECOND);
	assert_int_equal(300, span.kbps);
	assert_true(span.footage);
	traces_free(traces);
}

static void
what_nobody_told_is_not_known(void **state)
{
	struct traces *traces = traces_new();

	(void)state;
	for (int i = 0; i < 20; i++)
		traces_see(traces, BELL, START + i * SECOND, 100, false);
	for (int i = 60; i < 90; i++)
		traces_see(traces, BELL, START + i * SECOND, 100, false);
	assert_false(traces_between(traces, BELL, START - 60 * SECOND, START).known);
	assert_true(traces_between(traces, BELL, START, START + 20 * SECOND).known);
	assert_false(traces_between(traces, BELL, START + 30 * SECOND, START + 60 * SECOND).known);
	assert_true(traces_between(traces, BELL, START + 60 * SECOND, START + 80 * SECOND).known);
	assert_false(traces_between(traces, BELL, START + 200 * SECOND, START + 300 * SECOND)
	                 .known);
	/* A clock that went back tells nothing, and two days later all of it is gone. */
	traces_see(traces, BELL, START, 5000, false);
	assert_int_equal(100, traces_between(traces, BELL, START, START + 10 * SECOND).kbps);
	traces_see(traces, BELL, START + 2 * 86400 * SECOND, 1, false);
	assert_false(traces_between(traces, BELL, START, START + 80 * SECOND).known);
	traces_free(traces);
}

static void
who_was_seen_longest_ago_makes_room(void **state)
{
	struct traces *traces = traces_new();

	(void)state;
	for (uint64_t device = 0; device <= TRACE_DEVICES; device++)
		traces_see(traces, device, START + (int64_t)device * SECOND, 1, false);
	assert_int_equal(INT64_MAX, traces_begin(traces, 0));
	assert_int_equal(START + SECOND, traces_begin(traces, 1));
	assert_int_equal(START + TRACE_DEVICES * SECOND, traces_begin(traces, TRACE_DEVICES));
	traces_free(traces);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_second_of_two_minutes_is_there),
	    cmocka_unit_test(a_longer_time_is_told_by_its_mean),
	    cmocka_unit_test(what_nobody_told_is_not_known),
	    cmocka_unit_test(who_was_seen_longest_ago_makes_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
