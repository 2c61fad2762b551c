/* SPDX-License-Identifier: Apache-2.0 */
#include "home/listen.h"

#include "listening.h"
#include "tests/samples/quic.h"

static int
over_dns(void **state)
{
	(void)state;
	return ear_open(IP_UDP, 40000, 53);
}

static int
over_dns_tcp(void **state)
{
	(void)state;
	return ear_open(IP_TCP, 40000, 53);
}

static int
over_tcp(void **state)
{
	(void)state;
	return ear_open(IP_TCP, 40000, 443);
}

static int
over_udp(void **state)
{
	(void)state;
	return ear_open(IP_UDP, 40000, 443);
}

static int
over_mdns(void **state)
{
	(void)state;
	return ear_open(IP_UDP, 5353, 5353);
}

static int
over_dhcp(void **state)
{
	(void)state;
	return ear_open(IP_UDP, 68, 67);
}

static int
over_ssdp(void **state)
{
	(void)state;
	return ear_open(IP_UDP, 1900, 1900);
}

/* Front.Example.com is an alias of cdn.example.net, which is 192.0.2.7 for a minute. */
static const uint8_t answer[] = "\x12\x34\x81\x80\0\1\0\2\0\0\0\0\5Front\7Example\3com\0\0\1\0\1"
                                "\xc0\x0c\0\5\0\1\0\0\1\x2c\0\x11\3cdn\7example\3net\0"
                                "\xc0\x2f\0\1\0\1\0\0\0\x3c\0\4\xc0\0\2\7";
#define ANSWER_SIZE   (sizeof(answer) - 1)
#define QUESTION_SIZE 35 /* its head and question alone */

static unsigned
names_of(const struct device_key *device, struct bound_names *found)
{
	struct addr cdn = addr_from_ipv4(192, 0, 2, 7);

	names_find(ear.listener.names, device, &cdn, NOW, found);
	return found->count;
}

static void
an_answer_binds_the_name_that_was_asked_for(void **state)
{
	struct bound_names found;

	(void)state;
	hear(SERVER, answer, ANSWER_SIZE);
	assert_int_equal(names_of(&ear.doorbell, &found), 1);
	assert_string_equal(found.host[0], "front.example.com");
	assert_string_equal(found.aliases, "cdn.example.net");
	assert_int_equal(ear.flow.application, APPLICATION_DNS);
}

static void
an_answer_binds_nothing_for_other_devices(void **state)
{
	struct bound_names found;

	(void)state;
	hear(SERVER, answer, ANSWER_SIZE);
	assert_int_equal(names_of(&ear.camera, &found), 0);
}

static void
an_answer_over_tcp_binds_as_well(void **state)
{
	uint8_t stream[2 + ANSWER_SIZE] = {0, ANSWER_SIZE};
	struct bound_names found;

	(void)state;
	memcpy(stream + 2, answer, ANSWER_SIZE);
	hear(SERVER, stream, sizeof(stream));
	assert_int_equal(names_of(&ear.doorbell, &found), 1);
	assert_string_equal(found.host[0], "front.example.com");
}

static void
an_address_that_the_chain_does_not_lead_to_is_not_bound(void **state)
{
	uint8_t bytes[ANSWER_SIZE];
	struct bound_names found;

	(void)state;
	memcpy(bytes, answer, ANSWER_SIZE);
	bytes[ANSWER_SIZE - 15] = 0x12; /* its owner is example.com */
	hear(SERVER, bytes, sizeof(bytes));
	assert_int_equal(names_of(&ear.doorbell, &found), 0);
}

static void
what_a_query_claims_to_be_answered_binds_nothing(void **state)
{
	uint8_t bytes[ANSWER_SIZE];
	struct bound_names found;

	(void)state;
	memcpy(bytes, answer, ANSWER_SIZE);
	bytes[2] = 1;
	hear(SERVER, bytes, sizeof(bytes));
	assert_int_equal(names_of(&ear.doorbell, &found), 0);
}

