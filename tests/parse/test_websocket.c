/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/websocket.h"

#include "tests/parse/prefix.h"

/* RFC 6455, 5.7 gives this mask and its "Hello". */
static const uint8_t masked[] = "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58";
#define MASKED_SIZE (sizeof(masked) - 1)

static void
a_masked_payload_can_be_read_in_the_clear(void **state)
{
	struct cursor stream = cursor_over(masked, MASKED_SIZE);
	struct websocket_frame frame;
	uint8_t clear[8];

	(void)state;
	assert_int_equal(websocket_next(&stream, &frame), PARSE_OK);
	assert_true(frame.fin);
	assert_true(frame.masked);
	assert_int_equal(frame.opcode, WEBSOCKET_TEXT);
	assert_int_equal(frame.length, 5);
	assert_int_equal(websocket_unmask(&frame, clear, sizeof(clear)), 5);
	assert_memory_equal(clear, "Hello", 5);
	assert_int_equal(cursor_left(&stream), 0);
}

static void
as_much_is_unmasked_as_there_is_room(void **state)
{
	struct cursor stream = cursor_over(masked, MASKED_SIZE);
	struct websocket_frame frame;
	uint8_t clear[2];

	(void)state;
	assert_int_equal(websocket_next(&stream, &frame), PARSE_OK);
	assert_int_equal(websocket_unmask(&frame, clear, sizeof(clear)), 2);
	assert_memory_equal(clear, "He", 2);
}

static void
check_prefix(struct cursor prefix)
{
	struct websocket_frame frame;
	const uint8_t *before = prefix.at;

	assert_int_equal(websocket_next(&prefix, &frame), PARSE_SHORT);
	assert_ptr_equal(prefix.at, before);
	assert_int_equal(frame.length, cursor_left(&prefix) < 6 ? 0 : 5);
}

static void
a_frame_cut_anywhere_is_short_and_not_taken(void **state)
{
	(void)state;
	with_every_prefix(masked, MASKED_SIZE, check_prefix);
}

static void
long_payloads_have_16_or_64_bits_of_length(void **state)
{
	struct cursor two = cursor_over("\x82\x7e\x01\x00", 4);
	struct cursor eight = cursor_over("\x82\x7f\0\0\0\0\0\1\0\0", 10);
	struct websocket_frame frame;

	(void)state;
	assert_int_equal(websocket_next(&two, &frame), PARSE_SHORT);
	assert_int_equal(frame.length, 256);
	assert_int_equal(websocket_next(&eight, &frame), PARSE_SHORT);
	assert_int_equal(frame.length, 65536);
}

static void
what_the_standard_forbids_is_malformed(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
	} rows[] = {
	    {"\x83\x00", 2},                      /* a reserved opcode */
	    {"\x09\x00", 2},                      /* a ping in parts */
	    {"\x89\x7e\x01\x00", 4},              /* a long ping */
	    {"\x82\x7e\x00\x05", 4},              /* a length in too long a form */
	    {"\x82\x7f\0\0\0\0\0\0\xff\xff", 10}, /* likewise */
	    {"\x82\x7f\x80\0\0\0\0\0\0\0", 10},   /* the top bit of a length */
	};
	struct websocket_frame frame;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct cursor stream = cursor_over(rows[i].bytes, rows[i].size);

		assert_int_equal(websocket_next(&stream, &frame), PARSE_MALFORMED);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_masked_payload_can_be_read_in_the_clear),
	    cmocka_unit_test(as_much_is_unmasked_as_there_is_room),
	    cmocka_unit_test(a_frame_cut_anywhere_is_short_and_not_taken),
	    cmocka_unit_test(long_payloads_have_16_or_64_bits_of_length),
	    cmocka_unit_test(what_the_standard_forbids_is_malformed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
