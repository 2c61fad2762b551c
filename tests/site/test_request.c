/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/site/request.h"

#include <string.h>

#include "tests/test.h"

static void
field(const char *form, const char *expected)
{
	char out[16];
	bool found = form_field(form, strlen(form), "name", out, sizeof(out));

	assert_int_equal(expected != NULL, found);
	assert_string_equal(expected ? expected : "", out);
}

static void
a_field_is_decoded_or_refused(void **state)
{
	(void)state;
	field("name=Front+door", "Front door");
	field("a=1&name=%4f%4B&b=2", "OK");
	field("name=", "");
	field("name=%c3%a4", "\xc3\xa4");
	field("", NULL);
	field("name", NULL);
	field("surname=x", NULL);
	field("name=a&name=b", NULL);
	field("name=%0", NULL);
	field("name=%", NULL);
	field("name=%zz", NULL);
	field("name=%00", NULL);
	field("name=%c3", NULL);
	field("name=0123456789abcde", "0123456789abcde");
	field("name=0123456789abcdef", NULL);
}

static void
cookie(const char *header, const char *expected)
{
	char out[8];
	bool found = cookie_find(header, "name", out, sizeof(out));

	assert_int_equal(expected != NULL, found);
	assert_string_equal(expected ? expected : "", out);
}

static void
a_cookie_is_found_among_others(void **state)
{
	(void)state;
	cookie("name=abc", "abc");
	cookie("a=b; name=abc; c=d", "abc");
	cookie("surname=x", NULL);
	cookie("name=a; name=b", NULL);
	cookie("name=12345678", NULL);
	cookie("name", NULL);
	cookie(";;; name=a;", "a");
	cookie("", NULL);
	cookie(NULL, NULL);
}

static void
an_id_is_a_letter_and_16_digits(void **state)
{
	uint64_t id = 0;

	(void)state;
	assert_true(id_parse("e00000000000000ff", 'e', &id));
	assert_int_equal(255, id);
	assert_false(id_parse("d00000000000000ff", 'e', &id));
	assert_false(id_parse("e00000000000000FF", 'e', &id));
	assert_false(id_parse("e00000000000000f", 'e', &id));
	assert_false(id_parse("e00000000000000ff0", 'e', &id));
	assert_false(id_parse("e0000000000000\"ff", 'e', &id));
	assert_false(id_parse(NULL, 'e', &id));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_field_is_decoded_or_refused),
	    cmocka_unit_test(a_cookie_is_found_among_others),
	    cmocka_unit_test(an_id_is_a_letter_and_16_digits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
