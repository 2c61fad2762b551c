/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/engine/home.h"

/* The bell and the phone each send, and are answered; every tenth packet begins a new flow. */
static struct sent
nth(int i)
{
	struct sent s = from_bell((uint16_t)(400 + i % 7 * 100), MORNING + i * 20000);

	if (i % 3 == 1) {
		s.from_mac = PHONE;
		s.from = "192.168.1.30";
		s.to = "203.0.113.9";
	}
	s.from_port = (uint16_t)(40000 + i / 200);
	return i % 5 == 4 ? answer(s, 90, s.time) : s;
}

static uint64_t
id_of(const char *text)
{
	struct device_key key;
	struct mac mac;

	assert_true(mac_parse(text, &mac));
	key = device_key_mac(&mac);
	return device_key_id(&key);
}

static void
assert_same_rows(const struct engine_result *a, const struct engine_result *b)
{
	assert_int_equal(table_count(a->destinations), table_count(b->destinations));
	assert_int_equal(table_count(a->devices), table_count(b->devices));
	for (const struct destination *d = table_first(a->destinations); d;
	     d = table_next(a->destinations, d))
		assert_memory_equal(table_find(b->destinations, &d->key), d, sizeof(*d));
	for (const struct device *d = table_first(a->devices); d; d = table_next(a->devices, d))
		assert_memory_equal(table_find(b->devices, &d->key), d, sizeof(*d));
}

static void
what_goes_on_counts_as_if_it_ended(void **state)
{
	struct home *h = home_new(NULL);
	struct engine_result so_far;
	uint64_t flows;

	(void)state;
	for (int i = 0; i < 1150; i++) {
		struct sent s = nth(i);

		see(h, &s);
	}
	assert_true(engine_snapshot(h->engine, NULL, &so_far));
	flows = so_far.counters.flows;
	assert_int_equal(flows, 12);
	finish(h);
	assert_same_rows(&so_far, &h->result);
	engine_snapshot_free(&so_far);
	assert_int_equal(h->result.counters.flows, flows);
	home_free(h);
}

static void
a_look_changes_nothing(void **state)
{
	struct home *plain = home_new(NULL), *looked_at = home_new(NULL);
	const uint64_t bell = id_of(BELL);

	(void)state;
	for (int i = 0; i < 1000; i++) {
		struct sent s = nth(i);
		struct engine_result so_far;

		see(plain, &s);
		see(looked_at, &s);
		if (i % 7 != 0)
			continue;
		assert_true(engine_snapshot(looked_at->engine, i % 2 ? &bell : NULL, &so_far));
		engine_snapshot_free(&so_far);
	}
	finish(plain);
	finish(looked_at);
	assert_same_rows(&plain->result, &looked_at->result);
	assert_true(plain->sum == looked_at->sum && plain->flows == looked_at->flows);
	assert_int_equal(plain->result.episode_count, looked_at->result.episode_count);
	for (size_t i = 0; i < plain->result.episode_count; i++) {
		struct track_episode a = episode_at(&plain->result, i);
		struct track_episode b = episode_at(&looked_at->result, i);

		assert_memory_equal(&a, &b, sizeof(a));
	}
	home_free(plain);
	home_free(looked_at);
}

static void
one_device_can_be_looked_at_alone(void **state)
{
	struct home *h = home_new(NULL);
	struct engine_result so_far;
	const uint64_t bell = id_of(BELL), nobody = 1;
	const struct device *device;

	(void)state;
	for (int i = 0; i < 300; i++) {
		struct sent s = nth(i);

		see(h, &s);
	}
	assert_true(engine_snapshot(h->engine, &bell, &so_far));
	device = table_first(so_far.devices);
	assert_int_equal(table_count(so_far.devices), 1);
	assert_true(device_key_id(&device->key) == bell);
	assert_true(only_destination(&so_far)->up.bytes > 0);
	engine_snapshot_free(&so_far);
	assert_true(engine_snapshot(h->engine, &nobody, &so_far));
	assert_int_equal(table_count(so_far.devices) + table_count(so_far.destinations), 0);
	engine_snapshot_free(&so_far);
	finish(h);
	home_free(h);
}

static void
what_waits_for_its_name_belongs_to_nobody_yet(void **state)
{
	struct home *h = home_new(NULL);
	struct engine_result so_far;

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct sent s = from_bell(100, MORNING + i);

		see(h, &s);
	}
	assert_true(engine_snapshot(h->engine, NULL, &so_far));
	assert_int_equal(bytes_of(&so_far), 0);
	assert_int_equal(so_far.counters.flows, 0);
	engine_snapshot_free(&so_far);
	assert_int_equal(bytes_of(finish(h)), 3 * 128);
	home_free(h);
}

static void
take_over(const struct track_episode *episode, void *user)
{
	struct home *h = user;

	assert_true(episode->end >= episode->start);
	h->flow_bytes += episode->sums.bytes_up;
}

static void
closed_episodes_can_be_taken_over(void **state)
{
	struct engine_setup setup = {.closed = take_over};
	struct home *h = home_new(&setup);
	uint64_t up = 0;

	(void)state;
	h->setup.flow = NULL;
	for (int i = 0; i < 400; i++) {
		struct sent s = from_bell(1200, MORNING + i * 20000);

		see(h, &s);
		up += 1228;
	}
	finish(h);
	assert_int_equal(h->result.episode_count, 0);
	assert_int_equal(h->flow_bytes, up + up); /* of the one flow, and of its one episode */
	home_free(h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_goes_on_counts_as_if_it_ended),
	    cmocka_unit_test(a_look_changes_nothing),
	    cmocka_unit_test(one_device_can_be_looked_at_alone),
	    cmocka_unit_test(what_waits_for_its_name_belongs_to_nobody_yet),
	    cmocka_unit_test(closed_episodes_can_be_taken_over),
	};

	return cmocka_run_group_tests(tests, load_rules, free_rules);
}
