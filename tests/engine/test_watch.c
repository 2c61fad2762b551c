/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/engine/watched_home.h"

#define TABLET "02:00:00:00:00:02" /* a MAC that says nothing of its maker */

static const char *const both[] = {BELL, PHONE};

static void
an_upload_is_told_as_it_begins_every_ten_seconds_and_as_it_ends(void **state)
{
	struct home *h = home_new(bell, 1);
	int64_t known = 0, before = 0;
	uint64_t id = 0, bytes = 0;
	size_t open = 0;

	(void)state;
	pass(h, SECOND);
	stream(h, 35);
	pass(h, 20 * SECOND);
	for (size_t i = 0; i < h->notes; i++) {
		const struct note *n = &h->note[i];

		if (n->kind != PORCH_EVENT_EPISODE)
			continue;
		assert_true(id == 0 || n->id == id);
		id = n->id;
		assert_true(n->bytes >= bytes);
		bytes = n->bytes;
		open += n->open;
		if (!known && n->footage == PORCH_FOOTAGE_YES)
			known = n->time;
		else if (n->open && known)
			assert_in_range(n->time - before, 10 * SECOND, 11 * SECOND);
		before = n->time;
	}
	assert_in_range(known - MORNING, SECOND, 3 * SECOND);
	assert_in_range(open, 4, 6);
	assert_false(last(h, PORCH_EVENT_EPISODE)->open);
	assert_in_range(last(h, PORCH_EVENT_EPISODE)->time - MORNING, 45 * SECOND, 46 * SECOND);
	home_free(h);
}

static void
what_was_told_as_ended_stays_so_when_the_watch_ends(void **state)
{
	struct home *h = home_new(bell, 1);

	(void)state;
	pass(h, SECOND);
	stream(h, 12);
	pass(h, 20 * SECOND); /* and no frame after it */
	assert_false(last(h, PORCH_EVENT_EPISODE)->open);
	watch_finish(h->watch);
	assert_false(last(h, PORCH_EVENT_EPISODE)->open);
	home_free(h);
}

static void
who_says_a_word_and_no_more_is_told_when_it_is_known_to_whom(void **state)
{
	struct home *h = home_new(both, 2);

	(void)state;
	pass(h, SECOND);
	see(h, BELL, "192.168.1.20", 100);
	pass(h, 12 * SECOND);
	assert_int_equal(count(h, PORCH_EVENT_DEVICE), 0);
	see(h, PHONE, "192.168.1.30", 100); /* time goes on by packets */
	pass(h, 6 * SECOND);
	assert_int_equal(count(h, PORCH_EVENT_DEVICE), 1);
	watch_finish(h->watch);
	assert_int_equal(count(h, PORCH_EVENT_DEVICE), 2);
	home_free(h);
}

static void
whom_there_was_no_time_to_look_at_is_told_at_the_end(void **state)
{
	struct home *h = home_new(NULL, 0);
	char mac[18], address[16];
	struct porch_error error;

	(void)state;
	h->options.all_devices = true;
	assert_true(watch_reload(h->watch, rules, &h->options, &error));
	pass(h, SECOND);
	for (unsigned i = 0; i < 40; i++) {
		snprintf(mac, sizeof(mac), "00:00:5e:00:54:%02x", i);
		snprintf(address, sizeof(address), "192.168.1.%u", 100 + i);
		see(h, mac, address, 100);
	}
	pass(h, SECOND);
	assert_int_equal(count(h, PORCH_EVENT_DEVICE), 0);
	watch_finish(h->watch);
	assert_int_equal(count(h, PORCH_EVENT_DEVICE), 40);
	home_free(h);
}

static int64_t
first_time(const struct home *h, enum porch_activity activity)
{
	for (size_t i = 0; i < h->notes; i++)
		if (h->note[i].kind == PORCH_EVENT_STATE && h->note[i].activity == activity)
			return h->note[i].time - MORNING;
	return -1;
}

static void
the_state_says_sending_then_maybe_ended_then_nothing(void **state)
{
	struct home *h = home_new(bell, 1);
	const struct note *n;

	(void)state;
	pass(h, 2 * SECOND);
	assert_int_equal(last(h, PORCH_EVENT_STATE)->activity, PORCH_ACTIVITY_QUIET);
	stream(h, 10);
	n = last(h, PORCH_EVENT_STATE);
	assert_int_equal(n->activity, PORCH_ACTIVITY_SENDING);
	assert_non_null(strstr(n->text, "is sending what looks like"));
	pass(h, 20 * SECOND);
	assert_in_range(first_time(h, PORCH_ACTIVITY_SENDING), 2 * SECOND, 4 * SECOND);
	assert_in_range(first_time(h, PORCH_ACTIVITY_ENDED_MAYBE), 14750000, 15500000);
	n = last(h, PORCH_EVENT_STATE);
	assert_int_equal(n->activity, PORCH_ACTIVITY_QUIET);
	assert_int_equal(n->footage_today, last(h, PORCH_EVENT_EPISODE)->bytes);
	assert_in_range(count(h, PORCH_EVENT_STATE), 30, 40);
	home_free(h);
}

