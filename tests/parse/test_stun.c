/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/stun.h"

#include "tests/parse/prefix.h"

#define ID "0123456789ab"

static struct stun stun;

static enum parse_result
parse(const void *bytes, size_t size)
{
	return stun_parse(cursor_over(bytes, size), &stun);
}

/* A Binding's answer: 192.0.2.33 port 40000 under the cookie, then SOFTWARE "relay". */
static const uint8_t answer[] =
    "\1\1\0\x18\x21\x12\xa4\x42" ID "\0\x20\0\x08\0\1\xbd\x52\xe1\x12\xa6\x63"
    "\x80\x22\0\5relay\0\0\0";
#define ANSWER_SIZE (sizeof(answer) - 1)

static void
an_answer_tells_the_address_the_asker_has_outside(void **state)
{
	struct addr outside = addr_from_ipv4(192, 0, 2, 33);

	(void)state;
	assert_int_equal(parse(answer, ANSWER_SIZE), PARSE_OK);
	assert_int_equal(stun.class, STUN_SUCCESS);
	assert_int_equal(stun.method, STUN_BINDING);
	assert_false(stun.classic);
	assert_memory_equal(stun.transaction + 4, ID, 12);
	assert_true(addr_equal(&stun.mapped.addr, &outside));
	assert_int_equal(stun.mapped.port, 40000);
	assert_text(stun.software, "relay");
	assert_int_equal(cursor_left(&stun.after), 0);
}

static void
check_prefix(struct cursor prefix)
{
	assert_int_equal(stun_parse(prefix, &stun), PARSE_SHORT);
}

static void
a_message_cut_anywhere_is_short(void **state)
{
	(void)state;
	with_every_prefix(answer, ANSWER_SIZE, check_prefix);
}

static void
attributes_that_are_whole_are_told_from_a_cut_message(void **state)
{
	(void)state;
	assert_int_equal(parse(answer, 20 + 12 + 5), PARSE_SHORT);
	assert_int_equal(stun.mapped.port, 40000);
}

static void
an_ipv6_address_lies_under_cookie_and_transaction(void **state)
{
	static const uint8_t message[] =
	    "\1\1\0\x18\x21\x12\xa4\x42" ID "\0\x20\0\x14\0\2\xbd\x52\1\x13\xa9\xfa" ID;
	struct addr outside;

	(void)state;
	assert_true(addr_parse("2001:db8::", &outside));
	assert_int_equal(parse(message, sizeof(message) - 1), PARSE_OK);
	assert_true(addr_equal(&stun.mapped.addr, &outside));
}

static void
the_plain_address_counts_only_without_the_other(void **state)
{
	static const uint8_t both[] = "\1\1\0\x18\x21\x12\xa4\x42" ID "\0\1\0\x08\0\1\0\1\x0a\0\0\1"
	                              "\0\x20\0\x08\0\1\xbd\x52\xe1\x12\xa6\x63";

	(void)state;
	assert_int_equal(parse(both, sizeof(both) - 1), PARSE_OK);
	assert_int_equal(stun.mapped.port, 40000);
}

static void
an_ice_check_is_recognised(void **state)
{
	static const uint8_t check[] = "\0\1\0\x1c\x21\x12\xa4\x42" ID "\0\6\0\3a:b\0"
	                               "\x80\x2a\0\x08\0\0\0\0\0\0\0\1"
	                               "\0\x25\0\0"
	                               "\0\x24\0\0";

	(void)state;
	assert_int_equal(parse(check, sizeof(check) - 1), PARSE_OK);
	assert_int_equal(stun.class, STUN_REQUEST);
	assert_true(stun.username);
	assert_true(stun.ice_controlling);
	assert_false(stun.ice_controlled);
	assert_true(stun.use_candidate);
}

static void
a_turn_indication_names_the_peer_and_carries_its_data(void **state)
{
	static const uint8_t send[] =
	    "\0\x16\0\x14\x21\x12\xa4\x42" ID "\0\x12\0\x08\0\1\xbd\x52\xe1\x12\xa6\x63"
	    "\0\x13\0\3abc\0";

	(void)state;
	assert_int_equal(parse(send, sizeof(send) - 1), PARSE_OK);
	assert_int_equal(stun.class, STUN_INDICATION);
	assert_int_equal(stun.method, STUN_SEND);
	assert_int_equal(stun.peer.port, 40000);
	assert_text(stun.data, "abc");
}

