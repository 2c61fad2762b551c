/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/watch/commands.h"

#include <string.h>

#include "tests/test.h"

static struct command last;
static unsigned calls;

static void
keep(const struct command *command, void *user)
{
	(void)user;
	last = *command;
	calls++;
}

static bool
reads(const char *line)
{
	return command_read(line, strlen(line), &last);
}

static void
a_name_and_a_mark_are_read(void **state)
{
	(void)state;
	assert_true(reads("{\"command\":\"label\",\"device\":\"d00000000000000ff\",\"name\":"
	                  "\"Front door\"}"));
	assert_int_equal(last.kind, COMMAND_LABEL);
	assert_int_equal(last.id, 255);
	assert_string_equal(last.text, "Front door");
	assert_true(reads("{\"command\":\"label\",\"device\":\"d00000000000000ff\",\"name\":"
	                  "\"\"}"));
	assert_string_equal(last.text, "");
	assert_true(reads("{\"command\":\"mark\",\"episode\":\"e8000000000000001\",\"mark\":"
	                  "\"wrong\"}"));
	assert_int_equal(last.kind, COMMAND_MARK);
	assert_true(last.id == UINT64_C(0x8000000000000001));
	assert_string_equal(last.text, "wrong");
}

static void
everything_else_is_refused(void **state)
{
	static const char *const lines[] = {
	    "",
	    "{}",
	    "[]",
	    "{\"command\":\"stop\"}",
	    "{\"command\":\"label\",\"device\":\"d00000000000000ff\"}",
	    "{\"command\":\"label\",\"device\":\"e00000000000000ff\",\"name\":\"a\"}",
	    "{\"command\":\"label\",\"device\":\"dff\",\"name\":\"a\"}",
	    "{\"command\":\"label\",\"device\":\"d00000000000000fg\",\"name\":\"a\"}",
	    "{\"command\":\"label\",\"device\":\"d00000000000000ff\",\"name\":\"a\\u0007\"}",
	    "{\"command\":\"label\",\"device\":\"d00000000000000ff\",\"name\":7}",
	    "{\"command\":\"label\",\"device\":\"d00000000000000ff\",\"name\":\"a\",\"x\":1}",
	    "{\"command\":\"mark\",\"episode\":\"e8000000000000001\",\"mark\":\"fine\"}",
	    "{\"command\":\"mark\",\"episode\":\"e8000000000000001\"}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_false(reads(lines[i]));
}

static void
lines_may_come_in_pieces(void **state)
{
	static const char line[] =
	    "{\"command\":\"mark\",\"episode\":\"e0000000000000001\",\"mark\":\"none\"}\n";
	struct command_lines lines = {.len = 0};
	size_t refused = 0;

	(void)state;
	calls = 0;
	for (unsigned i = 0; i < 3; i++)
		for (size_t at = 0; at < sizeof(line) - 1; at++)
			refused += command_lines_add(&lines, line + at, 1, keep, NULL);
	assert_int_equal(calls, 3);
	assert_int_equal(refused, 0);
	assert_string_equal(last.text, "none");
}

static void
a_line_without_end_is_passed_over(void **state)
{
	static const char line[] =
	    "\n{\"command\":\"mark\",\"episode\":\"e0000000000000001\",\"mark\":\"none\"}\n";
	struct command_lines lines = {.len = 0};
	char many[1000];

	(void)state;
	calls = 0;
	memset(many, '{', sizeof(many));
	for (unsigned i = 0; i < 100; i++)
		assert_int_equal(command_lines_add(&lines, many, sizeof(many), keep, NULL), 0);
	assert_int_equal(command_lines_add(&lines, line, sizeof(line) - 1, keep, NULL), 1);
	assert_int_equal(calls, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_name_and_a_mark_are_read),
	    cmocka_unit_test(everything_else_is_refused),
	    cmocka_unit_test(lines_may_come_in_pieces),
	    cmocka_unit_test(a_line_without_end_is_passed_over),
	};

	return cmocka_run_group_tests_name("commands", tests, NULL, NULL);
}
