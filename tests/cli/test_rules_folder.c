/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/rules_folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/test.h"

static char top[64];
static char found[4096];

static const char *
below_top(const char *rest)
{
	static char path[512];

	snprintf(path, sizeof(path), "%s%s", top, rest);
	return path;
}

static void
make_folder(const char *rest)
{
	assert_int_equal(mkdir(below_top(rest), 0700), 0);
}

static int
setup(void **state)
{
	(void)state;
	snprintf(top, sizeof(top), "/tmp/porchlight-test-XXXXXX");
	return mkdtemp(top) ? 0 : -1;
}

static int
teardown(void **state)
{
	static const char *const made[] = {"/CMakeLists.txt", "/bin", "/share/porchlight/rules",
	    "/share/porchlight", "/share", "/rules", "/build/dev", "/build", ""};

	(void)state;
	for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++)
		remove(below_top(made[i]));
	return 0;
}

static void
an_installed_program_finds_the_rules_installed_with_it(void **state)
{
	char *real;

	(void)state;
	make_folder("/bin");
	make_folder("/share");
	make_folder("/share/porchlight");
	make_folder("/share/porchlight/rules");
	assert_true(rules_folder_beside(below_top("/bin"), found, sizeof(found)));
	real = realpath(found, NULL);
	assert_string_equal(real, below_top("/share/porchlight/rules"));
	free(real);
}

static void
a_program_in_a_build_folder_finds_those_of_its_source_tree(void **state)
{
	FILE *list;

	(void)state;
	make_folder("/build");
	make_folder("/build/dev");
	make_folder("/rules");
	assert_false(rules_folder_beside(below_top("/build/dev"), found, sizeof(found)));
	list = fopen(below_top("/CMakeLists.txt"), "w");
	assert_non_null(list);
	fclose(list);
	assert_true(rules_folder_beside(below_top("/build/dev"), found, sizeof(found)));
	assert_string_equal(found, below_top("/rules"));
}

static void
a_program_that_lies_alone_finds_none(void **state)
{
	(void)state;
	assert_false(rules_folder_beside(top, found, sizeof(found)));
	assert_false(rules_folder_beside("", found, sizeof(found)));
	assert_false(rules_folder_beside("/", found, sizeof(found)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(an_installed_program_finds_the_rules_installed_with_it,
	        setup, teardown),
	    cmocka_unit_test_setup_teardown(
	        a_program_in_a_build_folder_finds_those_of_its_source_tree, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_program_that_lies_alone_finds_none, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
