/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/text.h"

#include "tests/parse/prefix.h"

static struct cursor
over(const char *text)
{
	return cursor_over(text, strlen(text));
}

static void
a_line_ends_in_lf_with_or_without_cr(void **state)
{
	struct cursor text = over("one\r\ntwo\nthree"), line;

	(void)state;
	assert_true(text_next_line(&text, &line));
	assert_text(line, "one");
	assert_true(text_next_line(&text, &line));
	assert_text(line, "two");
	assert_false(text_next_line(&text, &line));
	assert_text(text, "three");
}

static void
a_value_is_kept_without_the_blanks_around_it(void **state)
{
	struct cursor text = over("Name: \t some value \r\n");
	struct text_field field;

	(void)state;
	assert_int_equal(text_next_field(&text, &field), PARSE_OK);
	assert_text(field.name, "Name");
	assert_text(field.value, "some value");
}

static void
a_line_without_a_name_is_malformed_and_taken(void **state)
{
	struct cursor text = over("no colon\n: no name\na b: blank\n\n");
	struct text_field field;

	(void)state;
	assert_int_equal(text_next_field(&text, &field), PARSE_MALFORMED);
	assert_int_equal(text_next_field(&text, &field), PARSE_MALFORMED);
	assert_int_equal(text_next_field(&text, &field), PARSE_MALFORMED);
	assert_int_equal(text_next_field(&text, &field), PARSE_OTHER);
	assert_true(text_empty(&text));
}

static void
a_number_fills_its_text_and_stays_below_its_maximum(void **state)
{
	uint64_t n = 0;

	(void)state;
	assert_true(text_number(over("65535"), UINT16_MAX, &n));
	assert_int_equal(n, 65535);
	assert_false(text_number(over("65536"), UINT16_MAX, &n));
	assert_false(text_number(over("99999999999999999999"), UINT64_MAX, &n));
	assert_false(text_number(over("9"), 5, &n));
	assert_false(text_number(over("1x"), UINT16_MAX, &n));
	assert_false(text_number(over("-1"), UINT16_MAX, &n));
	assert_false(text_number(over(""), UINT16_MAX, &n));
}

static void
a_start_line_is_a_request_or_a_status(void **state)
{
	struct cursor request = over("GET /a HTTP/1.1\r\n"), status = over("HTTP/1.0 404\r\n");
	struct text_start start;

	(void)state;
	assert_int_equal(text_next_start(&request, "HTTP/1.", &start), PARSE_OK);
	assert_text(start.method, "GET");
	assert_text(start.target, "/a");
	assert_int_equal(text_next_start(&status, "HTTP/1.", &start), PARSE_OK);
	assert_false(start.request);
	assert_int_equal(start.status, 404);
}

static void
what_is_no_start_line_is_refused_as_soon_as_it_shows(void **state)
{
	static const char *const others[] = {"\x16\x03\x01", "get / HTTP/1.1\n", "GET /\n",
	    "GET / HTTP/2.0\n", "HTTP/1.1 OK\n", "HTTP/1.1 099\n", "HTTP/1.1 600\n",
	    "GET / HTTP/1.1 x\n", "GET /\x01 HTTP/1.1\n", "\n", "\tGET / HTTP/1.1\n"};
	struct text_start start;

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		struct cursor text = over(others[i]);

		assert_int_equal(text_next_start(&text, "HTTP/1.", &start), PARSE_OTHER);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_line_ends_in_lf_with_or_without_cr),
	    cmocka_unit_test(a_value_is_kept_without_the_blanks_around_it),
	    cmocka_unit_test(a_line_without_a_name_is_malformed_and_taken),
	    cmocka_unit_test(a_number_fills_its_text_and_stays_below_its_maximum),
	    cmocka_unit_test(a_start_line_is_a_request_or_a_status),
	    cmocka_unit_test(what_is_no_start_line_is_refused_as_soon_as_it_shows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