static void
without_an_interface_that_is_up_nothing_can_be_seen(void **state)
{
	struct home *h = home_new(bell, 1);

	(void)state;
	watch_interface(h->watch, "br-lan", false);
	pass(h, SECOND);
	assert_int_equal(last(h, PORCH_EVENT_STATE)->activity, PORCH_ACTIVITY_BLIND);
	watch_interface(h->watch, "br-lan", true);
	pass(h, SECOND / 4);
	assert_int_equal(last(h, PORCH_EVENT_STATE)->activity, PORCH_ACTIVITY_QUIET);
	home_free(h);
}

/* A few uploads of each; with what is stored leaving memory after each, or not. */
static struct porch_document *
busy_morning(struct home *h, bool stored)
{
	for (unsigned i = 0; i < 4; i++) {
		stream(h, 12);
		pass(h, 15 * SECOND);
		stream_of(h, PHONE, "192.168.1.30", 11);
		pass(h, 15 * SECOND);
		if (stored)
			watch_stored(h->watch);
	}
	watch_finish(h->watch);
	return watch_document(h->watch);
}

static void
what_is_stored_leaves_memory_and_stays_in_every_sum(void **state)
{
	struct home *kept = home_new(both, 2), *let_go = home_new(both, 2);
	struct porch_document *a = busy_morning(kept, false), *b = busy_morning(let_go, true);

	(void)state;
	assert_int_equal(a->episode_count, 8);
	assert_true(b->episode_count < 2);
	assert_int_equal(b->device_count, a->device_count);
	for (size_t i = 0; i < a->device_count; i++) {
		assert_int_equal(b->devices[i].bytes_up, a->devices[i].bytes_up);
		assert_memory_equal(b->devices[i].ledger, a->devices[i].ledger,
		    sizeof(a->devices[i].ledger));
		assert_int_equal(b->devices[i].kind, a->devices[i].kind);
	}
	for (size_t i = 0; i < a->destination_count; i++) {
		assert_int_equal(b->destinations[i].episodes, a->destinations[i].episodes);
		assert_int_equal(b->destinations[i].footage_bytes_up,
		    a->destinations[i].footage_bytes_up);
	}
	assert_true(a->summary.footage_episodes > 0);
	assert_int_equal(b->summary.footage_episodes, a->summary.footage_episodes);
	assert_int_equal(b->summary.footage_bytes_up, a->summary.footage_bytes_up);
	assert_int_equal(b->summary.footage_us, a->summary.footage_us);
	assert_string_equal(b->summary.verdict, a->summary.verdict);
	assert_int_equal(count(let_go, PORCH_EVENT_FINDING), 0);
	assert_true(count(kept, PORCH_EVENT_FINDING) > 0);
	porch_document_free(a);
	porch_document_free(b);
	home_free(kept);
	home_free(let_go);
}

static void
a_device_that_turns_watched_tells_what_it_did_before(void **state)
{
	static const char *const named[] = {BELL, TABLET};
	struct home *h = home_new(bell, 1);
	struct porch_options options;
	struct porch_error error;

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		/* too little for footage: only a name makes it worth telling */
		for (unsigned k = 0; k < 20; k++) {
			see(h, TABLET, "192.168.1.30", 170);
			pass(h, 5000);
		}
		pass(h, 15 * SECOND);
	}
	assert_int_equal(count(h, PORCH_EVENT_EPISODE), 0);
	options = h->options;
	options.devices = named;
	options.device_count = 2;
	assert_true(watch_reload(h->watch, rules, &options, &error));
	pass(h, SECOND);
	see(h, TABLET, "192.168.1.30", 100);
	pass(h, SECOND);
	assert_int_equal(count(h, PORCH_EVENT_EPISODE), 3);
	home_free(h);
}

static void
a_reload_that_fails_changes_nothing_and_says_why(void **state)
{
	struct home *h = home_new(bell, 1);
	const char *home = "not/a/prefix";
	struct porch_options options = h->options;
	struct porch_error error;

	(void)state;
	options.home = &home;
	options.home_count = 1;
	options.device_count = 0;
	assert_false(watch_reload(h->watch, rules, &options, &error));
	assert_string_equal(error.where, "--home");
	stream(h, 12);
	pass(h, 15 * SECOND);
	assert_true(count(h, PORCH_EVENT_EPISODE) > 0); /* the bell is still named */
	home_free(h);
}

static void
a_reload_in_the_middle_of_an_upload_loses_none_of_it(void **state)
{
	struct home *plain = home_new(bell, 1), *reloaded = home_new(bell, 1);
	const char *folder = SOURCE_DIR "/tests/judge/rules";
	struct porch_error error;
	struct porch_rules *again = porch_rules_load(&folder, 1, &error);

	(void)state;
	assert_non_null(again);
	stream(plain, 20);
	stream(reloaded, 8);
	assert_true(watch_reload(reloaded->watch, again, &reloaded->options, &error));
	stream(reloaded, 8);
	assert_true(watch_reload(reloaded->watch, rules, &reloaded->options, &error));
	porch_rules_free(again); /* nothing points into it */
	stream(reloaded, 4);
	pass(plain, 15 * SECOND);
	pass(reloaded, 15 * SECOND);
	assert_int_equal(last(reloaded, PORCH_EVENT_EPISODE)->bytes,
	    last(plain, PORCH_EVENT_EPISODE)->bytes);
	assert_int_equal(last(reloaded, PORCH_EVENT_EPISODE)->footage, PORCH_FOOTAGE_YES);
	home_free(plain);
	home_free(reloaded);
}

