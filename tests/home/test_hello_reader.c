/* SPDX-License-Identifier: Apache-2.0 */
#include "home/hello_reader.h"

#include "tests/samples/hello.h"
#include "tests/samples/quic.h"
#include "tests/test.h"

static struct hello_found found;

static int
setup(void **state)
{
	memset(&found, 0, sizeof(found));
	*state = hello_reader_new(2);
	return *state ? 0 : -1;
}

static int
teardown(void **state)
{
	hello_reader_free(*state);
	return 0;
}

/* Feeds stream[from..to) as one segment. */
static enum hello_answer
feed(struct hello_reader *reader, uint64_t *slot, const struct bytes *stream, size_t from,
    size_t to)
{
	return hello_feed_tcp(reader, slot, (uint32_t)from,
	    cursor_over(stream->at + from, to - from), (uint32_t)(to - from), &found);
}

static enum hello_answer
feed_datagram(struct hello_reader *reader, uint64_t *slot, const void *bytes, size_t len)
{
	return hello_feed_udp(reader, slot, cursor_over(bytes, len), (uint32_t)len, &found);
}

static void
assert_doorbell_found(const struct hello_reader *reader, uint64_t slot)
{
	assert_string_equal(found.host, "media.doorbell.example");
	assert_string_equal(found.raw_host, "Media.Doorbell.example");
	assert_int_equal(found.raw_host_len, 22);
	assert_int_equal(slot, HELLO_NO_SLOT);
	assert_int_equal(hello_slots_used(reader), 0);
	memset(&found, 0, sizeof(found));
}

static void
a_hello_in_one_segment_takes_no_slot(void **state)
{
	struct bytes stream = hello_records(&doorbell_plan, HELLO_ROOM);
	uint64_t slot = HELLO_NO_SLOT;

	assert_int_equal(feed(*state, &slot, &stream, 0, stream.len), HELLO_FOUND);
	assert_int_equal(found.transport, HELLO_OVER_TCP);
	assert_int_equal(found.version, 0x0304);
	assert_string_equal(found.alpn, "h2");
	assert_memory_equal(found.ja4, "t13d0204h2_", 11);
	assert_doorbell_found(*state, slot);
}

static void
two_segments_join_in_both_orders_wherever_split(void **state)
{
	struct bytes stream = hello_records(&doorbell_plan, 60);
	uint64_t slot = HELLO_NO_SLOT;

	for (size_t at = 1; at < stream.len; at++) {
		assert_int_equal(feed(*state, &slot, &stream, 0, at), HELLO_MORE);
		assert_int_equal(feed(*state, &slot, &stream, at, stream.len), HELLO_FOUND);
		assert_doorbell_found(*state, slot);
		assert_int_equal(feed(*state, &slot, &stream, at, stream.len), HELLO_MORE);
		assert_int_equal(feed(*state, &slot, &stream, 0, at), HELLO_FOUND);
		assert_doorbell_found(*state, slot);
	}
	assert_int_equal(hello_given_up(*state), 0);
}

static void
retransmissions_and_keep_alives_do_no_harm(void **state)
{
	struct bytes stream = hello_records(&doorbell_plan, HELLO_ROOM);
	uint64_t slot = HELLO_NO_SLOT;

	assert_int_equal(feed(*state, &slot, &stream, 0, 40), HELLO_MORE);
	assert_int_equal(feed(*state, &slot, &stream, 0, 40), HELLO_MORE);
	assert_int_equal(feed(*state, &slot, &stream, 20, 60), HELLO_MORE);
	assert_int_equal(hello_feed_tcp(*state, &slot, UINT32_MAX, cursor_over("\0", 1), 1, &found),
	    HELLO_MORE);
	assert_int_equal(feed(*state, &slot, &stream, 60, 60), HELLO_MORE);
	assert_int_equal(feed(*state, &slot, &stream, 50, stream.len), HELLO_FOUND);
	assert_doorbell_found(*state, slot);
}

