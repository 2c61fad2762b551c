/* SPDX-License-Identifier: Apache-2.0 */
#include "home/flow.h"

#include <string.h>

#include "tests/test.h"

#define SECOND INT64_C(1000000)
#define NOW    (1000 * SECOND)
#define IDLE   (60 * SECOND)

static const struct mac doorbell_mac = {{0x02, 0, 0, 0, 0, 1}};
static const struct mac router_mac = {{0x02, 0, 0, 0, 0, 9}};

/* What the flows that ended were told with. */
struct ended {
	unsigned count;
	struct flow flow;
	const char *why;
};

static struct ended ended;
static struct flow_table *flows;
static unsigned sender;

static void
note_end(struct flow *flow, const char *why, void *user)
{
	struct ended *e = user;

	e->count++;
	e->flow = *flow;
	e->why = why;
}

static int
setup(void **state)
{
	(void)state;
	memset(&ended, 0, sizeof(ended));
	flows = flow_table_new(3, IDLE, 1);
	if (flows)
		flow_table_on_end(flows, note_end, &ended);
	return flows ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	flow_table_free(flows);
	return 0;
}

/* From the doorbell, 192.168.1.20 port 40000, to 198.51.100.7 port 443, at NOW. */
static struct packet
out(uint8_t flags)
{
	return (struct packet){
	    .time = NOW,
	    .has_macs = true,
	    .source_mac = doorbell_mac,
	    .target_mac = router_mac,
	    .network = NETWORK_IP,
	    .source = addr_from_ipv4(192, 168, 1, 20),
	    .target = addr_from_ipv4(198, 51, 100, 7),
	    .protocol = IP_TCP,
	    .ip_bytes = 100,
	    .has_ports = true,
	    .source_port = 40000,
	    .target_port = 443,
	    .tcp_flags = flags,
	};
}

static struct packet
back(uint8_t flags)
{
	struct packet p = out(flags), o = p;

	p.source = o.target;
	p.target = o.source;
	p.source_mac = o.target_mac;
	p.target_mac = o.source_mac;
	p.source_port = o.target_port;
	p.target_port = o.source_port;
	return p;
}

static struct flow *
see(struct packet packet)
{
	struct flow *flow = flow_table_of(flows, &packet, &sender);

	return flow_table_see(flows, flow, &packet, &sender);
}

static struct flow *
see_at(struct packet packet, int64_t time)
{
	packet.time = time;
	return see(packet);
}

static void
both_directions_are_one_flow(void **state)
{
	struct flow *flow = see(out(TCP_SYN));
	unsigned up = sender;

	(void)state;
	assert_ptr_equal(see(back(TCP_SYN | TCP_ACK)), flow);
	assert_int_equal(sender, !up);
	assert_int_equal(flow->from[up].bytes, 100);
	assert_int_equal(flow->from[!up].bytes, 100);
	assert_int_equal(flow_table_count(flows), 1);
}

static void
the_lower_address_is_the_first_end(void **state)
{
	struct flow *flow = see(back(TCP_ACK));
	struct packet packet = out(0);

	(void)state;
	assert_true(addr_equal(&flow->key.end[0], &packet.source));
	assert_int_equal(flow->key.port[0], 40000);
	assert_int_equal(sender, 1);
}

static void
an_address_that_talks_to_itself_is_ordered_by_port(void **state)
{
	struct packet packet = out(0);
	unsigned first;
	struct flow *flow;

	(void)state;
	packet.target = packet.source;
	flow = see(packet);
	first = sender;
	packet.source_port = 443;
	packet.target_port = 40000;
	assert_ptr_equal(see(packet), flow);
	assert_int_equal(sender, !first);
}

static void
another_port_is_another_flow(void **state)
{
	struct packet packet = out(TCP_SYN);

	(void)state;
	see(packet);
	packet.source_port++;
	see(packet);
	assert_int_equal(flow_table_count(flows), 2);
}

static void
packets_without_ports_are_a_flow_of_their_own(void **state)
{
	struct packet packet = out(0);

	(void)state;
	see(packet);
	packet.has_ports = false;
	see(packet);
	assert_int_equal(flow_table_count(flows), 2);
}

static void
who_sends_first_is_the_originator(void **state)
{
	struct flow *flow = see(out(TCP_ACK));

	(void)state;
	assert_int_equal(flow->originator, sender);
	see(back(TCP_ACK));
	assert_int_equal(flow->originator, !sender);
}

static void
who_answers_a_syn_that_was_missed_is_not_the_originator(void **state)
{
	struct flow *flow = see(back(TCP_SYN | TCP_ACK));

	(void)state;
	assert_int_equal(flow->originator, !sender);
}

static void
times_span_all_packets_whatever_their_order(void **state)
{
	struct flow *flow = see_at(out(0), NOW);

	(void)state;
	see_at(out(0), NOW - 5);
	see_at(out(0), NOW - 3);
	assert_int_equal(flow->start, NOW - 5);
	assert_int_equal(flow->last, NOW);
}

