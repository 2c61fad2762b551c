/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dpi/dpi.h"
#include "tests/test.h"

/* What was told of the flows asked about, by slot. */
struct log {
	struct dpi *dpi;
	char order[2048]; /* the words, in the order they came */
	unsigned answers, opinions, quarantined, losses;
	char reason[160];
};

static void
advise(const struct dpi_advice *advice, void *user)
{
	struct log *log = user;

	log->answers++;
	log->opinions += advice->opinion != NULL;
	log->quarantined += advice->quarantined;
	if (strlen(log->order) + WIRE_PROTOCOL_TEXT + 2 > sizeof(log->order))
		return;
	if (log->order[0])
		strcat(log->order, " ");
	strcat(log->order, advice->opinion ? advice->opinion->protocol : "-");
}

static void
lose(const struct dpi_loss *loss, void *user)
{
	struct log *log = user;

	log->losses++;
	snprintf(log->reason, sizeof(log->reason), "%s", loss->reason);
}

static void
open_log(struct log *log, const char *program, bool wait, const char *how)
{
	struct dpi_listener listener = {.advise = advise, .lose = lose, .user = log};

	memset(log, 0, sizeof(*log));
	if (how)
		setenv("PORCHLIGHT_FAKE", how, 1);
	else
		unsetenv("PORCHLIGHT_FAKE");
	log->dpi = dpi_new(program, wait);
	assert_non_null(log->dpi);
	dpi_listen(log->dpi, &listener);
}

static bool
ask(struct log *log, const char *word)
{
	struct wire_question flow = {
	    .protocol = 17,
	    .family = 4,
	    .originator_port = 50000,
	    .responder_port = 443,
	};
	struct wire_slice slice = {
	    .payload = (const uint8_t *)word, .length = (uint16_t)strlen(word)};
	int slot = dpi_begin(log->dpi);

	if (slot < 0)
		return false;
	assert_true(dpi_add(log->dpi, (unsigned)slot, &slice));
	dpi_ask(log->dpi, (unsigned)slot, &flow);
	return true;
}

static void
answers_come_in_the_order_of_asking(void **state)
{
	struct log log;

	(void)state;
	open_log(&log, FAKE_INSPECTOR, true, NULL);
	for (unsigned i = 0; i < 300; i++) {
		char word[16];

		snprintf(word, sizeof(word), "w%u", i);
		assert_true(ask(&log, word));
	}
	dpi_finish(log.dpi);
	assert_int_equal(log.answers, 300);
	assert_int_equal(log.opinions, 300);
	assert_int_equal(log.losses, 0);
	assert_memory_equal(log.order, "w0 w1 w2 w3 ", 12);
	dpi_free(log.dpi);
}

static void
a_flow_it_dies_of_twice_alone_is_quarantined_and_no_other(void **state)
{
	struct log log;

	(void)state;
	open_log(&log, FAKE_INSPECTOR, true, NULL);
	assert_true(ask(&log, "one") && ask(&log, "two") && ask(&log, "crash") &&
	            ask(&log, "four") && ask(&log, "crash") && ask(&log, "six"));
	dpi_finish(log.dpi);
	assert_string_equal(log.order, "one two - four - six");
	assert_int_equal(log.quarantined, 2);
	assert_in_range(log.losses, 4, 6);
	assert_non_null(strstr(log.reason, "ABRT"));
	dpi_free(log.dpi);
}

static void
a_kill_from_outside_never_quarantines(void **state)
{
	char mark[] = "/tmp/porchlight-mark-XXXXXX";
	struct log log;

	(void)state;
	close(mkstemp(mark));
	unlink(mark);
	setenv("PORCHLIGHT_FAKE_MARK", mark, 1);
	open_log(&log, FAKE_INSPECTOR, true, NULL);
	assert_true(ask(&log, "one") && ask(&log, "killed") && ask(&log, "three"));
	dpi_finish(log.dpi);
	unlink(mark);
	unsetenv("PORCHLIGHT_FAKE_MARK");
	assert_string_equal(log.order, "one killed three");
	assert_int_equal(log.losses, 1);
	assert_int_equal(log.quarantined, 0);
	assert_non_null(strstr(log.reason, "from outside"));
	dpi_free(log.dpi);
}

static void
a_flow_it_hangs_on_is_quarantined_after_the_watchdog_bit_twice(void **state)
{
	struct log log;

	(void)state;
	open_log(&log, FAKE_INSPECTOR, true, NULL);
	assert_true(ask(&log, "hang") && ask(&log, "two"));
	dpi_finish(log.dpi);
	assert_string_equal(log.order, "- two");
	assert_int_equal(log.quarantined, 1);
	assert_non_null(strstr(log.reason, "watchdog"));
	dpi_free(log.dpi);
}

/* Whatever it says that it was not asked ends it, and in the end nobody asks it any more. */
static void
a_process_that_misbehaves_is_given_up_and_every_flow_is_answered(void **state)
{
	static const char *const ways[] = {
	    "garbage", "strangers", "too-much", "greets-twice", "exit"};

	(void)state;
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		unsigned asked = 0;
		struct log log;

		open_log(&log, FAKE_INSPECTOR, true, ways[i]);
		for (unsigned n = 0; n < 200; n++)
			asked += ask(&log, "word");
		dpi_finish(log.dpi);
		assert_int_equal(log.answers, asked);
		assert_true(log.losses > 0);
		if (strcmp(ways[i], "too-much") != 0) {
			assert_int_equal(log.opinions, 0);
			assert_int_equal(dpi_state(log.dpi), DPI_STOPPED);
			assert_false(ask(&log, "word"));
		}
		dpi_free(log.dpi);
	}
}

