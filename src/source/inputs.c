/* SPDX-License-Identifier: Apache-2.0 */
#include "source/inputs.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "source/fail.h"
#include "source/source.h"

#define DEPTH_MAX 32
#define PATHS_MAX 65536

struct inputs {
	size_t count;
	size_t room;
	char **path;
	struct porch_error *error;
};

static bool
give_up(struct inputs *in, const char *path, const char *why)
{
	snprintf(in->error->file, sizeof(in->error->file), "%s", path);
	fail(in->error, -1, "%s", why);
	return false;
}

/* Takes path over. */
static bool
add(struct inputs *in, char *path)
{
	if (path && in->count < PATHS_MAX && in->count == in->room) {
		size_t room = in->room ? 2 * in->room : 16;
		char **paths = realloc(in->path, room * sizeof(*paths));

		if (paths) {
			in->path = paths;
			in->room = room;
		}
	}
	if (path && in->count < in->room) {
		in->path[in->count++] = path;
		return true;
	}
	give_up(in, path ? path : "",
	    path && in->count == PATHS_MAX ? "too many files" : "out of memory");
	free(path);
	return false;
}

static char *
join(const char *folder, const char *name)
{
	size_t len = strlen(folder);
	size_t room = len + strlen(name) + 2;
	char *path = malloc(room);

	while (len > 1 && folder[len - 1] == '/')
		len--;
	if (path)
		snprintf(path, room, "%.*s/%s", (int)len,
		    len == 1 && folder[0] == '/' ? "" : folder, name);
	return path;
}

static bool add_folder(struct inputs *in, const char *folder, unsigned depth);

/* An entry of a folder; takes path over. */
static bool
add_entry(struct inputs *in, char *path, unsigned depth)
{
	struct stat about;
	bool added = true;

	if (!path)
		return give_up(in, "", "out of memory");
	if (lstat(path, &about) == 0 && S_ISDIR(about.st_mode))
		added = add_folder(in, path, depth + 1);
	else if (source_probe(path))
		return add(in, path);
	free(path);
	return added;
}

static bool
add_folder(struct inputs *in, const char *folder, unsigned depth)
{
	const struct dirent *entry;
	bool added = true;
	DIR *dir;

	if (depth > DEPTH_MAX)
		return true;
	dir = opendir(folder);
	if (!dir)
		return give_up(in, folder, strerror(errno));
	while (added && (entry = readdir(dir)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			added = add_entry(in, join(folder, entry->d_name), depth);
	closedir(dir);
	return added;
}

static int
by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool
has_standard_input(const struct inputs *in)
{
	for (size_t i = 0; i < in->count; i++)
		if (strcmp(in->path[i], "-") == 0)
			return true;
	return false;
}

static bool
add_argument(struct inputs *in, const char *path)
{
	struct stat about;
	size_t before = in->count;

	if (strcmp(path, "-") == 0)
		return has_standard_input(in) || add(in, strdup(path));
	if (stat(path, &about) != 0 || !S_ISDIR(about.st_mode))
		return add(in, strdup(path));
	if (!add_folder(in, path, 0))
		return false;
	if (in->count > before)
		qsort(in->path + before, in->count - before, sizeof(*in->path), by_bytes);
	return true;
}

struct inputs *
inputs_new(const char *const *paths, size_t count, struct porch_error *error)
{
	struct inputs *in = calloc(1, sizeof(*in));

	if (!in) {
		fail(error, -1, "out of memory");
		return NULL;
	}
	in->error = error;
	for (size_t i = 0; i < count; i++) {
		if (!add_argument(in, paths[i])) {
			inputs_free(in);
			return NULL;
		}
	}
	return in;
}

size_t
inputs_count(const struct inputs *in)
{
	return in->count;
}

const char *
inputs_path(const struct inputs *in, size_t index)
{
	return in->path[index];
}

void
inputs_free(struct inputs *in)
{
	if (!in)
		return;
	for (size_t i = 0; i < in->count; i++)
		free(in->path[i]);
	free(in->path);
	free(in);
}
