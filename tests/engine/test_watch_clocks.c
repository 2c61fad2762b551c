/* SPDX-License-Identifier: Apache-2.0 */
#include "source/clock.h"
#include "tests/engine/watched_home.h"

/* The clocks of a machine, set by hand. */
struct hands {
	int64_t real, monotonic, asleep;
};

static int64_t
real_hand(void *user)
{
	return ((struct hands *)user)->real;
}

static int64_t
monotonic_hand(void *user)
{
	return ((struct hands *)user)->monotonic;
}

static int64_t
asleep_hand(void *user)
{
	return ((struct hands *)user)->asleep;
}

/* What the loop does with steps and suspensions. */
static void
look_at_clocks(struct home *h, struct stamp *stamp)
{
	int64_t slept = stamp_asleep(stamp), step = stamp_step(stamp);

	if (slept)
		watch_gap(h->watch, h->now, h->now, "the machine was suspended");
	if (step)
		watch_gap(h->watch, h->now, h->now, "the clock was set");
}

/* Ten seconds of the bell's stream, as the kernel stamps it, with something odd in the middle. */
static void
stream_by_clocks(struct home *h, struct hands *hands, int64_t set, int64_t slept)
{
	struct clock clock = {
	    .real = real_hand, .monotonic = monotonic_hand, .asleep = asleep_hand, .user = hands};
	struct stamp stamp = stamp_start(&clock);

	for (unsigned i = 0; i < 900; i++) {
		if (i == 450) {
			hands->real += set + slept;
			hands->asleep += slept;
		}
		hands->real += SECOND / 90;
		hands->monotonic += SECOND / 90;
		h->now = stamp_frame(&stamp, hands->real);
		see(h, BELL, "192.168.1.20", i % 6 == 5 ? 300 : 1200);
		if (i % 20 == 0) {
			look_at_clocks(h, &stamp);
			watch_tick(h->watch, h->now);
		}
	}
	look_at_clocks(h, &stamp);
	watch_tick(h->watch, h->now + 20 * SECOND);
}

static void
no_clock_that_is_set_costs_an_upload_or_makes_time_negative(void **state)
{
	static const struct {
		int64_t start, set, slept;
		const char *gap;
	} odd[] = {
	    {MORNING, 0, 0, NULL},
	    {0, 0, 0, NULL}, /* a router without a battery */
	    {0, INT64_C(56) * 31557600 * SECOND, 0, "the clock was set"}, /* and then it asks */
	    {MORNING, -3600 * SECOND, 0, "the clock was set"},
	    {MORNING, 0, 600 * SECOND, "the machine was suspended"},
	};
	uint64_t bytes = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		struct home *h = home_new(bell, 1);
		struct hands hands = {.real = odd[i].start, .monotonic = 5 * SECOND};
		struct porch_document *doc;

		stream_by_clocks(h, &hands, odd[i].set, odd[i].slept);
		watch_finish(h->watch);
		doc = watch_document(h->watch);
		assert_int_equal(doc->episode_count, 1);
		assert_in_range(porch_episode_duration(&doc->episodes[0]), 9900000, 10000000);
		bytes = bytes ? bytes : doc->episodes[0].bytes_up;
		assert_int_equal(doc->episodes[0].bytes_up, bytes);
		assert_int_equal(doc->gap_count, odd[i].gap ? 1 : 0);
		if (odd[i].gap)
			assert_string_equal(doc->gaps[0].reason, odd[i].gap);
		assert_int_equal(count(h, PORCH_EVENT_GAP), odd[i].gap ? 1 : 0);
		assert_int_equal(doc->run.counters.clock_steps, 0);
		porch_document_free(doc);
		home_free(h);
	}
}

/* Frames whose stamps step all the same are a step on record, and two uploads. */
static void
stamps_that_step_are_a_gap_and_nothing_is_lost(void **state)
{
	struct home *h = home_new(bell, 1);
	struct porch_document *doc;
	uint64_t bytes = 0;

	(void)state;
	stream(h, 10);
	h->now -= 3600 * SECOND;
	h->tick = h->now;
	stream(h, 10);
	pass(h, 15 * SECOND);
	watch_finish(h->watch);
	doc = watch_document(h->watch);
	assert_int_equal(doc->run.counters.clock_steps, 1);
	assert_int_equal(doc->gap_count, 1);
	assert_int_equal(doc->episode_count, 2);
	for (size_t i = 0; i < 2; i++)
		bytes += doc->episodes[i].bytes_up;
	assert_int_equal(bytes, 2 * 10 * (75 * 1228 + 15 * 328));
	porch_document_free(doc);
	home_free(h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(no_clock_that_is_set_costs_an_upload_or_makes_time_negative),
	    cmocka_unit_test(stamps_that_step_are_a_gap_and_nothing_is_lost),
	};

	return cmocka_run_group_tests(tests, load_rules, free_rules);
}
