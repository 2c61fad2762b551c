/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sink/fixture.h"

static void
shows(const char *sink, const char *golden)
{
	struct porch_document doc = example_document();
	struct sink_style style = {0};
	char *text = document_by(sink, &doc, &style);

	assert_golden(golden, text);
	free(text);
}

static void
episodes_have_one_row_each(void **state)
{
	(void)state;
	shows("csv-episodes", "episodes.csv");
}

static void
destinations_have_one_row_each(void **state)
{
	(void)state;
	shows("csv-destinations", "destinations.csv");
}

static void
devices_have_one_row_each_with_every_ledger_class(void **state)
{
	(void)state;
	shows("csv-devices", "devices.csv");
}

static void
an_empty_document_still_has_a_header(void **state)
{
	struct porch_document doc = {0};
	struct sink_style style = {0};
	char *text = document_by("csv-devices", &doc, &style);

	(void)state;
	assert_int_equal(strncmp(text, "id,mac,mac_randomised,", 22), 0);
	assert_non_null(strstr(text, ",ledger_background_bytes_up,"));
	assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(episodes_have_one_row_each),
	    cmocka_unit_test(destinations_have_one_row_each),
	    cmocka_unit_test(devices_have_one_row_each_with_every_ledger_class),
	    cmocka_unit_test(an_empty_document_still_has_a_header),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
