/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/tests.h"

#include "tests/rules/folder.h"

#define TESTS(rest)  HEAD "\"vendor\":\"examplecam\",\"name\":\"ExampleCam\",\"test\":[{" rest "}]}"
#define EXPECT(rest) TESTS("\"id\":\"t\",\"capture\":\"x.pcap\",\"expect\":{" rest "}")

static struct porch_rules *
load(const char *text, struct porch_error *error)
{
	const struct text_file file = {"vendors/examplecam.json", text, 0};

	return rules_of(&file, 1, error);
}

static void
a_test_names_a_capture_beside_its_file_and_what_is_expected_of_it(void **state)
{
	struct porch_error error;
	struct porch_rules *rules = load(
	    EXPECT("\"device\":\"00:00:5e:00:53:01\",\"vendor\":\"examplecam\",\"kind\":\"camera\","
	           "\"footage\":\"yes\",\"destination\":[{\"to\":\"a.example\",\"party\":\"maker\","
	           "\"footage\":\"no\"}]"),
	    &error);
	const struct rule_test *test;

	(void)state;
	assert_non_null(rules);
	test = rules_test(rules, 0);
	assert_non_null(test);
	assert_string_equal(test->rule.id, "vendors/examplecam.json#t");
	assert_string_equal(test->capture, "vendors/x.pcap");
	assert_string_equal(test->kind, "camera");
	assert_string_equal(test->footage, "yes");
	assert_null(test->product);
	assert_int_equal(test->receivers, 1);
	assert_string_equal(test->receiver->party, "maker");
	assert_string_equal(test->receiver->footage, "no");
	assert_null(rules_test(rules, 1));
	porch_rules_free(rules);
}

static void
a_test_that_is_not_well_formed_is_refused_with_its_place(void **state)
{
	static const struct {
		const char *text, *where, *reason;
	} broken[] = {
	    {TESTS("\"id\":\"t\",\"capture\":\"../x.pcap\",\"expect\":{}"), "test[0]",
	        "no capture file beside"},
	    {TESTS("\"id\":\"t\",\"capture\":\"a/x.pcap\",\"expect\":{}"), "test[0]",
	        "no capture file beside"},
	    {TESTS("\"id\":\"t\",\"capture\":\"x.json\",\"expect\":{}"), "test[0]",
	        "no capture file beside"},
	    {TESTS("\"id\":\"t\",\"expect\":{}"), "test[0]", "capture is missing"},
	    {TESTS("\"id\":\"t\",\"capture\":\"x.pcap\""), "test[0].expect", "expect is missing"},
	    {EXPECT("\"vendor\":\"examplecam\""), "test[0].expect", "device is missing"},
	    {EXPECT("\"device\":\"bell\",\"kind\":\"camera\""), "test[0].expect",
	        "neither a MAC nor an address"},
	    {EXPECT("\"device\":\"192.0.2.1\""), "test[0].expect", "nothing is expected"},
	    {EXPECT("\"device\":\"192.0.2.1\",\"kind\":\"toaster\""), "test[0].expect",
	        "unknown word"},
	    {EXPECT("\"device\":\"192.0.2.1\",\"footage\":\"maybe\""), "test[0].expect",
	        "unknown word"},
	    {EXPECT("\"device\":\"192.0.2.1\",\"destination\":[{\"party\":\"maker\"}]"),
	        "test[0].expect.destination[0]", "to is missing"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(broken) / sizeof(*broken); i++) {
		struct porch_error error;
		struct porch_rules *rules = load(broken[i].text, &error);

		if (rules || !strstr(error.text, broken[i].reason))
			fail_msg("%zu: expected \"%s\", got \"%s\"", i, broken[i].reason,
			    rules ? "no error" : error.text);
		assert_string_equal(error.where, broken[i].where);
		assert_string_equal(error.file, "vendors/examplecam.json");
	}
}

static void
a_capture_is_told_by_its_name(void **state)
{
	(void)state;
	assert_true(rules_is_capture("x.pcap"));
	assert_true(rules_is_capture("x.pcapng.gz"));
	assert_true(rules_is_capture("x.pcap.zst"));
	assert_false(rules_is_capture(".pcap"));
	assert_false(rules_is_capture("x.json"));
	assert_false(rules_is_capture("pcap"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_test_names_a_capture_beside_its_file_and_what_is_expected_of_it),
	    cmocka_unit_test(a_test_that_is_not_well_formed_is_refused_with_its_place),
	    cmocka_unit_test(a_capture_is_told_by_its_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
