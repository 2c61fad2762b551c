/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/doctor_listen.h"

#include "tests/engine/frames.h"

#define BELL   "00:00:5e:00:53:01"
#define ROUTER "00:00:5e:00:53:fe"
#define ALL    "ff:ff:ff:ff:ff:ff"

static struct doctor_sample sample;

/* This machine is 192.168.1.30; 198.51.100.0/24 is named as inside. */
static void
see(const char *from, const char *to, const char *to_mac)
{
	const struct addr own = addr_from_ipv4(192, 168, 1, 30);
	struct prefix inside;
	const struct doctor_home home = {
	    .own = &own, .own_count = 1, .inside = &inside, .inside_count = 1};
	const struct sent s = {.from_mac = BELL,
	    .to_mac = to_mac,
	    .from = from,
	    .to = to,
	    .from_port = 40000,
	    .to_port = 443,
	    .payload_bytes = 58,
	    .time = MORNING};
	struct made m;

	assert_true(prefix_parse("198.51.100.0/24", &inside));
	sample = (struct doctor_sample){.lasted = 0};
	doctor_sample_see(&sample, &home, &make_packet(&m, &s)->frame);
	assert_int_equal(sample.bytes, 100);
}

static void
a_sample_tells_whose_traffic_it_is_and_which_way(void **state)
{
	(void)state;
	see("192.168.1.20", "203.0.113.5", ROUTER);
	assert_int_equal(sample.up, 100);
	see("203.0.113.5", "192.168.1.20", BELL);
	assert_int_equal(sample.down, 100);
	see("192.168.1.20", "192.168.1.40", ROUTER);
	assert_int_equal(sample.between, 100);
	see("198.51.100.7", "203.0.113.5", ROUTER);
	assert_int_equal(sample.up, 100);
}

static void
own_traffic_and_calls_to_all_are_nobody_elses(void **state)
{
	static const char *const to[] = {"192.168.1.30", "255.255.255.255", "239.255.255.250"};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		see("192.168.1.20", to[i], ROUTER);
		assert_int_equal(sample.up + sample.down + sample.between, 0);
	}
	see("192.168.1.20", "192.168.1.255", ALL);
	assert_int_equal(sample.between, 0);
	see("192.168.1.30", "203.0.113.5", ROUTER);
	assert_int_equal(sample.up, 0);
}

/* TZSP to this machine: what is within counts, by the bytes of the whole frame. */
static void
a_mirror_to_this_machine_is_opened(void **state)
{
	const struct addr own = addr_from_ipv4(192, 168, 1, 30);
	const struct doctor_home home = {.own = &own, .own_count = 1};
	uint8_t payload[105] = {1, 0, 0, 1, 1};
	struct sent inner = {.from_mac = BELL,
	    .to_mac = ROUTER,
	    .from = "192.168.1.20",
	    .to = "203.0.113.5",
	    .from_port = 40000,
	    .to_port = 443,
	    .payload_bytes = 58,
	    .time = MORNING};
	struct sent outer = {.from_mac = ROUTER,
	    .to_mac = BELL,
	    .from = "192.168.1.1",
	    .to = "192.168.1.30",
	    .to_port = 37008,
	    .payload = payload,
	    .payload_bytes = sizeof(payload),
	    .time = MORNING};
	struct made m;

	(void)state;
	memcpy(payload + 5, make_packet(&m, &inner)->bytes, 100);
	sample = (struct doctor_sample){.lasted = 0};
	doctor_sample_see(&sample, &home, &make_packet(&m, &outer)->frame);
	assert_int_equal(sample.mirrored, 105 + 42);
	assert_int_equal(sample.up, 105 + 42);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_sample_tells_whose_traffic_it_is_and_which_way),
	    cmocka_unit_test(own_traffic_and_calls_to_all_are_nobody_elses),
	    cmocka_unit_test(a_mirror_to_this_machine_is_opened),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
