/* SPDX-License-Identifier: Apache-2.0 */
#include "score/match.h"

#include "tests/test.h"

#define SECOND INT64_C(1000000)
#define MS     INT64_C(1000)

static bool
fit(int64_t a, int64_t b, int64_t c, int64_t d)
{
	struct span one = {a, b}, other = {c, d};

	return span_fits(&one, &other);
}

static void
spans_fit_when_they_share_half_of_what_they_cover(void **state)
{
	(void)state;
	assert_true(fit(0, 10, 0, 10));
	assert_true(fit(0, 10, 0, 20));
	assert_false(fit(0, 10, 0, 21));
	assert_true(fit(0, 30, 10, 40));
	assert_false(fit(0, 30, 11, 41));
}

static void
spans_that_do_not_touch_never_fit(void **state)
{
	(void)state;
	assert_false(fit(0, 10, 10, 20));
	assert_false(fit(0, 0, 0, 0));
}

static void
a_short_span_grows_to_two_seconds_around_its_middle(void **state)
{
	struct span wide = span_widened((struct span){10 * SECOND, 10 * SECOND + 30 * MS});

	(void)state;
	assert_int_equal(wide.start, 9 * SECOND + 15 * MS);
	assert_int_equal(wide.end, 11 * SECOND + 15 * MS);
}

static void
an_odd_microsecond_goes_to_the_end(void **state)
{
	struct span wide = span_widened((struct span){0, 1});

	(void)state;
	assert_int_equal(wide.end - wide.start, SPAN_LEAST);
	assert_int_equal(wide.end + wide.start, 2);
}

static void
a_long_span_stays_as_it_is(void **state)
{
	struct span wide = span_widened((struct span){0, 2 * SECOND});

	(void)state;
	assert_int_equal(wide.start, 0);
	assert_int_equal(wide.end, 2 * SECOND);
}

/* Three labels and three episodes, all single. */
static struct matching
singles(size_t labels[3], size_t episodes[3])
{
	for (size_t i = 0; i < 3; i++)
		labels[i] = episodes[i] = MATCH_NONE;
	return (struct matching){.episode_of = labels, .label_of = episodes};
}

static void
the_greatest_overlap_comes_first_and_each_is_taken_once(void **state)
{
	struct candidate c[] = {{0, 0, 10}, {0, 1, 30}, {1, 1, 20}, {1, 0, 5}};
	size_t labels[3], episodes[3];
	struct matching m = singles(labels, episodes);

	(void)state;
	match_order(c, 4);
	match_take(&m, c, 4, NULL, NULL);
	assert_int_equal(labels[0], 1);
	assert_int_equal(labels[1], 0);
	assert_int_equal(labels[2], MATCH_NONE);
	assert_int_equal(episodes[1], 0);
}

static void
among_equals_the_earlier_label_and_episode_win(void **state)
{
	struct candidate c[] = {{1, 0, 10}, {0, 1, 10}, {0, 0, 10}};
	size_t labels[3], episodes[3];
	struct matching m = singles(labels, episodes);

	(void)state;
	match_order(c, 3);
	match_take(&m, c, 3, NULL, NULL);
	assert_int_equal(labels[0], 0);
	assert_int_equal(labels[1], MATCH_NONE);
}

static bool
only_the_second_episode(size_t label, size_t episode, const void *user)
{
	(void)label;
	(void)user;
	return episode == 1;
}

static void
a_later_call_takes_what_an_earlier_one_left(void **state)
{
	struct candidate c[] = {{0, 0, 30}, {0, 1, 20}, {1, 0, 10}};
	size_t labels[3], episodes[3];
	struct matching m = singles(labels, episodes);

	(void)state;
	match_order(c, 3);
	match_take(&m, c, 3, only_the_second_episode, NULL);
	assert_int_equal(labels[0], 1);
	assert_int_equal(labels[1], MATCH_NONE);
	match_take(&m, c, 3, NULL, NULL);
	assert_int_equal(labels[0], 1);
	assert_int_equal(labels[1], 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(spans_fit_when_they_share_half_of_what_they_cover),
	    cmocka_unit_test(spans_that_do_not_touch_never_fit),
	    cmocka_unit_test(a_short_span_grows_to_two_seconds_around_its_middle),
	    cmocka_unit_test(an_odd_microsecond_goes_to_the_end),
	    cmocka_unit_test(a_long_span_stays_as_it_is),
	    cmocka_unit_test(the_greatest_overlap_comes_first_and_each_is_taken_once),
	    cmocka_unit_test(among_equals_the_earlier_label_and_episode_win),
	    cmocka_unit_test(a_later_call_takes_what_an_earlier_one_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