static void
a_packet_cut_inside_the_hello_ends_the_search(void **state)
{
	struct bytes stream = hello_records(&doorbell_plan, HELLO_ROOM);
	uint64_t slot = HELLO_NO_SLOT;

	assert_int_equal(hello_feed_tcp(*state, &slot, 0, cursor_over(stream.at, 60),
	                     (uint32_t)stream.len, &found),
	    HELLO_NONE);
	assert_int_equal(hello_feed_tcp(*state, &slot, 0, cursor_over(stream.at, stream.len), 9000,
	                     &found),
	    HELLO_FOUND); /* what was cut off came after it */
	assert_doorbell_found(*state, slot);
	assert_int_equal(feed(*state, &slot, &stream, 0, 40), HELLO_MORE);
	assert_int_equal(hello_feed_tcp(*state, &slot, 40, cursor_over(stream.at + 40, 10), 900,
	                     &found),
	    HELLO_NONE);
	assert_int_equal(hello_slots_used(*state), 0);
}

static void
other_protocols_are_none(void **state)
{
	uint64_t slot = HELLO_NO_SLOT;

	assert_int_equal(hello_feed_tcp(*state, &slot, 0, cursor_over("GET / HTTP/1.1", 14), 14,
	                     &found),
	    HELLO_NONE);
	assert_int_equal(feed_datagram(*state, &slot, "\x12\x34\x01\x00", 4), HELLO_NONE);
	assert_int_equal(feed_datagram(*state, &slot, "\x80\x60\x00\x01\x00\x00", 6), HELLO_NONE);
	assert_int_equal(hello_slots_used(*state), 0);
}

static void
a_full_pool_gives_up_the_oldest(void **state)
{
	struct bytes stream = hello_records(&doorbell_plan, HELLO_ROOM);
	uint64_t slot[3] = {HELLO_NO_SLOT, HELLO_NO_SLOT, HELLO_NO_SLOT};

	for (size_t i = 0; i < 3; i++)
		assert_int_equal(feed(*state, &slot[i], &stream, 0, 30), HELLO_MORE);
	assert_int_equal(hello_slots_used(*state), 2);
	assert_int_equal(hello_given_up(*state), 1);
	assert_int_equal(feed(*state, &slot[0], &stream, 30, stream.len), HELLO_NONE);
	assert_int_equal(slot[0], HELLO_NO_SLOT);
	assert_int_equal(feed(*state, &slot[1], &stream, 30, stream.len), HELLO_FOUND);
	assert_int_equal(feed(*state, &slot[2], &stream, 30, stream.len), HELLO_FOUND);
	assert_doorbell_found(*state, slot[2]);
}

static void
a_released_slot_is_free_again(void **state)
{
	struct bytes stream = hello_records(&doorbell_plan, HELLO_ROOM);
	uint64_t slot = HELLO_NO_SLOT;

	hello_release(*state, &slot);
	assert_int_equal(feed(*state, &slot, &stream, 0, 30), HELLO_MORE);
	assert_int_not_equal(slot, HELLO_NO_SLOT);
	hello_release(*state, &slot);
	assert_int_equal(slot, HELLO_NO_SLOT);
	assert_int_equal(hello_slots_used(*state), 0);
}

static void
quic_of_both_versions_is_read_from_one_datagram(void **state)
{
	uint64_t slot = HELLO_NO_SLOT;

	assert_int_equal(feed_datagram(*state, &slot, rfc9001_initial, sizeof(rfc9001_initial)),
	    HELLO_FOUND);
	assert_int_equal(found.transport, HELLO_OVER_QUIC);
	assert_string_equal(found.host, "example.com");
	assert_string_equal(found.alpn, "alpn");
	assert_int_equal(found.ja4[0], 'q');
	assert_int_equal(feed_datagram(*state, &slot, rfc9369_initial, sizeof(rfc9369_initial)),
	    HELLO_FOUND);
	assert_string_equal(found.host, "example.com");
	assert_int_equal(hello_slots_used(*state), 0);
}

