/* SPDX-License-Identifier: Apache-2.0 */
#include "home/inside.h"

#include <string.h>

#include "tests/test.h"

/* Public addresses that are no documentation: the benchmark ranges (RFC 2544, RFC 5180). */
static const struct mac router = {{2, 0, 0, 0, 0, 1}};
static const struct mac camera = {{2, 0, 0, 0, 0, 2}};
static const struct mac phone = {{2, 0, 0, 0, 0, 3}};
static const struct mac attacker = {{2, 0, 0, 0, 0, 4}};

static int
setup(void **state)
{
	const struct inside_options options = {.max_claims = 64, .seed = 1};

	*state = inside_new(&options);
	return *state ? 0 : -1;
}

static int
teardown(void **state)
{
	inside_free(*state);
	return 0;
}

static struct addr
at(const char *text)
{
	struct addr addr;

	assert_true(addr_parse(text, &addr));
	return addr;
}

static bool
has(const struct inside *inside, const char *text, const struct mac *mac)
{
	struct addr addr = at(text);

	return inside_has(inside, &addr, mac);
}

/* What is said of everybody that the tests speak of. */
struct answers {
	bool inside[16][5];
};

static struct answers
answers_of(const struct inside *inside, bool ipv6)
{
	static const char *const asked[2][16] = {
	    {"192.168.1.2", "198.18.0.10", "198.18.0.11", "198.18.4.1", "198.18.4.10",
	        "198.18.4.20", "198.18.5.20", "198.51.100.7", "203.0.113.9", "8.8.8.8"},
	    {"2a00:1::10", "2a00:1::20", "2a00:1:2::10", "2a00:2::1", "2a00:3::1", "2001:db8::1"},
	};
	const struct mac *mac[5] = {&router, &camera, &phone, &attacker, NULL};
	struct answers answers = {0};

	for (size_t i = 0; i < 16 && asked[ipv6][i]; i++)
		for (size_t m = 0; m < 5; m++)
			answers.inside[i][m] = has(inside, asked[ipv6][i], mac[m]);
	return answers;
}

/* Sees a packet: no answer changes without inside_changes() saying that one may have. */
static void
see(struct inside *inside, const struct packet *packet)
{
	struct answers before[2] = {answers_of(inside, false), answers_of(inside, true)};
	uint32_t changes[2] = {inside_changes(inside, false), inside_changes(inside, true)};

	inside_see(inside, packet);
	for (unsigned ipv6 = 0; ipv6 < 2; ipv6++) {
		struct answers after = answers_of(inside, ipv6);

		if (memcmp(&after, &before[ipv6], sizeof(after)) != 0)
			assert_int_not_equal(inside_changes(inside, ipv6), changes[ipv6]);
	}
}

static void
send_ip(struct inside *inside, const struct mac *mac, const char *source, const char *target)
{
	struct packet packet = {
	    .has_macs = true,
	    .network = NETWORK_IP,
	    .protocol = IP_UDP,
	    .source_mac = *mac,
	    .source = at(source),
	    .target = at(target),
	};

	see(inside, &packet);
}

/* An ARP request of a MAC, which says its own is `said`. */
static void
send_arp(struct inside *inside, const struct mac *mac, const struct mac *said, const char *sender)
{
	struct packet packet = {
	    .has_macs = true,
	    .network = NETWORK_ARP,
	    .source_mac = *mac,
	    .source = at(sender),
	    .target = at("198.18.0.1"),
	    .arp_operation = 1,
	    .arp_sender_mac = *said,
	};

	see(inside, &packet);
}

static void
send_ndp(struct inside *inside, const struct mac *mac, const char *source, uint8_t type,
    const uint8_t *body, size_t length)
{
	struct packet packet = {
	    .has_macs = true,
	    .network = NETWORK_IP,
	    .protocol = IP_ICMPV6,
	    .hop_limit = 255,
	    .icmp_type = type,
	    .has_ports = true,
	    .source_mac = *mac,
	    .source = at(source),
	    .target = at("ff02::1"),
	    .payload = cursor_over(body, length),
	    .payload_bytes = (uint32_t)length,
	};

	see(inside, &packet);
}

