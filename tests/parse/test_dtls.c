/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/hello.h"

#include "tests/samples/hello.h"
#include "tests/test.h"

static struct hello_plan
camera_plan(void)
{
	struct hello_plan plan = doorbell_plan;

	plan.dtls = true;
	plan.version = 0xfefd;
	plan.versions = "fefd";
	return plan;
}

static void
a_hello_in_one_datagram_is_read_past_its_cookie(void **state)
{
	struct hello_plan plan = camera_plan();
	struct bytes datagram = hello_datagram(&plan, 0, hello_body(&plan).len);
	struct hello hello;

	(void)state;
	assert_int_equal(dtls_hello_parse(cursor_over(datagram.at, datagram.len), &hello),
	    PARSE_OK);
	assert_int_equal(hello.transport, HELLO_OVER_DTLS);
	assert_int_equal(hello.version, 0xfefd);
	assert_int_equal(cursor_left(&hello.host), strlen(plan.host));
	assert_memory_equal(hello.host.at, plan.host, strlen(plan.host));
}

static void
every_cut_datagram_is_short(void **state)
{
	struct hello_plan plan = camera_plan();
	struct bytes datagram = hello_datagram(&plan, 0, hello_body(&plan).len);
	struct hello hello;

	(void)state;
	for (size_t len = 1; len < datagram.len; len++) {
		uint8_t *copy = malloc(len);

		assert_non_null(copy);
		memcpy(copy, datagram.at, len);
		assert_int_equal(dtls_hello_parse(cursor_over(copy, len), &hello), PARSE_SHORT);
		free(copy);
	}
}

static void
a_fragment_tells_where_it_belongs(void **state)
{
	struct hello_plan plan = camera_plan();
	struct bytes datagram = hello_datagram(&plan, 10, 60);
	struct cursor at = cursor_over(datagram.at, datagram.len);
	struct dtls_fragment fragment;
	struct hello hello;

	(void)state;
	assert_int_equal(dtls_hello_parse(at, &hello), PARSE_SHORT);
	assert_int_equal(dtls_hello_fragment(&at, &fragment), PARSE_OK);
	assert_int_equal(fragment.offset, 10);
	assert_int_equal(fragment.total, hello_body(&plan).len);
	assert_int_equal(cursor_left(&fragment.piece), 50);
	assert_int_equal(dtls_hello_fragment(&at, &fragment), PARSE_OTHER);
}

static void
a_fragment_past_the_end_of_its_message_is_malformed(void **state)
{
	struct hello_plan plan = camera_plan();
	struct bytes datagram = hello_datagram(&plan, 10, 60);
	struct cursor at = cursor_over(datagram.at, datagram.len);
	struct dtls_fragment fragment;

	(void)state;
	datagram.at[13 + 6 + 1] = 0x10; /* fragment_offset, its middle byte */
	assert_int_equal(dtls_hello_fragment(&at, &fragment), PARSE_MALFORMED);
}

static void
what_is_no_hello_is_something_else(void **state)
{
	struct hello_plan plan = camera_plan();
	struct bytes datagram = hello_datagram(&plan, 0, 20), other;
	struct hello hello;

	(void)state;
	assert_int_equal(dtls_hello_parse(cursor_over("", 0), &hello), PARSE_OTHER);
	assert_int_equal(dtls_hello_parse(cursor_over("\x80", 1), &hello), PARSE_OTHER);
	other = datagram;
	other.at[1] = 0x03; /* the version of TLS */
	assert_int_equal(dtls_hello_parse(cursor_over(other.at, other.len), &hello), PARSE_OTHER);
	other = datagram;
	other.at[4] = 1; /* the second epoch is encrypted */
	assert_int_equal(dtls_hello_parse(cursor_over(other.at, other.len), &hello), PARSE_OTHER);
	other = datagram;
	other.at[13] = 2; /* ServerHello */
	assert_int_equal(dtls_hello_parse(cursor_over(other.at, other.len), &hello), PARSE_OTHER);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_hello_in_one_datagram_is_read_past_its_cookie),
	    cmocka_unit_test(every_cut_datagram_is_short),
	    cmocka_unit_test(a_fragment_tells_where_it_belongs),
	    cmocka_unit_test(a_fragment_past_the_end_of_its_message_is_malformed),
	    cmocka_unit_test(what_is_no_hello_is_something_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
