/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/model.h"
#include "rules/rules.h"

#include <stdio.h>
#include <string.h>

#include "tests/test.h"

static void
what_ships_loads_and_has_its_thresholds(void **state)
{
	const char *folders[] = {SOURCE_DIR "/rules"};
	struct porch_error error;
	struct porch_rules *rules = porch_rules_load(folders, 1, &error);
	int64_t value = 0;

	(void)state;
	if (!rules)
		fail_msg("%s: %s: %s", error.file, error.where, error.text);
	assert_true(rules_number(rules, "episode.on_bps", &value, NULL));
	assert_int_equal(value, 128000);
	assert_int_equal(strlen(porch_rules_sha256(rules)), 64);
	assert_true(porch_rules_files(rules) > 0);
	porch_rules_free(rules);
}

static void
no_folder_is_an_empty_ruleset(void **state)
{
	struct porch_error error;
	struct porch_rules *rules = porch_rules_load(NULL, 0, &error);
	struct receiver found;

	(void)state;
	assert_non_null(rules);
	assert_false(rules_host(rules, "media.example.com", &found));
	porch_rules_free(rules);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_ships_loads_and_has_its_thresholds),
	    cmocka_unit_test(no_folder_is_an_empty_ruleset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
