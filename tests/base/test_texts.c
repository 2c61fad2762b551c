/* SPDX-License-Identifier: Apache-2.0 */
#include "base/texts.h"

#include <stdio.h>
#include <string.h>

#include "tests/test.h"

static int
setup(void **state)
{
	*state = texts_new(100, 1);
	return *state ? 0 : -1;
}

static int
teardown(void **state)
{
	texts_free(*state);
	return 0;
}

static void
the_same_text_is_kept_once(void **state)
{
	char copy[] = "media.example";
	const char *first = texts_keep(*state, "media.example");

	assert_string_equal(first, "media.example");
	assert_ptr_equal(texts_keep(*state, copy), first);
	assert_int_equal(texts_count(*state), 1);
}

static void
a_text_stays_until_its_last_holder_drops_it(void **state)
{
	const char *text = texts_keep(*state, "media.example");

	texts_keep(*state, "media.example");
	texts_drop(*state, text);
	assert_int_equal(texts_count(*state), 1);
	assert_string_equal(text, "media.example");
	texts_drop(*state, text);
	assert_int_equal(texts_count(*state), 0);
}

static void
who_holds_a_text_is_one_of_its_holders(void **state)
{
	const char *text = texts_keep(*state, "media.example");

	assert_ptr_equal(texts_hold(text), text);
	texts_drop(*state, text);
	assert_int_equal(texts_count(*state), 1);
	texts_drop(*state, text);
	assert_int_equal(texts_count(*state), 0);
	assert_null(texts_hold(NULL));
}

static void
no_text_and_one_too_long_are_not_kept(void **state)
{
	char text[TEXTS_LONGEST + 2];

	memset(text, 'a', sizeof(text));
	text[TEXTS_LONGEST + 1] = '\0';
	assert_null(texts_keep(*state, ""));
	assert_null(texts_keep(*state, text));
	text[TEXTS_LONGEST] = '\0';
	assert_string_equal(texts_keep(*state, text), text);
	texts_drop(*state, NULL);
	assert_int_equal(texts_count(*state), 1);
}

static void
as_many_as_were_asked_for_fit_whatever_their_length(void **state)
{
	const char *kept[100];
	char text[TEXTS_LONGEST + 1];

	for (int length = 4; length <= TEXTS_LONGEST; length += 50) {
		for (int i = 0; i < 100; i++) {
			snprintf(text, sizeof(text), "%0*d", length, i);
			kept[i] = texts_keep(*state, text);
			assert_string_equal(kept[i], text);
		}
		snprintf(text, sizeof(text), "%0*d", length, 100);
		assert_null(texts_keep(*state, text));
		for (int i = 0; i < 100; i++)
			texts_drop(*state, kept[i]);
	}
	assert_int_equal(texts_count(*state), 0);
}

static void
nothing_is_kept_in_no_room(void **state)
{
	(void)state;
	assert_null(texts_new(0, 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(the_same_text_is_kept_once, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_text_stays_until_its_last_holder_drops_it, setup,
	        teardown),
	    cmocka_unit_test_setup_teardown(who_holds_a_text_is_one_of_its_holders, setup,
	        teardown),
	    cmocka_unit_test_setup_teardown(no_text_and_one_too_long_are_not_kept, setup, teardown),
	    cmocka_unit_test_setup_teardown(as_many_as_were_asked_for_fit_whatever_their_length,
	        setup, teardown),
	    cmocka_unit_test(nothing_is_kept_in_no_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
