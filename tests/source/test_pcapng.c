/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/source/captures.h"

#define NOW UINT64_C(1700000000123456)

static void
both_byte_orders_read_the_same(void **state)
{
	(void)state;
	for (int big = 0; big < 2; big++) {
		struct bytes b = {.big = big};
		struct opened o;
		struct frame f;

		put_section(&b);
		put_interface(&b, 1, 0);
		put_enhanced(&b, 0, NOW, 61, 1500);
		o = open_bytes(b.at, b.len, 0);
		f = expect_frame(&o);
		assert_int_equal(f.time, NOW);
		assert_int_equal(f.captured, 61);
		assert_int_equal(f.on_wire, 1500);
		expect_end(&o);
		assert_string_equal(source_facts(o.source)->format, "pcapng");
		assert_true(source_facts(o.source)->complete);
		close_bytes(&o);
	}
}

static void
interfaces_may_differ_in_link_type_and_snap_length(void **state)
{
	struct bytes b = {0};
	struct opened o;
	struct frame f;

	(void)state;
	put_section(&b);
	put_interface(&b, 1, 65535);
	put_interface(&b, 113, 96);
	put_enhanced(&b, 1, NOW, 20, 20);
	put_enhanced(&b, 0, NOW, 20, 20);
	o = open_bytes(b.at, b.len, 0);
	f = expect_frame(&o);
	assert_int_equal(f.link_type, 113);
	assert_int_equal(f.interface, 1);
	assert_int_equal(expect_frame(&o).link_type, 1);
	assert_int_equal(source_facts(o.source)->link_type_count, 2);
	assert_int_equal(source_facts(o.source)->link_types[0], 113);
	assert_int_equal(source_facts(o.source)->link_types[1], 1);
	close_bytes(&o);
}

static void
a_later_section_has_its_own_order_and_interfaces(void **state)
{
	struct bytes b = {0};
	struct opened o;
	struct frame f;

	(void)state;
	put_section(&b);
	put_interface(&b, 1, 0);
	put_enhanced(&b, 0, NOW, 4, 4);
	b.big = true;
	put_section(&b);
	put_interface(&b, 113, 0);
	put_enhanced(&b, 0, NOW + 1, 4, 4);
	o = open_bytes(b.at, b.len, 0);
	expect_frame(&o);
	f = expect_frame(&o);
	assert_int_equal(f.link_type, 113);
	assert_int_equal(f.interface, 1);
	assert_int_equal(f.time, NOW + 1);
	expect_end(&o);
	close_bytes(&o);
}

static void
a_later_section_forgets_the_interfaces_before_it(void **state)
{
	struct bytes b = {0};
	struct opened o;
	int64_t offset;

	(void)state;
	put_section(&b);
	put_interface(&b, 1, 0);
	put_section(&b);
	offset = (int64_t)b.len;
	put_enhanced(&b, 0, NOW, 4, 4);
	o = open_bytes(b.at, b.len, 0);
	expect_error(&o, offset, "a block names interface 0, but the section has described 0");
	close_bytes(&o);
}

static void
an_interface_has_its_own_resolution_and_offset(void **state)
{
	struct bytes b = {0};
	struct opened o;

	(void)state;
	put_section(&b);
	put_timed_interface(&b, 9, 0);
	put_timed_interface(&b, 0x80 | 10, 0);
	put_timed_interface(&b, 3, 1700000000);
	put_timed_interface(&b, 6, -10);
	put_enhanced(&b, 0, NOW * 1000 + 999, 4, 4);
	put_enhanced(&b, 1, UINT64_C(1700000000) * 1024 + 512, 4, 4);
	put_enhanced(&b, 2, 1500, 4, 4);
	put_enhanced(&b, 3, NOW, 4, 4);
	o = open_bytes(b.at, b.len, 0);
	assert_int_equal(expect_frame(&o).time, NOW);
	assert_int_equal(expect_frame(&o).time, 1700000000500000);
	assert_int_equal(expect_frame(&o).time, 1700000001500000);
	assert_int_equal(expect_frame(&o).time, NOW - 10000000);
	assert_int_equal(source_facts(o.source)->odd_times, 0);
	close_bytes(&o);
}

