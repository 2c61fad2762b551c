/* SPDX-License-Identifier: Apache-2.0 */
#include "engine.h"

#include "tests/engine/home.h"

/* Many devices with many receivers, in an order that has nothing to do with hashes. */
static uint64_t
crowd(struct home *h, unsigned devices, unsigned packets)
{
	uint32_t random = 7;

	for (unsigned i = 0; i < packets; i++) {
		char mac[32], from[32], to[32];
		struct sent s = from_bell(100, MORNING + (int64_t)i * 3000);

		random = random * 1664525 + 1013904223;
		snprintf(mac, sizeof(mac), "00:00:5e:00:53:%02x", (random >> 8) % devices);
		snprintf(from, sizeof(from), "192.168.1.%u", (random >> 8) % devices + 1);
		snprintf(to, sizeof(to), "198.51.100.%u", (random >> 16) % 200 + 1);
		s.from_mac = mac;
		s.from = from;
		s.to = to;
		s.to_port = (uint16_t)(9000 + (random >> 24) % 7);
		see(h, &s);
		s = answer(s, 20, s.time + 500);
		see(h, &s);
	}
	return packets * UINT64_C(176);
}

static void
what_full_tables_turn_away_stays_in_the_sums(void **state)
{
	struct engine_setup setup = {.sizes = {.flows = 8, .devices = 4}};
	struct home *h = home_new(&setup);
	uint64_t bytes = crowd(h, 40, 3000);
	const struct engine_result *r = finish(h);

	(void)state;
	assert_true(r->counters.evicted > 0);
	assert_int_equal(bytes_of(r), bytes);
	assert_int_equal(h->flow_bytes, bytes);
	home_free(h);
}

/* Over the receivers, devices and episodes of a result, in their order. */
static uint64_t
sum_of_result(const struct engine_result *r)
{
	uint64_t sum = 1;

	for (const struct destination *d = table_first(r->destinations); d;
	     d = table_next(r->destinations, d)) {
		add_bytes(&sum, &d->key, sizeof(d->key));
		add_bytes(&sum, &d->up, sizeof(d->up));
		add_bytes(&sum, &d->down, sizeof(d->down));
		add_bytes(&sum, &d->first_seen, sizeof(d->first_seen));
	}
	for (const struct device *d = table_first(r->devices); d; d = table_next(r->devices, d))
		add_bytes(&sum, &d->key, sizeof(d->key));
	for (size_t i = 0; i < r->episode_count; i++) {
		struct track_episode e = episode_at(r, i);

		add_bytes(&sum, &e.id, sizeof(e.id));
	}
	add_bytes(&sum, &r->counters, sizeof(r->counters));
	return sum;
}

static void
the_seed_of_the_tables_never_shows(void **state)
{
	uint64_t flows = 0, result = 0;

	(void)state;
	for (uint64_t seed = 0; seed < 20; seed++) {
		struct engine_setup setup = {.sizes = {.flows = 16, .devices = 8},
		    .seed = seed * UINT64_C(0x9e3779b97f4a7c15)};
		struct home *h = home_new(&setup);

		crowd(h, 40, 1500);
		finish(h);
		assert_true(h->flows > 100);
		if (seed == 0) {
			flows = h->sum;
			result = sum_of_result(&h->result);
		}
		assert_true(h->sum == flows);
		assert_true(sum_of_result(&h->result) == result);
		home_free(h);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_full_tables_turn_away_stays_in_the_sums),
	    cmocka_unit_test(the_seed_of_the_tables_never_shows),
	};

	return cmocka_run_group_tests(tests, load_rules, free_rules);
}
