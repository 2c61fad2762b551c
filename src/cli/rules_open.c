/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/rules_open.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/inspector.h"
#include "cli/rules_folder.h"
#include "rules/rules.h"

#define PATH_SIZE 4096

/* PORCHLIGHT_RULES, else the folder beside the program; NULL when there is none. */
static const char *
usual_folder(char *found, size_t size)
{
	const char *said = getenv("PORCHLIGHT_RULES");
	char program[PATH_SIZE];

	if (said && said[0])
		return said;
	if (program_folder(program, sizeof(program)) && rules_folder_beside(program, found, size))
		return found;
	return NULL;
}

bool
rules_usual(char *path, size_t size)
{
	char found[PATH_SIZE];
	const char *folder = usual_folder(found, sizeof(found));

	return folder && (size_t)snprintf(path, size, "%s", folder) < size;
}

static bool
stands_alone(const char *folder)
{
	char models[PATH_SIZE];
	struct stat st;
	int len = snprintf(models, sizeof(models), "%s/models", folder);

	return len > 0 && (size_t)len < sizeof(models) && stat(models, &st) == 0 &&
	       S_ISDIR(st.st_mode);
}

/* Whether --rules named no more than lists of domains, which add to the usual rules. */
static bool
only_lists(const struct words *words)
{
	for (size_t i = 0; i < words->count; i++) {
		struct stat st;

		if (stat(words->item[i], &st) != 0 || !S_ISREG(st.st_mode))
			return false;
	}
	return true;
}

/* Address databases are knowledge as rules are: all or nothing. */
static struct porch_rules *
with_geo(struct porch_rules *rules, const struct words *geo, struct porch_error *error)
{
	for (size_t i = 0; rules && i < geo->count; i++) {
		if (porch_rules_add_geo(rules, geo->item[i], error))
			continue;
		porch_rules_free(rules);
		return NULL;
	}
	return rules;
}

/* Reports in a folder say what each file of the rules held, and `verify` compares that. */
static bool
tells_files(const struct options *options)
{
	return options->folder || options->command == FOR_VERIFY;
}

struct porch_rules *
rules_open_with(const struct options *options, const char *const *more, size_t count,
    struct porch_error *error)
{
	const char **folder = calloc(options->rules.count + count + 2, sizeof(*folder));
	struct porch_rules *rules = NULL;
	char found[PATH_SIZE];
	size_t folders = 0;

	*error = (struct porch_error){.offset = -1, .text = "out of memory"};
	if (!folder)
		return NULL;
	if (only_lists(&options->rules) && (count == 0 || !stands_alone(more[0]))) {
		folder[0] = usual_folder(found, sizeof(found));
		folders = folder[0] != NULL;
	}
	for (size_t i = 0; i < options->rules.count; i++)
		folder[folders++] = options->rules.item[i];
	for (size_t i = 0; i < count; i++)
		folder[folders++] = more[i];
	if (folders > 0)
		rules = rules_load(folder, folders, tells_files(options), error);
	else
		snprintf(error->text, sizeof(error->text),
		    "no rules found: name a folder with --rules or PORCHLIGHT_RULES");
	free(folder);
	return with_geo(rules, &options->geo, error);
}

struct porch_rules *
rules_open(const struct options *options, struct porch_error *error)
{
	return rules_open_with(options, NULL, 0, error);
}
