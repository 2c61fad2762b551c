/* SPDX-License-Identifier: Apache-2.0 */
#include "base/escape.h"

#include <string.h>

#include "tests/test.h"

static void
becomes(enum escape escape, const char *text, const char *expected)
{
	char out[256];
	struct text built = text_over(out, sizeof(out));

	text_add_escaped(&built, escape, text);
	assert_string_equal(out, expected);
}

static void
honest_text_stays_as_it_is(void **state)
{
	(void)state;
	for (enum escape escape = ESCAPE_JSON; escape <= ESCAPE_HTML; escape++)
		becomes(escape, "Haust\xc3\xbcr \xe9\x96\x80 \xf0\x9f\x9a\xaa",
		    "Haust\xc3\xbcr \xe9\x96\x80 \xf0\x9f\x9a\xaa");
}

static void
controls_are_named_in_the_way_of_the_sink(void **state)
{
	(void)state;
	becomes(ESCAPE_JSON, "a\033\n\x7f", "a\\u001b\\u000a\\u007f");
	becomes(ESCAPE_TERMINAL, "a\033\n\x7f", "a\\x1b\\x0a\\x7f");
	becomes(ESCAPE_CSV, "a\033\n\x7f\t", "a\\x1b\\x0a\\x7f\t");
}

static void
bidi_marks_and_line_separators_are_shown(void **state)
{
	(void)state;
	becomes(ESCAPE_JSON, "\xe2\x80\xae\xe2\x80\xa8", "\\u202e\\u2028");
	becomes(ESCAPE_TERMINAL, "\xe2\x80\xae", "\\xe2\\x80\\xae");
	becomes(ESCAPE_TERMINAL, "\xc2\x9b", "\\xc2\\x9b");
}

static void
bytes_that_are_no_utf8_are_kept_as_hex(void **state)
{
	(void)state;
	becomes(ESCAPE_JSON, "a\xff", "a\\\\xff");
	becomes(ESCAPE_TERMINAL, "\xc0\x80\xed\xa0\x80", "\\xc0\\x80\\xed\\xa0\\x80");
	becomes(ESCAPE_CSV, "\xe2\x82", "\\xe2\\x82");
}

static void
a_backslash_x_of_the_text_itself_is_told_apart(void **state)
{
	(void)state;
	becomes(ESCAPE_TERMINAL, "\\xff", "\\x5cxff");
	becomes(ESCAPE_JSON, "\\xff", "\\\\x5cxff");
	becomes(ESCAPE_TERMINAL, "c:\\new", "c:\\new");
	becomes(ESCAPE_JSON, "c:\\new", "c:\\\\new");
}

static void
quotes_and_script_ends_cannot_close_what_holds_them(void **state)
{
	(void)state;
	becomes(ESCAPE_JSON, "\"</script>", "\\\"\\u003c/script>");
	becomes(ESCAPE_CSV, "say \"hi\"", "say \"\"hi\"\"");
}

static void
past_the_basic_plane_json_uses_a_pair(void **state)
{
	(void)state;
	becomes(ESCAPE_JSON, "\xf3\xa0\x80\x81", "\\udb40\\udc01");
}

static void
an_escape_is_never_cut_in_half(void **state)
{
	(void)state;
	for (size_t size = 1; size < 20; size++) {
		char out[20];
		struct text built = text_over(out, size);

		text_add_escaped(&built, ESCAPE_TERMINAL, "ab\033\xe2\x80\xae");
		assert_true(strlen(out) <= 2 || strlen(out) == 6 || strlen(out) == 18);
		assert_int_equal(built.cut, size < 19);
	}
}

static void
a_formula_starts_with_one_of_five_characters(void **state)
{
	(void)state;
	for (const char *c = "=+-@\t"; *c; c++) {
		const char cell[] = {*c, '1', '\0'};

		assert_true(escape_csv_formula(cell));
	}
	assert_false(escape_csv_formula("a=1"));
	assert_false(escape_csv_formula(""));
}

static void
wide_letters_take_two_columns_and_marks_none(void **state)
{
	(void)state;
	assert_int_equal(utf8_columns("door"), 4);
	assert_int_equal(utf8_columns("\xe9\x96\x80"), 2);
	assert_int_equal(utf8_columns("e\xcc\x81"), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(honest_text_stays_as_it_is),
	    cmocka_unit_test(controls_are_named_in_the_way_of_the_sink),
	    cmocka_unit_test(bidi_marks_and_line_separators_are_shown),
	    cmocka_unit_test(bytes_that_are_no_utf8_are_kept_as_hex),
	    cmocka_unit_test(a_backslash_x_of_the_text_itself_is_told_apart),
	    cmocka_unit_test(quotes_and_script_ends_cannot_close_what_holds_them),
	    cmocka_unit_test(past_the_basic_plane_json_uses_a_pair),
	    cmocka_unit_test(an_escape_is_never_cut_in_half),
	    cmocka_unit_test(a_formula_starts_with_one_of_five_characters),
	    cmocka_unit_test(wide_letters_take_two_columns_and_marks_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
