/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/check.h"

#include <stdio.h>

#include "tests/rules/folder.h"

static char told[1024];

static void
write_down(const struct overlap *overlap, void *user)
{
	size_t len = strlen(told);

	(void)user;
	snprintf(told + len, sizeof(told) - len, "%s: %s, %s%s\n", overlap->pattern,
	    overlap->first.id, overlap->second.id, overlap->overrides ? " overrides" : "");
}

static const char *
overlaps_of(const struct text_file *files, size_t count)
{
	struct porch_error error;
	struct porch_rules *rules = rules_of(files, count, &error);

	if (!rules)
		fail_msg("%s: %s", error.where, error.text);
	told[0] = '\0';
	assert_true(rules_overlaps(rules, write_down, NULL));
	porch_rules_free(rules);
	return told;
}

#define CLOUD(rest) HEAD "\"organisation\":\"Cloudy\"," rest "}"

static void
two_facts_with_one_prefix_are_told_with_both_ids(void **state)
{
	static const struct text_file files[] = {
	    {"clouds/a.json", CLOUD("\"address\":[{\"id\":\"x\",\"prefix\":[\"192.0.2.0/24\"]}]"),
	        0},
	    {"clouds/b.json", CLOUD("\"address\":[{\"id\":\"y\",\"prefix\":[\"192.0.2.0/24\"]}]"),
	        0},
	};

	(void)state;
	assert_string_equal(overlaps_of(files, 2),
	    "192.0.2.0/24: clouds/a.json#x, clouds/b.json#y\n");
}

static void
a_longer_prefix_is_no_overlap(void **state)
{
	static const struct text_file files[] = {
	    {"clouds/a.json",
	        CLOUD("\"address\":[{\"id\":\"x\",\"prefix\":[\"192.0.2.0/24\",\"192.0.2.0/"
	              "25\"]}]"),
	        0},
	};

	(void)state;
	assert_string_equal(overlaps_of(files, 1), "");
}

static void
a_later_folder_overrides_a_host(void **state)
{
	static const struct text_file files[] = {
	    {"clouds/a.json", CLOUD("\"destination\":[{\"id\":\"x\",\"host\":[\".c.example\"]}]"),
	        0},
	    {"clouds/b.json", CLOUD("\"destination\":[{\"id\":\"y\",\"host\":[\".c.example\"]}]"),
	        1},
	};

	(void)state;
	assert_string_equal(overlaps_of(files, 2),
	    ".c.example: clouds/a.json#x, clouds/b.json#y overrides\n");
}

static void
a_fact_that_was_overridden_overlaps_with_nothing(void **state)
{
	static const struct text_file files[] = {
	    {"clouds/a.json", CLOUD("\"destination\":[{\"id\":\"x\",\"host\":[\".c.example\"]}]"),
	        0},
	    {"clouds/a.json", CLOUD("\"destination\":[{\"id\":\"x\",\"host\":[\".c.example\"]}]"),
	        1},
	};

	(void)state;
	assert_string_equal(overlaps_of(files, 2), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(two_facts_with_one_prefix_are_told_with_both_ids),
	    cmocka_unit_test(a_longer_prefix_is_no_overlap),
	    cmocka_unit_test(a_later_folder_overrides_a_host),
	    cmocka_unit_test(a_fact_that_was_overridden_overlaps_with_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
