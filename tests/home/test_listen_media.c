/* SPDX-License-Identifier: Apache-2.0 */
#include "home/listen.h"

#include "listening.h"

#define ID "0123456789ab"

/* An RTP header with this sequence number, of SSRC 0x11223344, and two bytes of payload. */
#define RTP(sequence) "\x80\x60\0" sequence "\0\0\0\0\x11\x22\x33\x44zz"
#define RTP_SIZE      14

static int
over_udp(void **state)
{
	(void)state;
	return ear_open(IP_UDP, 40000, 5000);
}

static int
over_tcp(void **state)
{
	(void)state;
	return ear_open(IP_TCP, 40000, 80);
}

static void
one_packet_alone_is_no_rtp(void **state)
{
	(void)state;
	hear(DOORBELL, RTP("\1"), RTP_SIZE);
	assert_false(ear.heard.media);
	assert_int_equal(ear.flow.application, APPLICATION_UNKNOWN);
}

static void
the_second_consistent_packet_shows_rtp(void **state)
{
	(void)state;
	hear(DOORBELL, RTP("\1"), RTP_SIZE);
	hear(DOORBELL, RTP("\2"), RTP_SIZE);
	assert_true(ear.heard.media);
	assert_int_equal(ear.flow.ssrc, 0x11223344);
	assert_int_equal(ear.flow.application, APPLICATION_RTP);
}

static void
a_sequence_number_that_jumps_is_not_consistent(void **state)
{
	(void)state;
	hear(DOORBELL, RTP("\1"), RTP_SIZE);
	hear(DOORBELL, RTP("\x42"), RTP_SIZE);
	assert_false(ear.heard.media);
}

static void
the_same_packet_again_is_not_consistent(void **state)
{
	(void)state;
	hear(DOORBELL, RTP("\1"), RTP_SIZE);
	hear(DOORBELL, RTP("\1"), RTP_SIZE);
	assert_false(ear.heard.media);
}

static void
another_payload_type_is_not_consistent(void **state)
{
	(void)state;
	hear(DOORBELL, RTP("\1"), RTP_SIZE);
	hear(DOORBELL, "\x80\x61\0\2\0\0\0\0\x11\x22\x33\x44zz", RTP_SIZE);
	assert_false(ear.heard.media);
}

static void
sequence_numbers_wrap(void **state)
{
	(void)state;
	hear(DOORBELL, "\x80\x60\xff\xff\0\0\0\0\x11\x22\x33\x44zz", RTP_SIZE);
	hear(DOORBELL, RTP("\0"), RTP_SIZE);
	assert_true(ear.heard.media);
}

static void
picture_and_sound_may_take_turns(void **state)
{
	static const char sound[] = "\x80\x61\0\1\0\0\0\0\x55\x66\x77\x88zz";
	static const char more[] = "\x80\x61\0\2\0\0\0\0\x55\x66\x77\x88zz";

	(void)state;
	hear(DOORBELL, RTP("\1"), RTP_SIZE);
	hear(DOORBELL, sound, RTP_SIZE);
	hear(DOORBELL, RTP("\2"), RTP_SIZE);
	assert_true(ear.heard.media);
	hear(DOORBELL, more, RTP_SIZE);
	assert_true(ear.heard.media);
	assert_int_equal(ear.flow.ssrc, 0x55667788);
}

static void
reports_are_no_media(void **state)
{
	static const char report[] = "\x80\xc9\0\1\x11\x22\x33\x44";

	(void)state;
	hear(DOORBELL, RTP("\1"), RTP_SIZE);
	hear(DOORBELL, RTP("\2"), RTP_SIZE);
	hear(DOORBELL, report, 8);
	assert_false(ear.heard.media);
}

static void
rtp_is_known_in_dollar_frames_over_udp(void **state)
{
	(void)state;
	hear(DOORBELL, "$\0\0\x0e" RTP("\1"), 4 + RTP_SIZE);
	hear(DOORBELL, "$\0\0\x0e" RTP("\2"), 4 + RTP_SIZE);
	assert_true(ear.heard.media);
}

static void
rtp_is_known_in_the_channel_of_a_relay(void **state)
{
	(void)state;
	hear(DOORBELL, "\x40\0\0\x0e" RTP("\1"), 4 + RTP_SIZE);
	hear(DOORBELL, "\x40\0\0\x0e" RTP("\2"), 4 + RTP_SIZE);
	assert_true(ear.heard.media);
}

/* A Send indication (RFC 8656, 11.1) to 203.0.113.9 port 40000. */
#define SEND(sequence)                                                                             \
	"\0\x16\0\x20\x21\x12\xa4\x42" ID "\0\x12\0\x08\0\1\xbd\x52\xea\x12\xd5\x4b"               \
	"\0\x13\0\x0e" RTP(sequence) "\0\0"
#define SEND_SIZE (20 + 12 + 20)

static void
rtp_is_known_in_what_a_relay_is_asked_to_send(void **state)
{
	(void)state;
	hear(DOORBELL, SEND("\1"), SEND_SIZE);
	hear(DOORBELL, SEND("\2"), SEND_SIZE);
	assert_true(ear.heard.media);
}

