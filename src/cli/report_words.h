/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_REPORT_WORDS_H
#define CLI_REPORT_WORDS_H

#include <stdbool.h>

#include "cli/options.h"
#include "sink/report.h"

/* A command line that says again what a report was made with, then what the user says now. */
struct retold {
	char **item; /* item[0] is argv[0] */
	int count;   /* all but the first are owned */
};

/*
 * Values are checked where options are read, as all others are.  What a redacted report
 * withholds has to be said by the user; options that he does not say are added to withheld,
 * whose item the caller frees.  False when the report's options are none of ours, or out of
 * memory.  Free retold in either case.
 */
bool retold_read(struct retold *retold, const struct report *report, int argc, char **argv,
    struct words *withheld);
void retold_free(struct retold *retold);

#endif
