/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/parse/frames.h"

static void
a_length_beyond_the_record_is_implausible(void **state)
{
	struct packet packet = parse(1, ETH "0800"
	                                    "4500ffff00010000"
	                                    "4011"
	                                    "0000" ENDS4 UDP);

	(void)state;
	assert_int_equal(packet.ip_bytes, 32);
	assert_int_equal(packet.implausible, 65535 - 32);
	assert_payload(&packet);
}

static void
a_length_of_zero_is_the_record_s(void **state)
{
	const char *hex = ETH "0800"
	                      "4500000000010000"
	                      "4006"
	                      "0000" ENDS4 TCP;
	struct packet packet;

	(void)state;
	assert_int_equal(parse_with(1, hex, 60014, NULL, &packet), PARSE_OK);
	assert_int_equal(packet.ip_bytes, 60000);
	assert_int_equal(packet.implausible, 0);
	assert_int_equal(packet.payload_bytes, 60000 - 40);
}

static void
nothing_counts_more_than_256_kib(void **state)
{
	const char *hex = "4500000000010000"
	                  "4006"
	                  "0000" ENDS4 TCP;
	struct packet packet;

	(void)state;
	assert_int_equal(parse_with(101, hex, 4000000000U, NULL, &packet), PARSE_OK);
	assert_int_equal(packet.ip_bytes, PACKET_BYTES_MAX);
	assert_int_equal(packet.implausible, 0);
}

static void
a_jumbogram_counts_as_its_record(void **state)
{
	const char *hex = "6000000000000040" ENDS6 "0600c20400011178" TCP;
	struct packet packet;

	(void)state;
	assert_int_equal(parse_with(229, hex, 70000, NULL, &packet), PARSE_OK);
	assert_int_equal(packet.ip_bytes, 70000);
	assert_int_equal(packet.implausible, 0);
	assert_int_equal(packet.target_port, 443);
}

static void
an_empty_ipv6_packet_counts_its_header(void **state)
{
	struct packet packet = parse(1, ETH "86dd"
	                                    "6000000000003b40" ENDS6 "000000000000");

	(void)state;
	assert_int_equal(packet.ip_bytes, 40);
	assert_int_equal(packet.protocol, 59);
	assert_false(packet.has_ports);
}

static void
a_length_below_the_header_counts_as_claimed(void **state)
{
	struct packet packet = parse(101, "4500000a00010000"
	                                  "4011"
	                                  "0000" ENDS4 UDP);

	(void)state;
	assert_int_equal(packet.ip_bytes, 10);
	assert_int_equal(packet.payload_bytes, 0);
	assert_false(packet.has_ports);
}

static void
headers_that_contradict_themselves_are_malformed(void **state)
{
	(void)state;
	assert_int_equal(result_of(101, "4400002000010000"
	                                "4011"
	                                "0000" ENDS4),
	    PARSE_MALFORMED);
	assert_int_equal(result_of(101, "5000002000010000"
	                                "4011"
	                                "0000" ENDS4),
	    PARSE_MALFORMED);
	assert_int_equal(result_of(229, IP4), PARSE_MALFORMED);
	assert_int_equal(result_of(228, IP6), PARSE_MALFORMED);
	assert_int_equal(result_of(1, ETH "86dd" IP4), PARSE_MALFORMED);
}

static void
ipv4_options_are_stepped_over(void **state)
{
	struct packet packet = parse(101, "4600002400010000"
	                                  "4011"
	                                  "0000" ENDS4 "01010101" UDP);

	(void)state;
	assert_int_equal(packet.ip_bytes, 36);
	assert_payload(&packet);
}

/* Hop-by-hop, destination, routing, authentication, then UDP. */
static void
extension_headers_lead_to_the_transport(void **state)
{
	struct packet packet = parse(229, "6000000000300040" ENDS6 "3c00010400000000"
	                                  "2b00010400000000"
	                                  "3300000000000000"
	                                  "110100000000000000000000" UDP);

	(void)state;
	assert_int_equal(packet.protocol, IP_UDP);
	assert_int_equal(packet.source_port, 40000);
	assert_int_equal(packet.ip_bytes, 88);
	assert_payload(&packet);
}

