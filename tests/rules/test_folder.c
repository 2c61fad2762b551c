/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rules/rules.h"
#include "tests/test.h"

#define VENDOR                                                                                     \
	"{\"format\":\"porchlight-rules/1\",\"vendor\":\"examplecam\",\"name\":\"ExampleCam\"}"

static char folder[64];

static char *
below(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static void
put(const char *name, const char *text)
{
	FILE *file = fopen(below(name), "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static int
setup(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/porchlight-rules-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	mkdir(below("vendors"), 0700);
	put("vendors/examplecam.json", VENDOR);
	return 0;
}

static int
teardown(void **state)
{
	static const char *const names[] = {"vendors/link.json", "vendors/notes.doc", "vendors/a/b",
	    "vendors/a", "vendors/.hidden", "README.md", "NOTICE", "vendors/examplecam.json",
	    "vendors", ""};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (unlink(below(names[i])) != 0)
			rmdir(below(names[i]));
	return 0;
}

static void
refused(const char *reason)
{
	const char *folders[] = {folder};
	struct porch_error error;
	struct porch_rules *rules = porch_rules_load(folders, 1, &error);

	if (rules || !strstr(error.text, reason))
		fail_msg("expected \"%s\", got \"%s\"", reason, rules ? "no error" : error.text);
	assert_int_equal(strncmp(error.file, folder, strlen(folder)), 0);
}

static void
a_folder_of_rules_loads_and_what_is_no_rule_is_passed_over(void **state)
{
	const char *folders[] = {folder};
	struct porch_error error;
	struct porch_rules *rules;

	(void)state;
	put("README.md", "words");
	put("NOTICE", "words");
	put("vendors/.hidden", "words");
	rules = porch_rules_load(folders, 1, &error);
	assert_non_null(rules);
	assert_int_equal(porch_rules_files(rules), 1);
	assert_non_null(rules_vendor(rules, "examplecam"));
	porch_rules_free(rules);
}

static void
a_symbolic_link_is_refused_wherever_it_leads(void **state)
{
	(void)state;
	assert_int_equal(symlink("/etc/hostname", below("vendors/link.json")), 0);
	refused("a symbolic link");
	unlink(below("vendors/link.json"));
	assert_int_equal(symlink("examplecam.json", below("vendors/link.json")), 0);
	refused("a symbolic link");
}

static void
a_pipe_and_a_file_of_another_kind_are_refused(void **state)
{
	(void)state;
	assert_int_equal(mkfifo(below("vendors/link.json"), 0600), 0);
	refused("neither a file nor a folder");
	unlink(below("vendors/link.json"));
	put("vendors/notes.doc", "words");
	refused("ends in neither .json nor .txt");
}

static void
folders_may_not_lie_deep_and_must_be_there(void **state)
{
	const char *gone[] = {"/nonexistent/rules"};
	struct porch_error error;

	(void)state;
	mkdir(below("vendors/a"), 0700);
	mkdir(below("vendors/a/b"), 0700);
	refused("too deep");
	assert_null(porch_rules_load(gone, 1, &error));
	assert_string_equal(error.file, gone[0]);
	assert_non_null(strstr(error.text, "No such file"));
}

static void
the_same_files_have_the_same_hash_wherever_they_lie(void **state)
{
	const char *here[] = {folder};
	char other[64] = "/tmp/porchlight-rules-XXXXXX", here_was[64];
	struct porch_error error;
	struct porch_rules *a = porch_rules_load(here, 1, &error), *b;

	strcpy(here_was, folder);
	assert_int_equal(setup(state), 0);
	strcpy(other, folder);
	here[0] = other;
	b = porch_rules_load(here, 1, &error);
	assert_non_null(a);
	assert_non_null(b);
	assert_string_equal(porch_rules_sha256(a), porch_rules_sha256(b));
	porch_rules_free(a);
	porch_rules_free(b);
	teardown(state);
	strcpy(folder, here_was);
}

static void
sums_of_each_file_are_made_for_whoever_wants_them(void **state)
{
	const char *here[] = {folder};
	struct porch_error error;
	struct porch_rules *with = porch_rules_load(here, 1, &error);
	struct porch_rules *without = rules_load(here, 1, false, &error);
	size_t count, none;

	(void)state;
	assert_non_null(with);
	assert_non_null(without);
	assert_string_equal(porch_rules_sha256(with), porch_rules_sha256(without));
	assert_int_equal(strlen(rules_file_sums(with, &count)[0].sha256), 64);
	assert_true(count > 0);
	assert_null(rules_file_sums(without, &none));
	assert_int_equal(none, 0);
	porch_rules_free(with);
	porch_rules_free(without);
}

static void
a_file_in_place_of_a_folder_is_a_list_and_never_a_rule_file(void **state)
{
	char list[256], rule[256];
	const char *folders[] = {folder, list};
	const char *wrong[] = {folder, rule};
	struct porch_error error;
	struct porch_rules *rules;
	struct receiver found;

	(void)state;
	put("README.md", "ads.example\n");
	snprintf(list, sizeof(list), "%s", below("README.md"));
	snprintf(rule, sizeof(rule), "%s", below("vendors/examplecam.json"));
	rules = porch_rules_load(folders, 2, &error);
	assert_non_null(rules);
	assert_true(rules_host(rules, "ads.example", &found));
	assert_string_equal(found.rule.id, "README.md#list");
	assert_string_equal(found.rule.source_what, "README.md");
	porch_rules_free(rules);
	assert_null(porch_rules_load(wrong, 2, &error));
	assert_string_equal(error.file, rule);
	assert_non_null(strstr(error.text, "lies in a folder"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
	        a_folder_of_rules_loads_and_what_is_no_rule_is_passed_over, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_symbolic_link_is_refused_wherever_it_leads, setup,
	        teardown),
	    cmocka_unit_test_setup_teardown(a_pipe_and_a_file_of_another_kind_are_refused, setup,
	        teardown),
	    cmocka_unit_test_setup_teardown(folders_may_not_lie_deep_and_must_be_there, setup,
	        teardown),
	    cmocka_unit_test_setup_teardown(the_same_files_have_the_same_hash_wherever_they_lie,
	        setup, teardown),
	    cmocka_unit_test_setup_teardown(sums_of_each_file_are_made_for_whoever_wants_them,
	        setup, teardown),
	    cmocka_unit_test_setup_teardown(
	        a_file_in_place_of_a_folder_is_a_list_and_never_a_rule_file, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
