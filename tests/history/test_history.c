/* SPDX-License-Identifier: Apache-2.0 */
#include "history.h"

#include "tests/history/recorder.h"
#include "tests/store/shelf.h"

#define CAPTURE SOURCE_DIR "/captures/doorbell-day.pcapng.gz"
#define DAY     (24 * HISTORY_HOUR_US)
#define MINUTE  INT64_C(60000000)

static struct porch_rules *rules;
static struct porch_options options = {.seed = 7};

struct said {
	size_t lines;
	char last[512];
};

static void
hear(const char *line, void *user)
{
	struct said *said = user;

	said->lines++;
	snprintf(said->last, sizeof(said->last), "%s", line);
}

static struct history_setup
setup_of(struct shelf *shelf, struct said *said)
{
	return (struct history_setup){
	    .path = shelf->path, .rules = rules, .options = &options, .warn = hear, .user = said};
}

static struct history *
must_open(const struct history_setup *setup)
{
	struct porch_error error;
	struct history *history = history_open(setup, &error);

	if (!history)
		fail_msg("%s: %s", error.file, error.text);
	return history;
}

/* The day of a doorbell, as a session of its own. */
static int64_t
record(struct history *history, int64_t start)
{
	struct recorder r;

	recorder_begin(&r, history, rules, &options);
	assert_true(history_begin(history, "lan", start, 1));
	assert_true(recorder_read(&r, CAPTURE, 0));
	recorder_end(&r);
	assert_false(r.failed);
	return r.now;
}

static struct porch_document *
must_report(struct history *history, const struct porch_options *asked)
{
	struct porch_error error;
	struct porch_document *doc = history_document(history, asked, &error);

	if (!doc)
		fail_msg("%s", error.text);
	return doc;
}

static void
a_folder_holds_history_db_and_an_empty_one_has_no_document(void **state)
{
	struct said said = {.lines = 0};
	struct porch_error error;
	struct shelf shelf;
	struct history_setup setup;
	struct history *history;

	(void)state;
	shelf_begin(&shelf);
	setup = setup_of(&shelf, &said);
	setup.path = shelf.folder;
	history = must_open(&setup);
	assert_int_equal(access(shelf.path, F_OK), 0);
	assert_null(history_document(history, &options, &error));
	assert_non_null(strstr(error.text, "nothing is recorded"));
	assert_int_equal(history_known_since(history), PORCH_NO_TIME);
	history_close(history);
	shelf_end(&shelf);
}

static void
names_and_what_was_known_outlast_a_session(void **state)
{
	struct porch_options plain = {.seed = 7};
	struct said said = {.lines = 0};
	struct shelf shelf;
	struct history_setup setup;
	struct history *history;
	struct porch_document *doc;
	uint64_t device, receiver;

	(void)state;
	shelf_begin(&shelf);
	setup = setup_of(&shelf, &said);
	history = must_open(&setup);
	record(history, 1000);
	doc = must_report(history, &plain);
	device = doc->destinations[0].device;
	receiver = doc->destinations[0].id;
	porch_document_free(doc);
	assert_true(history_label(history, device, "Front door"));
	history_close(history);
	history = must_open(&setup);
	assert_true(history_begin(history, "lan", 2000, 2));
	assert_true(history_knew(history, device));
	assert_true(history_knew(history, receiver));
	assert_false(history_knew(history, receiver + 1));
	assert_int_equal(history_known_since(history), 1000);
	doc = must_report(history, &plain);
	assert_string_equal(porch_document_device(doc, device)->label, "Front door");
	porch_document_free(doc);
	assert_true(history_label(history, device, ""));
	doc = must_report(history, &plain);
	assert_null(porch_document_device(doc, device)->label);
	porch_document_free(doc);
	assert_int_equal(said.lines, 0);
	history_close(history);
	shelf_end(&shelf);
}

/* As a document of that time has them. */
static void
doorbells_are_counted_since_a_time(void **state)
{
	struct porch_options plain = {.seed = 7};
	struct said said = {.lines = 0};
	struct shelf shelf;
	struct history_setup setup;
	struct history *history;
	struct porch_document *doc;
	int64_t now;

	(void)state;
	shelf_begin(&shelf);
	setup = setup_of(&shelf, &said);
	history = must_open(&setup);
	assert_int_equal(history_doorbells(history, 0), 0);
	now = record(history, 0);
	doc = must_report(history, &plain);
	assert_true(doc->summary.doorbells > 0);
	assert_int_equal(history_doorbells(history, 0), doc->summary.doorbells);
	assert_int_equal(history_doorbells(history, now + DAY), 0);
	porch_document_free(doc);
	history_close(history);
	shelf_end(&shelf);
}

static void
beyond_its_budget_the_oldest_day_goes(void **state)
{
	struct porch_options plain = {.seed = 7};
	struct said said = {.lines = 0};
	struct porch_error error;
	struct shelf shelf;
	struct history_setup setup;
	struct history *history;
	int64_t now;

	(void)state;
	shelf_begin(&shelf);
	setup = setup_of(&shelf, &said);
	setup.days = 100000;
	setup.budget = 1000; /* less than the emptiest */
	history = must_open(&setup);
	now = record(history, 0);
	history_tick(history, now + 2 * DAY);
	assert_null(history_document(history, &plain, &error));
	history_close(history);
	shelf_end(&shelf);
}

