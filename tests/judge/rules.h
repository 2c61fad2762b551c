/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_JUDGE_RULES_H
#define TESTS_JUDGE_RULES_H

/* Rules of makers that do not exist, for a whole group of tests. */
#include <string.h>

#include "base/arena.h"
#include "rules/rules.h"
#include "tests/test.h"

struct knowledge {
	struct porch_rules *rules;
	struct arena *arena;
};

static struct knowledge known;

static inline int
learn(void **state)
{
	const char *folders[] = {SOURCE_DIR "/tests/judge/rules"};
	struct porch_error error;

	(void)state;
	known.rules = porch_rules_load(folders, 1, &error);
	known.arena = arena_new();
	if (!known.rules)
		print_error("%s: %s: %s\n", error.file, error.where, error.text);
	return known.rules && known.arena ? 0 : -1;
}

static inline int
forget(void **state)
{
	(void)state;
	porch_rules_free(known.rules);
	arena_free(known.arena);
	return 0;
}

#endif
