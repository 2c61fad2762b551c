/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/rules_folder.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define PATH_SIZE 4096

static bool
join(char *path, size_t size, const char *folder, const char *rest)
{
	int len = snprintf(path, size, "%s/%s", folder, rest);

	return len > 0 && (size_t)len < size;
}

static bool
is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* A source tree is told by what lies beside its rules. */
static bool
is_source_tree(const char *folder)
{
	char list[PATH_SIZE];
	struct stat st;

	return join(list, sizeof(list), folder, "CMakeLists.txt") && stat(list, &st) == 0 &&
	       S_ISREG(st.st_mode);
}

bool
rules_folder_beside(const char *program_folder, char *folder, size_t size)
{
	char above[PATH_SIZE];
	char *slash;

	if (join(folder, size, program_folder, PORCHLIGHT_RULES_FROM_PROGRAM) && is_folder(folder))
		return true;
	if (snprintf(above, sizeof(above), "%s", program_folder) >= (int)sizeof(above))
		return false;
	while ((slash = strrchr(above, '/')) != NULL && slash != above) {
		*slash = '\0';
		if (is_source_tree(above) && join(folder, size, above, "rules") &&
		    is_folder(folder))
			return true;
	}
	return false;
}