static void
a_time_before_1970_is_odd(void **state)
{
	struct bytes b = {0};
	struct opened o;

	(void)state;
	put_section(&b);
	put_timed_interface(&b, 6, -100);
	put_enhanced(&b, 0, 50000000, 4, 4);
	o = open_bytes(b.at, b.len, 0);
	assert_int_equal(expect_frame(&o).time, -50000000);
	assert_int_equal(source_facts(o.source)->odd_times, 1);
	close_bytes(&o);
}

static void
a_simple_packet_takes_the_time_of_the_one_before(void **state)
{
	struct bytes b = {0};
	struct opened o;
	struct frame f;
	size_t start;

	(void)state;
	put_section(&b);
	put_interface(&b, 1, 10);
	put_enhanced(&b, 0, NOW, 4, 4);
	start = begin_block(&b, 3);
	put(&b, 100, 4);
	put_packet(&b, 10, 4);
	end_block(&b, start);
	o = open_bytes(b.at, b.len, 0);
	expect_frame(&o);
	f = expect_frame(&o);
	assert_int_equal(f.captured, 10);
	assert_int_equal(f.on_wire, 100);
	assert_int_equal(f.time, NOW);
	assert_int_equal(source_facts(o.source)->odd_times, 1);
	close_bytes(&o);
}

static void
put_obsolete(struct bytes *b, uint16_t drops)
{
	size_t start = begin_block(b, 2);

	put(b, 0, 2);
	put(b, drops, 2);
	put(b, NOW >> 32, 4);
	put(b, NOW & 0xffffffff, 4);
	put(b, 5, 4);
	put(b, 50, 4);
	put_packet(b, 5, 4);
	end_block(b, start);
}

static void
an_obsolete_packet_block_is_read(void **state)
{
	struct bytes b = {0};
	struct opened o;
	struct frame f;

	(void)state;
	put_section(&b);
	put_interface(&b, 1, 0);
	put_obsolete(&b, 3);
	put_obsolete(&b, 0xffff);
	o = open_bytes(b.at, b.len, 0);
	f = expect_frame(&o);
	assert_int_equal(f.captured, 5);
	assert_int_equal(f.on_wire, 50);
	assert_int_equal(f.time, NOW);
	expect_frame(&o);
	expect_end(&o);
	assert_int_equal(source_facts(o.source)->dropped, 3);
	close_bytes(&o);
}

static void
put_dropping(struct bytes *b, uint32_t interface, uint64_t drops)
{
	size_t start = begin_enhanced(b, interface, NOW, 4, 4);

	put_option(b, 4, drops, 8);
	put_option(b, 0, 0, 0);
	end_block(b, start);
}

static void
put_statistics(struct bytes *b, uint32_t interface, uint64_t by_interface, uint64_t by_system)
{
	size_t start = begin_block(b, 5);

	put(b, interface, 4);
	put(b, 0, 8);
	put_option(b, 4, 1000, 8);
	put_option(b, 5, by_interface, 8);
	put_option(b, 7, by_system, 8);
	end_block(b, start);
}

static void
drops_are_per_interface_the_greater_of_packets_and_last_statistics(void **state)
{
	struct bytes b = {0};
	enum source_result result;
	struct opened o;

	(void)state;
	put_section(&b);
	put_interface(&b, 1, 0);
	put_interface(&b, 1, 0);
	put_dropping(&b, 0, 5);
	put_dropping(&b, 0, 6);
	put_statistics(&b, 0, 900, 0);
	put_statistics(&b, 0, 9, 1);
	put_dropping(&b, 1, 2);
	put_statistics(&b, 1, 30, 4);
	o = open_bytes(b.at, b.len, 0);
	assert_int_equal(count_frames(o.source, &result), 3);
	assert_int_equal(source_facts(o.source)->dropped, 11 + 34);
	close_bytes(&o);
}

static void
blocks_of_unknown_type_are_stepped_over(void **state)
{
	struct bytes b = {0};
	struct opened o;
	size_t start;

	(void)state;
	put_section(&b);
	start = begin_block(&b, 0x0bad);
	put_packet(&b, 100, 4);
	end_block(&b, start);
	put_interface(&b, 1, 0);
	put_enhanced(&b, 0, NOW, 4, 4);
	o = open_bytes(b.at, b.len, 0);
	expect_frame(&o);
	expect_end(&o);
	close_bytes(&o);
}

