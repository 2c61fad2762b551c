/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_EXIT_H
#define CLI_EXIT_H

#include <stdbool.h>

#include <porchlight/record.h>

/* Exit statuses: a promise to scripts (porchlight(1), EXIT STATUS). */
enum exit_status {
	EXIT_DONE = 0,
	EXIT_NO_RESULT = 1, /* no input could be opened, or the result could not be written */
	EXIT_USAGE = 2,
	EXIT_INCOMPLETE = 3, /* some input missing, unreadable, damaged, cut or partly refused */
	EXIT_BAD_RULES = 4,
	EXIT_DIFFERS = 5, /* verify */
	EXIT_FAIL_ON = 10,
};

/* What went wrong, in any combination. */
struct outcome {
	bool usage;
	bool bad_rules;
	bool no_input;
	bool not_written;
	bool fail_on;
	bool incomplete;
	bool pipe_closed; /* whoever read the result had enough of it */
};

/* The first status that applies, in the order 2, 4, 1, 10, 3, 0. */
enum exit_status outcome_status(const struct outcome *outcome);

/* Whether no input of the run was a capture, or some input was not read whole. */
void outcome_see_run(struct outcome *outcome, const struct porch_run *run);

#endif
