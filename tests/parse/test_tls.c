/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/hello.h"

#include "tests/samples/hello.h"
#include "tests/test.h"

static uint8_t scratch[TLS_HELLO_MAX];

static enum parse_result
parse(const void *bytes, size_t len, struct hello *hello)
{
	return tls_hello_parse(cursor_over(bytes, len), scratch, sizeof(scratch), hello);
}

static void
a_hello_is_read_however_records_split_it(void **state)
{
	size_t whole = hello_message(&doorbell_plan).len;

	(void)state;
	for (size_t size = 1; size <= whole; size++) {
		struct bytes stream = hello_records(&doorbell_plan, size);
		struct hello hello;

		assert_int_equal(parse(stream.at, stream.len, &hello), PARSE_OK);
		assert_int_equal(cursor_left(&hello.host), strlen(doorbell_plan.host));
		assert_memory_equal(hello.host.at, doorbell_plan.host, strlen(doorbell_plan.host));
	}
}

static void
every_prefix_of_a_stream_is_short(void **state)
{
	static const size_t sizes[] = {7, 100, HELLO_ROOM};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct bytes stream = hello_records(&doorbell_plan, sizes[i]);
		struct hello hello;

		for (size_t len = 0; len < stream.len; len++) {
			uint8_t *copy = malloc(len ? len : 1);

			assert_non_null(copy);
			memcpy(copy, stream.at, len);
			assert_int_equal(parse(copy, len, &hello), PARSE_SHORT);
			free(copy);
		}
	}
}

static void
what_is_no_tls_is_told_by_its_first_bytes(void **state)
{
	struct hello hello;

	(void)state;
	assert_int_equal(parse("G", 1, &hello), PARSE_OTHER);
	assert_int_equal(parse("\x16\x02", 2, &hello), PARSE_OTHER);
	assert_int_equal(parse("\x16\x03\x05", 3, &hello), PARSE_OTHER);
	assert_int_equal(parse("\x16\x03\x01\xff\xff", 5, &hello), PARSE_OTHER);
	assert_int_equal(parse("\x17\x03\x03\x00\x10", 5, &hello), PARSE_OTHER);
	assert_int_equal(parse("\x16\x03\x03\x00\x04\x02\x00\x00\x00", 9, &hello), PARSE_OTHER);
}

static void
another_record_inside_a_hello_is_malformed(void **state)
{
	struct bytes stream = hello_records(&doorbell_plan, 50);
	struct hello hello;

	(void)state;
	stream.at[55] = 21;
	assert_int_equal(parse(stream.at, stream.len, &hello), PARSE_MALFORMED);
}

static void
a_hello_longer_than_the_scratch_is_not_read(void **state)
{
	struct bytes stream = hello_records(&doorbell_plan, 50);
	struct hello hello;
	uint8_t small[60];

	(void)state;
	assert_int_equal(tls_hello_parse(cursor_over(stream.at, stream.len), small, sizeof(small),
	                     &hello),
	    PARSE_OTHER);
}

static void
the_first_record_of_either_side_tells_tls(void **state)
{
	static const struct {
		uint8_t bytes[6];
		enum tls_first first;
	} rows[] = {
	    {{22, 3, 1, 0, 9, 1}, TLS_FIRST_CLIENT_HELLO},
	    {{22, 3, 3, 0, 9, 2}, TLS_FIRST_SERVER_HELLO},
	    {{21, 3, 3, 0, 2, 2}, TLS_FIRST_ALERT},
	    {{23, 3, 3, 0, 9, 77}, TLS_FIRST_LATER},
	    {{22, 3, 3, 0, 9, 77}, TLS_FIRST_LATER},
	};
	enum tls_first first;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(tls_first_record(cursor_over(rows[i].bytes, 6), &first), PARSE_OK);
		assert_int_equal(first, rows[i].first);
		assert_int_equal(tls_first_record(cursor_over(rows[i].bytes, 4), &first),
		    PARSE_SHORT);
	}
	assert_int_equal(tls_first_record(cursor_over("HTTP/1", 6), &first), PARSE_OTHER);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_hello_is_read_however_records_split_it),
	    cmocka_unit_test(every_prefix_of_a_stream_is_short),
	    cmocka_unit_test(what_is_no_tls_is_told_by_its_first_bytes),
	    cmocka_unit_test(another_record_inside_a_hello_is_malformed),
	    cmocka_unit_test(a_hello_longer_than_the_scratch_is_not_read),
	    cmocka_unit_test(the_first_record_of_either_side_tells_tls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
