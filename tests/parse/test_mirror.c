/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/parse/frames.h"

/* From a router at 192.168.1.1 to the machine that captures, 192.168.1.2. */
#define OUTER(length, protocol)                                                                    \
	ETH "0800"                                                                                 \
	    "4500" length "00010000"                                                               \
	    "40" protocol "0000"                                                                   \
	    "c0a80101"                                                                             \
	    "c0a80102"
#define INNER                                                                                      \
	"020000000022"                                                                             \
	"020000000011"                                                                             \
	"0800" IP4
#define TZSP                                                                                       \
	OUTER("004f", "11")                                                                        \
	"c000"                                                                                     \
	"9090"                                                                                     \
	"003b"                                                                                     \
	"0000"                                                                                     \
	"01000001"                                                                                 \
	"01" INNER
#define VXLAN                                                                                      \
	OUTER("0052", "11")                                                                        \
	"c000"                                                                                     \
	"12b5"                                                                                     \
	"003e"                                                                                     \
	"0000"                                                                                     \
	"0800000000000100" INNER

/* clang-format off */
static const char *const mirrors[] = {
	TZSP,
	/* padding and a tag before the end */
	OUTER("0055", "11") "c000" "9090" "0041" "0000" "01000001" "00" "0a03c5c5c5" "01" INNER,
	/* an 802.11 frame */
	OUTER("0061", "11") "c000" "9090" "004d" "0000" "01000012" "01"
	    "08010000" BASE "020000000011" "020000000022" "0000" LLC "0800" IP4,
	VXLAN,
	OUTER("0052", "11") "c000" "2118" "003e" "0000" "0800000000000100" INNER,
	/* GRE carrying Ethernet, with a key too */
	OUTER("0046", "2f") "00006558" INNER,
	OUTER("004a", "2f") "20006558" "00000001" INNER,
	/* ERSPAN I, II, III, III with a sub-header */
	OUTER("0046", "2f") "000088be" INNER,
	OUTER("0052", "2f") "100088be" "00000001" "1000000000000000" INNER,
	OUTER("0056", "2f") "100022eb" "00000001" "200000000000000000000000" INNER,
	OUTER("005e", "2f") "100022eb" "00000001" "200000000000000000000001" "0000000000000000"
	    INNER,
};
/* clang-format on */

#define MIRRORS (sizeof(mirrors) / sizeof(mirrors[0]))

static const struct packet_options open_all = {.open_mirrors = true};

static struct packet
parse_open(const char *hex)
{
	struct packet packet;

	assert_int_equal(parse_with(1, hex, 0, &open_all, &packet), PARSE_OK);
	return packet;
}

static void
an_opened_mirror_counts_its_inner_packet_only(void **state)
{
	(void)state;
	for (size_t i = 0; i < MIRRORS; i++) {
		struct packet packet = parse_open(mirrors[i]);

		assert_true(packet.mirrored);
		assert_int_equal(packet.ip_bytes, 32);
		assert_int_equal(packet.implausible, 0);
		assert_int_equal(packet.time, 7);
		assert_addr(&packet.source, "192.0.2.10");
		assert_mac(&packet.source_mac, "02:00:00:00:00:11");
		assert_mac(&packet.target_mac, "02:00:00:00:00:22");
		assert_payload(&packet);
	}
}

static void
a_cut_mirror_counts_its_inner_packet_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < MIRRORS; i++) {
		uint32_t length = bytes_of(mirrors[i]).length;
		uint32_t opened = 0;

		for (uint32_t captured = 0; captured <= length; captured++) {
			struct packet packet;
			enum parse_result result =
			    parse_cut(1, mirrors[i], captured, &open_all, &packet);

			if (result != PARSE_OK || !packet.mirrored)
				continue;
			opened++;
			assert_int_equal(packet.ip_bytes, 32);
			assert_int_equal(packet.implausible, 0);
		}
		assert_int_equal(opened, 13); /* from the end of the inner IP header on */
	}
}

