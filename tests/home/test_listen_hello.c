/* SPDX-License-Identifier: Apache-2.0 */
/* What a flow is called by the hello of its client, and TLS without one. */
#include "listening.h"
#include "tests/samples/hello.h"
#include "tests/samples/quic.h"

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

static void
assert_doorbell_named(enum porch_name_source source)
{
	assert_int_equal(ear.heard.name, HEARD_NAME);
	assert_string_equal(ear.flow.name, "media.doorbell.example");
	assert_int_equal(ear.flow.name_source, source);
}

static void
a_hello_in_one_segment_names_the_flow(void **state)
{
	struct bytes stream = hello_records(&doorbell_plan, HELLO_ROOM);

	(void)state;
	hear(DOORBELL, stream.at, stream.len);
	assert_doorbell_named(PORCH_NAME_SNI);
	assert_int_equal(ear.flow.application, APPLICATION_TLS);
	assert_string_equal(ear.flow.alpn, "h2");
	assert_memory_equal(ear.flow.ja4, "t13d0204h2_", 11);
}

static void
a_hello_over_two_segments_names_the_flow_at_the_second(void **state)
{
	struct bytes stream = hello_records(&doorbell_plan, HELLO_ROOM);

	(void)state;
	hear(DOORBELL, stream.at, 60);
	assert_int_equal(ear.heard.name, HEARD_NOTHING);
	hear(DOORBELL, stream.at + 60, stream.len - 60);
	assert_doorbell_named(PORCH_NAME_SNI);
}

static void
segments_may_come_in_the_wrong_order_after_a_syn(void **state)
{
	struct bytes stream = hello_records(&doorbell_plan, HELLO_ROOM);
	struct packet syn = packet_from(DOORBELL), first, second;

	(void)state;
	syn.tcp_flags = TCP_SYN;
	first = second = packet_from(DOORBELL);
	first.tcp_seq += 1;
	second.tcp_seq += 61;
	hear_packet(syn, DOORBELL, "", 0);
	hear_packet(second, DOORBELL, stream.at + 60, stream.len - 60);
	hear_packet(first, DOORBELL, stream.at, 60);
	assert_doorbell_named(PORCH_NAME_SNI);
}

/* RFC 7413: TCP Fast Open carries data in the SYN; its sequence number is the SYN's own. */
static void
a_hello_in_the_syn_itself_names_the_flow(void **state)
{
	struct bytes stream = hello_records(&doorbell_plan, HELLO_ROOM);
	struct packet syn = packet_from(DOORBELL);

	(void)state;
	syn.tcp_flags = TCP_SYN;
	hear_packet(syn, DOORBELL, stream.at, stream.len);
	assert_doorbell_named(PORCH_NAME_SNI);
}

static void
what_the_server_says_is_no_hello(void **state)
{
	struct bytes stream = hello_records(&doorbell_plan, HELLO_ROOM);

	(void)state;
	hear(SERVER, stream.at, stream.len);
	assert_int_equal(ear.heard.name, HEARD_NOTHING);
	assert_null(ear.flow.name);
}

static void
a_flow_that_begins_in_the_middle_has_no_name(void **state)
{
	(void)state;
	hear(DOORBELL, "\x17\3\3\0\x05xxxxx", 10);
	assert_int_equal(ear.heard.name, HEARD_NOTHING);
	hear(DOORBELL, "\x17\3\3\0\x05xxxxx", 10);
	assert_null(ear.flow.name);
	assert_int_equal(ear.flow.name_source, PORCH_NAME_NONE);
	assert_int_equal(hello_slots_used(ear.listener.hellos), 0);
}

static void
a_flow_that_begins_in_the_middle_is_told_by_its_records(void **state)
{
	(void)state;
	hear(SERVER, "\x17\3\3\0\x05xxxxx", 10);
	assert_int_equal(ear.flow.application, APPLICATION_TLS);
	assert_false(ear.heard.overhead);
	hear(DOORBELL, "\x15\3\3\0\2\1\0", 7);
	assert_true(ear.heard.overhead); /* an alert */
}

