/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/rtp.h"

#include "tests/parse/prefix.h"

/* Marker, payload type 96, one source, a one-byte-header extension, then "media". */
static const uint8_t packet[] = "\x91\xe0\x00\x07\x00\x00\x10\x00\x11\x22\x33\x44"
                                "\x55\x66\x77\x88\xbe\xde\x00\x01\x10\xff\x00\x00media";
#define HEADER_SIZE 24

static void
the_fixed_header_is_read_and_sources_and_extension_stepped_over(void **state)
{
	struct rtp rtp;

	(void)state;
	assert_int_equal(rtp_parse(cursor_over(packet, sizeof(packet) - 1), &rtp), PARSE_OK);
	assert_true(rtp.marker);
	assert_int_equal(rtp.payload_type, 96);
	assert_int_equal(rtp.csrc_count, 1);
	assert_int_equal(rtp.sequence, 7);
	assert_int_equal(rtp.timestamp, 4096);
	assert_int_equal(rtp.ssrc, 0x11223344);
	assert_int_equal(rtp.extension_profile, 0xbede);
	assert_text(rtp.payload, "media");
}

static void
check_rtp_prefix(struct cursor prefix)
{
	struct rtp rtp;

	assert_int_equal(rtp_parse(prefix, &rtp), PARSE_SHORT);
}

static void
a_header_cut_anywhere_is_short(void **state)
{
	(void)state;
	with_every_prefix(packet, HEADER_SIZE, check_rtp_prefix);
}

static void
another_version_is_not_rtp(void **state)
{
	struct rtp rtp;

	(void)state;
	assert_int_equal(rtp_parse(cursor_over("\x40", 1), &rtp), PARSE_OTHER);
	assert_int_equal(rtp_parse(cursor_over("\x80\xc8", 2), &rtp), PARSE_OTHER);
}

static void
the_next_packet_of_a_stream_follows_also_when_the_sequence_wraps(void **state)
{
	struct rtp one = {.ssrc = 5, .payload_type = 96, .sequence = 65535};
	struct rtp two = {.ssrc = 5, .payload_type = 96, .sequence = 2};

	(void)state;
	assert_true(rtp_follows(&one, &two));
	assert_false(rtp_follows(&two, &one));
	assert_false(rtp_follows(&one, &one));
}

static void
another_source_type_or_a_far_sequence_does_not_follow(void **state)
{
	struct rtp one = {.ssrc = 5, .payload_type = 96, .sequence = 10};
	struct rtp source = {.ssrc = 6, .payload_type = 96, .sequence = 11};
	struct rtp type = {.ssrc = 5, .payload_type = 97, .sequence = 11};
	struct rtp far = {.ssrc = 5, .payload_type = 96, .sequence = 75};

	(void)state;
	assert_false(rtp_follows(&one, &source));
	assert_false(rtp_follows(&one, &type));
	assert_false(rtp_follows(&one, &far));
}

/* A sender report, then a source description. */
static const uint8_t compound[] = "\x80\xc8\x00\x06\x11\x22\x33\x44"
                                  "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
                                  "\x81\xca\x00\x02\x11\x22\x33\x44\x01\x01"
                                  "a\0";
#define REPORT_SIZE 28

static void
a_compound_is_walked_to_its_end(void **state)
{
	struct rtcp rtcp;

	(void)state;
	assert_int_equal(rtcp_parse(cursor_over(compound, sizeof(compound) - 1), &rtcp), PARSE_OK);
	assert_int_equal(rtcp.type, 200);
	assert_int_equal(rtcp.ssrc, 0x11223344);
	assert_int_equal(rtcp.parts, 2);
	assert_true(rtcp.whole);
}

static void
check_rtcp_prefix(struct cursor prefix)
{
	struct rtcp rtcp;
	enum parse_result result = rtcp_parse(prefix, &rtcp);

	assert_int_equal(result, cursor_left(&prefix) < REPORT_SIZE ? PARSE_SHORT : PARSE_OK);
	assert_true(rtcp.whole == (cursor_left(&prefix) == REPORT_SIZE));
}

static void
a_compound_cut_after_its_first_part_is_not_whole(void **state)
{
	(void)state;
	with_every_prefix(compound, sizeof(compound) - 1, check_rtcp_prefix);
}

static void
a_sender_report_without_room_for_its_times_is_malformed(void **state)
{
	struct rtcp rtcp;

	(void)state;
	assert_int_equal(rtcp_parse(cursor_over("\x80\xc8\0\1\1\2\3\4", 8), &rtcp),
	    PARSE_MALFORMED);
}

static void
the_first_byte_tells_the_protocols_of_a_shared_port_apart(void **state)
{
	static const struct {
		const char *bytes;
		enum mux_kind kind;
	} rows[] = {
	    {"\x00\x01", MUX_STUN},
	    {"\x03\x01", MUX_STUN},
	    {"\x04\x01", MUX_NONE},
	    {"\x10\x00", MUX_ZRTP},
	    {"\x14\xfe", MUX_DTLS},
	    {"\x3f\xfe", MUX_DTLS},
	    {"\x40\x00", MUX_TURN_CHANNEL},
	    {"\x4f\x00", MUX_TURN_CHANNEL},
	    {"\x50\x00", MUX_QUIC},
	    {"\x80\x60", MUX_RTP},
	    {"\xbf\xe0", MUX_RTP},
	    {"\x80\xbf", MUX_RTP},
	    {"\x80\xc0", MUX_RTCP},
	    {"\x80\xdf", MUX_RTCP},
	    {"\xc0\x00", MUX_QUIC},
	};

	(void)state;
	assert_int_equal(mux_classify(cursor_over(NULL, 0)), MUX_NONE);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(mux_classify(cursor_over(rows[i].bytes, 2)), rows[i].kind);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_fixed_header_is_read_and_sources_and_extension_stepped_over),
	    cmocka_unit_test(a_header_cut_anywhere_is_short),
	    cmocka_unit_test(another_version_is_not_rtp),
	    cmocka_unit_test(the_next_packet_of_a_stream_follows_also_when_the_sequence_wraps),
	    cmocka_unit_test(another_source_type_or_a_far_sequence_does_not_follow),
	    cmocka_unit_test(a_compound_is_walked_to_its_end),
	    cmocka_unit_test(a_compound_cut_after_its_first_part_is_not_whole),
	    cmocka_unit_test(a_sender_report_without_room_for_its_times_is_malformed),
	    cmocka_unit_test(the_first_byte_tells_the_protocols_of_a_shared_port_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
