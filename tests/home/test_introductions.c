/* SPDX-License-Identifier: Apache-2.0 */
#include "home/introductions.h"

#include "tests/test.h"

#define SECOND INT64_C(1000000)
#define NOW    (1000 * SECOND)

static struct addr camera, other, phone;

static int
setup(void **state)
{
	camera = addr_from_ipv4(192, 168, 1, 20);
	other = addr_from_ipv4(192, 168, 1, 21);
	phone = addr_from_ipv4(203, 0, 113, 9);
	*state = introductions_new(2, 1);
	return *state ? 0 : -1;
}

static int
teardown(void **state)
{
	introductions_free(*state);
	return 0;
}

static void
a_port_that_met_a_server_is_known_for_120_seconds(void **state)
{
	introductions_met(*state, &camera, 40000, NOW);
	assert_true(introductions_has_met(*state, &camera, 40000, NOW + 120 * SECOND));
	assert_false(introductions_has_met(*state, &camera, 40000, NOW + 120 * SECOND + 1));
}

static void
another_port_or_address_met_nobody(void **state)
{
	introductions_met(*state, &camera, 40000, NOW);
	assert_false(introductions_has_met(*state, &camera, 40001, NOW));
	assert_false(introductions_has_met(*state, &other, 40000, NOW));
}

static void
meeting_again_begins_the_window_anew(void **state)
{
	introductions_met(*state, &camera, 40000, NOW);
	introductions_met(*state, &camera, 40000, NOW + 100 * SECOND);
	assert_true(introductions_has_met(*state, &camera, 40000, NOW + 200 * SECOND));
}

static void
an_address_that_was_named_is_known_for_120_seconds(void **state)
{
	introductions_named(*state, &phone, NOW);
	assert_true(introductions_has_named(*state, &phone, NOW + 120 * SECOND));
	assert_false(introductions_has_named(*state, &phone, NOW + 120 * SECOND + 1));
}

static void
to_be_named_and_to_have_met_are_two_things(void **state)
{
	introductions_met(*state, &camera, 40000, NOW);
	introductions_named(*state, &phone, NOW);
	assert_false(introductions_has_named(*state, &camera, NOW));
	assert_false(introductions_has_met(*state, &phone, 40000, NOW));
}

static void
a_port_0_that_met_a_server_names_no_address(void **state)
{
	introductions_met(*state, &camera, 0, NOW);
	assert_false(introductions_has_named(*state, &camera, NOW));
}

static void
a_full_table_forgets_the_oldest_and_counts(void **state)
{
	introductions_met(*state, &camera, 1, NOW);
	introductions_met(*state, &camera, 2, NOW);
	introductions_met(*state, &camera, 3, NOW);
	assert_false(introductions_has_met(*state, &camera, 1, NOW));
	assert_true(introductions_has_met(*state, &camera, 3, NOW));
	assert_int_equal(introductions_evicted(*state), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_port_that_met_a_server_is_known_for_120_seconds),
	    TEST(another_port_or_address_met_nobody),
	    TEST(meeting_again_begins_the_window_anew),
	    TEST(an_address_that_was_named_is_known_for_120_seconds),
	    TEST(to_be_named_and_to_have_met_are_two_things),
	    TEST(a_port_0_that_met_a_server_names_no_address),
	    TEST(a_full_table_forgets_the_oldest_and_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
