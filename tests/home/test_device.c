/* SPDX-License-Identifier: Apache-2.0 */
#include "home/device.h"

#include <string.h>

#include "tests/test.h"

static const struct mac doorbell_mac = {{0x02, 0, 0, 0, 0, 1}};
static const struct mac other_mac = {{0x02, 0, 0, 0, 0, 2}};

static void
an_id_comes_from_the_mac_alone_where_that_says_it_all(void **state)
{
	struct device_key one = device_key_mac(&doorbell_mac),
	                  again = device_key_mac(&doorbell_mac);
	struct device_key other = device_key_mac(&other_mac);

	(void)state;
	assert_true(device_key_id(&one) == device_key_id(&again));
	assert_true(device_key_id(&one) != device_key_id(&other));
}

static void
two_addresses_behind_one_mac_have_two_ids(void **state)
{
	struct addr a = addr_from_ipv4(10, 0, 0, 2), b = addr_from_ipv4(10, 0, 0, 3);
	struct device_key one = device_key_addr(&doorbell_mac, &a);
	struct device_key two = device_key_addr(&doorbell_mac, &b);

	(void)state;
	assert_true(device_key_id(&one) != device_key_id(&two));
}

static void
an_id_is_the_same_on_every_machine(void **state)
{
	struct device_key key = device_key_mac(&doorbell_mac);

	(void)state;
	assert_int_equal(sizeof(key), 23); /* bytes only: no padding, no byte order */
	assert_int_not_equal(device_key_id(&key), 0);
}

static void
a_hint_said_twice_is_kept_once(void **state)
{
	struct device device = {0};

	(void)state;
	device_add_hint(&device, 1, "udhcp 1.2");
	device_add_hint(&device, 1, "udhcp 1.2");
	device_add_hint(&device, 2, "udhcp 1.2");
	assert_int_equal(device.hints, 2);
}

static void
of_many_hints_the_first_ones_are_kept(void **state)
{
	struct device device = {0};
	char text[] = "hint-a";

	(void)state;
	for (unsigned i = 0; i < DEVICE_HINTS + 2; i++, text[5]++)
		device_add_hint(&device, 0, text);
	assert_int_equal(device.hints, DEVICE_HINTS);
	assert_string_equal(device.hint[0].text, "hint-a");
}

static void
a_long_hint_is_cut_and_still_known_again(void **state)
{
	struct device device = {0};
	char text[200];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	device_add_hint(&device, 0, text);
	device_add_hint(&device, 0, text);
	assert_int_equal(device.hints, 1);
	assert_int_equal(strlen(device.hint[0].text), DEVICE_TEXT - 1);
}

static void
a_site_counts_once_and_the_count_saturates(void **state)
{
	struct device device = {0};

	(void)state;
	device_add_site(&device, 7);
	device_add_site(&device, 7);
	assert_int_equal(device.sites, 1);
	for (uint32_t i = 100; i < 100 + 2 * DEVICE_SITES; i++)
		device_add_site(&device, i);
	assert_int_equal(device.sites, DEVICE_SITES);
}

static void
hosts_are_counted_by_maker_and_own_hosts_beside_them(void **state)
{
	struct device device = {0};
	int maker = 0, other = 0;

	(void)state;
	device_add_maker(&device, &maker, false, 0);
	device_add_maker(&device, &maker, true, 3);
	device_add_maker(&device, &other, false, 0);
	assert_int_equal(device.makers, 2);
	assert_int_equal(device.maker[0].asked, 2);
	assert_int_equal(device.maker[0].own, 1);
	assert_int_equal(device.maker[0].own_kind, 3);
	assert_int_equal(device.maker[1].own, 0);
}

static void
a_maker_too_many_is_left_out(void **state)
{
	struct device device = {0};
	char maker[DEVICE_MAKERS + 1] = {0};

	(void)state;
	for (unsigned i = 0; i <= DEVICE_MAKERS; i++)
		device_add_maker(&device, &maker[i], true, 1);
	assert_int_equal(device.makers, DEVICE_MAKERS);
	assert_ptr_equal(device.maker[0].maker, &maker[0]);
}

static void
merged_captures_span_both_times(void **state)
{
	struct device into = {.first_seen = 20, .last_seen = 30};
	struct device from = {.first_seen = 10, .last_seen = 25, .sent = true};

	(void)state;
	device_merge(&into, &from);
	assert_int_equal(into.first_seen, 10);
	assert_int_equal(into.last_seen, 30);
	assert_true(into.sent);
}

static void
merged_captures_add_up_what_was_heard(void **state)
{
	struct device into = {.rendezvous = 1, .rtsp_served = 2};
	struct device from = {.hostname = "front-door", .rendezvous = 10, .rtsp_served = 20};
	int maker = 0;

	(void)state;
	device_add_maker(&into, &maker, false, 0);
	device_add_maker(&from, &maker, true, 2);
	device_add_hint(&from, 0, "camera");
	device_add_site(&from, 7);
	device_merge(&into, &from);
	assert_string_equal(into.hostname, "front-door");
	assert_int_equal(into.rendezvous, 11);
	assert_int_equal(into.rtsp_served, 22);
	assert_int_equal(into.maker[0].asked, 2);
	assert_int_equal(into.maker[0].own_kind, 2);
	assert_int_equal(into.hints, 1);
	assert_int_equal(into.sites, 1);
}

static void
a_name_known_before_stays_when_captures_are_merged(void **state)
{
	struct device into = {.hostname = "front-door"}, from = {.hostname = "back-door"};

	(void)state;
	device_merge(&into, &from);
	assert_string_equal(into.hostname, "front-door");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_id_comes_from_the_mac_alone_where_that_says_it_all),
	    cmocka_unit_test(two_addresses_behind_one_mac_have_two_ids),
	    cmocka_unit_test(an_id_is_the_same_on_every_machine),
	    cmocka_unit_test(a_hint_said_twice_is_kept_once),
	    cmocka_unit_test(of_many_hints_the_first_ones_are_kept),
	    cmocka_unit_test(a_long_hint_is_cut_and_still_known_again),
	    cmocka_unit_test(a_site_counts_once_and_the_count_saturates),
	    cmocka_unit_test(hosts_are_counted_by_maker_and_own_hosts_beside_them),
	    cmocka_unit_test(a_maker_too_many_is_left_out),
	    cmocka_unit_test(merged_captures_span_both_times),
	    cmocka_unit_test(merged_captures_add_up_what_was_heard),
	    cmocka_unit_test(a_name_known_before_stays_when_captures_are_merged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
