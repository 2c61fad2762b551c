/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/parse/frames.h"

#define ICMP                                                                                       \
	"4500001c00010000"                                                                         \
	"4001"                                                                                     \
	"0000" ENDS4

static void
tcp_tells_its_flags_and_numbers(void **state)
{
	struct packet packet = parse(101, IP4_TCP);

	(void)state;
	assert_int_equal(packet.tcp_flags, 0x18);
	assert_int_equal(packet.tcp_seq, 100);
	assert_int_equal(packet.tcp_ack, 200);
	assert_payload(&packet);
}

static void
a_broken_tcp_header_still_has_ports(void **state)
{
	struct packet packet = parse(101, "4500002c00010000"
	                                  "4006"
	                                  "0000" ENDS4 "9c4001bb"
	                                  "00000064"
	                                  "000000c8"
	                                  "f018"
	                                  "ffff00000000"
	                                  "01020304");

	(void)state;
	assert_int_equal(packet.source_port, 40000);
	assert_int_equal(packet.payload_bytes, 0);
	assert_int_equal(cursor_left(&packet.payload), 0);
}

static void
a_udp_length_bounds_the_payload(void **state)
{
	struct packet packet = parse(101, "4500002200010000"
	                                  "4011"
	                                  "0000" ENDS4 UDP "ffff");

	(void)state;
	assert_int_equal(packet.ip_bytes, 34);
	assert_payload(&packet);
}

static void
an_unknown_protocol_has_a_payload_and_no_ports(void **state)
{
	struct packet packet = parse(101, "4500001800010000"
	                                  "4032"
	                                  "0000" ENDS4 "01020304");

	(void)state;
	assert_int_equal(packet.protocol, 50);
	assert_false(packet.has_ports);
	assert_payload(&packet);
}

static void
echo_request_and_reply_name_each_other(void **state)
{
	struct packet ping = parse(101, ICMP "0800000000010002");
	struct packet pong = parse(101, ICMP "0000000000010002");

	(void)state;
	assert_true(ping.icmp_two_way && pong.icmp_two_way);
	assert_int_equal(ping.source_port, 8);
	assert_int_equal(ping.target_port, 0);
	assert_int_equal(pong.source_port, 0);
	assert_int_equal(pong.target_port, 8);
	assert_int_equal(ping.payload_bytes, 4);
}

static void
a_one_way_icmp_message_has_type_and_code(void **state)
{
	struct packet packet = parse(101, ICMP "0301000000000000");

	(void)state;
	assert_false(packet.icmp_two_way);
	assert_int_equal(packet.source_port, 3);
	assert_int_equal(packet.target_port, 1);
}

static void
icmpv6_has_its_own_twins(void **state)
{
	struct packet packet = parse(229, "6000000000083aff" ENDS6 "8700000000000000");

	(void)state;
	assert_int_equal(packet.icmp_type, 135);
	assert_true(packet.icmp_two_way);
	assert_int_equal(packet.target_port, 136);
	assert_int_equal(packet.hop_limit, 255);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(tcp_tells_its_flags_and_numbers),
	    cmocka_unit_test(a_broken_tcp_header_still_has_ports),
	    cmocka_unit_test(a_udp_length_bounds_the_payload),
	    cmocka_unit_test(an_unknown_protocol_has_a_payload_and_no_ports),
	    cmocka_unit_test(echo_request_and_reply_name_each_other),
	    cmocka_unit_test(a_one_way_icmp_message_has_type_and_code),
	    cmocka_unit_test(icmpv6_has_its_own_twins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
