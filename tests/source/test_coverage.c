/* SPDX-License-Identifier: Apache-2.0 */
#include "source/coverage.h"

#include "tests/test.h"

#define MB UINT64_C(1000000)

static void
what_was_captured_whole_is_never_unseen(void **state)
{
	struct coverage c = {.begun = false};

	(void)state;
	for (uint64_t i = 1; i <= 1000; i++)
		assert_int_equal(coverage_look(&c, 77 + i * MB, MB, true), 0);
}

/* Headers of joined packets are missing: 3.5 % of a stream of full segments. */
static void
joined_packets_are_not_unseen(void **state)
{
	struct coverage c = {.begun = false};

	(void)state;
	for (uint64_t i = 0; i < 1000; i++)
		assert_int_equal(coverage_look(&c, i * 10 * MB, 965 * MB / 100, true), 0);
}

static void
frames_under_way_are_seen_by_the_next_look(void **state)
{
	struct coverage c = {.begun = false};

	(void)state;
	assert_int_equal(coverage_look(&c, 0, 0, true), 0);
	assert_int_equal(coverage_look(&c, 30 * MB, 10 * MB, true), 0);
	assert_int_equal(coverage_look(&c, 31 * MB, 21 * MB, true), 0);
	assert_int_equal(coverage_look(&c, 31 * MB, 0, true), 0);
}

/* Half of what passes takes a short cut: nearly all of that is told, and never more. */
static void
bytes_that_pass_by_are_told_at_the_second_look(void **state)
{
	struct coverage c = {.begun = false};
	uint64_t told = 0, unseen = 0;

	(void)state;
	assert_int_equal(coverage_look(&c, 0, 0, true), 0);
	assert_int_equal(coverage_look(&c, 10 * MB, 5 * MB, true), 0);
	for (uint64_t i = 2; i <= 100; i++) {
		told += coverage_look(&c, i * 10 * MB, 5 * MB, true);
		unseen = i * 5 * MB;
		assert_true(told <= unseen);
	}
	assert_true(told > unseen * 85 / 100);
}

static void
what_was_lost_or_begun_anew_is_left_out(void **state)
{
	struct coverage c = {.begun = false};

	(void)state;
	assert_int_equal(coverage_look(&c, 500 * MB, 0, true), 0); /* before anybody listened */
	assert_int_equal(coverage_look(&c, 510 * MB, 1 * MB, false), 0); /* the rest was dropped */
	assert_int_equal(coverage_look(&c, 520 * MB, 10 * MB, true), 0);
	assert_int_equal(coverage_look(&c, 5 * MB, 0, true), 0); /* made anew */
	assert_int_equal(coverage_look(&c, 6 * MB, 1 * MB, true), 0);
	assert_int_equal(coverage_look(&c, 7 * MB, 1 * MB, true), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_was_captured_whole_is_never_unseen),
	    cmocka_unit_test(joined_packets_are_not_unseen),
	    cmocka_unit_test(frames_under_way_are_seen_by_the_next_look),
	    cmocka_unit_test(bytes_that_pass_by_are_told_at_the_second_look),
	    cmocka_unit_test(what_was_lost_or_begun_anew_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
