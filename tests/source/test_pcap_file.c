/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/source/captures.h"

#define MICRO 0xa1b2c3d4
#define NANO  0xa1b23c4d

static void
both_byte_orders_and_both_resolutions_read_the_same(void **state)
{
	static const struct {
		uint32_t magic;
		uint32_t part;
	} kinds[] = {{MICRO, 123456}, {NANO, 123456999}};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct bytes b = {.big = i % 2};
		struct opened o;
		struct frame f;

		put_pcap_header(&b, kinds[i / 2].magic, 1);
		put_pcap_record(&b, 1700000000, kinds[i / 2].part, 60, 1500);
		o = open_bytes(b.at, b.len, 0);
		f = expect_frame(&o);
		assert_int_equal(f.time, 1700000000123456);
		assert_int_equal(f.captured, 60);
		assert_int_equal(f.on_wire, 1500);
		assert_int_equal(f.link_type, 1);
		assert_int_equal(f.interface, 0);
		assert_int_equal(f.number, 1);
		expect_end(&o);
		assert_string_equal(source_facts(o.source)->format, "pcap");
		close_bytes(&o);
	}
}

static void
bits_above_the_link_type_are_not_part_of_it(void **state)
{
	struct bytes b = {0};
	struct opened o;

	(void)state;
	put_pcap_header(&b, MICRO, 0x14000069);
	put_pcap_record(&b, 1700000000, 0, 4, 4);
	o = open_bytes(b.at, b.len, 0);
	assert_int_equal(expect_frame(&o).link_type, 105);
	close_bytes(&o);
}

static void
a_capture_without_packets_is_whole(void **state)
{
	struct bytes b = {0};
	struct opened o;

	(void)state;
	put_pcap_header(&b, MICRO, 1);
	o = open_bytes(b.at, b.len, 0);
	expect_end(&o);
	expect_end(&o);
	assert_true(source_facts(o.source)->complete);
	assert_int_equal(source_facts(o.source)->packets, 0);
	assert_int_equal(source_facts(o.source)->first, INT64_MIN);
	close_bytes(&o);
}

static void
a_packet_captured_longer_than_it_was_has_its_captured_length(void **state)
{
	struct bytes b = {0};
	struct opened o;

	(void)state;
	put_pcap_header(&b, MICRO, 1);
	put_pcap_record(&b, 1700000000, 0, 60, 20);
	o = open_bytes(b.at, b.len, 0);
	assert_int_equal(expect_frame(&o).on_wire, 60);
	assert_int_equal(source_facts(o.source)->odd_lengths, 1);
	assert_int_equal(source_facts(o.source)->bytes, 60);
	close_bytes(&o);
}

static void
an_absurd_length_on_the_wire_is_told_but_counts_262144_bytes(void **state)
{
	struct bytes b = {0};
	struct opened o;

	(void)state;
	put_pcap_header(&b, MICRO, 1);
	put_pcap_record(&b, 1700000000, 0, 60, 4000000000);
	o = open_bytes(b.at, b.len, 0);
	assert_int_equal(expect_frame(&o).on_wire, 4000000000);
	assert_int_equal(source_facts(o.source)->odd_lengths, 1);
	assert_int_equal(source_facts(o.source)->bytes, 262144);
	close_bytes(&o);
}

static void
a_subsecond_part_of_a_second_or_more_is_odd_and_stays_within_its_second(void **state)
{
	static const struct {
		uint32_t magic;
		uint32_t part;
	} kinds[] = {{MICRO, 1000000}, {MICRO, UINT32_MAX}, {NANO, 1000000000}, {NANO, UINT32_MAX}};

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		struct bytes b = {0};
		struct opened o;

		put_pcap_header(&b, kinds[i].magic, 1);
		put_pcap_record(&b, 1700000000, kinds[i].part, 4, 4);
		o = open_bytes(b.at, b.len, 0);
		assert_int_equal(expect_frame(&o).time, 1700000000999999);
		assert_int_equal(source_facts(o.source)->odd_times, 1);
		close_bytes(&o);
	}
}

static void
times_past_2038_are_ordinary_and_the_first_second_of_1970_is_odd(void **state)
{
	struct bytes b = {0};
	struct opened o;

	(void)state;
	put_pcap_header(&b, MICRO, 1);
	put_pcap_record(&b, 4000000000, 0, 4, 4);
	put_pcap_record(&b, 0, 5, 4, 4);
	o = open_bytes(b.at, b.len, 0);
	assert_int_equal(expect_frame(&o).time, 4000000000000000);
	assert_int_equal(source_facts(o.source)->odd_times, 0);
	assert_int_equal(expect_frame(&o).time, 5);
	assert_int_equal(source_facts(o.source)->odd_times, 1);
	close_bytes(&o);
}

