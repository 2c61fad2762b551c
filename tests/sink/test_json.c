/* SPDX-License-Identifier: Apache-2.0 */
#include <jansson.h>
#include <sys/wait.h>

#include "tests/sink/fixture.h"

static void
the_document_reads_as_its_golden_copy(void **state)
{
	struct porch_document doc = example_document();
	struct sink_style style = {0};
	char *text = document_by("json", &doc, &style);

	(void)state;
	assert_golden("report.json", text);
	free(text);
}

static void
the_document_is_one_json_object_with_the_members_in_order(void **state)
{
	static const char *const members[] = {"schema", "run", "devices", "destinations",
	    "episodes", "findings", "gaps", "summary", "sha256"};
	struct porch_document doc = example_document();
	struct sink_style style = {0};
	char *text = document_by("json", &doc, &style);
	json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	const char *key;
	json_t *value;
	size_t i = 0;

	(void)state;
	assert_non_null(root);
	json_object_foreach(root, key, value)
	{
		assert_string_equal(key, members[i++]);
	}
	assert_int_equal(i, 9);
	json_decref(root);
	free(text);
}

static void
an_empty_document_is_valid_too(void **state)
{
	struct porch_document doc = {.summary = {.first = PORCH_NO_TIME, .last = PORCH_NO_TIME}};
	struct sink_style style = {0};
	char *text = document_by("json", &doc, &style);
	json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);

	(void)state;
	assert_non_null(root);
	assert_true(json_is_null(json_object_get(json_object_get(root, "summary"), "first")));
	assert_int_equal(json_array_size(json_object_get(root, "devices")), 0);
	json_decref(root);
	free(text);
}

static json_t *
episode_of(json_t *root, size_t i)
{
	return json_array_get(json_object_get(root, "episodes"), i);
}

static void
unknown_is_null_and_never_a_guess(void **state)
{
	struct porch_document doc = example_document();
	struct sink_style style = {0};
	char *text = document_by("json", &doc, &style);
	json_t *root = json_loads(text, 0, NULL);
	json_t *burst = episode_of(root, 1);

	(void)state;
	assert_true(json_is_null(json_object_get(burst, "live_view")));
	assert_true(json_is_null(json_object_get(burst, "likelihood")));
	assert_true(json_is_null(json_object_get(burst, "sequence")));
	assert_true(json_is_true(json_object_get(episode_of(root, 0), "live_view")));
	assert_true(json_is_false(json_object_get(episode_of(root, 2), "live_view")));
	json_decref(root);
	free(text);
}

static void
durations_have_six_decimals_and_chances_three(void **state)
{
	struct porch_document doc = example_document();
	struct sink_style style = {0};
	char *text = document_by("json", &doc, &style);

	(void)state;
	assert_non_null(strstr(text, "\"duration_s\":540.000001,"));
	assert_non_null(strstr(text, "\"probability\":0.930,"));
	assert_non_null(strstr(text, "\"likelihood\":{\"word\":\"likely\",\"range\":[66,90],"
	                             "\"calibrated\":false}"));
	free(text);
}

static void
a_ledger_names_only_what_happened_and_always_the_background(void **state)
{
	struct porch_document doc = example_document();
	struct sink_style style = {0};
	char *text = document_by("json", &doc, &style);
	json_t *root = json_loads(text, 0, NULL);
	json_t *lamp = json_array_get(json_object_get(root, "devices"), 2);

	(void)state;
	assert_int_equal(json_object_size(json_object_get(lamp, "ledger")), 1);
	assert_non_null(json_object_get(json_object_get(lamp, "ledger"), "background"));
	json_decref(root);
	free(text);
}

/* Exit status 77: the Python module is not there. */
static int
check_schema(const char *schema, const char *text, const char *lines)
{
	char path[] = "/tmp/porchlight-schema-XXXXXX", command[1024];
	int fd = mkstemp(path), status;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	snprintf(command, sizeof(command),
	    "LSAN_OPTIONS=detect_leaks=0 python3 " SOURCE_DIR "/tests/check_schema.py " SOURCE_DIR
	    "/docs/schema/%s %s %s",
	    schema, path, lines);
	status = system(command); // NOLINT(cert-env33-c)
	unlink(path);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
skip_or_pass(int status)
{
	if (status == 77 || status == 127)
		skip();
	assert_int_equal(status, 0);
}

static void
the_document_obeys_its_published_schema(void **state)
{
	struct porch_document doc = example_document();
	struct sink_style style = {0};
	char *text = document_by("json", &doc, &style);
	int status = check_schema("report.schema.json", text, "");

	(void)state;
	free(text);
	skip_or_pass(status);
}

static void
a_live_capture_tells_what_it_cannot_have_seen(void **state)
{
	struct sink_style style = {0};
	struct porch_input input;
	struct porch_document doc = example_live(&input);
	char *text = document_by("json", &doc, &style);
	int status = check_schema("report.schema.json", text, "");

	(void)state;
	assert_non_null(strstr(text, "\"coverage\":{\"unobserved_bytes\":28800000,"
	                             "\"limits\":[\"br-lan is one port of a bridge.\"]}"));
	free(text);
	doc = example_document();
	text = document_by("json", &doc, &style);
	assert_null(strstr(text, "coverage"));
	free(text);
	skip_or_pass(status);
}

static void
the_sum_covers_what_was_measured_and_not_where_files_lay(void **state)
{
	struct porch_document doc = example_document(), other = doc;
	struct porch_input input = doc.run.inputs[0];
	struct porch_gap gap[2] = {doc.gaps[0], {.start = 1, .end = 2, .reason = "advice lost"}};
	char sum[SHA256_TEXT], again[SHA256_TEXT];

	(void)state;
	assert_true(report_sum(&doc, sum));
	assert_int_equal(strlen(sum), 64);
	input.path = "/elsewhere/week46.pcapng";
	gap[1].worker = true;
	other.run.inputs = &input;
	other.run.library_count = 0;
	other.gaps = gap;
	other.gap_count = 2;
	assert_true(report_sum(&other, again));
	assert_string_equal(again, sum);
	other.run.counters.dropped++;
	assert_true(report_sum(&other, again));
	assert_string_not_equal(again, sum);
}

static void
expect_gaps_and_sum(const struct porch_document *doc, const char *sum)
{
	struct sink_style style = {0};
	char *text = document_by("json", doc, &style);
	json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL), *gap;
	size_t i;

	assert_non_null(root);
	assert_int_equal(json_array_size(json_object_get(root, "gaps")), doc->gap_count);
	json_array_foreach(json_object_get(root, "gaps"), i, gap)
	{
		assert_string_equal(json_string_value(json_object_get(gap, "reason")),
		    doc->gaps[i].reason);
	}
	assert_string_equal(json_string_value(json_object_get(root, "sha256")), sum);
	json_decref(root);
	free(text);
}

