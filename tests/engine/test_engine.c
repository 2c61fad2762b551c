/* SPDX-License-Identifier: Apache-2.0 */
#include "engine.h"

#include <porchlight/rules.h>

#include "tests/engine/frames.h"

#define BELL    "00:00:5e:00:53:01"
#define PHONE   "00:00:5e:00:53:02"
#define GATEWAY "00:00:5e:00:53:fe"
#define TOLD    4096

static struct porch_rules *rules;

/* An engine, what it told of flows, and its result. */
struct home {
	struct engine *engine;
	struct engine_setup setup;
	struct engine_result result;
	size_t flows;
	uint64_t sum; /* over all told flows, in order */
	uint64_t flow_bytes;
};

static void
add_bytes(uint64_t *sum, const void *bytes, size_t length)
{
	const uint8_t *at = bytes;

	for (size_t i = 0; i < length; i++)
		*sum = (*sum ^ at[i]) * UINT64_C(0x100000001b3);
}

static void
add_text(uint64_t *sum, const char *text)
{
	add_bytes(sum, text ? text : "-", text ? strlen(text) + 1 : 2);
}

static void
told_flow(const struct porch_flow *flow, void *user)
{
	struct home *h = user;
	uint64_t numbers[] = {flow->device, flow->destination, flow->peer_device,
	    flow->originator_bytes, flow->responder_bytes, flow->originator_packets,
	    flow->responder_packets, (uint64_t)flow->start, (uint64_t)flow->end,
	    flow->originator_port, flow->responder_port, flow->protocol};

	assert_true(flow->end >= flow->start);
	h->flows++;
	h->flow_bytes += flow->originator_bytes + flow->responder_bytes;
	add_bytes(&h->sum, numbers, sizeof(numbers));
	add_text(&h->sum, flow->originator);
	add_text(&h->sum, flow->responder);
	add_text(&h->sum, flow->community_id);
	add_text(&h->sum, flow->name);
	add_text(&h->sum, flow->ended);
}

static struct home *
home_new(const struct engine_setup *setup)
{
	struct home *h = calloc(1, sizeof(*h));
	struct porch_error error;

	assert_non_null(h);
	if (setup)
		h->setup = *setup;
	h->setup.rules = rules;
	h->setup.flow = told_flow;
	h->setup.user = h;
	h->engine = engine_new(&h->setup, &error);
	assert_non_null(h->engine);
	return h;
}

static void
home_free(struct home *h)
{
	engine_free(h->engine);
	free(h);
}

static void
see(struct home *h, const struct sent *s)
{
	struct made m;

	engine_frame(h->engine, &make_packet(&m, s)->frame);
}

/* The bell sends payload_bytes by UDP to a server outside. */
static struct sent
from_bell(uint16_t payload_bytes, int64_t time)
{
	return (struct sent){
	    .from_mac = BELL,
	    .to_mac = GATEWAY,
	    .from = "192.168.1.20",
	    .to = "198.51.100.7",
	    .from_port = 40000,
	    .to_port = 9000,
	    .payload_bytes = payload_bytes,
	    .time = time,
	};
}

static struct sent
answer(struct sent s, uint16_t payload_bytes, int64_t time)
{
	struct sent back = s;

	back.from_mac = s.to_mac;
	back.to_mac = s.from_mac;
	back.from = s.to;
	back.to = s.from;
	back.from_port = s.to_port;
	back.to_port = s.from_port;
	back.payload_bytes = payload_bytes;
	back.time = time;
	return back;
}

static const struct engine_result *
finish(struct home *h)
{
	const struct porch_counters *c = &h->result.counters;

	engine_finish(h->engine, &h->result);
	assert_int_equal(c->received,
	    c->processed + c->undecoded + c->filtered + c->deduplicated + c->dropped);
	return &h->result;
}

/* All bytes that rows and what was folded hold. */
static uint64_t
bytes_of(const struct engine_result *r)
{
	uint64_t sum = r->folded.up.bytes + r->folded.down.bytes + r->folded.bytes_local;

	for (const struct destination *d = table_first(r->destinations); d;
	     d = table_next(r->destinations, d))
		sum += d->up.bytes + d->down.bytes;
	return sum;
}

static const struct destination *
only_destination(const struct engine_result *r)
{
	assert_int_equal(table_count(r->destinations), 1);
	return table_first(r->destinations);
}