static void
what_was_not_sent_from_port_53_is_no_answer(void **state)
{
	struct bound_names found;

	(void)state;
	hear(DOORBELL, answer, ANSWER_SIZE);
	assert_int_equal(names_of(&ear.camera, &found), 0);
}

static void
a_question_tells_what_its_sender_looks_up(void **state)
{
	uint8_t bytes[QUESTION_SIZE];

	(void)state;
	memcpy(bytes, answer, QUESTION_SIZE);
	memcpy(bytes + 2, "\1\0\0\1\0\0", 6);
	hear(DOORBELL, bytes, sizeof(bytes));
	assert_string_equal(ear.heard.asked, "front.example.com");
	hear(SERVER, answer, ANSWER_SIZE);
	assert_string_equal(ear.heard.asked, "");
}

static void
a_host_field_names_the_flow(void **state)
{
	(void)state;
	hear_text(DOORBELL, "GET / HTTP/1.1\r\nHost: Upload.Example.com:80\r\n\r\n");
	assert_int_equal(ear.heard.name, HEARD_NAME);
	assert_string_equal(ear.flow.name, "upload.example.com");
	assert_int_equal(ear.flow.name_source, PORCH_NAME_HTTP_HOST);
	assert_int_equal(ear.flow.application, APPLICATION_HTTP);
}

static void
a_later_host_does_not_replace_the_first(void **state)
{
	(void)state;
	hear_text(DOORBELL, "GET / HTTP/1.1\r\nHost: one.example.com\r\n\r\n");
	hear_text(DOORBELL, "GET / HTTP/1.1\r\nHost: two.example.com\r\n\r\n");
	assert_int_equal(ear.heard.name, HEARD_NOTHING);
	assert_string_equal(ear.flow.name, "one.example.com");
}

static void
a_host_field_of_the_server_names_nothing(void **state)
{
	(void)state;
	hear_text(SERVER, "GET / HTTP/1.1\r\nHost: one.example.com\r\n\r\n");
	assert_null(ear.flow.name);
}

static void
a_host_field_that_is_no_host_name_names_nothing(void **state)
{
	(void)state;
	hear_text(DOORBELL, "GET / HTTP/1.1\r\nHost: 198.51.100.7\r\n\r\n");
	hear_text(DOORBELL, "GET / HTTP/1.1\r\nHost: a\x1b[2Jb.example.com\r\n\r\n");
	assert_int_equal(ear.heard.name, HEARD_NOTHING);
	assert_null(ear.flow.name);
}

static void
who_answers_in_rtsp_is_a_server_of_it(void **state)
{
	(void)state;
	hear_text(DOORBELL, "OPTIONS rtsp://198.51.100.7/ RTSP/1.0\r\nCSeq: 1\r\n\r\n");
	assert_false(ear.heard.rtsp_server);
	hear_text(SERVER, "RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n");
	assert_true(ear.heard.rtsp_server);
	assert_int_equal(ear.flow.application, APPLICATION_RTSP);
}

/* Front-Door.local announces itself: PTR of _doorbell._tcp.local, and its address. */
static const uint8_t announcement[] = "\0\0\x84\0\0\0\0\2\0\0\0\0"
                                      "\x09_doorbell\4_tcp\5local\0\0\x0c\0\1\0\0\0\x78\0\2\xc0\x16"
                                      "\x0a"
                                      "Front-Door\xc0\x1b\0\1\x80\1\0\0\0\x78\0\4\xc0\xa8\1\x14";
#define ANNOUNCEMENT_SIZE (sizeof(announcement) - 1)

static void
an_announcement_tells_name_and_services(void **state)
{
	(void)state;
	hear(DOORBELL, announcement, ANNOUNCEMENT_SIZE);
	assert_string_equal(ear.heard.called, "front-door");
	assert_int_equal(ear.heard.hints, 1);
	assert_int_equal(ear.heard.hint[0].kind, HEARD_MDNS);
	assert_string_equal(ear.heard.hint[0].text, "_doorbell._tcp.local");
	assert_int_equal(ear.flow.application, APPLICATION_MDNS);
}