static void
names_and_marks_are_told_again(void **state)
{
	struct home *h = home_new(bell, 1);
	uint64_t device, episode;

	(void)state;
	stream(h, 12);
	pass(h, 15 * SECOND);
	device = last(h, PORCH_EVENT_DEVICE)->id;
	episode = last(h, PORCH_EVENT_EPISODE)->id;
	assert_false(watch_label(h->watch, 1, "nobody"));
	assert_false(watch_mark(h->watch, 1, "wrong"));
	assert_true(watch_label(h->watch, device, "Front door"));
	assert_true(watch_mark(h->watch, episode, "expected"));
	pass(h, SECOND);
	assert_string_equal(last(h, PORCH_EVENT_DEVICE)->text, "Front door");
	assert_string_equal(last(h, PORCH_EVENT_EPISODE)->text, "expected");
	assert_true(watch_label(h->watch, device, "Back door"));
	pass(h, SECOND);
	assert_string_equal(last(h, PORCH_EVENT_DEVICE)->text, "Back door");
	assert_true(watch_label(h->watch, device, ""));
	assert_true(watch_mark(h->watch, episode, "none"));
	pass(h, SECOND);
	assert_string_equal(last(h, PORCH_EVENT_DEVICE)->text, "");
	assert_string_equal(last(h, PORCH_EVENT_EPISODE)->text, "");
	home_free(h);
}

static bool
known(uint64_t id, void *user)
{
	(void)user;
	return id == 0;
}

static void
what_memory_does_not_know_is_new_and_told_once(void **state)
{
	struct home *h = home_new(bell, 1);
	struct porch_error error;
	size_t devices = 0, receivers = 0;

	(void)state;
	watch_free(h->watch);
	h->notes = 0;
	h->sequence = 0;
	h->setup.known = known;
	h->setup.known_since = MORNING - 86400 * SECOND;
	h->watch = watch_new(&h->setup, &error);
	assert_non_null(h->watch);
	stream(h, 12);
	pass(h, 15 * SECOND);
	stream(h, 12);
	pass(h, 15 * SECOND);
	for (size_t i = 0; i < h->notes; i++) {
		devices += strcmp(h->note[i].text, "new-device") == 0;
		receivers += strcmp(h->note[i].text, "new-receiver") == 0;
	}
	assert_int_equal(devices, 1);
	assert_int_equal(receivers, 1);
	home_free(h);
}

static void
gaps_and_losses_are_on_record(void **state)
{
	struct home *h = home_new(bell, 1);
	char reason[] = "br-lan was down";
	struct porch_document *doc;

	(void)state;
	stream(h, 2);
	watch_gap(h->watch, h->now, h->now + 5 * SECOND, reason);
	memset(reason, 'x', sizeof(reason) - 1);
	watch_dropped(h->watch, 7);
	pass(h, SECOND);
	assert_string_equal(last(h, PORCH_EVENT_GAP)->text, "br-lan was down");
	watch_finish(h->watch);
	doc = watch_document(h->watch);
	assert_int_equal(doc->gap_count, 1);
	assert_int_equal(doc->run.counters.dropped, 7);
	assert_int_equal(doc->run.counters.received,
	    doc->run.counters.processed + doc->run.counters.dropped);
	porch_document_free(doc);
	home_free(h);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_upload_is_told_as_it_begins_every_ten_seconds_and_as_it_ends),
	    cmocka_unit_test(what_was_told_as_ended_stays_so_when_the_watch_ends),
	    cmocka_unit_test(who_says_a_word_and_no_more_is_told_when_it_is_known_to_whom),
	    cmocka_unit_test(whom_there_was_no_time_to_look_at_is_told_at_the_end),
	    cmocka_unit_test(the_state_says_sending_then_maybe_ended_then_nothing),
	    cmocka_unit_test(without_an_interface_that_is_up_nothing_can_be_seen),
	    cmocka_unit_test(what_is_stored_leaves_memory_and_stays_in_every_sum),
	    cmocka_unit_test(a_device_that_turns_watched_tells_what_it_did_before),
	    cmocka_unit_test(a_reload_that_fails_changes_nothing_and_says_why),
	    cmocka_unit_test(a_reload_in_the_middle_of_an_upload_loses_none_of_it),
	    cmocka_unit_test(names_and_marks_are_told_again),
	    cmocka_unit_test(what_memory_does_not_know_is_new_and_told_once),
	    cmocka_unit_test(gaps_and_losses_are_on_record),
	};

	return cmocka_run_group_tests(tests, load_rules, free_rules);
}