static void
a_packet_counts_its_ip_bytes_up_and_down(void **state)
{
	struct home *h = home_new(NULL);
	const struct destination *d;
	struct sent s = from_bell(100, MORNING);

	(void)state;
	see(h, &s);
	s = answer(s, 30, MORNING + 1000);
	see(h, &s);
	d = only_destination(finish(h));
	assert_int_equal(d->up.bytes, 128);
	assert_int_equal(d->down.bytes, 58);
	assert_int_equal(d->up.packets, 1);
	assert_int_equal(d->down.packets, 1);
	assert_false(d->local);
	home_free(h);
}

static void
an_upload_is_an_episode_of_the_devices_own_id(void **state)
{
	struct home *h = home_new(NULL);
	const struct engine_result *r;
	struct mac mac;

	(void)state;
	for (int64_t t = 0; t < 5 * SECOND; t += 20000) {
		struct sent s = from_bell(1200, MORNING + t);

		see(h, &s);
	}
	r = finish(h);
	assert_true(mac_parse(BELL, &mac));
	assert_int_equal(r->episode_count, 1);
	assert_true(mac_equal(&r->episodes[0].device.mac, &mac));
	assert_int_equal(r->episodes[0].sums.bytes_up, 250 * 1228);
	assert_int_equal(r->episodes[0].start, MORNING);
	assert_int_equal(r->episodes[0].end, MORNING + 249 * 20000);
	assert_true(r->episodes[0].open);
	home_free(h);
}

static void
a_public_address_that_its_mac_claimed_is_inside(void **state)
{
	struct home *h = home_new(NULL);
	struct sent s = from_bell(100, MORNING + SECOND);
	const struct destination *d;
	struct made m;

	(void)state;
	s.from = "198.18.0.10"; /* public, and no documentation range: those are never claimed */
	engine_frame(h->engine, &make_arp(&m, BELL, s.from, MORNING)->frame);
	see(h, &s);
	d = only_destination(finish(h));
	assert_int_equal(d->up.bytes, 128);
	assert_int_equal(h->result.counters.undirected, 0);
	home_free(h);
}

static void
a_flow_with_two_public_ends_and_no_claim_is_undirected(void **state)
{
	struct home *h = home_new(NULL);
	struct sent s = from_bell(100, MORNING);
	const struct engine_result *r;

	(void)state;
	s.from = "203.0.113.9";
	see(h, &s);
	r = finish(h);
	assert_int_equal(r->counters.undirected, 1);
	assert_int_equal(r->counters.undirected_bytes, 128);
	assert_int_equal(table_count(r->destinations), 0);
	assert_false(r->seen_inside);
	home_free(h);
}

static void
peers_at_home_are_receivers_of_each_other(void **state)
{
	struct home *h = home_new(NULL);
	struct sent s = from_bell(100, MORNING);
	const struct engine_result *r;

	(void)state;
	s.to = "192.168.1.30";
	s.to_mac = PHONE;
	see(h, &s);
	r = finish(h);
	assert_int_equal(table_count(r->destinations), 2);
	for (const struct destination *d = table_first(r->destinations); d;
	     d = table_next(r->destinations, d))
		assert_true(d->local);
	home_free(h);
}

/* What a repeater does: two devices whose frames carry its MAC. */
static void
alternate(struct home *h, int64_t apart)
{
	static const char *const addr[] = {"192.168.1.20", "192.168.1.21"};

	for (int i = 0; i < 4; i++) {
		struct sent s = from_bell(100, MORNING + i * apart);

		s.from = addr[i % 2];
		s.from_port = (uint16_t)(40000 + i % 2);
		see(h, &s);
	}
}

static void
a_mac_whose_addresses_alternate_is_several_devices(void **state)
{
	struct home *h = home_new(NULL);
	struct mac mac;

	(void)state;
	alternate(h, SECOND);
	finish(h);
	assert_true(mac_parse(BELL, &mac));
	assert_true(splits_has(h->result.splits, &mac));
	home_free(h);
}

static void
a_mac_whose_address_changed_slowly_is_one_device(void **state)
{
	struct home *h = home_new(NULL);
	struct mac mac;

	(void)state;
	alternate(h, 61 * SECOND);
	finish(h);
	assert_true(mac_parse(BELL, &mac));
	assert_false(splits_has(h->result.splits, &mac));
	home_free(h);
}

