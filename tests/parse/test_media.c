/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/media.h"

#include "tests/parse/prefix.h"

/* A masked text frame, then two masked binary ones, each a '$' frame around an RTP packet. */
static const uint8_t websocket[] =
    "\x81\x82\1\2\3\4ij"
    "\x82\x92\0\0\0\0$\0\0\x0e\x80\x60\0\1\0\0\0\0\x11\x22\x33\x44zz"
    "\x82\x92\xff\xff\xff\xff\xdb\xff\xff\xf1\x7f\x9f\xff\xfd\xff\xff"
    "\xff\xff\xee\xdd\xcc\xbb\x85\x85";
#define WEBSOCKET_SIZE (sizeof(websocket) - 1)

static void
rtp_is_seen_under_the_mask_of_a_websocket_and_the_channel_of_rtsp(void **state)
{
	struct cursor stream = cursor_over(websocket, WEBSOCKET_SIZE);
	struct media one, two;

	(void)state;
	assert_int_equal(media_next(&stream, MEDIA_WEBSOCKET, &one), PARSE_OK);
	assert_int_equal(media_next(&stream, MEDIA_WEBSOCKET, &two), PARSE_OK);
	assert_true(one.interleaved && two.interleaved);
	assert_int_equal(one.channel, 0);
	assert_int_equal(one.length, 14);
	assert_int_equal(one.rtp.ssrc, 0x11223344);
	assert_true(rtp_follows(&one.rtp, &two.rtp));
	assert_int_equal(media_next(&stream, MEDIA_WEBSOCKET, &two), PARSE_SHORT);
}

static void
check_websocket_prefix(struct cursor prefix)
{
	struct media media;
	unsigned packets = 0;
	enum parse_result result;

	while ((result = media_next(&prefix, MEDIA_WEBSOCKET, &media)) == PARSE_OK)
		packets++;
	assert_int_equal(result, PARSE_SHORT);
	assert_true(packets < 2);
}

static void
a_websocket_cut_anywhere_is_short(void **state)
{
	(void)state;
	with_every_prefix(websocket, WEBSOCKET_SIZE, check_websocket_prefix);
}

static void
a_packet_whose_end_is_missing_is_told_with_its_whole_length(void **state)
{
	struct cursor stream = cursor_over(websocket, WEBSOCKET_SIZE - 2);
	struct media media;

	(void)state;
	assert_int_equal(media_next(&stream, MEDIA_WEBSOCKET, &media), PARSE_OK);
	assert_int_equal(media_next(&stream, MEDIA_WEBSOCKET, &media), PARSE_SHORT);
	assert_int_equal(media.length, 14);
	assert_int_equal(media.rtp.sequence, 2);
}

static void
a_websocket_frame_may_be_the_packet_itself(void **state)
{
	struct cursor stream = cursor_over("\x82\x0c\x80\x60\0\1\0\0\0\0\0\0\0\5", 14);
	struct media media;

	(void)state;
	assert_int_equal(media_next(&stream, MEDIA_WEBSOCKET, &media), PARSE_OK);
	assert_false(media.interleaved);
	assert_int_equal(media.rtp.ssrc, 5);
}

static void
interleaved_rtsp_ends_where_a_message_begins(void **state)
{
	static const uint8_t bytes[] = "$\1\0\x08\x80\xc9\0\1\0\0\0\7"
	                               "RTSP/1.0 200 OK\r\n\r\n";
	struct cursor stream = cursor_over(bytes, sizeof(bytes) - 1);
	struct media media;

	(void)state;
	assert_int_equal(media_next(&stream, MEDIA_INTERLEAVED, &media), PARSE_OK);
	assert_true(media.control);
	assert_int_equal(media.channel, 1);
	assert_int_equal(media.rtp.ssrc, 7);
	assert_int_equal(media_next(&stream, MEDIA_INTERLEAVED, &media), PARSE_OTHER);
	assert_true(cursor_starts_with(&stream, "RTSP", 4));
}

static void
packets_may_have_only_their_length_before_them(void **state)
{
	struct cursor stream = cursor_over("\0\x0c\x80\x60\0\1\0\0\0\0\0\0\0\5", 14);
	struct media media;

	(void)state;
	assert_int_equal(media_next(&stream, MEDIA_LENGTH, &media), PARSE_OK);
	assert_int_equal(media.rtp.ssrc, 5);
	assert_int_equal(cursor_left(&stream), 0);
}

static void
a_datagram_may_hold_the_packet_bare_or_in_a_channel(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
	} rows[] = {
	    {"\x80\x60\0\1\0\0\0\0\0\0\0\5", 12},
	    {"$\0\0\x0c\x80\x60\0\1\0\0\0\0\0\0\0\5", 16},
	    {"\x40\1\0\x0c\x80\x60\0\1\0\0\0\0\0\0\0\5", 16},
	};
	struct media media;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(media_parse(cursor_over(rows[i].bytes, rows[i].size), rows[i].size,
		                     &media),
		    PARSE_OK);
		assert_int_equal(media.rtp.ssrc, 5);
		assert_int_equal(media.length, 12);
	}
}

static void
a_channel_that_does_not_fill_its_datagram_holds_nothing(void **state)
{
	struct media media;

	(void)state;
	assert_int_equal(media_parse(cursor_over("$\0\0\x0b\x80\x60\0\1\0\0\0\0\0\0\0\5", 16), 16,
	                     &media),
	    PARSE_OTHER);
	assert_int_equal(media.length, 0);
}

static void
what_was_cut_is_found_by_its_length_on_the_wire(void **state)
{
	static const char channel[] = "\x40\1\3\xe8\x80\x60\0\1\0\0\0\0\0\0\0\5";
	static const char framed[] = "$\0\3\xe8\x80\x60\0\1\0\0\0\0\0\0\0\5";
	struct media media;

	(void)state;
	assert_int_equal(media_parse(cursor_over(channel, 16), 1004, &media), PARSE_OK);
	assert_int_equal(media.length, 1000);
	assert_int_equal(media_parse(cursor_over(framed, 16), 1004, &media), PARSE_OK);
	assert_int_equal(media.length, 1000);
	assert_int_equal(media_parse(cursor_over(framed, 16), 1005, &media), PARSE_OTHER);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rtp_is_seen_under_the_mask_of_a_websocket_and_the_channel_of_rtsp),
	    cmocka_unit_test(a_websocket_cut_anywhere_is_short),
	    cmocka_unit_test(a_packet_whose_end_is_missing_is_told_with_its_whole_length),
	    cmocka_unit_test(a_websocket_frame_may_be_the_packet_itself),
	    cmocka_unit_test(interleaved_rtsp_ends_where_a_message_begins),
	    cmocka_unit_test(a_datagram_may_hold_the_packet_bare_or_in_a_channel),
	    cmocka_unit_test(a_channel_that_does_not_fill_its_datagram_holds_nothing),
	    cmocka_unit_test(what_was_cut_is_found_by_its_length_on_the_wire),
	    cmocka_unit_test(packets_may_have_only_their_length_before_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
