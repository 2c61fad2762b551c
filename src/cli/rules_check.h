/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_RULES_CHECK_H
#define CLI_RULES_CHECK_H

#include <stddef.h>

#include <porchlight/rules.h>

#include "sink/writer.h"

/* What a check found; each failure is said on standard error as it is found. */
struct rules_checked {
	size_t failures;
	size_t overrides; /* hosts and prefixes that a later folder takes over */
	size_t tests;     /* captures that rules were tried on */
};

/*
 * Looks for what loading does not refuse: overlaps, and rules whose own tests disagree.
 * Overrides are written only when `notes` is given.
 */
struct rules_checked rules_check(const struct porch_rules *rules, struct writer *notes);

#endif
