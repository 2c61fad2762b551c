/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sink/fixture.h"

static void
shows(const char *name, const struct sink_style *style)
{
	struct porch_document doc = example_document();
	char *text = document_by("terminal", &doc, style);

	assert_golden(name, text);
	free(text);
}

static void
a_week_fits_eighty_columns(void **state)
{
	struct sink_style style = {.columns = 80};

	(void)state;
	shows("week-80.txt", &style);
}

static void
a_wider_terminal_widens_the_sentences_only(void **state)
{
	struct sink_style style = {.columns = 120};

	(void)state;
	shows("week-120.txt", &style);
}

static void
all_lists_every_row(void **state)
{
	struct sink_style style = {.columns = 80, .all = true};

	(void)state;
	shows("week-all.txt", &style);
}

static void
colour_is_bold_for_the_verdict_and_amber_for_footage(void **state)
{
	struct sink_style style = {.columns = 80, .colour = true, .utf8 = true};

	(void)state;
	shows("week-colour.txt", &style);
}

static void
no_line_is_wider_than_the_terminal_and_none_ends_in_a_space(void **state)
{
	struct porch_document doc = example_document();
	const struct sink_style styles[] = {{.columns = 80}, {.columns = 80, .all = true}};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		char *text = document_by("terminal", &doc, &styles[i]);

		for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
			if (utf8_columns(line) > 80 || line[strlen(line) - 1] == ' ')
				fail_msg("bad line: '%s'", line);
		}
		free(text);
	}
}

static void
quiet_prints_only_the_verdict(void **state)
{
	struct porch_document doc = example_document();
	struct sink_style style = {.quiet = true};
	char *text = document_by("terminal", &doc, &style);

	(void)state;
	assert_string_equal(text, "Very likely (90-99%): footage left this home, 2.6 GB in 12 min "
	                          "10 s over 7 days.\n");
	free(text);
}

static void
no_footage_comes_with_its_advice(void **state)
{
	struct porch_document doc = example_document();
	struct sink_style style = {.columns = 80};
	char *text;

	(void)state;
	doc.episode_count = doc.finding_count = doc.gap_count = 0;
	doc.device_count = 1;
	doc.destination_count = 0;
	doc.summary.verdict = "No sign of footage leaving in 6 h 12 min.";
	doc.summary.advice =
	    "This is limited evidence: the doorbell sent under 1 MB and may not have "
	    "been triggered. Press the button, wait a minute, and run this again.";
	doc.summary.last = doc.summary.first + INT64_C(22320000000);
	doc.summary.watched_us = UINT64_C(22320000000);
	text = document_by("terminal", &doc, &style);
	assert_golden("nothing-left.txt", text);
	free(text);
}

static void
a_loss_of_advice_is_no_hole_in_what_was_seen(void **state)
{
	struct porch_document doc = example_document();
	struct porch_gap gaps[] = {doc.gaps[0],
	    {.start = doc.summary.first, .end = doc.summary.last, .reason = "x", .worker = true}};
	struct sink_style style = {.columns = 80};
	char *without = document_by("terminal", &doc, &style), *with;

	(void)state;
	doc.gaps = gaps;
	doc.gap_count = 2;
	assert_int_equal(porch_document_holes(&doc), 1);
	with = document_by("terminal", &doc, &style);
	assert_string_equal(with, without);
	free(with);
	free(without);
}

static void
german_is_spoken_to_the_last_word_but_names(void **state)
{
	struct porch_document doc = example_document();
	struct sink_style style = {
	    .columns = 80, .utf8 = true, .all = true, .language = language_find("de")};
	static const char *const english[] = {"Uploads", "Sent", "Mostly", "Last ", "Who ", "Kind",
	    "watched", "doorbell ", "received", " of ", "gap;", "none seen", "tracker", "Content"};
	char *text;

	(void)state;
	doc.finding_count = 0; /* their sentences are not made by the judge here */
	doc.summary.verdict = NULL;
	text = document_by("terminal", &doc, &style);
	assert_non_null(strstr(text, "Wer Daten empfing"));
	assert_non_null(strstr(text, "2,28 GB"));
	for (size_t i = 0; i < sizeof(english) / sizeof(english[0]); i++) {
		const char *found = strstr(text, english[i]);

		if (found)
			fail_msg("English is left: %.40s", found);
	}
	free(text);
	style.utf8 = false;
	text = document_by("terminal", &doc, &style);
	assert_non_null(strstr(text, "Geraet"));
	free(text);
}

static void
a_capture_from_outside_gets_no_verdict(void **state)
{
	struct porch_document doc = example_document();
	struct sink_style style = {.columns = 80};
	char *text;

	(void)state;
	doc.summary.outside_view = true;
	doc.summary.verdict = NULL;
	text = document_by("terminal", &doc, &style);
	assert_int_equal(strncmp(text, "No verdict: this capture was taken outside the home.\n",
	                     53),
	    0);
	assert_null(strstr(text, "Doorbells"));
	assert_null(strstr(text, "F1"));
	free(text);
}

static void
what_passed_a_live_capture_by_is_told(void **state)
{
	struct sink_style style = {.columns = 80};
	struct porch_input input;
	struct porch_document doc = example_live(&input);
	char *text = document_by("terminal", &doc, &style);

	(void)state;
	assert_non_null(strstr(text, "  Unseen     At least 28.8 MB passed the interfaces"));
	assert_non_null(strstr(text, "  Limit      br-lan is one port of a bridge.\n"));
	free(text);
}

static void
an_empty_capture_is_told_as_such(void **state)
{
	struct porch_document doc = {
	    .summary = {
	        .verdict = "Nothing was watched.", .first = PORCH_NO_TIME, .last = PORCH_NO_TIME}};
	struct sink_style style = {0};
	char *text = document_by("terminal", &doc, &style);

	(void)state;
	assert_non_null(strstr(text, "Watched    nothing: no packets"));
	assert_non_null(strstr(text, "0 received = 0 processed"));
	free(text);
}

static void
a_classic_capture_does_not_claim_that_nothing_was_lost(void **state)
{
	struct porch_input input = {
	    .format = "pcap", .first = PORCH_NO_TIME, .last = PORCH_NO_TIME};
	struct porch_document doc = example_document();
	struct sink_style style = {0};
	char *text;

	(void)state;
	doc.run.inputs = &input;
	doc.run.counters.dropped = 0;
	text = document_by("terminal", &doc, &style);
	assert_null(strstr(text, "0 packets lost"));
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_week_fits_eighty_columns),
	    cmocka_unit_test(a_wider_terminal_widens_the_sentences_only),
	    cmocka_unit_test(all_lists_every_row),
	    cmocka_unit_test(colour_is_bold_for_the_verdict_and_amber_for_footage),
	    cmocka_unit_test(no_line_is_wider_than_the_terminal_and_none_ends_in_a_space),
	    cmocka_unit_test(quiet_prints_only_the_verdict),
	    cmocka_unit_test(no_footage_comes_with_its_advice),
	    cmocka_unit_test(a_loss_of_advice_is_no_hole_in_what_was_seen),
	    cmocka_unit_test(german_is_spoken_to_the_last_word_but_names),
	    cmocka_unit_test(a_capture_from_outside_gets_no_verdict),
	    cmocka_unit_test(what_passed_a_live_capture_by_is_told),
	    cmocka_unit_test(an_empty_capture_is_told_as_such),
	    cmocka_unit_test(a_classic_capture_does_not_claim_that_nothing_was_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
