/* SPDX-License-Identifier: Apache-2.0 */
#include "home/destination.h"

#include <string.h>

#include "tests/test.h"

static const struct mac doorbell_mac = {{0x02, 0, 0, 0, 0, 1}};
static const struct mac router_mac = {{0x02, 0, 0, 0, 0, 9}};

/* The doorbell, 192.168.1.20, has sent 900 bytes to 198.51.100.7 port 443, and got 100. */
static struct flow
flow_to(const char *name, enum porch_name_source source)
{
	struct flow flow = {
	    .key = {.end = {addr_from_ipv4(192, 168, 1, 20), addr_from_ipv4(198, 51, 100, 7)},
	        .port = {40000, 443},
	        .protocol = IP_TCP},
	    .start = 10,
	    .last = 20,
	    .from = {{.bytes = 900, .packets = 9}, {.bytes = 100, .packets = 1}},
	    .mac = {doorbell_mac, router_mac},
	    .side = SIDE_FIRST,
	    .name_source = (uint8_t)source,
	    .name = name[0] ? name : NULL,
	};

	return flow;
}

static uint64_t
what(struct flow flow)
{
	return destination_key_of(&flow, 0).what;
}

static uint64_t
what_of_name(const char *name)
{
	return destination_what(name, NULL);
}

static uint64_t
what_of_address(void)
{
	struct addr remote = addr_from_ipv4(198, 51, 100, 7);

	return destination_what(NULL, &remote);
}

static void
a_receiver_that_said_its_name_is_known_by_it(void **state)
{
	static const enum porch_name_source sources[] = {PORCH_NAME_SNI, PORCH_NAME_QUIC_SNI,
	    PORCH_NAME_HTTP_HOST, PORCH_NAME_DNS, PORCH_NAME_DNS_EXPIRED};

	(void)state;
	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++)
		assert_true(what(flow_to("media.example.com", sources[i])) ==
		            what_of_name("media.example.com"));
}

static void
without_a_name_it_is_known_by_its_address(void **state)
{
	(void)state;
	assert_true(what(flow_to("", PORCH_NAME_NONE)) == what_of_address());
}

static void
the_outer_name_of_ech_is_no_key(void **state)
{
	(void)state;
	assert_true(what(flow_to("outer.example.com", PORCH_NAME_ECH_OUTER)) == what_of_address());
}

static void
a_name_that_the_address_s_owner_contradicts_is_no_key(void **state)
{
	struct flow flow = flow_to("media.example.com", PORCH_NAME_SNI);

	(void)state;
	flow.contradicted = true;
	assert_true(what(flow) == what_of_address());
}

static void
a_local_peer_is_known_by_its_address(void **state)
{
	struct flow flow = flow_to("recorder.example.com", PORCH_NAME_HTTP_HOST);

	(void)state;
	flow.side = SIDE_LOCAL;
	assert_true(what(flow) == what_of_address());
}

static void
the_row_is_the_inside_end_s(void **state)
{
	struct flow flow = flow_to("", PORCH_NAME_NONE);
	struct destination_key first = destination_key_of(&flow, 0);
	struct destination_key second = destination_key_of(&flow, 1);

	(void)state;
	assert_true(mac_equal(&first.mac, &doorbell_mac));
	assert_true(addr_equal(&first.inside, &flow.key.end[0]));
	assert_true(mac_equal(&second.mac, &router_mac));
	assert_true(second.what == destination_what(NULL, &flow.key.end[0]));
}

static void
an_id_is_of_the_device_and_the_receiver(void **state)
{
	(void)state;
	assert_true(destination_id(1, 2) == destination_id(1, 2));
	assert_true(destination_id(1, 2) != destination_id(2, 1));
}

static void
a_flow_s_counts_are_told_from_the_inside_end(void **state)
{
	struct flow flow = flow_to("", PORCH_NAME_NONE);
	struct destination first = {0}, second = {0};

	(void)state;
	destination_add_flow(&first, &flow, 0);
	assert_int_equal(first.up.bytes, 900);
	assert_int_equal(first.down.packets, 1);
	flow.side = SIDE_SECOND;
	destination_add_flow(&second, &flow, 1);
	assert_int_equal(second.up.bytes, 100);
	assert_int_equal(second.down.packets, 9);
	assert_int_equal(second.port[0], 40000);
}

static void
flows_add_up_and_widen_the_times(void **state)
{
	struct flow flow = flow_to("", PORCH_NAME_NONE);
	struct destination row = {0};

	(void)state;
	destination_add_flow(&row, &flow, 0);
	flow.start = -5;
	flow.last = 15;
	destination_add_flow(&row, &flow, 0);
	assert_int_equal(row.flows, 2);
	assert_int_equal(row.up.bytes, 1800);
	assert_int_equal(row.first_seen, -5);
	assert_int_equal(row.last_seen, 20);
}