static void
macs_are_known_of_both_ends(void **state)
{
	struct flow *flow = see(out(0));

	(void)state;
	assert_true(mac_equal(&flow->mac[sender], &doorbell_mac));
	assert_true(mac_equal(&flow->mac[!sender], &router_mac));
}

static void
a_link_without_a_target_mac_forgets_none(void **state)
{
	struct packet packet = out(0);
	struct flow *flow = see(packet);

	(void)state;
	memset(&packet.target_mac, 0, sizeof(packet.target_mac));
	see(packet);
	assert_true(mac_equal(&flow->mac[!sender], &router_mac));
}

/* Where a router's interfaces are captured together, IPv6 passes twice. */
static void
a_router_s_copy_of_a_packet_does_not_take_the_sender_s_place(void **state)
{
	struct packet packet = out(0), copy = packet;
	struct flow *flow = see(packet);

	(void)state;
	copy.source_mac = router_mac;
	memset(&copy.target_mac, 0, sizeof(copy.target_mac));
	see(copy);
	assert_true(mac_equal(&flow->mac[sender], &doorbell_mac));
}

static void
the_mac_an_end_sends_with_is_better_than_the_one_it_was_sent_to(void **state)
{
	struct packet inbound = back(0);
	struct flow *flow;

	(void)state;
	inbound.target_mac = router_mac;
	flow = see(inbound);
	see(out(0));
	assert_true(mac_equal(&flow->mac[sender], &doorbell_mac));
	see(inbound);
	assert_true(mac_equal(&flow->mac[!sender], &doorbell_mac));
}

static void
devices_without_an_address_yet_are_told_apart_by_the_packet(void **state)
{
	struct mac camera_mac = {{0x02, 0, 0, 0, 0, 2}};
	struct packet packet = out(0);
	struct flow *flow;

	(void)state;
	packet.source = addr_from_ipv4(0, 0, 0, 0);
	packet.target = addr_from_ipv4(255, 255, 255, 255);
	flow = see(packet);
	packet.source_mac = camera_mac;
	assert_ptr_equal(see(packet), flow);
	assert_true(mac_equal(&flow->mac[sender], &camera_mac));
}

static void
silence_longer_than_idle_begins_a_new_flow(void **state)
{
	struct flow *flow;

	(void)state;
	see_at(out(0), NOW);
	see_at(out(0), NOW + IDLE);
	assert_int_equal(ended.count, 0);
	flow = see_at(out(0), NOW + 2 * IDLE + 1);
	assert_int_equal(ended.count, 1);
	assert_string_equal(ended.why, "idle");
	assert_int_equal(ended.flow.from[sender].packets, 2);
	assert_int_equal(flow->from[sender].packets, 1);
	assert_int_equal(flow->start, NOW + 2 * IDLE + 1);
}

static void
a_syn_after_both_closed_begins_a_new_flow(void **state)
{
	(void)state;
	see(out(TCP_FIN | TCP_ACK));
	see(back(TCP_FIN | TCP_ACK));
	see(out(TCP_ACK));
	assert_int_equal(ended.count, 0);
	see(out(TCP_SYN));
	assert_int_equal(ended.count, 1);
	assert_string_equal(ended.why, "end");
	assert_int_equal(ended.flow.from[0].packets + ended.flow.from[1].packets, 3);
}

static void
a_syn_after_one_end_closed_is_the_same_flow(void **state)
{
	(void)state;
	see(out(TCP_FIN | TCP_ACK));
	see(out(TCP_SYN));
	assert_int_equal(ended.count, 0);
}

static void
a_reset_closes_both_ends(void **state)
{
	(void)state;
	see(back(TCP_RST));
	see(out(TCP_SYN));
	assert_int_equal(ended.count, 1);
}

static void
expiry_ends_what_was_silent_and_nothing_else(void **state)
{
	struct packet other = out(0);

	(void)state;
	see_at(out(0), NOW);
	other.source_port++;
	see_at(other, NOW + 10 * SECOND);
	flow_table_expire(flows, NOW + IDLE + 1);
	assert_int_equal(ended.count, 1);
	assert_int_equal(ended.flow.key.port[0], 40000);
}

/* Asking often tells no later than asking once, in whatever order packets came. */
static void
silence_is_noticed_to_the_microsecond(void **state)
{
	struct packet other = out(0);

	(void)state;
	see_at(out(0), NOW + SECOND);
	other.source_port++;
	see_at(other, NOW + SECOND / 2); /* came late */
	for (int64_t now = NOW + SECOND; now <= NOW + SECOND + IDLE; now += SECOND / 4)
		flow_table_expire(flows, now);
	flow_table_expire(flows, NOW + SECOND + IDLE);
	assert_int_equal(ended.count, 0);
	flow_table_expire(flows, NOW + SECOND + IDLE + 1);
	assert_int_equal(ended.count, 2);
}

