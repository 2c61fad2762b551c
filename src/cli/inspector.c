/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/inspector.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATH_SIZE 4096

bool
program_folder(char *folder, size_t size)
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

static bool
is_program(char *path, size_t size, const char *folder, const char *rest)
{
	int len = snprintf(path, size, "%s/%s", folder, rest);

	return len > 0 && (size_t)len < size && access(path, X_OK) == 0;
}

bool
inspector_find(char *path, size_t size)
{
	const char *said = getenv("PORCHLIGHT_INSPECTOR");
	char folder[PATH_SIZE];

	if (said && said[0])
		return (size_t)snprintf(path, size, "%s", said) < size;
	return program_folder(folder, sizeof(folder)) &&
	       (is_program(path, size, folder, PORCHLIGHT_INSPECTOR_FROM_PROGRAM) ||
	           is_program(path, size, folder, "porchlight-dpi"));
}