/* RFC 6762, 7.1: who asks lists the answers it knows, so that nobody repeats them. */
static void
answers_that_an_asker_knows_are_not_about_the_asker(void **state)
{
	uint8_t bytes[ANNOUNCEMENT_SIZE];

	(void)state;
	memcpy(bytes, announcement, sizeof(bytes));
	bytes[2] = 0;
	hear(DOORBELL, bytes, sizeof(bytes));
	assert_string_equal(ear.heard.called, "");
	assert_int_equal(ear.heard.hints, 0);
}

static const uint8_t dhcp_head[] = {1, 1, 6, 0, 1, 2, 3, 4};

/* A message of this op from or for 02:00:00:00:00:01, with these options. */
static void
hear_dhcp(unsigned sender, uint8_t op, const char *yours, const char *options, size_t len)
{
	uint8_t bytes[240 + 64] = {0};

	memcpy(bytes, dhcp_head, sizeof(dhcp_head));
	bytes[0] = op;
	memcpy(bytes + 16, yours, 4);
	memcpy(bytes + 28, "\2\0\0\0\0\1", 6);
	memcpy(bytes + 236, "\x63\x82\x53\x63", 4);
	memcpy(bytes + 240, options, len);
	hear(sender, bytes, 240 + len);
}

static void
a_dhcp_request_tells_name_and_vendor_class(void **state)
{
	(void)state;
	hear_dhcp(DOORBELL, 1, "\0\0\0\0",
	    "\x35\1\3\x0c\x0a"
	    "front-door\x3c\x09"
	    "udhcp 1.2\xff",
	    27);
	assert_string_equal(ear.heard.called, "front-door");
	assert_int_equal(ear.heard.hints, 2);
	assert_int_equal(ear.heard.hint[0].kind, HEARD_DHCP_HOSTNAME);
	assert_int_equal(ear.heard.hint[1].kind, HEARD_DHCP_VENDOR_CLASS);
	assert_string_equal(ear.heard.hint[1].text, "udhcp 1.2");
	assert_int_equal(ear.flow.application, APPLICATION_DHCP);
}

static void
a_hostile_name_is_held_as_text(void **state)
{
	(void)state;
	hear_dhcp(DOORBELL, 1, "\0\0\0\0",
	    "\x35\1\3\x0c\x06"
	    "a\n\x1b\x7f"
	    "b\0\xff",
	    12);
	assert_string_equal(ear.heard.called, "a???b");
}

static void
a_dhcp_ack_claims_an_address_for_its_client(void **state)
{
	struct addr leased = addr_from_ipv4(198, 19, 0, 5);

	(void)state;
	hear_dhcp(SERVER, 2, "\xc6\x13\0\5", "\x35\1\5\xff", 4);
	assert_true(inside_has(ear.listener.inside, &leased, &ear.doorbell.mac));
	assert_false(inside_has(ear.listener.inside, &leased, &ear.camera.mac));
}

static void
a_dhcp_offer_claims_nothing(void **state)
{
	struct addr leased = addr_from_ipv4(198, 19, 0, 5);

	(void)state;
	hear_dhcp(SERVER, 2, "\xc6\x13\0\5", "\x35\1\2\xff", 4);
	assert_false(inside_has(ear.listener.inside, &leased, &ear.doorbell.mac));
}

static void
what_the_dhcp_server_echoes_is_not_its_own_name(void **state)
{
	(void)state;
	hear_dhcp(SERVER, 2, "\0\0\0\0",
	    "\x35\1\5\x0c\x0a"
	    "front-door\xff",
	    16);
	assert_string_equal(ear.heard.called, "");
	assert_int_equal(ear.heard.hints, 0);
}

