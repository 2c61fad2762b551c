/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/exit.h"

#include "tests/test.h"

static void
a_run_without_trouble_is_done_whatever_was_found(void **state)
{
	struct outcome outcome = {0};

	(void)state;
	assert_int_equal(outcome_status(&outcome), 0);
}

static void
the_first_status_that_applies_wins(void **state)
{
	struct outcome outcome = {
	    .usage = true,
	    .bad_rules = true,
	    .no_input = true,
	    .not_written = true,
	    .fail_on = true,
	    .incomplete = true,
	};

	(void)state;
	assert_int_equal(outcome_status(&outcome), 2);
	outcome.usage = false;
	assert_int_equal(outcome_status(&outcome), 4);
	outcome.bad_rules = false;
	assert_int_equal(outcome_status(&outcome), 1);
	outcome.no_input = false;
	assert_int_equal(outcome_status(&outcome), 1);
	outcome.not_written = false;
	assert_int_equal(outcome_status(&outcome), 10);
	outcome.fail_on = false;
	assert_int_equal(outcome_status(&outcome), 3);
	outcome.incomplete = false;
	assert_int_equal(outcome_status(&outcome), 0);
}

static void
a_closed_pipe_ends_quietly_but_hides_no_missing_input(void **state)
{
	struct outcome outcome = {.pipe_closed = true, .fail_on = true, .incomplete = true};

	(void)state;
	assert_int_equal(outcome_status(&outcome), 0);
	outcome.no_input = true;
	assert_int_equal(outcome_status(&outcome), 1);
}

static struct outcome
outcome_of(const struct porch_input *inputs, size_t count)
{
	struct porch_run run = {.inputs = inputs, .input_count = count};
	struct outcome outcome = {0};

	outcome_see_run(&outcome, &run);
	return outcome;
}

static void
one_capture_among_missing_files_is_an_incomplete_run(void **state)
{
	struct porch_input inputs[] = {
	    {.path = "a.pcap", .error = "No such file or directory", .error_offset = -1},
	    {.path = "b.pcap", .format = "pcap", .complete = true},
	};
	struct outcome outcome = outcome_of(inputs, 2);

	(void)state;
	assert_int_equal(outcome_status(&outcome), 3);
	outcome = outcome_of(inputs, 1);
	assert_int_equal(outcome_status(&outcome), 1);
}

static void
a_run_of_no_input_at_all_has_no_result(void **state)
{
	struct outcome outcome = outcome_of(NULL, 0);

	(void)state;
	assert_int_equal(outcome_status(&outcome), 1);
}

static void
a_capture_cut_short_is_incomplete_and_an_empty_one_is_not(void **state)
{
	struct porch_input cut = {
	    .path = "a.pcap", .format = "pcap", .error = "cut", .error_offset = 40};
	struct porch_input empty = {.path = "b.pcap", .format = "pcap", .complete = true};
	struct outcome outcome = outcome_of(&cut, 1);

	(void)state;
	assert_int_equal(outcome_status(&outcome), 3);
	outcome = outcome_of(&empty, 1);
	assert_int_equal(outcome_status(&outcome), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_run_without_trouble_is_done_whatever_was_found),
	    cmocka_unit_test(the_first_status_that_applies_wins),
	    cmocka_unit_test(a_closed_pipe_ends_quietly_but_hides_no_missing_input),
	    cmocka_unit_test(one_capture_among_missing_files_is_an_incomplete_run),
	    cmocka_unit_test(a_run_of_no_input_at_all_has_no_result),
	    cmocka_unit_test(a_capture_cut_short_is_incomplete_and_an_empty_one_is_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
