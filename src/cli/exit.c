/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/exit.h"

enum exit_status
outcome_status(const struct outcome *outcome)
{
	if (outcome->usage)
		return EXIT_USAGE;
	if (outcome->bad_rules)
		return EXIT_BAD_RULES;
	if (outcome->no_input || outcome->not_written)
		return EXIT_NO_RESULT;
	if (outcome->pipe_closed)
		return EXIT_DONE;
	if (outcome->fail_on)
		return EXIT_FAIL_ON;
	return outcome->incomplete ? EXIT_INCOMPLETE : EXIT_DONE;
}

void
outcome_see_run(struct outcome *outcome, const struct porch_run *run)
{
	size_t opened = 0;

	for (size_t i = 0; i < run->input_count; i++) {
		const struct porch_input *input = &run->inputs[i];

		opened += input->format != NULL;
		outcome->incomplete |= input->error || !input->complete;
	}
	outcome->no_input |= opened == 0;
}