static void
the_sum_passes_over_gaps_of_advice_wherever_they_stand(void **state)
{
	static const char *const reasons[] = {"first", "second", "third"};
	struct porch_document doc = example_document(), without = doc;

	(void)state;
	for (unsigned set = 0; set < 8; set++) {
		struct porch_gap gap[3], kept[3];
		char sum[SHA256_TEXT], again[SHA256_TEXT];

		without.gap_count = 0;
		for (unsigned i = 0; i < 3; i++) {
			gap[i] = (struct porch_gap){
			    .reason = reasons[i], .start = i, .end = i + 1, .worker = set >> i & 1};
			if (!gap[i].worker)
				kept[without.gap_count++] = gap[i];
		}
		doc.gaps = gap;
		doc.gap_count = 3;
		without.gaps = kept;
		assert_true(report_sum(&doc, sum));
		assert_true(report_sum(&without, again));
		assert_string_equal(sum, again);
		expect_gaps_and_sum(&doc, sum);
		expect_gaps_and_sum(&without, sum);
	}
}

static void
tell_all(struct writer *w, const void *what, const struct sink_style *style)
{
	sink_ndjson.flow(w, &example_flow, style);
	sink_ndjson.document(w, what, style);
}

static void
every_line_obeys_its_published_schema(void **state)
{
	struct porch_document doc = example_document();
	struct sink_style style = {.flows = true};
	char *text = written_by(tell_all, &doc, &style, NULL);
	int status = check_schema("record.schema.json", text, "--lines");

	(void)state;
	free(text);
	skip_or_pass(status);
}

static void
the_schema_refuses_a_word_it_does_not_know(void **state)
{
	int status = check_schema("record.schema.json",
	    "{\"schema\":\"porchlight/1\",\"type\":\"rumour\"}\n", "--lines");

	(void)state;
	if (status == 77 || status == 127)
		skip();
	assert_int_equal(status, 1);
}

static void
lines_come_in_the_order_of_the_manual(void **state)
{
	static const char *const order[] = {"flow", "run", "device", "device", "device",
	    "destination", "destination", "destination", "destination", "destination",
	    "destination", "destination", "episode", "episode", "episode", "episode", "finding",
	    "finding", "finding", "gap", "summary"};
	struct porch_document doc = example_document();
	struct sink_style style = {.flows = true};
	char *text = written_by(tell_all, &doc, &style, NULL);
	size_t i = 0;

	(void)state;
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		json_t *record = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
		char start[96];

		assert_non_null(record);
		json_decref(record);
		assert_true(i < sizeof(order) / sizeof(order[0]));
		snprintf(start, sizeof(start), "{\"schema\":\"porchlight/1\",\"type\":\"%s\",",
		    order[i++]);
		assert_int_equal(strncmp(line, start, strlen(start)), 0);
	}
	assert_int_equal(i, sizeof(order) / sizeof(order[0]));
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_document_reads_as_its_golden_copy),
	    cmocka_unit_test(the_document_is_one_json_object_with_the_members_in_order),
	    cmocka_unit_test(an_empty_document_is_valid_too),
	    cmocka_unit_test(unknown_is_null_and_never_a_guess),
	    cmocka_unit_test(durations_have_six_decimals_and_chances_three),
	    cmocka_unit_test(a_ledger_names_only_what_happened_and_always_the_background),
	    cmocka_unit_test(the_document_obeys_its_published_schema),
	    cmocka_unit_test(a_live_capture_tells_what_it_cannot_have_seen),
	    cmocka_unit_test(the_sum_covers_what_was_measured_and_not_where_files_lay),
	    cmocka_unit_test(the_sum_passes_over_gaps_of_advice_wherever_they_stand),
	    cmocka_unit_test(every_line_obeys_its_published_schema),
	    cmocka_unit_test(the_schema_refuses_a_word_it_does_not_know),
	    cmocka_unit_test(lines_come_in_the_order_of_the_manual),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