static void
an_ssdp_notice_tells_the_server_field(void **state)
{
	(void)state;
	hear_text(DOORBELL, "NOTIFY * HTTP/1.1\r\nNT: upnp:rootdevice\r\nNTS: ssdp:alive\r\n"
	                    "SERVER: Linux UPnP/1.0 Doorbell/2\r\n\r\n");
	assert_int_equal(ear.heard.hints, 1);
	assert_int_equal(ear.heard.hint[0].kind, HEARD_SSDP);
	assert_string_equal(ear.heard.hint[0].text, "Linux UPnP/1.0 Doorbell/2");
}

static void
an_ssdp_search_tells_nothing_of_who_searches(void **state)
{
	(void)state;
	hear_text(DOORBELL, "M-SEARCH * HTTP/1.1\r\nMAN: \"ssdp:discover\"\r\nST: ssdp:all\r\n"
	                    "SERVER: Linux\r\n\r\n");
	assert_int_equal(ear.heard.hints, 0);
}

static void
after_thirty_two_packets_nobody_listens(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 31; i++)
		hear(SERVER, "\xff\3\3\0\5xxxxx", 10);
	hear_text(SERVER, "RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n");
	assert_true(ear.heard.rtsp_server);
	hear_text(SERVER, "RTSP/1.0 200 OK\r\nCSeq: 2\r\n\r\n");
	assert_false(ear.heard.rtsp_server);
}

static void
packets_without_payload_are_not_counted_as_looks(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 100; i++)
		hear(DOORBELL, "", 0);
	hear_text(DOORBELL, "GET / HTTP/1.1\r\nHost: upload.example.com\r\n\r\n");
	assert_string_equal(ear.flow.name, "upload.example.com");
}

static void
a_later_fragment_begins_no_message(void **state)
{
	struct packet packet = packet_from(DOORBELL);

	(void)state;
	packet.fragment = packet.later_fragment = true;
	hear_packet(packet, DOORBELL, rfc9001_initial, sizeof(rfc9001_initial));
	assert_int_equal(ear.heard.name, HEARD_NOTHING);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(over_dns, an_answer_binds_the_name_that_was_asked_for),
	    TEST(over_dns, an_answer_binds_nothing_for_other_devices),
	    TEST(over_dns_tcp, an_answer_over_tcp_binds_as_well),
	    TEST(over_dns, an_address_that_the_chain_does_not_lead_to_is_not_bound),
	    TEST(over_dns, what_a_query_claims_to_be_answered_binds_nothing),
	    TEST(over_dns, what_was_not_sent_from_port_53_is_no_answer),
	    TEST(over_dns, a_question_tells_what_its_sender_looks_up),
	    TEST(over_tcp, a_host_field_names_the_flow),
	    TEST(over_tcp, a_later_host_does_not_replace_the_first),
	    TEST(over_tcp, a_host_field_of_the_server_names_nothing),
	    TEST(over_tcp, a_host_field_that_is_no_host_name_names_nothing),
	    TEST(over_tcp, who_answers_in_rtsp_is_a_server_of_it),
	    TEST(over_mdns, an_announcement_tells_name_and_services),
	    TEST(over_mdns, answers_that_an_asker_knows_are_not_about_the_asker),
	    TEST(over_dhcp, a_dhcp_request_tells_name_and_vendor_class),
	    TEST(over_dhcp, a_hostile_name_is_held_as_text),
	    TEST(over_dhcp, a_dhcp_ack_claims_an_address_for_its_client),
	    TEST(over_dhcp, a_dhcp_offer_claims_nothing),
	    TEST(over_dhcp, what_the_dhcp_server_echoes_is_not_its_own_name),
	    TEST(over_ssdp, an_ssdp_notice_tells_the_server_field),
	    TEST(over_ssdp, an_ssdp_search_tells_nothing_of_who_searches),
	    TEST(over_tcp, after_thirty_two_packets_nobody_listens),
	    TEST(over_tcp, packets_without_payload_are_not_counted_as_looks),
	    TEST(over_udp, a_later_fragment_begins_no_message),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
