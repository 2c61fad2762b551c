/* SPDX-License-Identifier: Apache-2.0 */
#include "home/fragments.h"

#include "tests/test.h"

#define SECOND INT64_C(1000000)

static int
setup(void **state)
{
	*state = fragments_new(4, 1);
	return *state ? 0 : -1;
}

static int
teardown(void **state)
{
	fragments_free(*state);
	return 0;
}

static struct packet
first(uint8_t family, uint32_t id, int64_t second)
{
	return (struct packet){
	    .time = second * SECOND,
	    .network = NETWORK_IP,
	    .source = {.family = family, .bytes = {192, 0, 2, 10}},
	    .target = {.family = family, .bytes = {198, 51, 100, 7}},
	    .protocol = IP_UDP,
	    .fragment = true,
	    .fragment_id = id,
	    .has_ports = true,
	    .source_port = 40000,
	    .target_port = 443,
	};
}

static struct packet
later(uint8_t family, uint32_t id, int64_t second)
{
	struct packet packet = first(family, id, second);

	packet.later_fragment = true;
	packet.has_ports = false;
	packet.source_port = packet.target_port = 0;
	return packet;
}

static void
a_later_fragment_joins_the_first_one_s_flow(void **state)
{
	struct packet one = first(4, 7, 0), two = later(4, 7, 30);

	fragments_see(*state, &one);
	fragments_see(*state, &two);
	assert_true(two.has_ports);
	assert_int_equal(two.source_port, 40000);
	assert_int_equal(two.target_port, 443);
}

static void
a_fragment_of_another_datagram_does_not_join(void **state)
{
	struct packet one = first(4, 7, 0), other_id = later(4, 8, 1), other_way = later(4, 7, 1);
	struct packet other_protocol = later(4, 7, 1);
	struct addr swap = other_way.source;

	other_way.source = other_way.target;
	other_way.target = swap;
	other_protocol.protocol = IP_TCP;
	fragments_see(*state, &one);
	fragments_see(*state, &other_id);
	fragments_see(*state, &other_way);
	fragments_see(*state, &other_protocol);
	assert_false(other_id.has_ports);
	assert_false(other_way.has_ports);
	assert_false(other_protocol.has_ports);
}

static void
after_thirty_seconds_the_first_is_forgotten(void **state)
{
	struct packet one = first(4, 7, 0), two = later(4, 7, 31);

	fragments_see(*state, &one);
	fragments_see(*state, &two);
	assert_false(two.has_ports);
}

static void
an_ipv6_fragment_takes_its_protocol_from_the_first(void **state)
{
	struct packet one = first(6, 7, 0), two = later(6, 7, 1);

	two.protocol = 60; /* the first one had destination options before UDP */
	fragments_see(*state, &one);
	fragments_see(*state, &two);
	assert_true(two.has_ports);
	assert_int_equal(two.protocol, IP_UDP);
}

static void
a_whole_packet_teaches_nothing(void **state)
{
	struct packet whole = first(4, 7, 0), two = later(4, 7, 1);

	whole.fragment = false;
	fragments_see(*state, &whole);
	fragments_see(*state, &two);
	assert_false(two.has_ports);
}

static void
a_full_table_forgets_the_oldest_and_counts(void **state)
{
	struct packet two = later(4, 0, 1);

	for (uint32_t id = 0; id < 5; id++) {
		struct packet one = first(4, id, 0);

		fragments_see(*state, &one);
	}
	fragments_see(*state, &two);
	assert_false(two.has_ports);
	assert_int_equal(fragments_evicted(*state), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_later_fragment_joins_the_first_one_s_flow),
	    TEST(a_fragment_of_another_datagram_does_not_join),
	    TEST(after_thirty_seconds_the_first_is_forgotten),
	    TEST(an_ipv6_fragment_takes_its_protocol_from_the_first),
	    TEST(a_whole_packet_teaches_nothing),
	    TEST(a_full_table_forgets_the_oldest_and_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
