/* SPDX-License-Identifier: Apache-2.0 */
#include "home/joiner.h"

#include <stdlib.h>

#include "tests/test.h"

static struct joiner *joiner;

static int
setup(void **state)
{
	(void)state;
	joiner = calloc(1, sizeof(*joiner));
	return joiner ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	free(joiner);
	return 0;
}

static bool
put(uint64_t offset, const char *text)
{
	return joiner_put(joiner, offset, cursor_over(text, strlen(text)));
}

static void
assert_ready(const char *text)
{
	struct cursor ready = joiner_ready(joiner);

	assert_int_equal(cursor_left(&ready), strlen(text));
	assert_memory_equal(ready.at, text, strlen(text));
}

static void
pieces_join_in_any_order(void **state)
{
	(void)state;
	assert_true(put(4, "bell"));
	assert_ready("");
	assert_true(put(0, "door"));
	assert_ready("doorbell");
}

static void
pieces_in_order_join_whatever_their_lengths(void **state)
{
	char text[400];
	size_t at = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)('a' + i % 26);
	for (size_t len = 1; at + len < sizeof(text) - 2; at += len++)
		assert_true(joiner_put(joiner, at, cursor_over(text + at, len)));
	text[at] = '\0';
	assert_ready(text);
	assert_true(put(3, "???"));
	assert_ready(text);
	assert_true(put(at + 1, "z"));
	assert_ready(text);
	assert_true(put(at, "y"));
	memcpy(text + at, "yz", 3);
	assert_ready(text);
}

static void
the_first_copy_of_a_byte_stays(void **state)
{
	(void)state;
	assert_true(put(2, "or"));
	assert_true(put(0, "doXX"));
	assert_true(put(1, "YYYb"));
	assert_ready("doorb");
}

static void
a_hole_holds_back_what_follows(void **state)
{
	(void)state;
	assert_true(put(0, "do"));
	assert_true(put(3, "r"));
	assert_ready("do");
	joiner_clear(joiner);
	assert_ready("");
	assert_true(put(0, "new"));
	assert_ready("new");
}

static void
what_goes_past_the_end_is_cut_there(void **state)
{
	(void)state;
	assert_true(put(JOINER_SIZE - 4, "bell"));
	assert_true(put(JOINER_SIZE, ""));
	assert_false(put(JOINER_SIZE - 2, "bell"));
	assert_false(put(JOINER_SIZE, "b"));
	assert_false(put(UINT64_MAX, "b"));
	assert_ready("");
}

#define WITH_JOINER(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_JOINER(pieces_join_in_any_order),
	    WITH_JOINER(pieces_in_order_join_whatever_their_lengths),
	    WITH_JOINER(the_first_copy_of_a_byte_stays),
	    WITH_JOINER(a_hole_holds_back_what_follows),
	    WITH_JOINER(what_goes_past_the_end_is_cut_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
