/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_FUZZ_LOAD_RULES_H
#define TESTS_FUZZ_LOAD_RULES_H

/* The rules that a target judges by; without them there is nothing to fuzz. */
#include <stdio.h>
#include <stdlib.h>

#include <porchlight/rules.h>

static inline struct porch_rules *
load_rules(const char *folder)
{
	struct porch_error error;
	struct porch_rules *rules = porch_rules_load(&folder, 1, &error);

	if (!rules) {
		fprintf(stderr, "%s: %s: %s\n", error.file, error.where, error.text);
		exit(1);
	}
	return rules;
}

#endif