static void
every_cut_gives_the_packets_before_it(void **state)
{
	static const bool is_frame[] = {false, false, true, true, false, true};
	struct bytes b = {0};
	size_t border[6];

	(void)state;
	put_section(&b);
	border[0] = b.len;
	put_interface(&b, 1, 0);
	border[1] = b.len;
	put_enhanced(&b, 0, NOW, 33, 60);
	border[2] = b.len;
	put_dropping(&b, 0, 1);
	border[3] = b.len;
	put_statistics(&b, 0, 1, 1);
	border[4] = b.len;
	put_obsolete(&b, 0);
	border[5] = b.len;
	expect_every_cut(&b, border, is_frame, 6);
}

static void
a_cut_section_header_is_refused(void **state)
{
	struct bytes b = {0};

	(void)state;
	put_section(&b);
	for (size_t len = 0; len < b.len; len++) {
		struct opened o = open_bytes(b.at, len, 0);

		assert_null(o.source);
		assert_int_equal(o.error.offset, 0);
		close_bytes(&o);
	}
}

/* A section and an interface, then one block that begins with these 32-bit words. */
static void
expect_damage(const uint32_t *words, size_t count, const char *text)
{
	struct bytes b = {0};
	struct opened o;
	int64_t offset;

	put_section(&b);
	put_interface(&b, 1, 0);
	offset = (int64_t)b.len;
	for (size_t i = 0; i < count; i++)
		put(&b, words[i], 4);
	o = open_bytes(b.at, b.len, 0);
	expect_error(&o, offset, text);
	close_bytes(&o);
}

static void
a_block_whose_length_cannot_be_is_damage(void **state)
{
	(void)state;
	expect_damage((uint32_t[]){6, 8}, 2,
	    "a block claims a length of 8 bytes, which none can have");
	expect_damage((uint32_t[]){6, 33}, 2,
	    "a block claims a length of 33 bytes, which none can have");
	expect_damage((uint32_t[]){6, 16777220}, 2,
	    "a block claims a length of 16777220 bytes, which none can have");
	expect_damage((uint32_t[]){99, 16, 0, 20}, 4,
	    "a block ends with another length than it began with");
}

static void
a_packet_longer_than_its_block_is_damage(void **state)
{
	(void)state;
	expect_damage((uint32_t[]){6, 36, 0, 0, 0, 5, 5, 0, 36}, 9,
	    "a packet is longer than its block");
	expect_damage((uint32_t[]){6, 16, 0, 16}, 4, "a packet is longer than its block");
}

static void
a_section_without_known_byte_order_is_damage(void **state)
{
	(void)state;
	expect_damage((uint32_t[]){0x0a0d0d0a, 28, 0x1a2b3c4e, 1, 0, 0, 28}, 7,
	    "a section header names no known byte order");
	expect_damage((uint32_t[]){0x0a0d0d0a, 28, 0x1a2b3c4d, 2, 0, 0, 28}, 7,
	    "this version of pcapng is not supported (only 1 is)");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(both_byte_orders_read_the_same),
	    cmocka_unit_test(interfaces_may_differ_in_link_type_and_snap_length),
	    cmocka_unit_test(a_later_section_has_its_own_order_and_interfaces),
	    cmocka_unit_test(a_later_section_forgets_the_interfaces_before_it),
	    cmocka_unit_test(an_interface_has_its_own_resolution_and_offset),
	    cmocka_unit_test(a_time_before_1970_is_odd),
	    cmocka_unit_test(a_simple_packet_takes_the_time_of_the_one_before),
	    cmocka_unit_test(an_obsolete_packet_block_is_read),
	    cmocka_unit_test(drops_are_per_interface_the_greater_of_packets_and_last_statistics),
	    cmocka_unit_test(blocks_of_unknown_type_are_stepped_over),
	    cmocka_unit_test(every_cut_gives_the_packets_before_it),
	    cmocka_unit_test(a_cut_section_header_is_refused),
	    cmocka_unit_test(a_block_whose_length_cannot_be_is_damage),
	    cmocka_unit_test(a_packet_longer_than_its_block_is_damage),
	    cmocka_unit_test(a_section_without_known_byte_order_is_damage),
	};

	return cmocka_run_group_tests_name("pcapng", tests, NULL, NULL);
}
