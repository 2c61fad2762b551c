/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_RULES_FOLDER_H
#define TESTS_RULES_FOLDER_H

/* Rule files held in memory, for tests that make their own. */
#include <string.h>

#include "rules/ruleset.h"
#include "tests/test.h"

#define SOURCE "\"source\":{\"kind\":\"capture\",\"what\":\"a test\",\"seen\":\"2026-11-19\"}"
#define HEAD   "{\"format\":\"porchlight-rules/1\"," SOURCE ","

struct text_file {
	const char *name;
	const char *text;
	unsigned folder;
};

/* NULL fills *error. */
static inline struct porch_rules *
rules_of(const struct text_file *texts, size_t count, struct porch_error *error)
{
	struct rule_file files[16];

	for (size_t i = 0; i < count; i++)
		files[i] = (struct rule_file){.folder = texts[i].folder,
		    .name = texts[i].name,
		    .path = texts[i].name,
		    .bytes = (char *)(uintptr_t)texts[i].text,
		    .len = strlen(texts[i].text)};
	return ruleset_from_files(files, count, error);
}

#endif