static void
a_process_that_says_nothing_is_given_up(void **state)
{
	struct log log;

	(void)state;
	open_log(&log, FAKE_INSPECTOR, true, "silence");
	assert_true(ask(&log, "one") && ask(&log, "two"));
	dpi_finish(log.dpi);
	assert_string_equal(log.order, "- -");
	assert_int_equal(log.quarantined, 0);
	assert_int_equal(dpi_state(log.dpi), DPI_STOPPED);
	dpi_free(log.dpi);
}

/* A live network goes on: nothing is waited for, and two seconds of its time are enough. */
static void
without_waiting_a_full_house_turns_flows_away_and_the_watchdog_frees_it(void **state)
{
	unsigned asked = 0;
	struct log log;

	(void)state;
	open_log(&log, FAKE_INSPECTOR, false, NULL);
	assert_true(ask(&log, "hang"));
	for (unsigned i = 0; i < 100; i++)
		asked += ask(&log, "word");
	assert_true(asked < WIRE_SLOTS);
	for (int64_t now = 1; log.quarantined == 0 && now < INT64_C(600000000); now += 100000) {
		dpi_tick(log.dpi, now);
		usleep(1000);
	}
	assert_int_equal(log.quarantined, 1);
	for (unsigned i = 0; log.answers < asked + 1 && i < 5000; i++) {
		dpi_poll(log.dpi);
		usleep(1000);
	}
	assert_int_equal(log.opinions, asked);
	dpi_free(log.dpi);
}

static void
a_program_that_is_not_there_is_none(void **state)
{
	struct log log;

	(void)state;
	open_log(&log, "/nonexistent/porchlight-dpi", true, NULL);
	assert_false(ask(&log, "word"));
	dpi_finish(log.dpi);
	assert_int_equal(dpi_state(log.dpi), DPI_NONE);
	assert_null(dpi_greeting(log.dpi));
	dpi_free(log.dpi);
}

static void
a_program_that_is_no_inspector_is_none(void **state)
{
	struct log log;

	(void)state;
	open_log(&log, "/bin/true", true, NULL);
	for (unsigned i = 0; i < 10; i++)
		ask(&log, "word");
	dpi_finish(log.dpi);
	assert_int_equal(log.opinions, 0);
	assert_int_equal(dpi_state(log.dpi), DPI_NONE);
	dpi_free(log.dpi);
}

static void
another_capture_begins_anew_with_the_same_process(void **state)
{
	struct dpi_listener listener = {.advise = advise, .lose = lose};
	struct log first, second = {.answers = 0};

	(void)state;
	open_log(&first, FAKE_INSPECTOR, true, NULL);
	assert_true(ask(&first, "crash"));
	dpi_finish(first.dpi);
	assert_int_equal(first.quarantined, 1);
	listener.user = &second;
	second.dpi = first.dpi;
	dpi_listen(first.dpi, &listener);
	assert_true(ask(&second, "one"));
	dpi_finish(second.dpi);
	assert_string_equal(second.order, "one");
	dpi_free(first.dpi);
}

static void
no_more_than_half_of_the_slots_are_gathered_at_a_time(void **state)
{
	unsigned begun = 0;
	struct log log;

	(void)state;
	open_log(&log, FAKE_INSPECTOR, true, NULL);
	while (begun < WIRE_SLOTS && dpi_begin(log.dpi) >= 0)
		begun++;
	assert_int_equal(begun, WIRE_SLOTS / 2);
	dpi_drop(log.dpi, 0);
	assert_int_equal(dpi_begin(log.dpi), 0);
	dpi_free(log.dpi);
}

static void
what_is_known_against_a_version_follows_from_its_number(void **state)
{
	(void)state;
	assert_non_null(strstr(dpi_known_defects("4.2.0"), "DTLS"));
	assert_non_null(dpi_known_defects("4.4"));
	assert_null(dpi_known_defects("4.6.0"));
	assert_null(dpi_known_defects("5.0.0-1234"));
	assert_non_null(strstr(dpi_known_defects("devel"), "not known"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(answers_come_in_the_order_of_asking),
	    cmocka_unit_test(a_flow_it_dies_of_twice_alone_is_quarantined_and_no_other),
	    cmocka_unit_test(a_kill_from_outside_never_quarantines),
	    cmocka_unit_test(a_flow_it_hangs_on_is_quarantined_after_the_watchdog_bit_twice),
	    cmocka_unit_test(a_process_that_misbehaves_is_given_up_and_every_flow_is_answered),
	    cmocka_unit_test(a_process_that_says_nothing_is_given_up),
	    cmocka_unit_test(
	        without_waiting_a_full_house_turns_flows_away_and_the_watchdog_frees_it),
	    cmocka_unit_test(a_program_that_is_not_there_is_none),
	    cmocka_unit_test(a_program_that_is_no_inspector_is_none),
	    cmocka_unit_test(another_capture_begins_anew_with_the_same_process),
	    cmocka_unit_test(no_more_than_half_of_the_slots_are_gathered_at_a_time),
	    cmocka_unit_test(what_is_known_against_a_version_follows_from_its_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
