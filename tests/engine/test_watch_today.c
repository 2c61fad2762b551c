/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/engine/watched_home.h"

/* MORNING is 16:00 UTC: in this zone midnight comes half a minute later. */
#define TO_MIDNIGHT 30

static int32_t
ahead(int64_t time, void *user)
{
	(void)time;
	(void)user;
	return 8 * 3600 - TO_MIDNIGHT;
}

static struct home *
home_in_a_zone(int64_t start)
{
	struct home *h = home_new(bell, 1);
	struct porch_error error;

	watch_free(h->watch);
	h->sequence = h->notes = 0;
	h->now = h->tick = h->setup.start = start;
	h->setup.zone_offset = ahead;
	h->watch = watch_new(&h->setup, &error);
	assert_non_null(h->watch);
	return h;
}

static struct porch_document *
an_earlier_run(int64_t start, uint64_t *bytes)
{
	struct home *h = home_in_a_zone(start);
	struct porch_document *doc;

	stream(h, 10);
	pass(h, 15 * SECOND);
	watch_finish(h->watch);
	*bytes = last(h, PORCH_EVENT_STATE)->footage_today;
	assert_true(*bytes > 0);
	doc = watch_document(h->watch);
	home_free(h);
	return doc;
}

static void
today_begins_at_midnight_of_the_readers_clock(void **state)
{
	struct home *h = home_in_a_zone(MORNING);
	const int64_t midnight = MORNING + TO_MIDNIGHT * SECOND;

	(void)state;
	stream(h, 10);
	pass(h, (TO_MIDNIGHT - 10) * SECOND - 1);
	assert_true(last(h, PORCH_EVENT_STATE)->footage_today > 0);
	assert_int_equal(last(h, PORCH_EVENT_STATE)->today_since, MORNING);
	pass(h, 2 * SECOND);
	assert_int_equal(last(h, PORCH_EVENT_STATE)->footage_today, 0);
	assert_int_equal(last(h, PORCH_EVENT_STATE)->bytes_today, 0);
	assert_int_equal(last(h, PORCH_EVENT_STATE)->today_since, midnight);
	assert_int_equal(watch_midnight(h->watch), midnight);
	home_free(h);
}

static void
what_an_earlier_run_saw_today_counts_before_its_device_is_seen_again(void **state)
{
	uint64_t bytes;
	const int64_t before = MORNING + 3600 * SECOND;
	struct porch_document *doc = an_earlier_run(before, &bytes);
	struct home *h = home_in_a_zone(MORNING + 7200 * SECOND);

	(void)state;
	watch_remember(h->watch, doc);
	porch_document_free(doc);
	pass(h, 2 * SECOND);
	assert_int_equal(last(h, PORCH_EVENT_STATE)->footage_today, bytes);
	assert_true(last(h, PORCH_EVENT_STATE)->bytes_today >= bytes);
	assert_in_range(last(h, PORCH_EVENT_STATE)->today_since, before, before + SECOND);
	assert_int_equal(last(h, PORCH_EVENT_STATE)->devices, 0);
	stream(h, 10);
	pass(h, 15 * SECOND);
	assert_int_equal(last(h, PORCH_EVENT_STATE)->devices, 1);
	assert_int_equal(last(h, PORCH_EVENT_STATE)->footage_today, 2 * bytes);
	home_free(h);
}

static void
what_it_saw_is_over_when_the_day_is(void **state)
{
	uint64_t bytes;
	struct porch_document *doc = an_earlier_run(MORNING - 7200 * SECOND, &bytes);
	struct home *h = home_in_a_zone(MORNING);

	(void)state;
	watch_remember(h->watch, doc);
	porch_document_free(doc);
	pass(h, (TO_MIDNIGHT - 1) * SECOND);
	assert_int_equal(last(h, PORCH_EVENT_STATE)->footage_today, bytes);
	pass(h, 2 * SECOND);
	assert_int_equal(last(h, PORCH_EVENT_STATE)->footage_today, 0);
	assert_int_equal(last(h, PORCH_EVENT_STATE)->bytes_today, 0);
	home_free(h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(today_begins_at_midnight_of_the_readers_clock),
	    cmocka_unit_test(what_an_earlier_run_saw_today_counts_before_its_device_is_seen_again),
	    cmocka_unit_test(what_it_saw_is_over_when_the_day_is),
	};

	return cmocka_run_group_tests(tests, load_rules, free_rules);
}
