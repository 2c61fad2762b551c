/* SPDX-License-Identifier: Apache-2.0 */
#include "source/ahead.h"

#include <stdlib.h>
#include <string.h>

#include "source/stream.h"

#include "tests/test.h"

#define CONTENT 3000001
#define RECORD  262160 /* the longest that a capture's reader asks for */

static uint8_t content[CONTENT];

static struct stream *
open_content(size_t len, bool ahead)
{
	struct porch_error error;
	struct raw *raw = raw_open_memory(content, len, true, &error);
	struct stream *stream = raw ? stream_new(raw, 0, true, &error) : NULL;

	assert_non_null(stream);
	if (ahead)
		stream_read_ahead(stream);
	return stream;
}

static int
setup(void **state)
{
	uint32_t number = 1;

	(void)state;
	for (size_t i = 0; i < sizeof(content); i++) {
		number = number * 1664525 + 1013904223;
		content[i] = (uint8_t)(number >> 24);
	}
	return 0;
}

static void
what_is_read_ahead_is_what_lies_there(void **state)
{
	struct stream *stream = open_content(sizeof(content), true);
	size_t at = 0;

	(void)state;
	for (size_t step = 1; at + RECORD <= sizeof(content); step = step * 7 % 90001 + 1) {
		size_t len = step % 5 == 0 ? RECORD : step;
		const uint8_t *bytes = stream_peek(stream, len);

		assert_non_null(bytes);
		assert_memory_equal(bytes, content + at, len);
		stream_skip(stream, step);
		assert_int_equal(stream_offset(stream), at += step);
	}
	assert_null(stream_peek(stream, sizeof(content)));
	assert_int_equal(stream_left(stream), sizeof(content) - at);
	assert_false(stream_broken(stream));
	assert_int_equal(stream_consumed(stream), sizeof(content));
	stream_free(stream);
}

static void
the_hashes_are_those_of_a_stream_that_is_not_read_ahead(void **state)
{
	char hash[2][2][65];

	(void)state;
	for (int ahead = 0; ahead < 2; ahead++) {
		struct stream *stream = open_content(sizeof(content), ahead == 1);

		stream_peek(stream, 1000);
		stream_drain(stream);
		stream_hashes(stream, hash[ahead][0], hash[ahead][1]);
		stream_free(stream);
	}
	assert_int_equal(strlen(hash[0][0]), 64);
	assert_memory_equal(hash[0], hash[1], sizeof(hash[0]));
}

static void
damage_is_told_at_the_same_place(void **state)
{
	static const uint8_t gzip[] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xff, 0xff, 0xff, 0xff};
	struct porch_error error[2];

	(void)state;
	for (int ahead = 0; ahead < 2; ahead++) {
		struct raw *raw = raw_open_memory(gzip, sizeof(gzip), true, &error[ahead]);
		struct stream *stream = stream_new(raw, 0, true, &error[ahead]);

		if (ahead)
			stream_read_ahead(stream);
		assert_null(stream_peek(stream, 4));
		assert_true(stream_broken(stream));
		error[ahead] = *stream_error(stream);
		stream_free(stream);
	}
	assert_int_equal(error[0].offset, error[1].offset);
	assert_string_equal(error[0].text, error[1].text);
}

static void
a_stream_may_be_left_before_its_end(void **state)
{
	(void)state;
	for (size_t len = 0; len <= sizeof(content); len += sizeof(content) / 3) {
		struct stream *stream = open_content(len, true);

		stream_peek(stream, 10);
		stream_free(stream);
		stream_free(open_content(len, true));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_read_ahead_is_what_lies_there),
	    cmocka_unit_test(the_hashes_are_those_of_a_stream_that_is_not_read_ahead),
	    cmocka_unit_test(damage_is_told_at_the_same_place),
	    cmocka_unit_test(a_stream_may_be_left_before_its_end),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
