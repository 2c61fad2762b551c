/* SPDX-License-Identifier: Apache-2.0 */
#include "score/tally.h"

#include "tests/test.h"

static void
precision_is_the_share_of_what_was_told(void **state)
{
	struct score_tally t = {.right = 9, .extra = 1, .missed = 3};

	(void)state;
	assert_int_equal(score_precision(&t), 900);
	assert_int_equal(score_recall(&t), 750);
	assert_int_equal(score_f1(&t), 818); /* 18 of 22 */
}

static void
a_share_of_nothing_is_no_share(void **state)
{
	struct score_tally none = {.right = 0};

	(void)state;
	assert_int_equal(score_precision(&none), PORCH_NO_CHANCE);
	assert_int_equal(score_recall(&none), PORCH_NO_CHANCE);
	assert_int_equal(score_f1(&none), PORCH_NO_CHANCE);
	assert_int_equal(score_coverage(&none), PORCH_NO_CHANCE);
}

static void
cannot_tell_is_neither_right_nor_wrong_and_lowers_coverage(void **state)
{
	struct score_tally t = {.right = 8, .right_no = 1, .cannot_tell = 1};

	(void)state;
	assert_int_equal(score_f1(&t), 1000);
	assert_int_equal(score_coverage(&t), 900);
}

static void
a_class_nobody_labelled_or_told_is_not_in_the_mean(void **state)
{
	struct score_tally t[3] = {{.right = 1}, {.missed = 1}, {.right = 0}};

	(void)state;
	assert_int_equal(score_macro(t, 3), 500);
	assert_int_equal(score_macro(&t[2], 1), PORCH_NO_CHANCE);
}

static void
coverage_of_several_classes_is_that_of_their_cases_together(void **state)
{
	struct score_tally t[2] = {{.right = 3}, {.cannot_tell = 1}};

	(void)state;
	assert_int_equal(score_coverage_of(t, 2), 750);
}

static void
values_lie_by_nearest_rank(void **state)
{
	uint64_t values[20];
	struct score_spread s;

	(void)state;
	for (uint64_t i = 0; i < 20; i++)
		values[i] = 20 - i;
	s = score_spread_of(values, 20);
	assert_int_equal(s.count, 20);
	assert_int_equal(s.median, 10);
	assert_int_equal(s.percentile_95, 19);
	assert_int_equal(s.most, 20);
}

static void
one_value_is_its_own_median(void **state)
{
	uint64_t value = 7;
	struct score_spread s = score_spread_of(&value, 1);

	(void)state;
	assert_int_equal(s.median, 7);
	assert_int_equal(s.percentile_95, 7);
	assert_int_equal(score_spread_of(NULL, 0).count, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(precision_is_the_share_of_what_was_told),
	    cmocka_unit_test(a_share_of_nothing_is_no_share),
	    cmocka_unit_test(cannot_tell_is_neither_right_nor_wrong_and_lowers_coverage),
	    cmocka_unit_test(a_class_nobody_labelled_or_told_is_not_in_the_mean),
	    cmocka_unit_test(coverage_of_several_classes_is_that_of_their_cases_together),
	    cmocka_unit_test(values_lie_by_nearest_rank),
	    cmocka_unit_test(one_value_is_its_own_median),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
