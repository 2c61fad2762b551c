/* SPDX-License-Identifier: Apache-2.0 */
#include "base/pages.h"

#include <stdint.h>

#include "tests/test.h"

static void
pages_are_zero_and_can_be_written_to_their_end(void **state)
{
	(void)state;
	for (size_t size = 1; size < 1000000; size = size * 3 + 1) {
		unsigned char *pages = pages_take(size);

		assert_non_null(pages);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(pages[i], 0);
		pages[0] = pages[size - 1] = 1;
		pages_free(pages, size);
	}
}

static void
nothing_is_given_where_there_is_no_room(void **state)
{
	(void)state;
	assert_null(pages_take(SIZE_MAX / 2));
	pages_free(NULL, SIZE_MAX / 2);
	pages_free(NULL, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(pages_are_zero_and_can_be_written_to_their_end),
	    cmocka_unit_test(nothing_is_given_where_there_is_no_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