static void
first_and_last_are_the_least_and_greatest_time(void **state)
{
	struct bytes b = {0};
	enum source_result result;
	struct opened o;

	(void)state;
	put_pcap_header(&b, MICRO, 1);
	put_pcap_record(&b, 200, 0, 4, 4);
	put_pcap_record(&b, 300, 0, 4, 4);
	put_pcap_record(&b, 100, 0, 4, 4);
	o = open_bytes(b.at, b.len, 0);
	assert_int_equal(count_frames(o.source, &result), 3);
	assert_int_equal(source_facts(o.source)->first, 100000000);
	assert_int_equal(source_facts(o.source)->last, 300000000);
	close_bytes(&o);
}

static void
every_cut_gives_the_packets_before_it(void **state)
{
	static const bool is_frame[] = {false, true, true, true};
	struct bytes b = {0};
	size_t border[4];

	(void)state;
	put_pcap_header(&b, MICRO, 1);
	border[0] = b.len;
	put_pcap_record(&b, 1700000000, 0, 60, 60);
	border[1] = b.len;
	put_pcap_record(&b, 1700000001, 0, 0, 60);
	border[2] = b.len;
	put_pcap_record(&b, 1700000002, 0, 41, 60);
	border[3] = b.len;
	expect_every_cut(&b, border, is_frame, 4);
}

static void
a_cut_header_is_refused(void **state)
{
	struct bytes b = {0};

	(void)state;
	put_pcap_header(&b, MICRO, 1);
	for (size_t len = 0; len < b.len; len++) {
		struct opened o = open_bytes(b.at, len, 0);

		assert_null(o.source);
		assert_int_equal(o.error.offset, 0);
		close_bytes(&o);
	}
}

static void
a_cut_packet_says_where_and_how_much_is_missing(void **state)
{
	struct bytes b = {0};
	struct opened o;

	(void)state;
	put_pcap_header(&b, MICRO, 1);
	put_pcap_record(&b, 1700000000, 0, 60, 60);
	put_pcap_record(&b, 1700000000, 0, 82, 82);
	o = open_bytes(b.at, 24 + 76 + 40, 0);
	expect_frame(&o);
	expect_error(&o, 100,
	    "the capture ends in the middle of packet 2 (wants 98 bytes, 40 left)");
	close_bytes(&o);
}

static void
a_packet_longer_than_any_is_damage(void **state)
{
	struct bytes b = {0};
	struct opened o;

	(void)state;
	put_pcap_header(&b, MICRO, 1);
	put(&b, 1700000000, 4);
	put(&b, 0, 4);
	put(&b, 262145, 4);
	put(&b, 262145, 4);
	o = open_bytes(b.at, b.len, 0);
	expect_error(&o, 24, "packet 1 claims 262145 bytes, more than a packet can have");
	close_bytes(&o);
}

static void
captures_strung_together_end_where_the_second_begins(void **state)
{
	struct bytes b = {0};
	struct opened o;

	(void)state;
	put_pcap_header(&b, MICRO, 1);
	put_pcap_record(&b, 1700000000, 0, 60, 60);
	put_pcap_header(&b, MICRO, 1);
	put_pcap_record(&b, 1700000000, 0, 60, 60);
	o = open_bytes(b.at, b.len, 0);
	expect_frame(&o);
	expect_error(&o, 100, "another capture begins here; give each as a file of its own");
	close_bytes(&o);
}

static void
another_version_is_refused(void **state)
{
	struct bytes b = {0};
	struct opened o;

	(void)state;
	put_pcap_header(&b, MICRO, 1);
	b.at[6] = 5;
	o = open_bytes(b.at, b.len, 0);
	expect_refused(&o, "this version of pcap is not supported (only 2.3 and 2.4 are)");
	close_bytes(&o);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(both_byte_orders_and_both_resolutions_read_the_same),
	    cmocka_unit_test(bits_above_the_link_type_are_not_part_of_it),
	    cmocka_unit_test(a_capture_without_packets_is_whole),
	    cmocka_unit_test(a_packet_captured_longer_than_it_was_has_its_captured_length),
	    cmocka_unit_test(an_absurd_length_on_the_wire_is_told_but_counts_262144_bytes),
	    cmocka_unit_test(
	        a_subsecond_part_of_a_second_or_more_is_odd_and_stays_within_its_second),
	    cmocka_unit_test(times_past_2038_are_ordinary_and_the_first_second_of_1970_is_odd),
	    cmocka_unit_test(first_and_last_are_the_least_and_greatest_time),
	    cmocka_unit_test(every_cut_gives_the_packets_before_it),
	    cmocka_unit_test(a_cut_header_is_refused),
	    cmocka_unit_test(a_cut_packet_says_where_and_how_much_is_missing),
	    cmocka_unit_test(a_packet_longer_than_any_is_damage),
	    cmocka_unit_test(captures_strung_together_end_where_the_second_begins),
	    cmocka_unit_test(another_version_is_refused),
	};

	return cmocka_run_group_tests_name("pcap", tests, NULL, NULL);
}