static void
an_allocation_that_failed_tells_its_error(void **state)
{
	static const uint8_t error[] = "\1\x13\0\x08\x21\x12\xa4\x42" ID "\0\x09\0\4\0\0\4\1";

	(void)state;
	assert_int_equal(parse(error, sizeof(error) - 1), PARSE_OK);
	assert_int_equal(stun.class, STUN_ERROR);
	assert_int_equal(stun.method, STUN_ALLOCATE);
	assert_int_equal(stun.error, 401);
}

static void
without_a_cookie_only_an_exact_binding_is_believed(void **state)
{
	static const uint8_t classic[] = "\1\1\0\x0c"
	                                 "xxxx" ID "\0\1\0\x08\0\1\x9c\x40\xc0\0\2\x21";
	static const uint8_t longer[] = "\0\1\0\0"
	                                "xxxx" ID "!";
	static const uint8_t unknown[] = "\0\1\0\4"
	                                 "xxxx" ID "\0\x20\0\0";
	static const uint8_t method[] = "\0\3\0\0"
	                                "xxxx" ID;

	(void)state;
	assert_int_equal(parse(classic, sizeof(classic) - 1), PARSE_OK);
	assert_true(stun.classic);
	assert_int_equal(stun.mapped.port, 40000);
	assert_int_equal(parse(longer, sizeof(longer) - 1), PARSE_OTHER);
	assert_int_equal(parse(unknown, sizeof(unknown) - 1), PARSE_OTHER);
	assert_int_equal(parse(method, sizeof(method) - 1), PARSE_OTHER);
}

static void
an_attribute_that_leaves_its_message_is_malformed(void **state)
{
	static const uint8_t bad[] = "\0\1\0\4\x21\x12\xa4\x42" ID "\0\6\0\x08"
	                             "abcdefgh";
	static const uint8_t odd[] = "\0\1\0\3\x21\x12\xa4\x42" ID "abc";

	(void)state;
	assert_int_equal(parse(bad, sizeof(bad) - 1), PARSE_MALFORMED);
	assert_int_equal(parse(odd, sizeof(odd) - 1), PARSE_MALFORMED);
}

static void
the_last_attribute_may_lack_its_padding(void **state)
{
	static const uint8_t call[] = "\0\3\0\7\x21\x12\xa4\x42" ID "\0\6\0\3abc";

	(void)state;
	assert_int_equal(parse(call, sizeof(call) - 1), PARSE_OK);
	assert_true(stun.username);
}

static void
channel_data_fits_its_datagram_but_for_padding(void **state)
{
	uint16_t channel = 0;
	struct cursor data = {0};
	size_t length = 0;

	(void)state;
	assert_true(stun_channel_data(cursor_over("\x40\1\0\3abc\0", 8), 8, &channel, &data,
	    &length));
	assert_int_equal(channel, 0x4001);
	assert_text(data, "abc");
	assert_int_equal(length, 3);
	assert_false(stun_channel_data(cursor_over("\x40\1\0\3ab", 6), 6, &channel, &data,
	    &length));
	assert_false(stun_channel_data(cursor_over("\x40\1\0\0abcd", 8), 8, &channel, &data,
	    &length));
	assert_false(stun_channel_data(cursor_over("\x80\1\0\0", 4), 4, &channel, &data, &length));
}

static void
check_channel_prefix(struct cursor prefix)
{
	uint16_t channel;
	struct cursor data;
	size_t length;

	assert_false(stun_channel_data(prefix, cursor_left(&prefix), &channel, &data, &length));
}

static void
channel_data_cut_anywhere_is_none(void **state)
{
	(void)state;
	with_every_prefix("\x40\1\0\3abc", 7, check_channel_prefix);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_answer_tells_the_address_the_asker_has_outside),
	    cmocka_unit_test(a_message_cut_anywhere_is_short),
	    cmocka_unit_test(attributes_that_are_whole_are_told_from_a_cut_message),
	    cmocka_unit_test(an_ipv6_address_lies_under_cookie_and_transaction),
	    cmocka_unit_test(the_plain_address_counts_only_without_the_other),
	    cmocka_unit_test(an_ice_check_is_recognised),
	    cmocka_unit_test(a_turn_indication_names_the_peer_and_carries_its_data),
	    cmocka_unit_test(an_allocation_that_failed_tells_its_error),
	    cmocka_unit_test(without_a_cookie_only_an_exact_binding_is_believed),
	    cmocka_unit_test(an_attribute_that_leaves_its_message_is_malformed),
	    cmocka_unit_test(the_last_attribute_may_lack_its_padding),
	    cmocka_unit_test(channel_data_fits_its_datagram_but_for_padding),
	    cmocka_unit_test(channel_data_cut_anywhere_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
