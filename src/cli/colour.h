/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_COLOUR_H
#define CLI_COLOUR_H

#include <stdbool.h>

/* The values of --color and --progress. */
enum when { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER };

/* What the decision looks at; text is NULL where the environment has none. */
struct colour_signs {
	enum when flag;          /* --color */
	const char *force_color; /* FORCE_COLOR; "0" forces nothing */
	const char *no_color;    /* NO_COLOR */
	const char *term;        /* TERM */
	bool is_terminal;        /* standard output */
};

/* The first sign that decides, in the order of the struct. */
bool colour_wanted(const struct colour_signs *signs);

#endif