static const struct engine_result *
with_clock(struct home *h, const int64_t *seconds, size_t count)
{
	const struct engine_result *r;

	for (size_t i = 0; i < count; i++) {
		struct sent s = from_bell(1400, MORNING + seconds[i] * SECOND);

		see(h, &s);
	}
	r = finish(h);
	for (size_t i = 0; i < r->gap_count; i++)
		assert_true(r->gaps[i].end >= r->gaps[i].start);
	for (size_t i = 0; i < r->episode_count; i++)
		assert_true(r->episodes[i].end >= r->episodes[i].start);
	assert_int_equal(bytes_of(r), count * 1428);
	return r;
}

static void
a_clock_that_steps_back_is_a_gap_and_no_negative_duration(void **state)
{
	static const int64_t seconds[] = {100, 101, 10, 11, 12};
	struct home *h = home_new(NULL);
	const struct engine_result *r = with_clock(h, seconds, 5);

	(void)state;
	assert_int_equal(r->counters.clock_steps, 1);
	assert_int_equal(r->gap_count, 1);
	assert_string_equal(r->gaps[0].reason, "clock stepped back");
	assert_int_equal(r->watched_us, 3 * SECOND);
	assert_int_equal(r->first, MORNING + 10 * SECOND);
	assert_int_equal(r->last, MORNING + 101 * SECOND);
	home_free(h);
}

static void
more_than_a_week_forward_is_a_clock_that_was_set(void **state)
{
	static const int64_t seconds[] = {0, 1, 700000, 700001};
	struct home *h = home_new(NULL);
	const struct engine_result *r = with_clock(h, seconds, 4);

	(void)state;
	assert_int_equal(r->counters.clock_steps, 1);
	assert_string_equal(r->gaps[0].reason, "clock stepped forward");
	assert_int_equal(r->watched_us, 2 * SECOND);
	home_free(h);
}

static void
silence_of_hours_is_no_gap(void **state)
{
	static const int64_t seconds[] = {0, 7200, 90000};
	struct home *h = home_new(NULL);
	const struct engine_result *r = with_clock(h, seconds, 3);

	(void)state;
	assert_int_equal(r->counters.clock_steps, 0);
	assert_int_equal(r->gap_count, 0);
	assert_int_equal(r->watched_us, 90000 * SECOND);
	home_free(h);
}

static void
frames_a_little_late_do_not_watch_the_same_time_twice(void **state)
{
	struct home *h = home_new(NULL);
	const struct engine_result *r;

	(void)state;
	for (int i = 0; i < 100; i++) {
		struct sent s = from_bell(10, MORNING + i * 10000 - (i % 2) * 900000);

		see(h, &s);
	}
	r = finish(h);
	assert_int_equal(r->counters.clock_steps, 0);
	assert_int_equal(r->watched_us, 98 * 10000);
	home_free(h);
}

static const struct engine_result *
every_frame_twice(struct home *h)
{
	for (int i = 0; i < 10; i++) {
		struct sent s = from_bell(100, MORNING + i * SECOND);
		struct made m;

		make_packet(&m, &s);
		engine_frame(h->engine, &m.frame);
		m.frame.time += 40;
		m.frame.interface = 1;
		engine_frame(h->engine, &m.frame);
	}
	return finish(h);
}

static void
exact_duplicates_count_and_are_told(void **state)
{
	struct home *h = home_new(NULL);
	const struct engine_result *r = every_frame_twice(h);

	(void)state;
	assert_int_equal(r->counters.duplicates, 10);
	assert_int_equal(r->counters.deduplicated, 0);
	assert_int_equal(bytes_of(r), 20 * 128);
	home_free(h);
}

static void
exact_duplicates_are_dropped_on_demand(void **state)
{
	struct engine_setup setup = {.dedup = true};
	struct home *h = home_new(&setup);
	const struct engine_result *r = every_frame_twice(h);

	(void)state;
	assert_int_equal(r->counters.duplicates, 10);
	assert_int_equal(r->counters.deduplicated, 10);
	assert_int_equal(bytes_of(r), 10 * 128);
	home_free(h);
}

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
	struct engine_setup setup = {.max_flows = 8, .max_devices = 4};
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
	for (size_t i = 0; i < r->episode_count; i++)
		add_bytes(&sum, &r->episodes[i].id, sizeof(r->episodes[i].id));
	add_bytes(&sum, &r->counters, sizeof(r->counters));
	return sum;
}

