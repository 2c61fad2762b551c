/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_RULES_OPEN_H
#define CLI_RULES_OPEN_H

#include <porchlight/rules.h>

#include "cli/options.h"

/*
 * Loads --rules, else PORCHLIGHT_RULES, else the folder beside the program.  Returns NULL,
 * and says why, when there are none or they are wrong.  Lists of domains do not stand in for the
 * folder: where --rules names nothing else, they add to it.  Address databases (--geo) are added.
 */
struct porch_rules *rules_open(const struct options *options, struct porch_error *error);

/* The folder that holds when --rules names none; false when there is none. */
bool rules_usual(char *path, size_t size);

/*
 * The same, with more folders after those.  Without folders from --rules, and if the first of them
 * holds models/, they stand alone: that is a whole set of rules, not an addition to one.
 */
struct porch_rules *rules_open_with(const struct options *options, const char *const *more,
    size_t count, struct porch_error *error);

#endif