static void
a_mirror_nobody_asked_for_counts_as_its_outer_packet(void **state)
{
	struct packet packet = parse(1, TZSP);

	(void)state;
	assert_false(packet.mirrored);
	assert_int_equal(packet.ip_bytes, 79);
	assert_addr(&packet.source, "192.168.1.1");
	assert_int_equal(packet.target_port, 37008);
}

static void
a_mirror_to_the_capturing_host_is_opened(void **state)
{
	const struct addr hosts[] = {addr_from_ipv4(10, 0, 0, 1), addr_from_ipv4(192, 168, 1, 2)};
	struct packet_options options = {.capture_hosts = hosts, .capture_host_count = 2};
	struct packet packet;

	(void)state;
	for (size_t i = 0; i < MIRRORS; i++) {
		assert_int_equal(parse_with(1, mirrors[i], 0, &options, &packet), PARSE_OK);
		assert_true(packet.mirrored);
		assert_int_equal(packet.ip_bytes, 32);
	}
	options.capture_host_count = 1; /* another host's: an ordinary tunnel */
	assert_int_equal(parse_with(1, VXLAN, 0, &options, &packet), PARSE_OK);
	assert_false(packet.mirrored);
	assert_int_equal(packet.ip_bytes, 82);
}

/* The first of two fragments, with 26 of the inner packet's 32 bytes. */
static void
a_mirrored_packet_in_fragments_counts_whole(void **state)
{
	struct packet packet = parse_open(ETH "0800"
	                                      "4500004c00012000"
	                                      "40110000c0a80101c0a80102"
	                                      "c00012b5003e0000"
	                                      "0800000000000100"
	                                      "020000000022020000000011"
	                                      "0800"
	                                      "4500002000010000"
	                                      "40110000" ENDS4 "9c4001bb000c");

	(void)state;
	assert_true(packet.mirrored);
	assert_int_equal(packet.ip_bytes, 32);
	assert_int_equal(packet.implausible, 0);
}

static void
a_mirror_within_a_mirror_stays_closed(void **state)
{
	struct packet packet =
	    parse_open(OUTER("006c", "2f") "00006558" OUTER("0046", "2f") "00006558" INNER);

	(void)state;
	assert_true(packet.mirrored);
	assert_int_equal(packet.ip_bytes, 70);
	assert_int_equal(packet.protocol, IP_GRE);
}

static void
a_mirror_s_keep_alive_is_an_ordinary_packet(void **state)
{
	struct packet packet = parse_open(OUTER("0021", "11") "c000"
	                                                      "9090"
	                                                      "000d"
	                                                      "0000"
	                                                      "01040001"
	                                                      "01");

	(void)state;
	assert_false(packet.mirrored);
	assert_int_equal(packet.ip_bytes, 33);
}

static void
a_tunnel_counts_as_its_outer_packet(void **state)
{
	struct packet in_ip = parse_open(OUTER("0034", "04") IP4);
	struct packet in_gre = parse_open(OUTER("0038", "2f") "00000800" IP4);
	struct packet six_in_four = parse_open(OUTER("0048", "29") IP6);

	(void)state;
	assert_int_equal(in_ip.ip_bytes, 52);
	assert_int_equal(in_gre.ip_bytes, 56);
	assert_int_equal(six_in_four.ip_bytes, 72);
	assert_addr(&in_ip.source, "192.168.1.1");
	assert_false(in_ip.has_ports || in_gre.has_ports || six_in_four.has_ports);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_opened_mirror_counts_its_inner_packet_only),
	    cmocka_unit_test(a_cut_mirror_counts_its_inner_packet_whole),
	    cmocka_unit_test(a_mirror_nobody_asked_for_counts_as_its_outer_packet),
	    cmocka_unit_test(a_mirror_to_the_capturing_host_is_opened),
	    cmocka_unit_test(a_mirrored_packet_in_fragments_counts_whole),
	    cmocka_unit_test(a_mirror_within_a_mirror_stays_closed),
	    cmocka_unit_test(a_mirror_s_keep_alive_is_an_ordinary_packet),
	    cmocka_unit_test(a_tunnel_counts_as_its_outer_packet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