static void
rtp_goes_on_being_known_however_long_it_lasts(void **state)
{
	char packet[] = RTP("\1");

	(void)state;
	for (unsigned i = 0; i < 100; i++, packet[3]++)
		hear(DOORBELL, packet, RTP_SIZE);
	assert_true(ear.heard.media);
}

static void
a_flow_that_turns_to_rtp_after_many_packets_is_not_looked_at(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 32; i++)
		hear(DOORBELL, "\x05 something else", 16);
	hear(DOORBELL, RTP("\1"), RTP_SIZE);
	hear(DOORBELL, RTP("\2"), RTP_SIZE);
	assert_false(ear.heard.media);
}

/* CreatePermission (RFC 8656, 9): the relay may bring packets from 203.0.113.9. */
static const char permission[] =
    "\0\x08\0\x0c\x21\x12\xa4\x42" ID "\0\x12\0\x08\0\1\xbd\x52\xea\x12\xd5\x4b";

static void
the_peer_that_stun_names_is_remembered(void **state)
{
	struct addr phone = addr_from_ipv4(203, 0, 113, 9);

	(void)state;
	hear(DOORBELL, permission, sizeof(permission) - 1);
	assert_true(introductions_has_named(ear.listener.introductions, &phone, NOW));
	assert_int_equal(ear.flow.application, APPLICATION_STUN);
}

static void
the_asker_s_own_address_is_not_introduced(void **state)
{
	static const char answer[] =
	    "\1\1\0\x0c\x21\x12\xa4\x42" ID "\0\x20\0\x08\0\1\xbd\x52\xea\x12\xd5\x4b";
	struct addr own = addr_from_ipv4(203, 0, 113, 9);

	(void)state;
	hear(SERVER, answer, sizeof(answer) - 1);
	assert_false(introductions_has_named(ear.listener.introductions, &own, NOW));
}

/* Two masked frames of binary data, each a '$' frame around an RTP packet. */
static const char frames[] = "\x82\x92\0\0\0\0$\0\0\x0e\x80\x60\0\1\0\0\0\0\x11\x22\x33\x44zz"
                             "\x82\x92\xff\xff\xff\xff\xdb\xff\xff\xf1\x7f\x9f\xff\xfd\xff\xff"
                             "\xff\xff\xee\xdd\xcc\xbb\x85\x85";
#define FRAME_SIZE 24

static void
upgrade(void)
{
	hear_text(DOORBELL, "GET /live HTTP/1.1\r\nHost: relay.example.com\r\n"
	                    "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
	hear_text(SERVER, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n"
	                  "Upgrade: websocket\r\n\r\n");
}

static void
rtp_is_known_under_the_mask_of_a_websocket(void **state)
{
	(void)state;
	upgrade();
	assert_string_equal(ear.flow.name, "relay.example.com");
	hear(DOORBELL, frames, FRAME_SIZE);
	assert_false(ear.heard.media);
	hear(DOORBELL, frames + FRAME_SIZE, FRAME_SIZE);
	assert_true(ear.heard.media);
	assert_int_equal(ear.flow.ssrc, 0x11223344);
}

static void
two_frames_in_one_segment_are_two_packets(void **state)
{
	(void)state;
	upgrade();
	hear(DOORBELL, frames, 2 * FRAME_SIZE);
	assert_true(ear.heard.media);
}

static void
without_an_upgrade_there_is_no_websocket(void **state)
{
	(void)state;
	hear_text(DOORBELL, "GET /live HTTP/1.1\r\nHost: relay.example.com\r\n\r\n");
	hear(DOORBELL, frames, 2 * FRAME_SIZE);
	assert_false(ear.heard.media);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(over_udp, one_packet_alone_is_no_rtp),
	    TEST(over_udp, the_second_consistent_packet_shows_rtp),
	    TEST(over_udp, a_sequence_number_that_jumps_is_not_consistent),
	    TEST(over_udp, the_same_packet_again_is_not_consistent),
	    TEST(over_udp, another_payload_type_is_not_consistent),
	    TEST(over_udp, sequence_numbers_wrap),
	    TEST(over_udp, picture_and_sound_may_take_turns),
	    TEST(over_udp, reports_are_no_media),
	    TEST(over_udp, rtp_is_known_in_dollar_frames_over_udp),
	    TEST(over_udp, rtp_is_known_in_the_channel_of_a_relay),
	    TEST(over_udp, rtp_is_known_in_what_a_relay_is_asked_to_send),
	    TEST(over_udp, rtp_goes_on_being_known_however_long_it_lasts),
	    TEST(over_udp, a_flow_that_turns_to_rtp_after_many_packets_is_not_looked_at),
	    TEST(over_udp, the_peer_that_stun_names_is_remembered),
	    TEST(over_udp, the_asker_s_own_address_is_not_introduced),
	    TEST(over_tcp, rtp_is_known_under_the_mask_of_a_websocket),
	    TEST(over_tcp, two_frames_in_one_segment_are_two_packets),
	    TEST(over_tcp, without_an_upgrade_there_is_no_websocket),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