static void
advertise(struct inside *inside, const struct mac *mac, const char *prefix, uint8_t length)
{
	uint8_t body[12 + 32] = {64, 0, 7, 8, [12] = 3, 4, length, 0xc0, 0, 0, 14, 16, 0, 0, 7, 8};
	struct addr addr = at(prefix);

	memcpy(body + 28, addr.bytes, 16);
	send_ndp(inside, mac, "fe80::1", 134, body, sizeof(body));
}

/* A neighbour solicitation (135) or advertisement (136) for target. */
static void
neighbour(struct inside *inside, const struct mac *mac, uint8_t type, const char *source,
    const char *target)
{
	uint8_t body[20] = {0};
	struct addr addr = at(target);

	memcpy(body + 4, addr.bytes, 16);
	send_ndp(inside, mac, source, type, body, sizeof(body));
}

static void
some_addresses_are_inside_whoever_uses_them(void **state)
{
	static const char *const texts[] = {"10.1.2.3", "172.31.0.1", "192.168.1.2", "169.254.3.4",
	    "fe80::1", "fd00::1", "224.0.0.251", "ff02::fb", "255.255.255.255", "0.0.0.0",
	    "::", "127.0.0.1", "::1"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_true(has(*state, texts[i], NULL));
}

static void
documentation_and_carrier_nat_are_outside_even_when_claimed(void **state)
{
	static const char *const texts[] = {
	    "192.0.2.1", "198.51.100.1", "203.0.113.1", "100.64.0.1", "100.127.255.255"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		send_arp(*state, &camera, &camera, texts[i]);
		assert_false(has(*state, texts[i], &camera));
	}
	neighbour(*state, &camera, 136, "2001:db8::1", "2001:db8::1");
	assert_false(has(*state, "2001:db8::1", &camera));
}

static void
what_the_user_calls_home_is_inside(void **state)
{
	struct prefix home;
	struct inside_options options = {.home = &home, .home_count = 1};
	struct inside *inside;

	(void)state;
	assert_true(prefix_parse("192.0.2.0/24", &home));
	inside = inside_new(&options);
	assert_non_null(inside);
	assert_true(has(inside, "192.0.2.9", NULL));
	assert_false(has(inside, "198.51.100.9", NULL));
	send_ip(inside, &camera, "192.0.2.9", "198.51.100.9");
	assert_true(inside_seen_any(inside));
	assert_false(inside_is_gateway(inside, &camera));
	inside_free(inside);
}

static void
sending_packets_makes_nothing_inside(void **state)
{
	send_ip(*state, &camera, "198.18.0.10", "198.19.0.1");
	assert_false(has(*state, "198.18.0.10", &camera));
	assert_false(inside_seen_any(*state));
}

static void
a_public_address_is_inside_for_the_mac_that_claimed_it(void **state)
{
	struct addr leased = at("198.18.0.11");

	send_arp(*state, &camera, &camera, "198.18.0.10");
	inside_learn_dhcp(*state, &leased, 0, &phone, NULL);
	assert_true(has(*state, "198.18.0.10", &camera));
	assert_false(has(*state, "198.18.0.10", &router));
	assert_true(has(*state, "198.18.0.10", NULL));
	assert_true(has(*state, "198.18.0.11", &phone));
	send_ip(*state, &camera, "198.18.0.10", "198.19.0.1");
	assert_false(inside_is_gateway(*state, &camera));
	assert_true(inside_seen_any(*state));
}

static void
a_solicitation_an_advertisement_and_a_probe_claim(void **state)
{
	neighbour(*state, &camera, 135, "2001:2:0:1::10", "2001:2:0:1::1");
	neighbour(*state, &phone, 136, "fe80::3", "2001:2:0:1::11");
	neighbour(*state, &phone, 135, "::", "2001:2:0:1::12");
	assert_true(has(*state, "2001:2:0:1::10", &camera));
	assert_true(has(*state, "2001:2:0:1::11", &phone));
	assert_true(has(*state, "2001:2:0:1::12", &phone));
	assert_false(has(*state, "2001:2:0:1::1", &router));
}

static void
a_claim_in_another_s_name_is_none(void **state)
{
	send_arp(*state, &attacker, &router, "198.19.0.1");
	assert_false(has(*state, "198.19.0.1", &router));
	assert_false(has(*state, "198.19.0.1", &attacker));
}

static void
a_home_with_global_ipv6_is_inside(void **state)
{
	advertise(*state, &router, "2001:2:0:1::", 64);
	assert_true(inside_is_gateway(*state, &router));
	assert_true(has(*state, "2001:2:0:1::77", &camera));
	assert_false(has(*state, "2001:2:0:2::77", &camera));
	assert_false(has(*state, "2001:2:0:1::77", &router));
	send_ip(*state, &camera, "2001:2:0:1::77", "2001:2:0:9::1");
	assert_true(inside_seen_any(*state));
	assert_true(has(*state, "2001:2:0:1::77", NULL));
}

static void
a_gateway_s_copy_of_a_packet_does_not_hide_its_sender(void **state)
{
	advertise(*state, &router, "2001:2:0:1::", 64);
	assert_false(has(*state, "2001:2:0:1::77", NULL));
	send_ip(*state, &camera, "2001:2:0:1::77", "2001:2:0:9::1");
	send_ip(*state, &router, "2001:2:0:1::77", "2001:2:0:9::1");
	assert_true(has(*state, "2001:2:0:1::77", NULL));
}

static void
only_prefixes_of_48_to_64_bits_are_believed(void **state)
{
	advertise(*state, &router, "2001:2::", 47);
	assert_false(has(*state, "2001:2:0:1::77", &camera));
	advertise(*state, &router, "2001:2:0:1::", 65);
	assert_false(has(*state, "2001:2:0:1::77", &camera));
	advertise(*state, &router, "2001:2::", 48);
	assert_true(has(*state, "2001:2:0:1::77", &camera));
}

static void
a_forged_advertisement_does_not_turn_an_upload_local(void **state)
{
	advertise(*state, &router, "2001:2:0:1::", 64);
	advertise(*state, &attacker, "2001:2:0:9::", 64);
	send_ip(*state, &router, "2001:2:0:9::1", "2001:2:0:1::77");
	assert_false(has(*state, "2001:2:0:9::1", &router));
	assert_false(has(*state, "2001:2:0:9::1", NULL));
	assert_true(has(*state, "2001:2:0:1::77", &camera));
}

static void
an_advertisement_from_afar_is_not_believed(void **state)
{
	uint8_t body[12] = {0};
	struct packet packet = {.has_macs = true,
	    .network = NETWORK_IP,
	    .protocol = IP_ICMPV6,
	    .hop_limit = 254,
	    .icmp_type = 134,
	    .has_ports = true,
	    .source_mac = attacker,
	    .source = at("fe80::1"),
	    .payload = cursor_over(body, sizeof(body))};

	inside_see(*state, &packet);
	assert_false(inside_is_gateway(*state, &attacker));
}

static void
a_mac_that_sends_from_an_unclaimed_public_ipv4_is_a_gateway(void **state)
{
	assert_false(inside_is_gateway(*state, &router));
	send_ip(*state, &router, "198.51.100.7", "192.168.1.2");
	assert_true(inside_is_gateway(*state, &router));
	assert_false(has(*state, "198.51.100.7", &router));
}

static void
a_later_claim_takes_the_evidence_away(void **state)
{
	send_ip(*state, &camera, "198.18.0.10", "198.19.0.1");
	assert_true(inside_is_gateway(*state, &camera));
	send_arp(*state, &camera, &camera, "198.18.0.10");
	assert_false(inside_is_gateway(*state, &camera));
}

static void
two_foreign_ipv6_networks_make_a_gateway_and_one_does_not(void **state)
{
	advertise(*state, &router, "2001:2:0:1::", 64);
	send_ip(*state, &phone, "2001:2:0:1::5", "2001:2:0:9::1");
	send_ip(*state, &phone, "2001:2:0:8::1", "2001:2:0:1::77");
	send_ip(*state, &phone, "2001:2:0:8::2", "2001:2:0:1::77");
	assert_false(inside_is_gateway(*state, &phone));
	send_ip(*state, &phone, "2001:2:0:9::1", "2001:2:0:1::77");
	assert_true(inside_is_gateway(*state, &phone));
}

static void
the_mac_of_dhcp_s_router_is_a_gateway(void **state)
{
	struct addr leased = at("192.168.1.2"), gateway = at("192.168.1.1");

	send_arp(*state, &phone, &phone, "192.168.1.1");
	inside_learn_dhcp(*state, &leased, 24, &camera, &gateway);
	assert_true(inside_is_gateway(*state, &phone)); /* ARP came first */
	send_arp(*state, &router, &router, "192.168.1.1");
	assert_true(inside_is_gateway(*state, &router)); /* ARP came after */
	assert_false(inside_is_gateway(*state, &camera));
}

static void
a_leased_public_network_is_inside_but_for_its_gateway(void **state)
{
	struct addr leased = at("198.18.4.10"), gateway = at("198.18.4.1");

	inside_learn_dhcp(*state, &leased, 24, &camera, &gateway);
	send_arp(*state, &router, &router, "198.18.4.1");
	assert_true(has(*state, "198.18.4.20", &phone));
	assert_false(has(*state, "198.18.4.20", &router));
	assert_false(has(*state, "198.18.5.20", &phone));
}

static void
a_capture_taken_outside_shows_no_inside_address(void **state)
{
	send_ip(*state, &router, "198.51.100.7", "203.0.113.9");
	send_ip(*state, &router, "fe80::1", "ff02::1");
	send_ip(*state, &router, "100.64.0.2", "255.255.255.255");
	assert_false(inside_seen_any(*state));
	send_ip(*state, &router, "198.51.100.7", "192.168.1.2");
	assert_true(inside_seen_any(*state));
}

static void
a_flood_of_claims_forgets_the_oldest_and_counts(void **state)
{
	char text[ADDR_TEXT];

	send_arp(*state, &camera, &camera, "198.18.0.10");
	for (uint8_t i = 0; i < 64; i++) {
		struct addr addr = addr_from_ipv4(198, 19, 0, i);

		send_arp(*state, &attacker, &attacker, addr_format(&addr, text));
	}
	assert_false(has(*state, "198.18.0.10", &camera));
	assert_int_equal(inside_evicted(*state), 2); /* a claim and a neighbour */
}

static void
what_changes_no_answer_is_no_change(void **state)
{
	uint32_t changes;

	send_ip(*state, &camera, "192.168.1.2", "198.51.100.7");
	changes = inside_changes(*state, false);
	for (unsigned i = 0; i < 3; i++) {
		send_ip(*state, &router, "198.51.100.7", "192.168.1.2");
		send_ip(*state, &router, "198.51.100.8", "192.168.1.2");
		send_ip(*state, &camera, "192.168.1.2", "198.51.100.7");
	}
	assert_int_equal(inside_changes(*state, false), changes);
	send_arp(*state, &camera, &camera, "198.18.0.10");
	assert_int_not_equal(inside_changes(*state, false), changes);
	changes = inside_changes(*state, false);
	send_arp(*state, &camera, &camera, "198.18.0.10");
	assert_int_equal(inside_changes(*state, false), changes);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(some_addresses_are_inside_whoever_uses_them),
	    TEST(documentation_and_carrier_nat_are_outside_even_when_claimed),
	    TEST(what_the_user_calls_home_is_inside),
	    TEST(sending_packets_makes_nothing_inside),
	    TEST(a_public_address_is_inside_for_the_mac_that_claimed_it),
	    TEST(a_solicitation_an_advertisement_and_a_probe_claim),
	    TEST(a_claim_in_another_s_name_is_none),
	    TEST(a_home_with_global_ipv6_is_inside),
	    TEST(a_gateway_s_copy_of_a_packet_does_not_hide_its_sender),
	    TEST(only_prefixes_of_48_to_64_bits_are_believed),
	    TEST(a_forged_advertisement_does_not_turn_an_upload_local),
	    TEST(an_advertisement_from_afar_is_not_believed),
	    TEST(a_mac_that_sends_from_an_unclaimed_public_ipv4_is_a_gateway),
	    TEST(a_later_claim_takes_the_evidence_away),
	    TEST(two_foreign_ipv6_networks_make_a_gateway_and_one_does_not),
	    TEST(the_mac_of_dhcp_s_router_is_a_gateway),
	    TEST(a_leased_public_network_is_inside_but_for_its_gateway),
	    TEST(a_capture_taken_outside_shows_no_inside_address),
	    TEST(a_flood_of_claims_forgets_the_oldest_and_counts),
	    TEST(what_changes_no_answer_is_no_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
