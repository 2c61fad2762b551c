/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sink/event_fixture.h"

#include <jansson.h>
#include <sys/wait.h>

static void
tell_events(struct writer *w, const void *what, const struct sink_style *style)
{
	const struct porch_event *events = what;

	(void)style;
	for (unsigned i = 0; i < EXAMPLE_EVENTS; i++)
		event_line(w, &events[i]);
}

static char *
lines(void)
{
	struct porch_document doc = example_document();
	struct porch_event events[EXAMPLE_EVENTS];

	example_events(&doc, events);
	return written_by(tell_events, events, NULL, NULL);
}

/* The nth line as JSON; the caller drops it. */
static json_t *
line(unsigned nth)
{
	char *text = lines(), *at = strtok(text, "\n");
	json_t *record;

	while (nth-- > 0)
		at = strtok(NULL, "\n");
	record = json_loads(at, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(record);
	free(text);
	return record;
}

static void
an_event_of_each_kind_reads_as_its_golden_copy(void **state)
{
	char *text = lines();

	(void)state;
	assert_golden("events.ndjson", text);
	free(text);
}

static void
every_line_says_which_run_told_it_and_its_number(void **state)
{
	static const char *const types[] = {"run", "device", "destination", "episode", "gap",
	    "notice", "state", "finding", "summary"};

	(void)state;
	for (unsigned i = 0; i < EXAMPLE_EVENTS; i++) {
		json_t *record = line(i);
		json_t *number = json_object_get(record, "event");

		assert_string_equal(json_string_value(json_object_get(record, "type")), types[i]);
		assert_string_equal(json_string_value(json_object_get(record, "boot")),
		    "00c0ffee00c0ffee");
		if (i == PORCH_EVENT_STATE)
			assert_null(number);
		else
			assert_int_equal(json_integer_value(number), i + 1);
		json_decref(record);
	}
}

static void
the_record_is_the_same_as_of_a_replay(void **state)
{
	struct porch_document doc = example_document();
	char *replay = document_by("ndjson", &doc, &(struct sink_style){0}), *events = lines();
	const char *told = strstr(events, "\"event\":4,") + strlen("\"event\":4,");
	size_t length = strcspn(told, "\n");

	(void)state;
	assert_int_equal(strncmp(told, "\"id\":\"e3300000000000001\"", 24), 0);
	((char *)told)[length] = '\0';
	assert_non_null(strstr(replay, told));
	free(events);
	free(replay);
}

static void
a_state_has_every_device_and_null_for_what_is_not(void **state)
{
	json_t *record = line(PORCH_EVENT_STATE);
	json_t *devices = json_object_get(record, "devices"), *gate = json_array_get(devices, 1);
	json_t *open = json_object_get(json_array_get(devices, 0), "open");

	(void)state;
	assert_int_equal(json_array_size(devices), 2);
	assert_true(json_is_null(json_object_get(open, "end")));
	assert_int_equal(json_integer_value(json_object_get(open, "bytes_up")), 7400000);
	assert_true(json_is_null(json_object_get(gate, "open")));
	assert_true(json_is_null(json_object_get(gate, "last")));
	json_decref(record);
}

static void
what_a_device_wrote_cannot_break_a_line(void **state)
{
	struct porch_document doc = example_document();
	struct porch_device device = doc.devices[0];
	struct porch_event event = {
	    .kind = PORCH_EVENT_DEVICE, .boot = BOOT, .sequence = 1, .device = &device};
	struct porch_event all[EXAMPLE_EVENTS];
	char *text;

	(void)state;
	device.hostname = "a\"}\n{\"type\":\"summary\"\x1b[2J\xff";
	for (unsigned i = 0; i < EXAMPLE_EVENTS; i++)
		all[i] = event;
	text = written_by(tell_events, all, NULL, NULL);
	for (char *at = strtok(text, "\n"); at; at = strtok(NULL, "\n")) {
		json_t *record = json_loads(at, JSON_REJECT_DUPLICATES, NULL);

		assert_non_null(record);
		assert_string_equal(json_string_value(json_object_get(record, "type")), "device");
		json_decref(record);
	}
	free(text);
}

static void
every_line_obeys_the_published_schema(void **state)
{
	char path[] = "/tmp/porchlight-events-XXXXXX", command[1024], *text = lines();
	int fd = mkstemp(path), status;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	free(text);
	snprintf(command, sizeof(command),
	    "LSAN_OPTIONS=detect_leaks=0 python3 " SOURCE_DIR "/tests/check_schema.py " SOURCE_DIR
	    "/docs/schema/record.schema.json %s --lines",
	    path);
	status = system(command); // NOLINT(cert-env33-c)
	unlink(path);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77 || WEXITSTATUS(status) == 127)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_event_of_each_kind_reads_as_its_golden_copy),
	    cmocka_unit_test(every_line_says_which_run_told_it_and_its_number),
	    cmocka_unit_test(the_record_is_the_same_as_of_a_replay),
	    cmocka_unit_test(a_state_has_every_device_and_null_for_what_is_not),
	    cmocka_unit_test(what_a_device_wrote_cannot_break_a_line),
	    cmocka_unit_test(every_line_obeys_the_published_schema),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
