/* SPDX-License-Identifier: Apache-2.0 */
#include "dpi/made_packet.h"
#include "parse/packet.h"
#include "tests/test.h"

#define HELLO "a hello"

static struct packet
made(uint8_t family, uint8_t protocol, bool from_originator)
{
	static uint8_t bytes[WIRE_PACKET];
	const struct wire_question flow = {.family = family,
	    .protocol = protocol,
	    .originator_port = 50000,
	    .responder_port = 443};
	const struct wire_slice slice = {.payload = (const uint8_t *)HELLO,
	    .length = sizeof(HELLO) - 1,
	    .from_originator = from_originator,
	    .tcp_flags = TCP_ACK,
	    .tcp_seq = 1000,
	    .tcp_ack = 2000};
	size_t length = made_packet(bytes, &flow, &slice);
	const struct frame frame = {.bytes = bytes,
	    .captured = (uint32_t)length,
	    .on_wire = (uint32_t)length,
	    .link_type = 101}; /* LINKTYPE_RAW */
	struct packet packet;

	assert_int_equal(packet_parse(&frame, NULL, &packet), PARSE_OK);
	assert_int_equal(packet.ip_bytes, length);
	return packet;
}

static void
assert_addr(const struct addr *addr, const char *expected)
{
	char text[ADDR_TEXT];

	addr_format(addr, text);
	assert_string_equal(text, expected);
}

static void
a_packet_is_read_as_the_slice_it_was_made_of(void **state)
{
	static const struct {
		uint8_t family, protocol;
		const char *originator, *responder;
	} flow[] = {
	    {4, IP_TCP, "192.0.2.1", "192.0.2.2"},
	    {4, IP_UDP, "192.0.2.1", "192.0.2.2"},
	    {6, IP_TCP, "2001:db8::1", "2001:db8::2"},
	    {6, IP_UDP, "2001:db8::1", "2001:db8::2"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(flow) / sizeof(flow[0]); i++) {
		struct packet packet = made(flow[i].family, flow[i].protocol, true);

		assert_addr(&packet.source, flow[i].originator);
		assert_addr(&packet.target, flow[i].responder);
		assert_int_equal(packet.protocol, flow[i].protocol);
		assert_int_equal(packet.source_port, 50000);
		assert_int_equal(packet.target_port, 443);
		assert_int_equal(packet.payload_bytes, sizeof(HELLO) - 1);
		assert_memory_equal(packet.payload.at, HELLO, sizeof(HELLO) - 1);
		if (flow[i].protocol == IP_UDP)
			continue;
		assert_int_equal(packet.tcp_flags, TCP_ACK);
		assert_int_equal(packet.tcp_seq, 1000);
		assert_int_equal(packet.tcp_ack, 2000);
	}
}

static void
an_answer_goes_the_other_way(void **state)
{
	struct packet packet = made(4, IP_UDP, false);

	(void)state;
	assert_addr(&packet.source, "192.0.2.2");
	assert_addr(&packet.target, "192.0.2.1");
	assert_int_equal(packet.source_port, 443);
	assert_int_equal(packet.target_port, 50000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_packet_is_read_as_the_slice_it_was_made_of),
	    cmocka_unit_test(an_answer_goes_the_other_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
