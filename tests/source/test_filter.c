/* SPDX-License-Identifier: Apache-2.0 */
#include "source/filter.h"

#include <string.h>

#include "tests/test.h"

/* UDP from 192.0.2.1:53 to 192.0.2.2:53, as the IPv4 packet alone. */
#define UDP_V4                                                                                     \
	"\x45\x00\x00\x1c\x00\x00\x00\x00\x40\x11\x00\x00\xc0\x00\x02\x01\xc0\x00\x02\x02"         \
	"\x00\x35\x00\x35\x00\x08\x00\x00"
#define MACS "\x02\x00\x00\x00\x00\x02\x02\x00\x00\x00\x00\x01"

static const char ethernet[] = MACS "\x08\x00" UDP_V4;
static const char tagged[] = MACS "\x81\x00\x00\x07\x08\x00" UDP_V4;
static const char raw[] = UDP_V4;

static bool
accepts(const char *bpf, uint16_t link_type, const char *bytes, size_t len)
{
	struct frame frame = {.bytes = (const uint8_t *)bytes,
	    .captured = (uint32_t)len,
	    .on_wire = (uint32_t)len,
	    .link_type = link_type};
	struct porch_error error = {0};
	struct filter *filter = filter_new(bpf, &error);
	bool accepted;

	if (!filter)
		fail_msg("%s: %s", bpf, error.text);
	accepted = filter_accepts(filter, &frame);
	assert_int_equal(filter_accepts(filter, &frame), accepted);
	filter_free(filter);
	return accepted;
}

static void
the_expression_is_the_users_on_each_link_type(void **state)
{
	(void)state;
	assert_true(accepts("udp port 53", 1, ethernet, sizeof(ethernet) - 1));
	assert_true(accepts("udp port 53", 101, raw, sizeof(raw) - 1));
	assert_false(accepts("tcp", 1, ethernet, sizeof(ethernet) - 1));
	assert_false(accepts("tcp", 101, raw, sizeof(raw) - 1));
	assert_true(accepts("ether src 02:00:00:00:00:01", 1, ethernet, sizeof(ethernet) - 1));
}

static void
a_tag_is_seen_only_where_the_expression_says_vlan(void **state)
{
	(void)state;
	assert_false(accepts("udp", 1, tagged, sizeof(tagged) - 1));
	assert_true(accepts("vlan 7 and udp", 1, tagged, sizeof(tagged) - 1));
	assert_false(accepts("vlan 8 and udp", 1, tagged, sizeof(tagged) - 1));
}

static void
one_filter_serves_link_types_in_turn(void **state)
{
	struct frame on_ethernet = {.bytes = (const uint8_t *)ethernet,
	    .captured = sizeof(ethernet) - 1,
	    .on_wire = sizeof(ethernet) - 1,
	    .link_type = 1};
	struct frame bare = {.bytes = (const uint8_t *)raw,
	    .captured = sizeof(raw) - 1,
	    .on_wire = sizeof(raw) - 1,
	    .link_type = 101};
	struct porch_error error;
	struct filter *filter = filter_new("host 192.0.2.1", &error);

	(void)state;
	assert_non_null(filter);
	for (int i = 0; i < 3; i++) {
		assert_true(filter_accepts(filter, &on_ethernet));
		assert_true(filter_accepts(filter, &bare));
	}
	for (uint16_t other = 200; other < 400; other++) {
		bare.link_type = other;
		filter_accepts(filter, &bare);
	}
	assert_true(filter_accepts(filter, &on_ethernet));
	filter_free(filter);
}

static void
a_link_type_the_expression_cannot_mean_is_not_accepted(void **state)
{
	(void)state;
	assert_false(accepts("ether host 02:00:00:00:00:01", 101, raw, sizeof(raw) - 1));
	assert_false(accepts("wlan type data", 1, ethernet, sizeof(ethernet) - 1));
}

static void
a_cut_packet_is_not_read_past_its_end(void **state)
{
	(void)state;
	for (size_t len = 0; len < 36; len++)
		assert_false(accepts("udp port 53", 1, ethernet, len));
	assert_true(accepts("udp port 53", 1, ethernet, 36));
}

static void
expect_refused(const char *bpf, const char *text)
{
	struct porch_error error = {0};

	assert_null(filter_new(bpf, &error));
	assert_string_equal(error.text, text);
}

static void
a_wrong_expression_is_refused(void **state)
{
	struct porch_error error = {0};

	(void)state;
	assert_null(filter_new("udp and and", &error));
	assert_non_null(strstr(error.text, "filter: "));
}

static void
names_are_never_looked_up(void **state)
{
	(void)state;
	expect_refused("host www.example.com",
	    "filter: 'www.example.com' is no address; names are not looked up");
	expect_refused("not (src router)",
	    "filter: 'router' is no address; names are not looked up");
	expect_refused("port 80 and host 192.0.2.1 or nas",
	    "filter: 'nas' is no address; names are not looked up");
	expect_refused("host 192.0.2.1 or (port 80) or nas",
	    "filter: 'nas' is no address; names are not looked up");
	expect_refused("host 1.2.3.4.5",
	    "filter: '1.2.3.4.5' is no address; names are not looked up");
	expect_refused("host cafe:babe",
	    "filter: 'cafe:babe' is no address; names are not looked up");
	expect_refused("ether host gate", "filter: 'gate' is no address; names are not looked up");
}

static void
what_is_no_host_name_may_stand(void **state)
{
	static const char *const fine[] = {
	    "",
	    "port http or https",
	    "portrange 8000-8080",
	    "tcp[tcpflags] & (tcp-syn|tcp-fin) != 0 and not src and dst net 192.0.2.0/24",
	    "ip[6:2] & 0x1fff = 0",
	    "ip proto \\tcp",
	    "host 2001:db8::1 or net 2001:db8::/32 or net 10",
	    "ether host 02-00-00-00-00-01 or ether host 020000000001 or ether host 0200.0000.0001",
	    "wlan type mgt subtype beacon",
	    "icmp[icmptype] == icmp-echo || icmp6",
	    "greater 100 && !(broadcast or multicast)",
	};
	struct porch_error error;

	(void)state;
	for (size_t i = 0; i < sizeof(fine) / sizeof(*fine); i++) {
		struct filter *filter = filter_new(fine[i], &error);

		if (!filter)
			fail_msg("%s: %s", fine[i], error.text);
		filter_free(filter);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_expression_is_the_users_on_each_link_type),
	    cmocka_unit_test(a_tag_is_seen_only_where_the_expression_says_vlan),
	    cmocka_unit_test(one_filter_serves_link_types_in_turn),
	    cmocka_unit_test(a_link_type_the_expression_cannot_mean_is_not_accepted),
	    cmocka_unit_test(a_cut_packet_is_not_read_past_its_end),
	    cmocka_unit_test(a_wrong_expression_is_refused),
	    cmocka_unit_test(names_are_never_looked_up),
	    cmocka_unit_test(what_is_no_host_name_may_stand),
	};

	return cmocka_run_group_tests_name("filter", tests, NULL, NULL);
}
