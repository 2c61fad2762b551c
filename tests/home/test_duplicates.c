/* SPDX-License-Identifier: Apache-2.0 */
#include "home/duplicates.h"

#include <string.h>

#include "tests/test.h"

#define NOW INT64_C(1000000000)

static int
setup(void **state)
{
	*state = duplicates_new();
	return *state ? 0 : -1;
}

static int
teardown(void **state)
{
	duplicates_free(*state);
	return 0;
}

static struct frame
frame_of(const uint8_t *bytes, uint32_t size, int64_t time)
{
	return (struct frame){
	    .bytes = bytes, .captured = size, .on_wire = size, .link_type = 1, .time = time};
}

static void
the_same_frame_within_ten_milliseconds_is_a_duplicate(void **state)
{
	struct frame one = frame_of((const uint8_t *)"the same frame", 14, NOW);
	struct frame two = frame_of((const uint8_t *)"the same frame", 14, NOW + 10000);

	assert_false(duplicates_see(*state, &one));
	assert_true(duplicates_see(*state, &two));
}

static void
later_than_that_it_is_a_new_one(void **state)
{
	struct frame one = frame_of((const uint8_t *)"the same frame", 14, NOW);
	struct frame two = frame_of((const uint8_t *)"the same frame", 14, NOW + 10001);

	assert_false(duplicates_see(*state, &one));
	assert_false(duplicates_see(*state, &two));
}

static void
the_copy_may_have_the_earlier_stamp(void **state)
{
	struct frame one = frame_of((const uint8_t *)"the same frame", 14, NOW);
	struct frame two = frame_of((const uint8_t *)"the same frame", 14, NOW - 500);

	duplicates_see(*state, &one);
	assert_true(duplicates_see(*state, &two));
}

static void
a_third_copy_is_one_too(void **state)
{
	struct frame one = frame_of((const uint8_t *)"the same frame", 14, NOW);

	duplicates_see(*state, &one);
	assert_true(duplicates_see(*state, &one));
	assert_true(duplicates_see(*state, &one));
}

static void
a_hundred_others_in_between_do_not_hide_it(void **state)
{
	struct frame one = frame_of((const uint8_t *)"the same frame", 14, NOW);
	uint8_t bytes[60] = {0};
	struct frame other = frame_of(bytes, sizeof(bytes), NOW);

	duplicates_see(*state, &one);
	for (bytes[0] = 1; bytes[0] <= 100; bytes[0]++)
		assert_false(duplicates_see(*state, &other));
	assert_true(duplicates_see(*state, &one));
}

static void
it_does_not_matter_which_interface_saw_it(void **state)
{
	struct frame one = frame_of((const uint8_t *)"the same frame", 14, NOW), two = one;

	two.interface = 1;
	duplicates_see(*state, &one);
	assert_true(duplicates_see(*state, &two));
}

static void
one_other_bit_in_the_headers_makes_another_frame(void **state)
{
	uint8_t bytes[60] = {0};
	struct frame frame = frame_of(bytes, sizeof(bytes), NOW);

	for (size_t i = 0; i < sizeof(bytes); i++) {
		assert_false(duplicates_see(*state, &frame));
		bytes[i] ^= 1;
	}
}

static void
another_length_on_the_wire_makes_another_frame(void **state)
{
	struct frame one = frame_of((const uint8_t *)"the same frame", 14, NOW), two = one;

	two.on_wire = 1500;
	duplicates_see(*state, &one);
	assert_false(duplicates_see(*state, &two));
}

static void
a_frame_at_time_0_is_no_duplicate_of_nothing(void **state)
{
	struct frame empty = frame_of((const uint8_t *)"", 0, 0);

	assert_false(duplicates_see(*state, &empty));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_same_frame_within_ten_milliseconds_is_a_duplicate),
	    TEST(later_than_that_it_is_a_new_one),
	    TEST(the_copy_may_have_the_earlier_stamp),
	    TEST(a_third_copy_is_one_too),
	    TEST(a_hundred_others_in_between_do_not_hide_it),
	    TEST(it_does_not_matter_which_interface_saw_it),
	    TEST(one_other_bit_in_the_headers_makes_another_frame),
	    TEST(another_length_on_the_wire_makes_another_frame),
	    TEST(a_frame_at_time_0_is_no_duplicate_of_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