static void
the_seed_of_the_tables_never_shows(void **state)
{
	uint64_t flows = 0, result = 0;

	(void)state;
	for (uint64_t seed = 0; seed < 20; seed++) {
		struct engine_setup setup = {
		    .max_flows = 16, .max_devices = 8, .seed = seed * UINT64_C(0x9e3779b97f4a7c15)};
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

static void
a_long_one_way_start_is_never_told_as_the_other_way(void **state)
{
	struct home *h = home_new(NULL);
	const struct engine_result *r;

	(void)state;
	for (int i = 0; i < 60; i++) { /* nothing but headers: the name does not settle */
		struct sent s = from_bell(0, MORNING + i * 1000);

		see(h, &s);
	}
	for (int i = 0; i < 20; i++) {
		struct sent s = answer(from_bell(0, 0), 1400, MORNING + SECOND + i * 1000);

		see(h, &s);
	}
	r = finish(h);
	assert_int_equal(only_destination(r)->up.bytes, 60 * 28);
	assert_int_equal(r->episode_count, 0);
	home_free(h);
}

static void
what_is_no_packet_is_undecoded(void **state)
{
	struct home *h = home_new(NULL);
	struct made m;

	(void)state;
	engine_frame(h->engine, &begin_frame(&m, 9, MORNING)->frame);
	engine_filtered(h->engine);
	engine_dropped(h->engine, 5);
	finish(h);
	assert_int_equal(h->result.counters.received, 7);
	assert_int_equal(h->result.counters.undecoded, 1);
	assert_int_equal(h->result.counters.filtered, 1);
	assert_int_equal(h->result.counters.dropped, 5);
	home_free(h);
}

static void
no_frames_are_an_empty_result(void **state)
{
	struct home *h = home_new(NULL);
	const struct engine_result *r = finish(h);

	(void)state;
	assert_true(r->first == PORCH_NO_TIME && r->last == PORCH_NO_TIME);
	assert_int_equal(r->watched_us, 0);
	assert_int_equal(r->episode_count, 0);
	home_free(h);
}

static void
rules_without_a_number_it_needs_make_no_engine(void **state)
{
	struct porch_error error = {.offset = 0};
	struct porch_rules *none = porch_rules_load(NULL, 0, &error);
	struct engine_setup setup = {.rules = none};

	(void)state;
	assert_non_null(none);
	assert_null(engine_new(&setup, &error));
	assert_string_equal(error.where, "episode.bin_us");
	assert_true(error.text[0] != '\0');
	porch_rules_free(none);
}

static int
load_rules(void **state)
{
	const char *folders[] = {SOURCE_DIR "/tests/judge/rules"};
	struct porch_error error;

	(void)state;
	rules = porch_rules_load(folders, 1, &error);
	if (!rules)
		print_error("%s: %s: %s\n", error.file, error.where, error.text);
	return rules ? 0 : -1;
}

static int
free_rules(void **state)
{
	(void)state;
	porch_rules_free(rules);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_packet_counts_its_ip_bytes_up_and_down),
	    cmocka_unit_test(an_upload_is_an_episode_of_the_devices_own_id),
	    cmocka_unit_test(a_public_address_that_its_mac_claimed_is_inside),
	    cmocka_unit_test(a_flow_with_two_public_ends_and_no_claim_is_undirected),
	    cmocka_unit_test(peers_at_home_are_receivers_of_each_other),
	    cmocka_unit_test(a_mac_whose_addresses_alternate_is_several_devices),
	    cmocka_unit_test(a_mac_whose_address_changed_slowly_is_one_device),
	    cmocka_unit_test(a_clock_that_steps_back_is_a_gap_and_no_negative_duration),
	    cmocka_unit_test(more_than_a_week_forward_is_a_clock_that_was_set),
	    cmocka_unit_test(silence_of_hours_is_no_gap),
	    cmocka_unit_test(frames_a_little_late_do_not_watch_the_same_time_twice),
	    cmocka_unit_test(exact_duplicates_count_and_are_told),
	    cmocka_unit_test(exact_duplicates_are_dropped_on_demand),
	    cmocka_unit_test(what_full_tables_turn_away_stays_in_the_sums),
	    cmocka_unit_test(the_seed_of_the_tables_never_shows),
	    cmocka_unit_test(a_long_one_way_start_is_never_told_as_the_other_way),
	    cmocka_unit_test(what_is_no_packet_is_undecoded),
	    cmocka_unit_test(no_frames_are_an_empty_result),
	    cmocka_unit_test(rules_without_a_number_it_needs_make_no_engine),
	};

	return cmocka_run_group_tests(tests, load_rules, free_rules);
}
