/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/parse/frames.h"

/* clang-format off */
static const struct sample {
	uint16_t link_type;
	const char *hex;
	uint32_t ip_bytes;
} samples[] = {
	{1, ETH "0800" IP4, 32},
	{1, ETH "0800" IP4_TCP, 44},
	{1, ETH "86dd" IP6, 52},
	{1, ETH "0028" LLC "0800" IP4, 32},                         /* 802.3 with SNAP */
	{1, ETH "8100" "000a" "0800" IP4, 32},                      /* 802.1Q */
	{1, ETH "88a8" "000a" "8100" "000b" "0800" IP4, 32},        /* 802.1ad */
	{1, ETH "9100" "000a" "88a8" "000a" "8100" "000b" "86dd" IP6, 52},
	{1, ETH "8864" "110000010022" "0021" IP4, 32},              /* PPPoE */
	{1, ETH "8100" "000a" "8864" "110000010036" "0057" IP6, 52},
	{1, ETH "8847" "0001003f" "0002013f" IP4, 32},              /* MPLS, two labels */
	{1, ETH "8848" "0002013f" IP6, 52},
	{113, "0000" "0001" "0006" FROM "0000" "0800" IP4, 32},
	{276, "0800" "0000" "00000002" "0001" "00" "06" FROM "0000" IP4, 32},
	{101, IP4, 32},
	{12, IP6, 52},
	{14, IP4, 32},
	{228, IP4, 32},
	{229, IP6, 52},
	{0, "02000000" IP4, 32},
	{0, "00000002" IP4, 32},
	{0, "18000000" IP6, 52},
	{0, "1c000000" IP6, 52},
	{0, "0000001e" IP6, 52},
	{108, "00000002" IP4, 32},
	{105, "08020000" TO BASE FROM "0000" LLC "0800" IP4, 32},   /* to the station */
	{105, "08010000" BASE FROM TO "0000" LLC "0800" IP4, 32},   /* from the station */
	{105, "08000000" TO FROM BASE "0000" LLC "0800" IP4, 32},   /* between stations */
	{105, "08030000" BASE BASE TO "0000" FROM LLC "86dd" IP6, 52},
	{105, "88020000" TO BASE FROM "0000" "0000" LLC "0800" IP4, 32},
	{105, "88820000" TO BASE FROM "0000" "0000" "00000000" LLC "0800" IP4, 32},
	{127, "00000800" "00000000" "08020000" TO BASE FROM "0000" LLC "0800" IP4, 32},
	{127, "00001900" "03000080" "00000000" "00000000" "0102030405060708" "10"
	      "08020000" TO BASE FROM "0000" LLC "0800" IP4 "deadbeef", 32},
	{9, "ff03" "0021" IP4, 32},
	{9, "57" IP6, 52},
	{104, "0f000800" IP4, 32},
};
/* clang-format on */

#define SAMPLES (sizeof(samples) / sizeof(samples[0]))

static void
every_link_type_finds_its_packet(void **state)
{
	(void)state;
	for (size_t i = 0; i < SAMPLES; i++) {
		struct packet packet = parse(samples[i].link_type, samples[i].hex);

		assert_non_null(packet_link_name(samples[i].link_type));
		assert_int_equal(packet.network, NETWORK_IP);
		assert_int_equal(packet.time, 7);
		assert_int_equal(packet.ip_bytes, samples[i].ip_bytes);
		assert_int_equal(packet.implausible, 0);
		assert_true(packet.has_ports);
		assert_int_equal(packet.source_port, 40000);
		assert_int_equal(packet.target_port, 443);
		assert_payload(&packet);
		if (packet.has_macs)
			assert_mac(&packet.source_mac, "02:00:00:00:00:01");
	}
}

static void
a_cut_packet_counts_whole_or_not_at_all(void **state)
{
	(void)state;
	for (size_t i = 0; i < SAMPLES; i++) {
		uint32_t length = bytes_of(samples[i].hex).length;
		bool found = false;

		for (uint32_t captured = 0; captured <= length; captured++) {
			struct packet packet;
			enum parse_result result = parse_cut(samples[i].link_type, samples[i].hex,
			    captured, NULL, &packet);

			assert_int_not_equal(result, PARSE_MALFORMED);
			assert_true(result == PARSE_OK || !found);
			if (result != PARSE_OK)
				continue;
			found = true;
			assert_int_equal(packet.ip_bytes, samples[i].ip_bytes);
			assert_int_equal(packet.implausible, 0);
			assert_true(packet.payload_bytes >= 4);
		}
		assert_true(found);
	}
}

static void
a_link_type_has_a_name_or_no_packets(void **state)
{
	(void)state;
	assert_string_equal(packet_link_name(1), "ethernet");
	assert_string_equal(packet_link_name(113), "linux-sll");
	assert_string_equal(packet_link_name(276), "linux-sll2");
	assert_string_equal(packet_link_name(101), "raw-ip");
	assert_string_equal(packet_link_name(127), "802.11-radiotap");
	assert_null(packet_link_name(195));
	assert_int_equal(result_of(195, IP4), PARSE_OTHER);
}

static void
links_without_macs_say_so(void **state)
{
	struct packet raw = parse(101, IP4);
	struct packet cooked = parse(113, "0004"
	                                  "0001"
	                                  "0006" FROM "0000"
	                                  "0800" IP4);
	struct packet modem = parse(113, "0004"
	                                 "0200"
	                                 "0000"
	                                 "0000000000000000"
	                                 "0800" IP4);

	(void)state;
	assert_false(raw.has_macs);
	assert_true(cooked.has_macs);
	assert_true(mac_is_zero(&cooked.target_mac));
	assert_false(modem.has_macs);
}

static void
frames_of_other_protocols_are_other(void **state)
{
	(void)state;
	assert_int_equal(result_of(1, ETH "88cc"
	                                  "0207"),
	    PARSE_OTHER); /* LLDP */
	assert_int_equal(result_of(1, ETH "0026"
	                                  "424203"
	                                  "0000"),
	    PARSE_OTHER); /* spanning tree */
	assert_int_equal(result_of(1, ETH "8864"
	                                  "11000001000a"
	                                  "c021"
	                                  "01"),
	    PARSE_OTHER);
	assert_int_equal(result_of(1, ETH "8864"
	                                  "11a700010000"
	                                  "0021" IP4),
	    PARSE_OTHER);
	assert_int_equal(result_of(1, ETH "8847"
	                                  "0002013f"
	                                  "00000000"),
	    PARSE_OTHER);
	assert_int_equal(result_of(0, "07000000" IP4), PARSE_OTHER);
	assert_int_equal(result_of(113, "0000"
	                                "0338"
	                                "0006" FROM "0000"
	                                "0000" IP4),
	    PARSE_OTHER);
}

static void
padding_behind_the_packet_never_counts(void **state)
{
	struct packet packet = parse(1, ETH "0800" IP4 "aaaaaaaaaaaaaaaaaaaaaaaaaaaa");

	(void)state;
	assert_int_equal(packet.ip_bytes, 32);
	assert_payload(&packet);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_link_type_finds_its_packet),
	    cmocka_unit_test(a_cut_packet_counts_whole_or_not_at_all),
	    cmocka_unit_test(a_link_type_has_a_name_or_no_packets),
	    cmocka_unit_test(links_without_macs_say_so),
	    cmocka_unit_test(frames_of_other_protocols_are_other),
	    cmocka_unit_test(padding_behind_the_packet_never_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
