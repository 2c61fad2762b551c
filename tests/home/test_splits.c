/* SPDX-License-Identifier: Apache-2.0 */
#include "home/splits.h"

#include "tests/test.h"

#define SECOND INT64_C(1000000)

static const struct mac repeater = {{2, 0, 0, 0, 0, 1}};

static int
setup(void **state)
{
	*state = splits_new(4, 1);
	return *state ? 0 : -1;
}

static int
teardown(void **state)
{
	splits_free(*state);
	return 0;
}

static bool
see(struct splits *splits, const char *text, int64_t second)
{
	struct addr addr;

	assert_true(addr_parse(text, &addr));
	return splits_see(splits, &repeater, &addr, second * SECOND, NULL);
}

static void
two_addresses_in_turn_split_a_mac(void **state)
{
	assert_false(see(*state, "192.168.1.2", 0));
	assert_false(see(*state, "192.168.1.3", 30));
	assert_false(splits_has(*state, &repeater));
	assert_true(see(*state, "192.168.1.2", 60));
	assert_true(splits_has(*state, &repeater));
	assert_true(see(*state, "192.168.1.2", 9999));
}

static void
more_than_a_minute_is_no_turn(void **state)
{
	see(*state, "192.168.1.2", 0);
	see(*state, "192.168.1.3", 30);
	assert_false(see(*state, "192.168.1.2", 61));
}

static void
a_new_address_splits_nothing(void **state)
{
	see(*state, "192.168.1.2", 0);
	see(*state, "192.168.1.2", 1);
	see(*state, "192.168.1.3", 2);
	assert_false(see(*state, "192.168.1.3", 3));
}

static void
only_a_stretch_of_its_own_counts_from_its_last_packet(void **state)
{
	see(*state, "192.168.1.2", 0);
	see(*state, "192.168.1.2", 100);
	see(*state, "192.168.1.3", 110);
	assert_true(see(*state, "192.168.1.2", 120));
}

static void
unspecified_link_local_and_ipv6_never_split(void **state)
{
	static const char *const passing[] = {"0.0.0.0", "169.254.1.1", "2001:db8::1", "fe80::1"};

	for (size_t i = 0; i < sizeof(passing) / sizeof(passing[0]); i++) {
		see(*state, "192.168.1.2", 0);
		see(*state, passing[i], 1);
		assert_false(see(*state, "192.168.1.2", 2));
		assert_false(see(*state, passing[i], 3));
	}
}

static void
many_devices_behind_one_mac_are_found(void **state)
{
	bool split = false;

	for (int64_t second = 0; second < 20; second++) {
		char text[] = "192.168.1.10";

		text[11] = (char)('0' + second % 10);
		split = see(*state, text, second);
		assert_true(split == (second >= 10));
	}
}

static void
a_place_that_was_told_is_that_of_its_mac(void **state)
{
	struct addr addr = addr_from_ipv4(192, 168, 1, 2), other = addr_from_ipv4(192, 168, 1, 3);
	uint16_t place = 0;

	assert_false(splits_see(*state, &repeater, &addr, 0, &place));
	assert_int_not_equal(place, 0);
	assert_false(splits_see(*state, &repeater, &other, SECOND, &place));
	assert_true(splits_see(*state, &repeater, &addr, 2 * SECOND, &place));
	assert_true(splits_has(*state, &repeater));
}

static void
a_full_table_forgets_and_counts(void **state)
{
	struct addr addr = addr_from_ipv4(192, 168, 1, 2);

	for (uint8_t i = 0; i < 5; i++) {
		struct mac mac = {{2, 0, 0, 0, 1, i}};

		assert_false(splits_see(*state, &mac, &addr, 0, NULL));
	}
	assert_int_equal(splits_evicted(*state), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(two_addresses_in_turn_split_a_mac),
	    TEST(more_than_a_minute_is_no_turn),
	    TEST(a_new_address_splits_nothing),
	    TEST(only_a_stretch_of_its_own_counts_from_its_last_packet),
	    TEST(unspecified_link_local_and_ipv6_never_split),
	    TEST(many_devices_behind_one_mac_are_found),
	    TEST(a_place_that_was_told_is_that_of_its_mac),
	    TEST(a_full_table_forgets_and_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
