/* SPDX-License-Identifier: Apache-2.0 */
#include "base/bytes.h"

#include <string.h>

#include "tests/test.h"

static void
numbers_come_back(void **state)
{
	static const int64_t numbers[] = {
	    0, 1, -1, 63, 64, -64, -65, 127, 128, INT64_MAX, INT64_MIN, 1764000000000000};
	uint8_t memory[256];
	struct bytes bytes = bytes_over(memory, sizeof(memory));
	struct cursor c;

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		bytes_signed(&bytes, numbers[i]);
		bytes_number(&bytes, (uint64_t)numbers[i]);
	}
	assert_false(bytes.cut);
	c = cursor_over(memory, bytes.len);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		assert_true(bytes_read_signed(&c) == numbers[i]);
		assert_true(bytes_read_number(&c) == (uint64_t)numbers[i]);
	}
	assert_false(c.short_read);
	assert_int_equal(cursor_left(&c), 0);
}

static void
small_numbers_are_short(void **state)
{
	uint8_t memory[16];
	struct bytes bytes = bytes_over(memory, sizeof(memory));

	(void)state;
	bytes_number(&bytes, 127);
	assert_int_equal(bytes.len, 1);
	bytes_signed(&bytes, -64);
	assert_int_equal(bytes.len, 2);
	bytes_number(&bytes, 128);
	assert_int_equal(bytes.len, 4);
}

static void
texts_come_back_and_too_long_ones_are_refused(void **state)
{
	uint8_t memory[64];
	struct bytes bytes = bytes_over(memory, sizeof(memory));
	struct cursor c;
	char text[8];

	(void)state;
	bytes_text(&bytes, "porch");
	bytes_text(&bytes, "");
	bytes_text(&bytes, "doorbell");
	c = cursor_over(memory, bytes.len);
	bytes_read_text(&c, text, sizeof(text));
	assert_string_equal(text, "porch");
	bytes_read_text(&c, text, sizeof(text));
	assert_string_equal(text, "");
	bytes_read_text(&c, text, sizeof(text));
	assert_true(c.short_read);
	assert_string_equal(text, "");
}

static void
what_does_not_fit_is_cut_and_what_is_missing_is_short(void **state)
{
	static const uint8_t endless[] = {
	    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02};
	static const uint8_t with_nul[] = {3, 'a', 0, 'b'};
	uint8_t memory[3];
	struct bytes bytes = bytes_over(memory, sizeof(memory));
	struct cursor c = cursor_over(memory, 0);
	char text[8];

	(void)state;
	bytes_number(&bytes, UINT64_MAX);
	assert_true(bytes.cut);
	assert_int_equal(bytes.len, 0);
	assert_int_equal(bytes_read_number(&c), 0);
	assert_true(c.short_read);
	c = cursor_over(endless, sizeof(endless));
	assert_int_equal(bytes_read_number(&c), 0);
	assert_true(c.short_read);
	c = cursor_over(with_nul, sizeof(with_nul));
	bytes_read_text(&c, text, sizeof(text));
	assert_true(c.short_read);
	c = cursor_over(with_nul, 1);
	assert_int_equal(bytes_read_below(&c, 2), 0);
	assert_true(c.short_read);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(numbers_come_back),
	    cmocka_unit_test(small_numbers_are_short),
	    cmocka_unit_test(texts_come_back_and_too_long_ones_are_refused),
	    cmocka_unit_test(what_does_not_fit_is_cut_and_what_is_missing_is_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
