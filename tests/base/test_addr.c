/* SPDX-License-Identifier: Apache-2.0 */
#include "base/addr.h"

#include "tests/test.h"

static void
a_prefix_is_an_address_and_how_many_bits_of_it_count(void **state)
{
	static const struct {
		const char *text, *addr;
		unsigned length;
	} good[] = {
	    {"192.0.2.77/24", "192.0.2.0", 24},
	    {"192.0.2.77", "192.0.2.77", 32},
	    {"192.0.2.77/032", "192.0.2.77", 32},
	    {"0.0.0.0/0", "0.0.0.0", 0},
	    {"2001:db8:ffff::1/33", "2001:db8:8000::", 33},
	    {"2001:db8::1", "2001:db8::1", 128},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct prefix prefix;
		char text[ADDR_TEXT];

		assert_true(prefix_parse(good[i].text, &prefix));
		assert_int_equal(prefix.length, good[i].length);
		assert_string_equal(addr_format(&prefix.addr, text), good[i].addr);
	}
}

static void
what_is_no_prefix_is_refused(void **state)
{
	static const char *const bad[] = {"", "/", "/24", "192.0.2/24", "192.0.2.0/",
	    "192.0.2.00/24", "192.0.02.1", "192.0.2.256", "192.0.2.1.1", "192.0.2.", "192..2.1",
	    "192.0.2.0/33", "192.0.2.0/a", "192.0.2.0/2a", "192.0.2.0/+8", "192.0.2.0/-8",
	    "192.0.2.0/ 8", "192.0.2.0/8 ", "192.0.2.0/8/8", "192.0.2.0/0x8",
	    "192.0.2.0/18446744073709551640", "2001:db8::/129", "2001:db8::g/32",
	    "camera.example/24",
	    "2001:0db8:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000/32"};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct prefix prefix;

		assert_false(prefix_parse(bad[i], &prefix));
	}
}

static void
ipv4_is_written_in_decimal(void **state)
{
	static const char *const same[] = {
	    "0.0.0.0", "1.9.10.99", "100.109.110.199", "255.200.20.2"};
	char text[ADDR_TEXT];
	struct addr addr;

	(void)state;
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		assert_true(addr_parse(same[i], &addr));
		assert_string_equal(addr_format(&addr, text), same[i]);
	}
}

/* As inet_pton() and inet_ntop() have it, on every system alike. */
static void
ipv6_is_written_with_groups_a_gap_and_ipv4(void **state)
{
	static const char *const good[][2] = {
	    {"::", "::"},
	    {"::1", "::1"},
	    {"1::", "1::"},
	    {"2001:DB8::000f", "2001:db8::f"},
	    {"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"},
	    {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
	    {"::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"},
	    {"::ffff:192.0.2.1", "::ffff:192.0.2.1"},
	    {"::192.0.2.1", "::192.0.2.1"},
	    {"::fffe:192.0.2.1", "::fffe:c000:201"},
	    {"1:2:3:4:5:6:192.0.2.1", "1:2:3:4:5:6:c000:201"},
	    {"1:0:0:2:0:0:0:30", "1:0:0:2::30"},
	    {"0:0:1:0:0:200:0:3", "::1:0:0:200:0:3"},
	    {"1:0:2:3:4:5000:6:7", "1:0:2:3:4:5000:6:7"},
	};
	static const char *const bad[] = {":", ":::", "1", "1:", ":1", "1:::2", "1::2::3",
	    "1::2:", ":1::", "12345::", "::12345", "::g", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
	    "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:192.0.2.1", "::192.0.2",
	    "::192.0.2.1:1", "::192.0.2.256", "::192.0.02.1", "::a2.0.2.1", "fe80::1%eth0"};
	char text[ADDR_TEXT];
	struct addr addr;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(addr_parse(good[i][0], &addr));
		assert_string_equal(addr_format(&addr, text), good[i][1]);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_false(addr_parse(bad[i], &addr));
		assert_int_equal(addr.family, 0);
	}
}

static void
a_prefix_in_a_row_ends_where_it_says(void **state)
{
	static const char *const rows[][2] = {{"192.0.2.0/24 64496", " 64496"},
	    {"192.0.2.7\t64496", "\t64496"}, {"2001:db8::/32,US", ",US"}, {"192.0.2.7:80", ":80"}};
	struct prefix prefix;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(prefix_read(rows[i][0], &prefix), rows[i][1]);
	assert_null(prefix_read(" 192.0.2.0/24", &prefix));
}

static void
a_mac_is_written_as_it_is_read(void **state)
{
	char text[MAC_TEXT];
	struct mac mac;

	(void)state;
	assert_true(mac_parse("02-00-5E-10-ab-FF", &mac));
	assert_string_equal(mac_format(&mac, text), "02:00:5e:10:ab:ff");
	assert_false(mac_parse("02-00-5e-10-ab", &mac));
	assert_false(mac_parse("02-00-5e-10-ab-fg", &mac));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_prefix_is_an_address_and_how_many_bits_of_it_count),
	    cmocka_unit_test(what_is_no_prefix_is_refused),
	    cmocka_unit_test(ipv4_is_written_in_decimal),
	    cmocka_unit_test(ipv6_is_written_with_groups_a_gap_and_ipv4),
	    cmocka_unit_test(a_prefix_in_a_row_ends_where_it_says),
	    cmocka_unit_test(a_mac_is_written_as_it_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
