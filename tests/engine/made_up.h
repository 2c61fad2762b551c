/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_ENGINE_MADE_UP_H
#define TESTS_ENGINE_MADE_UP_H

/* Rules of makers that do not exist, for a whole group of tests of the engine. */
#include <porchlight/rules.h>

#include "tests/test.h"

static struct porch_rules *rules; /* those of the tests, while they run */

static inline int
load_rules(void **state)
{
	const char *folders[] = {SOURCE_DIR "/tests/judge/rules"};
	struct porch_error error;

	(void)state;
	rules = porch_rules_load(folders, 1, &error);
	if (!rules)
		print_error("%s: %s: %s\n", error.file, error.where, error.text);
	return rules ? 0 : -1;
}

static inline int
free_rules(void **state)
{
	(void)state;
	porch_rules_free(rules);
	return 0;
}

#endif