static void
a_flow_after_all_have_ended_is_told_at_its_own_time(void **state)
{
	(void)state;
	see_at(out(0), NOW + 10 * SECOND);
	flow_table_expire(flows, NOW + 10 * SECOND);
	flow_table_end_all(flows, "clock");
	see_at(out(0), NOW); /* the clock stepped back */
	flow_table_expire(flows, NOW + IDLE + 1);
	assert_int_equal(ended.count, 2);
	assert_string_equal(ended.why, "idle");
}

static void
the_least_recently_seen_makes_room(void **state)
{
	struct packet packet = out(0);

	(void)state;
	for (uint16_t i = 0; i < 3; i++, packet.source_port++)
		see(packet);
	see(out(0));
	see(packet);
	assert_int_equal(ended.count, 1);
	assert_string_equal(ended.why, "evicted");
	assert_int_equal(ended.flow.key.port[0], 40001);
	assert_int_equal(flow_table_evicted(flows), 1);
}

static void
at_the_end_all_are_told_and_closed_ones_as_ended(void **state)
{
	struct packet other = out(0);

	(void)state;
	see(out(TCP_RST));
	flow_table_end_all(flows, "input-end");
	assert_string_equal(ended.why, "end");
	other.source_port++;
	see(other);
	flow_table_end_all(flows, "input-end");
	assert_string_equal(ended.why, "input-end");
	assert_int_equal(ended.count, 2);
}

static void
a_flow_is_found_by_its_key(void **state)
{
	struct flow *flow = see(out(0));
	struct flow_key key = flow->key;

	(void)state;
	assert_ptr_equal(flow_table_find(flows, &key), flow);
	key.port[0]++;
	assert_null(flow_table_find(flows, &key));
}

static void
a_flow_is_found_at_its_place_until_it_ends(void **state)
{
	uint32_t place = flow_table_place(see(out(0)));

	(void)state;
	assert_ptr_equal(flow_table_at(flows, place), see(out(1)));
	flow_table_end_all(flows, "input-end");
	assert_null(flow_table_at(flows, place));
}

/* The reference example of the specification: 128.232.110.120:34855 to 66.35.250.204:80. */
static void
a_community_id_is_the_same_from_either_end(void **state)
{
	struct packet packet = out(0);
	char one[COMMUNITY_ID_TEXT], two[COMMUNITY_ID_TEXT];
	struct flow *flow;

	(void)state;
	packet.source = addr_from_ipv4(128, 232, 110, 120);
	packet.target = addr_from_ipv4(66, 35, 250, 204);
	packet.source_port = 34855;
	packet.target_port = 80;
	flow = see(packet);
	flow_community_id(&flow->key, 0, false, one);
	flow_community_id(&flow->key, 1, false, two);
	assert_string_equal(one, "1:LQU9qZlK+B5F3KDmev6m5PMibrg=");
	assert_string_equal(one, two);
}

static void
every_application_but_the_unknown_has_a_word(void **state)
{
	(void)state;
	assert_null(flow_application_word(APPLICATION_UNKNOWN));
	assert_null(flow_application_word(APPLICATIONS));
	for (int a = APPLICATION_UNKNOWN + 1; a < APPLICATIONS; a++)
		assert_non_null(flow_application_word((enum flow_application)a));
}

static void
a_transport_without_a_word_is_ip(void **state)
{
	(void)state;
	assert_string_equal(flow_transport_word(IP_UDP), "udp");
	assert_string_equal(flow_transport_word(132), "ip");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(both_directions_are_one_flow),
	    TEST(the_lower_address_is_the_first_end),
	    TEST(an_address_that_talks_to_itself_is_ordered_by_port),
	    TEST(another_port_is_another_flow),
	    TEST(packets_without_ports_are_a_flow_of_their_own),
	    TEST(who_sends_first_is_the_originator),
	    TEST(who_answers_a_syn_that_was_missed_is_not_the_originator),
	    TEST(times_span_all_packets_whatever_their_order),
	    TEST(macs_are_known_of_both_ends),
	    TEST(a_link_without_a_target_mac_forgets_none),
	    TEST(a_router_s_copy_of_a_packet_does_not_take_the_sender_s_place),
	    TEST(the_mac_an_end_sends_with_is_better_than_the_one_it_was_sent_to),
	    TEST(devices_without_an_address_yet_are_told_apart_by_the_packet),
	    TEST(silence_longer_than_idle_begins_a_new_flow),
	    TEST(a_syn_after_both_closed_begins_a_new_flow),
	    TEST(a_syn_after_one_end_closed_is_the_same_flow),
	    TEST(a_reset_closes_both_ends),
	    TEST(expiry_ends_what_was_silent_and_nothing_else),
	    TEST(silence_is_noticed_to_the_microsecond),
	    TEST(a_flow_after_all_have_ended_is_told_at_its_own_time),
	    TEST(the_least_recently_seen_makes_room),
	    TEST(at_the_end_all_are_told_and_closed_ones_as_ended),
	    TEST(a_flow_is_found_by_its_key),
	    TEST(a_flow_is_found_at_its_place_until_it_ends),
	    TEST(a_community_id_is_the_same_from_either_end),
	    TEST(every_application_but_the_unknown_has_a_word),
	    TEST(a_transport_without_a_word_is_ip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
