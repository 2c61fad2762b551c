/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULES_CHECK_H
#define RULES_CHECK_H

#include <stdbool.h>

#include "rules/rules.h"

/* Two facts that speak of the same pattern, in the order of reading. */
struct overlap {
	const char *pattern; /* a host pattern or a prefix; lent for the call */
	struct rule first;
	struct rule second;
	const char *path; /* of the second's file, as the user would name it */
	bool overrides;   /* the second lies in a later folder, so it wins */
};

/*
 * Tells every overlap of hosts and of prefixes.  Hosts within one folder cannot overlap,
 * since they would not have loaded.  False when out of memory.
 */
bool rules_overlaps(const struct porch_rules *rules,
    void (*each)(const struct overlap *overlap, void *user), void *user);

#endif