static void
ports_are_the_lowest_in_order_whoever_came_first(void **state)
{
	struct flow flow = flow_to("", PORCH_NAME_NONE);
	struct destination row = {0};

	(void)state;
	for (uint16_t port = 8020; port > 8000; port--) {
		flow.key.port[1] = port;
		destination_add_flow(&row, &flow, 0);
		destination_add_flow(&row, &flow, 0);
	}
	assert_int_equal(row.ports, DESTINATION_PORTS);
	for (unsigned i = 0; i < DESTINATION_PORTS; i++)
		assert_int_equal(row.port[i], 8001 + i);
}

static void
addresses_are_the_lowest_in_order_whoever_came_first(void **state)
{
	struct flow flow = flow_to("media.example.com", PORCH_NAME_SNI);
	struct destination row = {0};

	(void)state;
	for (uint8_t last = 20; last > 0; last--) {
		flow.key.end[1] = addr_from_ipv4(198, 51, 100, last);
		destination_add_flow(&row, &flow, 0);
	}
	assert_int_equal(row.addresses, DESTINATION_ADDRESSES);
	for (unsigned i = 0; i < DESTINATION_ADDRESSES; i++)
		assert_int_equal(row.address[i].bytes[3], 1 + i);
}

static void
icmp_has_no_port(void **state)
{
	struct flow flow = flow_to("", PORCH_NAME_NONE);
	struct destination row = {0};

	(void)state;
	flow.key.protocol = IP_ICMP;
	flow.key.port[1] = 443;
	destination_add_flow(&row, &flow, 0);
	assert_int_equal(row.ports, 0);
	assert_false(row.stun_or_vpn_port);
	assert_int_equal(row.transports, 4);
}

static void
a_port_where_no_peer_is_looked_for_is_remembered(void **state)
{
	static const struct {
		uint16_t port;
		bool kept;
	} rows[] = {{443, true}, {3478, true}, {4500, true}, {40001, false}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct flow flow = flow_to("", PORCH_NAME_NONE);
		struct destination row = {0};

		flow.key.port[1] = rows[i].port;
		destination_add_flow(&row, &flow, 0);
		assert_int_equal(row.stun_or_vpn_port, rows[i].kept);
	}
}

static void
merged_rows_add_up_and_keep_the_first_name(void **state)
{
	struct flow flow = flow_to("", PORCH_NAME_NONE), later = flow;
	struct destination into = {.name = "one.example.com", .name_source = PORCH_NAME_SNI};
	struct destination from = {.name = "two.example.com", .name_source = PORCH_NAME_DNS};

	(void)state;
	later.start = 5;
	later.key.protocol = IP_UDP;
	later.key.port[1] = 80;
	destination_add_flow(&into, &flow, 0);
	destination_add_flow(&from, &later, 0);
	destination_merge(&into, &from);
	assert_string_equal(into.name, "one.example.com");
	assert_int_equal(into.name_source, PORCH_NAME_SNI);
	assert_int_equal(into.up.bytes, 1800);
	assert_int_equal(into.down.packets, 2);
	assert_int_equal(into.first_seen, 5);
	assert_int_equal(into.flows, 2);
	assert_int_equal(into.ports, 2);
	assert_int_equal(into.port[0], 80);
	assert_int_equal(into.transports, 1 | 2);
}

static void
a_merged_row_takes_what_it_did_not_know(void **state)
{
	struct destination into = {0};
	struct destination from = {.name = "two.example.com",
	    .name_source = PORCH_NAME_DNS,
	    .aliases = "cdn.example.net",
	    .candidates = "a.example.com b.example.com",
	    .introduced = true};

	(void)state;
	destination_merge(&into, &from);
	assert_string_equal(into.name, "two.example.com");
	assert_int_equal(into.name_source, PORCH_NAME_DNS);
	assert_string_equal(into.aliases, "cdn.example.net");
	assert_string_equal(into.candidates, "a.example.com b.example.com");
	assert_true(into.introduced);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_receiver_that_said_its_name_is_known_by_it),
	    cmocka_unit_test(without_a_name_it_is_known_by_its_address),
	    cmocka_unit_test(the_outer_name_of_ech_is_no_key),
	    cmocka_unit_test(a_name_that_the_address_s_owner_contradicts_is_no_key),
	    cmocka_unit_test(a_local_peer_is_known_by_its_address),
	    cmocka_unit_test(the_row_is_the_inside_end_s),
	    cmocka_unit_test(an_id_is_of_the_device_and_the_receiver),
	    cmocka_unit_test(a_flow_s_counts_are_told_from_the_inside_end),
	    cmocka_unit_test(flows_add_up_and_widen_the_times),
	    cmocka_unit_test(ports_are_the_lowest_in_order_whoever_came_first),
	    cmocka_unit_test(addresses_are_the_lowest_in_order_whoever_came_first),
	    cmocka_unit_test(icmp_has_no_port),
	    cmocka_unit_test(a_port_where_no_peer_is_looked_for_is_remembered),
	    cmocka_unit_test(merged_rows_add_up_and_keep_the_first_name),
	    cmocka_unit_test(a_merged_row_takes_what_it_did_not_know),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