static void
a_hello_that_was_cut_when_it_was_captured_is_still_one(void **state)
{
	struct bytes stream = hello_records(&doorbell_plan, HELLO_ROOM);
	struct packet packet = packet_from(DOORBELL);

	(void)state;
	packet.payload_bytes = (uint32_t)stream.len;
	hear_packet(packet, DOORBELL, stream.at, 84);
	assert_int_equal(ear.flow.application, APPLICATION_TLS);
	assert_true(ear.heard.overhead);
	assert_null(ear.flow.name);
}

static void
what_is_no_record_is_not_told(void **state)
{
	static const char *const said[] = {"\x17\4\3\0\x05xxxxx", "\x13\3\3\0\x05xxxxx",
	    "\x17\3\3\xff\x05xxxxx", "xxxxx\x17\3\3\0"};

	(void)state;
	for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++)
		hear(DOORBELL, said[i], 9);
	assert_int_equal(ear.flow.application, APPLICATION_UNKNOWN);
}

static void
a_hello_without_a_name_is_the_end_of_waiting(void **state)
{
	struct hello_plan plan = doorbell_plan;
	struct bytes stream;

	(void)state;
	plan.extensions = "002b";
	stream = hello_records(&plan, HELLO_ROOM);
	hear(DOORBELL, stream.at, stream.len);
	assert_int_equal(ear.heard.name, HEARD_NAME);
	assert_null(ear.flow.name);
	assert_int_equal(ear.flow.name_source, PORCH_NAME_NONE);
}

static void
a_name_outside_of_ech_is_only_the_outer_one(void **state)
{
	struct hello_plan plan = doorbell_plan;
	struct bytes stream;

	(void)state;
	plan.extensions = "0000,002b,fe0d";
	plan.ech = true;
	stream = hello_records(&plan, HELLO_ROOM);
	hear(DOORBELL, stream.at, stream.len);
	assert_doorbell_named(PORCH_NAME_ECH_OUTER);
}

static void
an_initial_names_the_flow_by_quic(void **state)
{
	(void)state;
	hear(DOORBELL, rfc9001_initial, sizeof(rfc9001_initial));
	assert_int_equal(ear.heard.name, HEARD_NAME);
	assert_string_equal(ear.flow.name, "example.com");
	assert_int_equal(ear.flow.name_source, PORCH_NAME_QUIC_SNI);
	assert_int_equal(ear.flow.application, APPLICATION_QUIC);
}

static void
a_hello_over_two_initials_names_the_flow_at_the_second(void **state)
{
	(void)state;
	hear(DOORBELL, initial_one_of_two, sizeof(initial_one_of_two));
	assert_int_equal(ear.heard.name, HEARD_NOTHING);
	hear(DOORBELL, initial_two_of_two, sizeof(initial_two_of_two));
	assert_string_equal(ear.flow.name, "example.com");
}

static void
a_dtls_hello_names_the_flow(void **state)
{
	struct hello_plan plan = doorbell_plan;
	struct bytes datagram;

	(void)state;
	plan.dtls = true;
	plan.version = 0xfefd;
	datagram = hello_datagram(&plan, 0, hello_body(&plan).len);
	hear(DOORBELL, datagram.at, datagram.len);
	assert_doorbell_named(PORCH_NAME_SNI);
	assert_int_equal(ear.flow.application, APPLICATION_DTLS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(over_tcp, a_hello_in_one_segment_names_the_flow),
	    TEST(over_tcp, a_hello_over_two_segments_names_the_flow_at_the_second),
	    TEST(over_tcp, segments_may_come_in_the_wrong_order_after_a_syn),
	    TEST(over_tcp, a_hello_in_the_syn_itself_names_the_flow),
	    TEST(over_tcp, what_the_server_says_is_no_hello),
	    TEST(over_tcp, a_flow_that_begins_in_the_middle_has_no_name),
	    TEST(over_tcp, a_flow_that_begins_in_the_middle_is_told_by_its_records),
	    TEST(over_tcp, a_hello_that_was_cut_when_it_was_captured_is_still_one),
	    TEST(over_tcp, what_is_no_record_is_not_told),
	    TEST(over_tcp, a_hello_without_a_name_is_the_end_of_waiting),
	    TEST(over_tcp, a_name_outside_of_ech_is_only_the_outer_one),
	    TEST(over_udp, an_initial_names_the_flow_by_quic),
	    TEST(over_udp, a_hello_over_two_initials_names_the_flow_at_the_second),
	    TEST(over_udp, a_dtls_hello_names_the_flow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
