/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/rules_open.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/rules_folder.h"

#define PATH_SIZE 4096

static bool
own_folder(char *folder, size_t size)
{
	ssize_t len = readlink("/proc/self/exe", folder, size - 1);
	char *slash;

	if (len <= 0)
		return false;
	folder[len] = '\0';
	slash = strrchr(folder, '/');
	if (!slash)
		return false;
	*slash = '\0';
	return true;
}

struct porch_rules *
rules_open(const struct options *options, struct porch_error *error)
{
	char program[PATH_SIZE];
	char found[PATH_SIZE];
	const char *folder = getenv("PORCHLIGHT_RULES");

	*error = (struct porch_error){.offset = -1};
	if (options->rules.count > 0)
		return porch_rules_load(options->rules.item, options->rules.count, error);
	if (!folder || !folder[0]) {
		folder = found;
		if (!own_folder(program, sizeof(program)) ||
		    !rules_folder_beside(program, found, sizeof(found))) {
			snprintf(error->text, sizeof(error->text),
			    "no rules found: name a folder with --rules or PORCHLIGHT_RULES");
			return NULL;
		}
	}
	return porch_rules_load(&folder, 1, error);
}
