/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/report.h"

#include "sink/difference.h"
#include "tests/sink/fixture.h"

/* What was told of differences; the last one of them. */
struct heard {
	size_t count;
	char where[256], told[256], found[256];
};

static void
hear(const struct report_difference *difference, void *user)
{
	struct heard *heard = user;

	heard->count++;
	snprintf(heard->where, sizeof(heard->where), "%s", difference->where);
	snprintf(heard->told, sizeof(heard->told), "%s", difference->told ? difference->told : "-");
	snprintf(heard->found, sizeof(heard->found), "%s",
	    difference->found ? difference->found : "-");
}

static struct report *
example_report(void)
{
	struct porch_document doc = example_document();
	struct report *report = report_of(&doc);

	assert_non_null(report);
	return report;
}

static void
a_report_is_equal_to_itself(void **state)
{
	struct report *a = example_report(), *b = example_report();
	struct heard heard = {0};

	(void)state;
	assert_int_equal(report_compare(a, b, hear, &heard), 0);
	assert_int_equal(strlen(report_hash(a)), 64);
	assert_null(report_redaction(a));
	report_free(a);
	report_free(b);
}

static void
a_difference_is_told_by_its_place(void **state)
{
	struct porch_document doc = example_document();
	struct porch_device devices[3];
	struct report *a = example_report(), *b;
	struct heard heard = {0};

	(void)state;
	assert_int_equal(doc.device_count, 3);
	memcpy(devices, doc.devices, sizeof(devices));
	devices[1].bytes_up = 345000001;
	doc.devices = devices;
	b = report_of(&doc);
	assert_int_equal(report_compare(a, b, hear, &heard), 2); /* the number and the hash */
	assert_string_equal(heard.where, "sha256");
	report_free(b);
	devices[1].bytes_up = 345000000;
	doc.device_count = 2;
	b = report_of(&doc);
	memset(&heard, 0, sizeof(heard));
	report_compare(a, b, hear, &heard);
	assert_true(heard.count >= 2);
	report_free(a);
	report_free(b);
}

static void
paths_and_libraries_may_differ(void **state)
{
	struct porch_document doc = example_document();
	struct porch_input input = doc.run.inputs[0];
	struct report *a = example_report(), *b;
	struct heard heard = {0};

	(void)state;
	input.path = "/elsewhere";
	doc.run.inputs = &input;
	doc.run.library_count = 0;
	b = report_of(&doc);
	assert_int_equal(report_compare(a, b, hear, &heard), 0);
	report_free(a);
	report_free(b);
}

static void
what_is_no_report_is_refused(void **state)
{
	static const char *const texts[] = {"", "{}", "[1]", "{\"schema\":\"porchlight.report/2\"}",
	    "{\"schema\":\"porchlight.report/1\",\"schema\":1}",
	    "{\"schema\":\"porchlight.report/1\",\"run\":{},\"devices\":[]}"};
	struct porch_error error;
	bool damaged;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_null(report_parse(texts[i], strlen(texts[i]), &damaged, &error));
		assert_true(error.text[0] != '\0');
		assert_int_equal(damaged, i >= 3);
	}
}

static void
say_difference(struct writer *w, const void *what, const struct sink_style *style)
{
	const struct report *const *pair = what;

	(void)style;
	difference_text(w, pair[0], pair[1]);
}

static void
what_changed_is_told_by_names(void **state)
{
	struct porch_document doc = example_document();
	struct porch_device devices[3];
	const struct report *pair[2] = {example_report(), NULL};
	struct sink_style style = {0};
	char *text;

	(void)state;
	memcpy(devices, doc.devices, sizeof(devices));
	devices[0].kind = PORCH_KIND_CAMERA;
	doc.devices = devices;
	doc.destination_count--;
	pair[1] = report_of(&doc);
	text = written_by(say_difference, pair, &style, NULL);
	assert_non_null(strstr(text, "  * Front door\n      kind: doorbell -> camera\n"));
	assert_non_null(strstr(text, "\n  - "));
	free(text);
	report_free((struct report *)(uintptr_t)pair[0]);
	report_free((struct report *)(uintptr_t)pair[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_report_is_equal_to_itself),
	    cmocka_unit_test(a_difference_is_told_by_its_place),
	    cmocka_unit_test(paths_and_libraries_may_differ),
	    cmocka_unit_test(what_is_no_report_is_refused),
	    cmocka_unit_test(what_changed_is_told_by_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
