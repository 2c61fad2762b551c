/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/rtsp.h"

#include "tests/parse/prefix.h"

static struct rtsp rtsp;

static enum parse_result
parse(const char *text)
{
	return rtsp_parse(cursor_over(text, strlen(text)), &rtsp);
}

static const char setup[] = "SETUP rtsp://192.0.2.5/live/track1 RTSP/1.0\r\n"
                            "CSeq: 3\r\n"
                            "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n"
                            "\r\n";

static void
a_request_tells_its_method_sequence_and_transport(void **state)
{
	(void)state;
	assert_int_equal(parse(setup), PARSE_OK);
	assert_true(rtsp.request);
	assert_text(rtsp.method, "SETUP");
	assert_text(rtsp.target, "rtsp://192.0.2.5/live/track1");
	assert_true(rtsp.has_cseq);
	assert_int_equal(rtsp.cseq, 3);
	assert_text(rtsp.transport, "RTP/AVP/TCP;unicast;interleaved=0-1");
}

static void
check_prefix(struct cursor prefix)
{
	assert_int_equal(rtsp_parse(prefix, &rtsp), PARSE_SHORT);
}

static void
a_head_cut_anywhere_is_short(void **state)
{
	(void)state;
	with_every_prefix(setup, sizeof(setup) - 1, check_prefix);
}

static void
a_response_tells_its_status_and_has_a_body(void **state)
{
	(void)state;
	assert_int_equal(parse("RTSP/2.0 200 OK\r\nCSeq: 2\r\nServer: cam\r\n"
	                       "Content-Type: application/sdp\r\nContent-Length: 3\r\n\r\nv=0"),
	    PARSE_OK);
	assert_false(rtsp.request);
	assert_int_equal(rtsp.status, 200);
	assert_text(rtsp.server, "cam");
	assert_text(rtsp.content_type, "application/sdp");
	assert_int_equal(rtsp.content_length, 3);
	assert_text(rtsp.body, "v=0");
}

static void
an_unknown_method_or_another_protocol_is_not_rtsp(void **state)
{
	(void)state;
	assert_int_equal(parse("FETCH rtsp://a.example/ RTSP/1.0\r\n\r\n"), PARSE_OTHER);
	assert_int_equal(parse("OPTIONS * HTTP/1.1\r\n\r\n"), PARSE_OTHER);
}

static const uint8_t frames[] = "$\0\0\3abc$\1\0\2dePLAY";

static void
interleaved_frames_come_one_by_one_until_a_message(void **state)
{
	struct cursor stream = cursor_over(frames, sizeof(frames) - 1);
	struct rtsp_frame frame;

	(void)state;
	assert_int_equal(rtsp_next_frame(&stream, &frame), PARSE_OK);
	assert_text(frame.packet, "abc");
	assert_int_equal(rtsp_next_frame(&stream, &frame), PARSE_OK);
	assert_int_equal(frame.channel, 1);
	assert_text(frame.packet, "de");
	assert_int_equal(rtsp_next_frame(&stream, &frame), PARSE_OTHER);
	assert_text(stream, "PLAY");
}

static void
check_frame_prefix(struct cursor prefix)
{
	struct rtsp_frame frame;

	assert_int_equal(rtsp_next_frame(&prefix, &frame), PARSE_SHORT);
	assert_true(cursor_left(&frame.packet) < 3);
}

static void
a_frame_cut_anywhere_is_short_and_shows_what_is_there(void **state)
{
	struct cursor stream = cursor_over(frames, 6);
	struct rtsp_frame frame;

	(void)state;
	with_every_prefix(frames, 7, check_frame_prefix);
	assert_int_equal(rtsp_next_frame(&stream, &frame), PARSE_SHORT);
	assert_text(frame.packet, "ab");
	assert_int_equal(cursor_left(&stream), 6);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_request_tells_its_method_sequence_and_transport),
	    cmocka_unit_test(a_head_cut_anywhere_is_short),
	    cmocka_unit_test(a_response_tells_its_status_and_has_a_body),
	    cmocka_unit_test(an_unknown_method_or_another_protocol_is_not_rtsp),
	    cmocka_unit_test(interleaved_frames_come_one_by_one_until_a_message),
	    cmocka_unit_test(a_frame_cut_anywhere_is_short_and_shows_what_is_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