static void
a_clock_that_leaps_years_removes_nothing_for_a_day(void **state)
{
	struct porch_options plain = {.seed = 7};
	struct said said = {.lines = 0};
	struct shelf shelf;
	struct history_setup setup;
	struct history *history;
	int64_t now, then;

	(void)state;
	shelf_begin(&shelf);
	setup = setup_of(&shelf, &said);
	history = must_open(&setup);
	now = record(history, 0);
	history_close(history);
	then = now + 56 * 365 * DAY;
	history = must_open(&setup);
	assert_true(history_begin(history, "lan", then, 2));
	history_tick(history, then + HISTORY_HOUR_US);
	porch_document_free(must_report(history, &plain));
	history_close(history);
	shelf_end(&shelf);
}

static void
a_history_in_memory_goes_on_from_its_copy(void **state)
{
	struct porch_options plain = {.seed = 7};
	struct said said = {.lines = 0};
	struct shelf shelf;
	struct history_setup setup;
	struct history *history;
	struct porch_document *doc;
	char copy[128];
	int64_t now;

	(void)state;
	shelf_begin(&shelf);
	snprintf(copy, sizeof(copy), "%s/kept.db", shelf.folder);
	setup = setup_of(&shelf, &said);
	setup.copy = copy;
	setup.copy_minutes = 30;
	history = must_open(&setup);
	now = record(history, 0);
	history_tick(history, now);
	history_close(history);
	unlink(shelf.path); /* the power was off */
	history = must_open(&setup);
	doc = must_report(history, &plain);
	assert_true(doc->episode_count > 0);
	porch_document_free(doc);
	history_close(history);
	shelf_end(&shelf);
}

/* The copy alone, as after a loss of power: how many devices it tells of. */
static size_t
devices_in_copy(const struct history_setup *original)
{
	struct porch_options plain = {.seed = 7};
	struct history_setup setup = *original;
	struct porch_error error;
	struct porch_document *doc;
	struct history *history;
	size_t count;

	setup.path = original->copy;
	setup.copy = NULL;
	setup.read_only = true;
	history = must_open(&setup);
	doc = history_document(history, &plain, &error);
	count = doc ? doc->device_count : 0;
	porch_document_free(doc);
	history_close(history);
	return count;
}

/* By a program of its own while a watch goes on, which copies within a minute, or by itself. */
static void
what_was_forgotten_does_not_linger_in_the_copy(void **state)
{
	struct said said = {.lines = 0};
	struct porch_error error;
	struct shelf shelf;
	struct history_setup setup, other;
	struct history *watch, *forget;
	char copy[128], key[144];
	uint64_t rows;
	int64_t now;

	(void)state;
	shelf_begin(&shelf);
	snprintf(copy, sizeof(copy), "%s/kept.db", shelf.folder);
	snprintf(key, sizeof(key), "%s.key", copy);
	setup = setup_of(&shelf, &said);
	setup.copy = copy;
	setup.copy_minutes = 360;
	watch = must_open(&setup);
	now = record(watch, 0);
	history_tick(watch, now);
	assert_true(devices_in_copy(&setup) > 0);
	forget = must_open(&setup);
	assert_true(history_forget(forget, 0, &rows, &error));
	assert_int_equal(devices_in_copy(&setup), 0);

	now = record(watch, now);
	history_tick(watch, now + 7 * HISTORY_HOUR_US);
	assert_true(devices_in_copy(&setup) > 0);
	history_close(forget);
	other = setup;
	other.key = key;
	other.copy = NULL;
	forget = must_open(&other);
	assert_true(history_forget(forget, 0, &rows, &error));
	assert_true(devices_in_copy(&setup) > 0);
	history_tick(watch, now + 7 * HISTORY_HOUR_US + MINUTE);
	assert_int_equal(devices_in_copy(&setup), 0);
	assert_int_equal(said.lines, 0);
	history_close(forget);
	history_close(watch);
	shelf_end(&shelf);
}

static void
a_lost_key_and_a_damaged_file_are_told_and_watching_goes_on(void **state)
{
	struct porch_options plain = {.seed = 7};
	struct said said = {.lines = 0};
	struct shelf shelf;
	struct history_setup setup;
	struct history *history;

	(void)state;
	shelf_begin(&shelf);
	setup = setup_of(&shelf, &said);
	history = must_open(&setup);
	record(history, 0);
	history_close(history);
	unlink(shelf.key);
	history = must_open(&setup);
	assert_int_equal(said.lines, 1);
	assert_non_null(strstr(said.last, "key of the history is gone"));
	record(history, 0);
	porch_document_free(must_report(history, &plain));
	history_close(history);
	shelf_end(&shelf);
}

static int
load(void **state)
{
	const char *folder = SOURCE_DIR "/rules";
	struct porch_error error;

	(void)state;
	rules = porch_rules_load(&folder, 1, &error);
	return rules ? 0 : -1;
}

static int
unload(void **state)
{
	(void)state;
	porch_rules_free(rules);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_folder_holds_history_db_and_an_empty_one_has_no_document),
	    cmocka_unit_test(names_and_what_was_known_outlast_a_session),
	    cmocka_unit_test(doorbells_are_counted_since_a_time),
	    cmocka_unit_test(beyond_its_budget_the_oldest_day_goes),
	    cmocka_unit_test(a_clock_that_leaps_years_removes_nothing_for_a_day),
	    cmocka_unit_test(a_history_in_memory_goes_on_from_its_copy),
	    cmocka_unit_test(what_was_forgotten_does_not_linger_in_the_copy),
	    cmocka_unit_test(a_lost_key_and_a_damaged_file_are_told_and_watching_goes_on),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
