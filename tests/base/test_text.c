/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#include "tests/test.h"

static void
what_fits_is_kept(void **state)
{
	char out[16];
	struct text text = text_over(out, sizeof(out));

	(void)state;
	text_add(&text, "front");
	text_char(&text, ' ');
	text_addf(&text, "%s %d", "door", 7);
	assert_string_equal(out, "front door 7");
	assert_int_equal(text.len, 12);
	assert_false(text.cut);
}

static void
what_does_not_fit_is_left_out_and_told(void **state)
{
	char out[8];
	struct text text = text_over(out, sizeof(out));

	(void)state;
	text_add(&text, "front");
	text_addf(&text, "%s", "-door");
	assert_string_equal(out, "front-d");
	assert_true(text.cut);
	text_char(&text, 'x');
	text_addf(&text, "y");
	assert_string_equal(out, "front-d");
}

static void
exactly_full_is_not_cut(void **state)
{
	char out[6];
	struct text text = text_over(out, sizeof(out));

	(void)state;
	text_addf(&text, "%s", "front");
	assert_string_equal(out, "front");
	assert_false(text.cut);
}

static void
one_byte_holds_the_empty_text(void **state)
{
	char out[1];
	struct text text = text_over(out, sizeof(out));

	(void)state;
	text_add(&text, "");
	assert_false(text.cut);
	text_add(&text, "a");
	assert_true(text.cut);
	assert_string_equal(out, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_fits_is_kept),
	    cmocka_unit_test(what_does_not_fit_is_left_out_and_told),
	    cmocka_unit_test(exactly_full_is_not_cut),
	    cmocka_unit_test(one_byte_holds_the_empty_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
