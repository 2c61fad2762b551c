/* SPDX-License-Identifier: Apache-2.0 */
#include "base/glob.h"

#include <string.h>

#include "tests/test.h"

static bool
matches(const char *pattern, const char *text)
{
	return glob_matches(pattern, strlen(pattern), text, strlen(text));
}

static void
a_star_is_any_run_and_a_question_mark_one_character(void **state)
{
	(void)state;
	assert_true(matches("cam*", "cam"));
	assert_true(matches("cam*", "camera-7"));
	assert_true(matches("*cam*7", "my-camera-7"));
	assert_true(matches("a?c", "abc"));
	assert_false(matches("a?c", "ac"));
	assert_false(matches("cam", "camera"));
	assert_false(matches("*cam", "camera"));
	assert_true(matches("", ""));
	assert_false(matches("", "a"));
}

static void
letters_match_in_either_case(void **state)
{
	(void)state;
	assert_true(matches("Cam-*", "cAM-0A"));
}

static void
many_stars_stay_cheap(void **state)
{
	char pattern[201], text[5001];

	(void)state;
	for (size_t i = 0; i < 200; i++)
		pattern[i] = i % 2 ? 'a' : '*';
	pattern[200] = '\0';
	memset(text, 'a', 5000);
	text[5000] = '\0';
	assert_true(matches(pattern, text));
	text[4999] = 'b';
	assert_false(matches(pattern, text));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_star_is_any_run_and_a_question_mark_one_character),
	    cmocka_unit_test(letters_match_in_either_case),
	    cmocka_unit_test(many_stars_stay_cheap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
