/* SPDX-License-Identifier: Apache-2.0 */
#include "home/crossings.h"

#include <string.h>

#include "tests/test.h"

#define SECOND INT64_C(1000000)

static struct crossings *crossings;

static int
setup(void **state)
{
	(void)state;
	crossings = crossings_new(4, 1);
	return crossings ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	crossings_free(crossings);
	return 0;
}

/* A frame between two MACs that differ in their last byte. */
static bool
follows(uint16_t interface, int64_t time, uint8_t from, uint8_t to)
{
	uint8_t bytes[14] = {2, 0, 0, 0, 0, to, 2, 0, 0, 0, 0, from, 8, 0};
	struct frame frame = {.bytes = bytes,
	    .captured = sizeof(bytes),
	    .on_wire = sizeof(bytes),
	    .link_type = 1,
	    .interface = interface,
	    .time = time};

	return crossings_follow(crossings, &frame);
}

static void
a_bridge_and_its_port_count_once(void **state)
{
	(void)state;
	for (int64_t i = 0; i < 100; i++) {
		assert_true(follows(0, i * 3000, 1, 9));
		assert_false(follows(1, i * 3000 + 2, 1, 9));
		assert_true(follows(0, i * 3000 + 10, 9, 1));
		assert_false(follows(1, i * 3000 + 12, 9, 1));
	}
}

static void
the_one_that_delivers_first_is_followed_though_it_is_later_read(void **state)
{
	(void)state;
	/* The frames of a block of each interface, one block after the other. */
	for (int64_t block = 0; block < 20; block++) {
		for (int64_t i = 0; i < 10; i++)
			assert_true(follows(1, block * 200000 + i * 20000, 1, 9));
		for (int64_t i = 0; i < 10; i++)
			assert_false(follows(0, block * 200000 + i * 20000, 1, 9));
	}
}

static void
ports_of_one_router_are_followed_each(void **state)
{
	(void)state;
	for (int64_t i = 0; i < 10; i++) {
		assert_true(follows(0, i * 1000, 1, 9));
		assert_true(follows(1, i * 1000, 2, 9));
		assert_true(follows(1, i * 1000, 9, 2));
		assert_true(follows(0, i * 1000, 9, 1));
	}
}

static void
who_moves_is_followed_after_a_second(void **state)
{
	(void)state;
	assert_true(follows(0, 0, 1, 9));
	assert_false(follows(1, SECOND - 1, 1, 9));
	assert_true(follows(1, SECOND, 1, 9));
	assert_true(follows(1, SECOND + 1, 1, 9));
	assert_false(follows(0, SECOND + 2, 1, 9));
}

static void
what_has_no_macs_counts(void **state)
{
	struct frame frame = {.bytes = (const uint8_t *)"", .link_type = 1};

	(void)state;
	assert_true(crossings_follow(crossings, &frame));
	frame.interface = 1;
	assert_true(crossings_follow(crossings, &frame));
}

static void
more_pairs_than_there_is_room_for_take_turns(void **state)
{
	(void)state;
	for (uint8_t i = 0; i < 100; i++)
		assert_true(follows(0, i, i, 200));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(a_bridge_and_its_port_count_once),
	    TEST(the_one_that_delivers_first_is_followed_though_it_is_later_read),
	    TEST(ports_of_one_router_are_followed_each),
	    TEST(who_moves_is_followed_after_a_second),
	    TEST(what_has_no_macs_counts),
	    TEST(more_pairs_than_there_is_room_for_take_turns),
	};

	return cmocka_run_group_tests_name("crossings", tests, NULL, NULL);
}
