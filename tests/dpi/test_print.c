/* SPDX-License-Identifier: Apache-2.0 */
#include "dpi/print.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tests/test.h"

/* This test's own calls are bounded by what it tests: the C library is asked by another name. */
static int
print_as_usual(char *to, size_t size, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(to, size, format, arguments);
	va_end(arguments);
	return length;
}

#define ROOM 64

/* The same text, length and bytes behind it, whatever room there is for it. */
#define assert_printed_as_usual(...)                                                               \
	for (size_t size = 0; size < ROOM; size++) {                                               \
		char ours[ROOM], usual[ROOM];                                                      \
                                                                                                   \
		memset(ours, '#', sizeof(ours));                                                   \
		memset(usual, '#', sizeof(usual));                                                 \
		assert_int_equal(print_as_usual(usual, size, __VA_ARGS__),                         \
		    print_bounded(ours, size, 1, sizeof(ours), __VA_ARGS__));                      \
		assert_memory_equal(usual, ours, sizeof(ours));                                    \
	}

static void
what_a_fingerprint_is_written_of_is_the_same(void **state)
{
	static const unsigned numbers[] = {0, 7, 10, 255, 256, 65535, 1000000, INT_MAX, UINT_MAX};

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		unsigned n = numbers[i];

		assert_printed_as_usual("%u,", n);
		assert_printed_as_usual("%s%u", i > 0 ? "-" : "", n);
		assert_printed_as_usual("%02x", n);
		assert_printed_as_usual("%s%04X", "-", n);
		assert_printed_as_usual("%09x:%01X", n, n);
	}
	assert_printed_as_usual(",");
	assert_printed_as_usual("%s", "");
	assert_printed_as_usual("%s%s of %s", "one", "",
	    "a text that is longer than there is room");
}

static void
what_it_does_not_know_is_left_to_the_c_library(void **state)
{
	(void)state;
	assert_printed_as_usual("100%% of %u", 5U);
	assert_printed_as_usual("%s %d", "below", -5);
	assert_printed_as_usual("%s %-6s|%6s|%.2s", "wide", "a", "b", "cut");
	assert_printed_as_usual("%u %lu %zu %hhx", 1U, 2UL, (size_t)3, 0x104U);
	assert_printed_as_usual("%c%5.1f", 'x', 2.25);
	assert_printed_as_usual("%08lx %2u", 4UL, 5U);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_a_fingerprint_is_written_of_is_the_same),
	    cmocka_unit_test(what_it_does_not_know_is_left_to_the_c_library),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
