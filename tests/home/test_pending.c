/* SPDX-License-Identifier: Apache-2.0 */
#include "home/pending.h"

#include <string.h>

#include "tests/test.h"

static int
setup(void **state)
{
	*state = pending_pool_new(3);
	return *state ? 0 : -1;
}

static int
teardown(void **state)
{
	pending_pool_free(*state);
	return 0;
}

static uint32_t
take(void **state, uint16_t port)
{
	return pending_take(*state, port, port);
}

static void
a_pool_gives_as_many_places_as_it_has(void **state)
{
	assert_int_not_equal(take(state, 1), 0);
	assert_int_not_equal(take(state, 2), 0);
	assert_int_not_equal(take(state, 3), 0);
	assert_int_equal(take(state, 4), 0);
}

static void
the_oldest_is_the_one_taken_longest_ago(void **state)
{
	assert_null(pending_oldest(*state));
	take(state, 1);
	take(state, 2);
	assert_int_equal(pending_oldest(*state)->flow, 1);
}

static void
the_next_is_the_oldest_when_the_oldest_is_released(void **state)
{
	uint32_t one = take(state, 1);

	take(state, 2);
	pending_release(*state, one);
	assert_int_equal(pending_oldest(*state)->flow, 2);
}

static void
whether_one_waits_since_before_a_time_is_known(void **state)
{
	uint32_t one, two; /* taken at the time of their ports */

	assert_false(pending_has_before(*state, INT64_MAX));
	one = take(state, 100);
	two = take(state, 200);
	assert_false(pending_has_before(*state, 100));
	assert_true(pending_has_before(*state, 101));
	pending_release(*state, one);
	assert_false(pending_has_before(*state, 200));
	assert_true(pending_has_before(*state, 201));
	pending_release(*state, two);
	assert_false(pending_has_before(*state, INT64_MAX));
}

static void
one_from_the_middle_can_be_released(void **state)
{
	uint32_t one = take(state, 1), two = take(state, 2), three = take(state, 3);

	pending_release(*state, two);
	pending_release(*state, one);
	assert_int_equal(pending_oldest(*state)->flow, 3);
	pending_release(*state, three);
	assert_null(pending_oldest(*state));
}

static void
a_released_place_comes_back_empty(void **state)
{
	struct pending_packet packet = {.bytes = 100, .packets = 1};
	uint32_t one = take(state, 1), two = take(state, 2), three = take(state, 3), again;
	struct pending *p = pending_at(*state, one);

	pending_add(*state, p, &packet);
	p->no_hello = p->has_first_seq = true;
	p->payload_packets = p->payload_bytes = 9;
	p->names.count = 2;
	pending_release(*state, one);
	again = take(state, 4);
	assert_true(again && again != two && again != three);
	p = pending_at(*state, again);
	assert_int_equal(p->packets, 0);
	assert_false(p->no_hello || p->has_first_seq);
	assert_int_equal(p->payload_packets + p->payload_bytes + p->names.count, 0);
	assert_int_equal(pending_oldest(*state)->flow, 2);
}

static void
count(void **state, const struct pending *p, unsigned sender, uint64_t *bytes, uint64_t *packets)
{
	*bytes = *packets = 0;
	for (unsigned i = 0; i < p->packets; i++) {
		const struct pending_packet *packet = pending_packet_at(*state, p, i);

		if (packet->sender != sender)
			continue;
		*bytes += packet->bytes;
		*packets += packet->packets;
	}
}

static void
packets_wait_in_the_order_they_came(void **state)
{
	struct pending *p = pending_at(*state, take(state, 1));
	struct pending_packet one = {.time = 5, .bytes = 100, .packets = 1};
	struct pending_packet two = {.time = 6, .bytes = 50, .packets = 1, .sender = 1};

	pending_add(*state, p, &one);
	pending_add(*state, p, &two);
	assert_int_equal(p->packets, 2);
	assert_int_equal(pending_packet_at(*state, p, 0)->time, 5);
	assert_int_equal(pending_packet_at(*state, p, 1)->sender, 1);
}

static void
no_byte_is_lost_when_more_wait_than_there_is_room_for(void **state)
{
	struct pending *p = pending_at(*state, take(state, 1));
	uint64_t bytes, packets;

	for (unsigned i = 0; i < 3 * PENDING_PACKETS; i++) {
		struct pending_packet one = {
		    .time = i, .bytes = 100 + i % 2, .packets = 1, .sender = i % 2};

		pending_add(*state, p, &one);
	}
	count(state, p, 0, &bytes, &packets);
	assert_int_equal(bytes, 100 * 3 * PENDING_PACKETS / 2);
	assert_int_equal(packets, 3 * PENDING_PACKETS / 2);
	count(state, p, 1, &bytes, &packets);
	assert_int_equal(bytes, 101 * 3 * PENDING_PACKETS / 2);
}

