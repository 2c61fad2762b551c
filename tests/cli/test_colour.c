/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/colour.h"

#include "tests/test.h"

static void
a_terminal_is_coloured_and_a_pipe_is_not(void **state)
{
	struct colour_signs signs = {.term = "xterm", .is_terminal = true};

	(void)state;
	assert_true(colour_wanted(&signs));
	signs.is_terminal = false;
	assert_false(colour_wanted(&signs));
}

static void
a_dumb_or_nameless_terminal_is_not_coloured(void **state)
{
	struct colour_signs signs = {.term = "dumb", .is_terminal = true};

	(void)state;
	assert_false(colour_wanted(&signs));
	signs.term = NULL;
	assert_false(colour_wanted(&signs));
}

static void
no_color_counts_only_when_it_says_something(void **state)
{
	struct colour_signs signs = {.no_color = "1", .term = "xterm", .is_terminal = true};

	(void)state;
	assert_false(colour_wanted(&signs));
	signs.no_color = "";
	assert_true(colour_wanted(&signs));
}

static void
force_color_outranks_no_color_and_a_pipe(void **state)
{
	struct colour_signs signs = {.force_color = "1", .no_color = "1", .term = "dumb"};

	(void)state;
	assert_true(colour_wanted(&signs));
	signs.force_color = "0";
	assert_false(colour_wanted(&signs));
}

/* Every combination of signs: 2 flags, each with 2 * 2 * 2 * 2. */
static void
the_flag_outranks_every_other_sign(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 16; i++) {
		struct colour_signs signs = {
		    .flag = WHEN_ALWAYS,
		    .force_color = i & 1 ? "1" : NULL,
		    .no_color = i & 2 ? "1" : NULL,
		    .term = i & 4 ? "xterm" : "dumb",
		    .is_terminal = (i & 8) != 0,
		};

		assert_true(colour_wanted(&signs));
		signs.flag = WHEN_NEVER;
		assert_false(colour_wanted(&signs));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_terminal_is_coloured_and_a_pipe_is_not),
	    cmocka_unit_test(a_dumb_or_nameless_terminal_is_not_coloured),
	    cmocka_unit_test(no_color_counts_only_when_it_says_something),
	    cmocka_unit_test(force_color_outranks_no_color_and_a_pipe),
	    cmocka_unit_test(the_flag_outranks_every_other_sign),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
