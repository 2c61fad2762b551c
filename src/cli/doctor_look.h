/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_DOCTOR_LOOK_H
#define CLI_DOCTOR_LOOK_H

#include "cli/doctor_checks.h"
#include "cli/options.h"

/* What the facts borrow from. */
struct doctor_look {
	struct porch_rules *rules; /* NULL: they cannot be used */
	char rules_why[1024];
	char library[64];
	char folder[4096];
	char history_why[256];
};

/*
 * Asks this machine everything but its interfaces: rules, inspection, how far a process can be
 * shut in (by a child that tries), the folder of the history, the clock.  Adds to facts, which
 * borrow from *look until doctor_look_free().
 */
void doctor_look(struct doctor_look *look, const struct options *options,
    struct doctor_facts *facts);
void doctor_look_free(struct doctor_look *look);

#endif
