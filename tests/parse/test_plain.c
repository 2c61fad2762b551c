/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/layers.h"
#include "tests/parse/frames.h"
#include "tests/parse/same_packet.h"

static bool
is_plain(const char *hex)
{
	struct bytes whole = bytes_of(hex);
	struct frame frame = {.bytes = whole.at,
	    .captured = whole.length,
	    .on_wire = whole.length,
	    .link_type = LINK_ETHERNET};
	struct packet packet;

	return plain_parse(&frame, &packet);
}

static void
tcp_and_udp_over_ipv4_are_plain(void **state)
{
	(void)state;
	assert_true(is_plain(ETH "0800" IP4));
	assert_true(is_plain(ETH "0800" IP4_TCP));
	assert_true(is_plain(ETH "0800" IP4 "000000000000")); /* padded to the least of Ethernet */
}

static void
whatever_else_is_for_the_layers(void **state)
{
	(void)state;
	assert_false(is_plain(ETH "86dd" IP6));
	assert_false(is_plain(ETH "81000001"
	                          "0800" IP4));
	assert_false(is_plain(ETH "0800"
	                          "4500002000012000" /* a first fragment */
	                          "4011"
	                          "0000" ENDS4 UDP));
	assert_false(is_plain(ETH "0800"
	                          "4600002400010000" /* an option */
	                          "4011"
	                          "0000" ENDS4 "01010100" UDP));
	assert_false(is_plain(ETH "0800"
	                          "4500002000010000"
	                          "4001" /* ICMP */
	                          "0000" ENDS4 UDP));
	assert_false(is_plain(ETH "0800"
	                          "4500003000010000" /* longer than the frame */
	                          "4011"
	                          "0000" ENDS4 UDP));
}

/* Parses `captured` bytes of a frame in memory of just that size; both ways, where it is plain. */
static unsigned
compare(const struct bytes *whole, uint32_t captured, uint32_t on_wire)
{
	uint8_t *copy = malloc(captured ? captured : 1);
	struct frame frame = {.bytes = copy,
	    .captured = captured,
	    .on_wire = on_wire,
	    .link_type = LINK_ETHERNET,
	    .time = 7};
	struct packet packet, by_layers;
	bool plain;

	assert_non_null(copy);
	memcpy(copy, whole->at, captured);
	plain = plain_parse(&frame, &packet);
	if (plain) {
		assert_int_equal(layers_parse(&frame, &by_layers), PARSE_OK);
		assert_true(same_packet(&packet, &by_layers));
	}
	free(copy);
	return plain;
}

/* Each byte of the headers is every other one once, and the frame is cut everywhere. */
static unsigned
compare_all(const char *hex)
{
	struct bytes whole = bytes_of(hex);
	unsigned plain = 0;

	for (uint32_t at = 0; at < whole.length; at++)
		for (unsigned change = 0; change < 256; change++) {
			whole.at[at] ^= (uint8_t)change;
			plain += compare(&whole, whole.length, whole.length);
			whole.at[at] ^= (uint8_t)change;
		}
	for (uint32_t captured = 0; captured <= whole.length; captured++)
		for (uint32_t on_wire = captured; on_wire <= whole.length + 4; on_wire++)
			plain += compare(&whole, captured, on_wire);
	return plain;
}

static void
of_what_is_plain_the_layers_say_the_same(void **state)
{
	(void)state;
	assert_true(compare_all(ETH "0800" IP4) > 1000);
	assert_true(compare_all(ETH "0800" IP4_TCP) > 1000);
	assert_true(compare_all(ETH "0800"
	                            "4500003000010000"
	                            "4006"
	                            "0000" ENDS4 "9c4001bb"
	                            "00000064"
	                            "000000c8"
	                            "6012"
	                            "ffff00000000"
	                            "020405b4"
	                            "01020304") > 1000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(tcp_and_udp_over_ipv4_are_plain),
	    cmocka_unit_test(whatever_else_is_for_the_layers),
	    cmocka_unit_test(of_what_is_plain_the_layers_say_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