static void
quic_joins_a_hello_over_two_initials(void **state)
{
	uint64_t slot = HELLO_NO_SLOT;

	assert_int_equal(feed_datagram(*state, &slot, initial_one_of_two,
	                     sizeof(initial_one_of_two)),
	    HELLO_MORE);
	assert_int_equal(hello_slots_used(*state), 1);
	assert_int_equal(feed_datagram(*state, &slot, "\x40 1-RTT", 7), HELLO_MORE);
	assert_int_equal(feed_datagram(*state, &slot, initial_two_of_two,
	                     sizeof(initial_two_of_two)),
	    HELLO_FOUND);
	assert_string_equal(found.host, "example.com");
	assert_int_equal(hello_slots_used(*state), 0);
}

static void
a_cut_or_foreign_initial_is_none(void **state)
{
	uint8_t packet[sizeof(rfc9001_initial)];
	uint64_t slot = HELLO_NO_SLOT;

	for (size_t len = 0; len < sizeof(rfc9001_initial); len++)
		assert_int_equal(hello_feed_udp(*state, &slot, cursor_over(rfc9001_initial, len),
		                     sizeof(rfc9001_initial), &found),
		    HELLO_NONE);
	memcpy(packet, rfc9001_initial, sizeof(packet));
	packet[sizeof(packet) - 1] ^= 1;
	assert_int_equal(feed_datagram(*state, &slot, packet, sizeof(packet)), HELLO_NONE);
}

static void
dtls_fragments_join_wherever_split(void **state)
{
	struct hello_plan plan = doorbell_plan;
	uint64_t slot = HELLO_NO_SLOT;
	size_t whole;

	plan.dtls = true;
	plan.version = 0xfefd;
	plan.versions = "fefd";
	whole = hello_body(&plan).len;
	for (size_t at = 1; at < whole; at++) {
		struct bytes one = hello_datagram(&plan, 0, at);
		struct bytes two = hello_datagram(&plan, at, whole);

		assert_int_equal(feed_datagram(*state, &slot, two.at, two.len), HELLO_MORE);
		assert_int_equal(feed_datagram(*state, &slot, one.at, one.len), HELLO_FOUND);
		assert_int_equal(found.transport, HELLO_OVER_DTLS);
		assert_memory_equal(found.ja4, "dd2d0204h2_", 11);
		assert_doorbell_found(*state, slot);
	}
}

static void
stun_in_front_of_dtls_is_waited_out(void **state)
{
	static const uint8_t stun[20] = {0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42};
	struct hello_plan plan = doorbell_plan;
	uint64_t slot = HELLO_NO_SLOT;
	struct bytes datagram;

	plan.dtls = true;
	datagram = hello_datagram(&plan, 0, hello_body(&plan).len);
	assert_int_equal(feed_datagram(*state, &slot, stun, sizeof(stun)), HELLO_MORE);
	assert_int_equal(slot, HELLO_NO_SLOT);
	assert_int_equal(feed_datagram(*state, &slot, datagram.at, datagram.len), HELLO_FOUND);
	assert_doorbell_found(*state, slot);
}

#define WITH_READER(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    WITH_READER(a_hello_in_one_segment_takes_no_slot),
	    WITH_READER(two_segments_join_in_both_orders_wherever_split),
	    WITH_READER(retransmissions_and_keep_alives_do_no_harm),
	    WITH_READER(a_packet_cut_inside_the_hello_ends_the_search),
	    WITH_READER(other_protocols_are_none),
	    WITH_READER(a_full_pool_gives_up_the_oldest),
	    WITH_READER(a_released_slot_is_free_again),
	    WITH_READER(quic_of_both_versions_is_read_from_one_datagram),
	    WITH_READER(quic_joins_a_hello_over_two_initials),
	    WITH_READER(a_cut_or_foreign_initial_is_none),
	    WITH_READER(dtls_fragments_join_wherever_split),
	    WITH_READER(stun_in_front_of_dtls_is_waited_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
