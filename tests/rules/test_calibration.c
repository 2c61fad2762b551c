/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/calibration.h"

#include "tests/rules/folder.h"

static const struct text_file shipped = {"models/calibration.json",
    HEAD "\"calibration\":\"content\",\"vendors\":[\"doorvue\",\"gatecam\"],\"point\":["
         "{\"raw\":100,\"is\":20},{\"raw\":500,\"is\":400},{\"raw\":900,\"is\":951}]}",
    0};

static struct porch_rules *
load(const struct text_file *texts, size_t count)
{
	struct porch_error error;
	struct porch_rules *rules = rules_of(texts, count, &error);

	if (!rules)
		fail_msg("%s: %s: %s", error.file, error.where, error.text);
	return rules;
}

static void
a_probability_becomes_what_it_turned_out_to_be(void **state)
{
	struct porch_rules *rules = load(&shipped, 1);
	const struct calibration *c = rules_calibration(rules, "content");

	(void)state;
	assert_non_null(c);
	assert_int_equal(calibration_apply(c, 100), 20);
	assert_int_equal(calibration_apply(c, 500), 400);
	assert_int_equal(calibration_apply(c, 900), 951);
	porch_rules_free(rules);
}

static void
between_points_the_line_is_straight_and_outside_level(void **state)
{
	struct porch_rules *rules = load(&shipped, 1);
	const struct calibration *c = rules_calibration(rules, "content");

	(void)state;
	assert_int_equal(calibration_apply(c, 300), 210);
	assert_int_equal(calibration_apply(c, 0), 20);
	assert_int_equal(calibration_apply(c, 1000), 951);
	for (int16_t raw = 1; raw <= 1000; raw++)
		assert_true(calibration_apply(c, raw) >= calibration_apply(c, (int16_t)(raw - 1)));
	porch_rules_free(rules);
}

static void
it_covers_the_makers_it_names(void **state)
{
	struct porch_rules *rules = load(&shipped, 1);
	const struct calibration *c = rules_calibration(rules, "content");

	(void)state;
	assert_true(calibration_covers(c, "gatecam"));
	assert_false(calibration_covers(c, "examplecam"));
	assert_false(calibration_covers(c, NULL));
	porch_rules_free(rules);
}

static void
without_one_nothing_changes_and_nobody_is_covered(void **state)
{
	struct porch_rules *rules = load(&shipped, 1);

	(void)state;
	assert_null(rules_calibration(rules, "device"));
	assert_int_equal(calibration_apply(NULL, 777), 777);
	assert_false(calibration_covers(NULL, "doorvue"));
	porch_rules_free(rules);
}

static void
a_later_folder_replaces_it_as_a_whole(void **state)
{
	struct text_file texts[] = {
	    shipped, {"models/mine.json",
	                 HEAD "\"calibration\":\"content\",\"point\":[{\"raw\":0,\"is\":7}]}", 1}};
	struct porch_rules *rules = load(texts, 2);
	const struct calibration *c = rules_calibration(rules, "content");

	(void)state;
	assert_int_equal(calibration_apply(c, 500), 7);
	assert_false(calibration_covers(c, "doorvue"));
	porch_rules_free(rules);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_probability_becomes_what_it_turned_out_to_be),
	    cmocka_unit_test(between_points_the_line_is_straight_and_outside_level),
	    cmocka_unit_test(it_covers_the_makers_it_names),
	    cmocka_unit_test(without_one_nothing_changes_and_nobody_is_covered),
	    cmocka_unit_test(a_later_folder_replaces_it_as_a_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