static void
ten_seconds_of_both_directions_keep_their_pace(void **state)
{
	struct pending *p = pending_at(*state, take(state, 1));
	uint64_t bytes, packets;

	for (unsigned i = 0; i < 10000; i++) {
		struct pending_packet one = {
		    .time = i * 1000, .bytes = 1000, .packets = 1, .sender = i % 4 == 0};

		pending_add(*state, p, &one);
	}
	count(state, p, 0, &bytes, &packets);
	assert_int_equal(packets, 7500);
	assert_int_equal(bytes, 7500 * 1000);
	for (unsigned i = 0; i < p->packets; i++)
		assert_true(pending_packet_at(*state, p, i)->packets <=
		            250); /* of a quarter of a second */
}

static void
one_moment_holds_any_number_of_packets(void **state)
{
	struct pending *p = pending_at(*state, take(state, 1));
	struct pending_packet one = {.time = 5, .bytes = 65535, .packets = 1};
	uint64_t bytes, packets;

	for (unsigned i = 0; i < 70000; i++)
		pending_add(*state, p, &one);
	count(state, p, 0, &bytes, &packets);
	assert_int_equal(packets, 70000);
	assert_true(bytes == UINT64_C(70000) * 65535);
}

static void
a_direction_that_comes_late_is_never_told_as_the_other(void **state)
{
	struct pending *p = pending_at(*state, take(state, 1));
	uint64_t bytes, packets;

	for (unsigned i = 0; i < 2000; i++) {
		struct pending_packet one = {
		    .time = i * INT64_C(1000000), .bytes = 100, .packets = 1, .sender = i >= 1000};

		pending_add(*state, p, &one);
	}
	count(state, p, 0, &bytes, &packets);
	assert_int_equal(packets, 1000);
	count(state, p, 1, &bytes, &packets);
	assert_int_equal(packets, 1000);
}

static void
that_a_packet_carried_media_is_not_forgotten(void **state)
{
	struct pending *p = pending_at(*state, take(state, 1));
	struct pending_packet plain = {.bytes = 100, .packets = 1}, media = plain;
	bool any = false;

	media.media = true;
	for (unsigned i = 0; i < PENDING_PACKETS; i++)
		pending_add(*state, p, &plain);
	pending_add(*state, p, &media);
	for (unsigned i = 0; i < p->packets; i++)
		any = any || pending_packet_at(*state, p, i)->media;
	assert_true(any);
}

/* Each of three slots at its fullest, again and again: packets of one flow are never another's. */
static void
packets_of_flows_do_not_mix(void **state)
{
	for (unsigned round = 0; round < 5; round++) {
		uint32_t handle[3];

		for (unsigned i = 0; i < 3; i++)
			handle[i] = take(state, (uint16_t)(i + 1));
		for (unsigned n = 0; n < PENDING_PACKETS - 1; n++)
			for (unsigned i = 0; i < 3; i++) {
				struct pending_packet one = {
				    .time = n * INT64_C(1000000), .bytes = 1000 * i + n};

				pending_add(*state, pending_at(*state, handle[i]), &one);
			}
		for (unsigned i = 0; i < 3; i++) {
			const struct pending *p = pending_at(*state, handle[i]);

			assert_int_equal(p->packets, PENDING_PACKETS - 1);
			for (unsigned n = 0; n < p->packets; n++)
				assert_int_equal(pending_packet_at(*state, p, n)->bytes,
				    1000 * i + n);
		}
		for (unsigned i = 0; i < 3; i++)
			pending_release(*state, handle[i]);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_pool_gives_as_many_places_as_it_has),
	    TEST(the_oldest_is_the_one_taken_longest_ago),
	    TEST(the_next_is_the_oldest_when_the_oldest_is_released),
	    TEST(whether_one_waits_since_before_a_time_is_known),
	    TEST(one_from_the_middle_can_be_released),
	    TEST(a_released_place_comes_back_empty),
	    TEST(packets_wait_in_the_order_they_came),
	    TEST(no_byte_is_lost_when_more_wait_than_there_is_room_for),
	    TEST(ten_seconds_of_both_directions_keep_their_pace),
	    TEST(one_moment_holds_any_number_of_packets),
	    TEST(a_direction_that_comes_late_is_never_told_as_the_other),
	    TEST(that_a_packet_carried_media_is_not_forgotten),
	    TEST(packets_of_flows_do_not_mix),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