static void
endless_extension_headers_end(void **state)
{
	char hex[2 * BYTES_MAX] = "6000000000f03c40" ENDS6;
	struct packet packet;

	(void)state;
	for (int i = 0; i < 30; i++)
		strcat(hex, "3c00010400000000");
	packet = parse(229, hex);
	assert_int_equal(packet.ip_bytes, 280);
	assert_int_equal(packet.protocol, 60);
	assert_false(packet.has_ports);
}

static void
a_first_fragment_has_ports_and_a_later_one_none(void **state)
{
	struct packet first = parse(101, "4500002000092000"
	                                 "4011"
	                                 "0000" ENDS4 UDP);
	struct packet later = parse(101, "4500002000090003"
	                                 "4011"
	                                 "0000" ENDS4 UDP);

	(void)state;
	assert_true(first.fragment && first.has_ports && !first.later_fragment);
	assert_true(later.fragment && later.later_fragment && !later.has_ports);
	assert_int_equal(first.fragment_id, 9);
	assert_int_equal(later.fragment_id, 9);
	assert_int_equal(later.ip_bytes, 32);
	assert_int_equal(later.payload_bytes, 12);
	assert_int_equal(cursor_left(&later.payload), 0);
}

static void
ipv6_fragments_say_so_unless_they_are_whole(void **state)
{
	struct packet first = parse(229, "6000000000142c40" ENDS6 "1100000100abcdef" UDP);
	struct packet later = parse(229, "6000000000142c40" ENDS6 "1100001000abcdef" UDP);
	struct packet whole = parse(229, "6000000000142c40" ENDS6 "1100000000abcdef" UDP);

	(void)state;
	assert_true(first.fragment && first.has_ports);
	assert_int_equal(first.fragment_id, 0xabcdef);
	assert_true(later.later_fragment && !later.has_ports);
	assert_int_equal(later.protocol, IP_UDP);
	assert_true(!whole.fragment && whole.has_ports);
	assert_payload(&whole);
}

#define ARP                                                                                        \
	ETH "0806"                                                                                 \
	    "0001080006040002" FROM "c000020a" TO "c000020b"

static void
arp_tells_who_has_which_address(void **state)
{
	struct packet packet = parse(1, ARP);

	(void)state;
	assert_int_equal(packet.network, NETWORK_ARP);
	assert_int_equal(packet.arp_operation, 2);
	assert_mac(&packet.arp_sender_mac, "02:00:00:00:00:01");
	assert_addr(&packet.source, "192.0.2.10");
	assert_addr(&packet.target, "192.0.2.11");
	assert_int_equal(packet.ip_bytes, 0);
	assert_int_equal(result_of(1, ETH "0806"
	                                  "0006080008040001" FROM),
	    PARSE_OTHER);
}

static void
arp_is_read_whole_or_not_at_all(void **state)
{
	struct packet packet;

	(void)state;
	for (uint32_t captured = 0; captured < 14 + 28; captured++)
		assert_int_equal(parse_cut(1, ARP, captured, NULL, &packet), PARSE_SHORT);
	assert_int_equal(parse_cut(1, ARP, 14 + 28, NULL, &packet), PARSE_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_length_beyond_the_record_is_implausible),
	    cmocka_unit_test(a_length_of_zero_is_the_record_s),
	    cmocka_unit_test(nothing_counts_more_than_256_kib),
	    cmocka_unit_test(a_jumbogram_counts_as_its_record),
	    cmocka_unit_test(an_empty_ipv6_packet_counts_its_header),
	    cmocka_unit_test(a_length_below_the_header_counts_as_claimed),
	    cmocka_unit_test(headers_that_contradict_themselves_are_malformed),
	    cmocka_unit_test(ipv4_options_are_stepped_over),
	    cmocka_unit_test(extension_headers_lead_to_the_transport),
	    cmocka_unit_test(endless_extension_headers_end),
	    cmocka_unit_test(a_first_fragment_has_ports_and_a_later_one_none),
	    cmocka_unit_test(ipv6_fragments_say_so_unless_they_are_whole),
	    cmocka_unit_test(arp_tells_who_has_which_address),
	    cmocka_unit_test(arp_is_read_whole_or_not_at_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
