/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_OPTION_ROWS_H
#define CLI_OPTION_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/options.h"

/*
 * One option.  What has no setter is set at its place in struct options: a flag, or the text it
 * takes, which is not empty.
 */
struct option_row {
	const char *name;
	const char *value; /* what it takes, or NULL */
	int letter;        /* 0: none */
	unsigned commands;
	bool (*set)(struct options *o, const char *value);
	size_t place;
	const char *wanted; /* what a refused value should have been */
	const char *help;
	bool repeats; /* each adds to a list: a configuration file has an array */
	bool number;  /* takes digits: a configuration file has a number */
};

/* Every option of every command: to add one, add a row. */
#define OPTION_ROWS 58
extern const struct option_row option_rows[OPTION_ROWS];

/* Sets what the row sets; value is NULL where it takes none.  False: not what is wanted. */
bool option_set(const struct option_row *row, struct options *options, const char *value);

#endif
