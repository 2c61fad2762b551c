/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "tests/test.h"

static bool
is_zero(const unsigned char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (bytes[i] != 0)
			return false;
	return true;
}

static void
what_is_taken_is_zeroed_and_aligned(void **state)
{
	static const size_t sizes[] = {1, 15, 16, 17, 4096, 16384, 16385, 65536, 1 << 20};
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < 500; i++) {
		size_t size = sizes[i % (sizeof(sizes) / sizeof(sizes[0]))];
		unsigned char *taken = arena_alloc(arena, size);

		assert_non_null(taken);
		assert_int_equal((uintptr_t)taken % 16, 0);
		assert_true(is_zero(taken, size));
		memset(taken, 0xff, size);
	}
	arena_free(arena);
}

static void
what_is_not_kept_is_taken_again(void **state)
{
	struct arena *arena = arena_new();
	unsigned char *first = arena_alloc(arena, 4096), *second;

	(void)state;
	memset(first, 0xff, 4096);
	arena_keep(arena, first, 20);
	second = arena_alloc(arena, 4096);
	assert_ptr_equal(second, first + 32); /* aligned */
	assert_true(is_zero(second, 4096));
	arena_keep(arena, second, 0);
	assert_ptr_equal(arena_alloc(arena, 1), second);
	arena_free(arena);
}

static void
only_what_was_taken_last_can_be_cut(void **state)
{
	struct arena *arena = arena_new();
	char *list = arena_alloc(arena, 100), *text = arena_text(arena, "camera"), *large;

	(void)state;
	arena_keep(arena, list, 0);
	large = arena_alloc(arena, 100000);
	arena_keep(arena, large, 0);
	arena_keep(arena, NULL, 0);
	assert_ptr_not_equal(arena_alloc(arena, 1), list);
	assert_string_equal(text, "camera");
	assert_true(is_zero((unsigned char *)large, 100000));
	arena_free(arena);
}

static void
what_is_large_leaves_the_room_before_it(void **state)
{
	struct arena *arena = arena_new();
	char *before = arena_alloc(arena, 16);

	(void)state;
	assert_non_null(arena_alloc(arena, 100000));
	assert_ptr_equal(arena_alloc(arena, 16), before + 16);
	arena_free(arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_taken_is_zeroed_and_aligned),
	    cmocka_unit_test(what_is_not_kept_is_taken_again),
	    cmocka_unit_test(only_what_was_taken_last_can_be_cut),
	    cmocka_unit_test(what_is_large_leaves_the_room_before_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
