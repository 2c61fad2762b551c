/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_STORE_SHELF_H
#define TESTS_STORE_SHELF_H

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/store.h"
#include "tests/test.h"

/* A folder of its own for a store, which is gone afterwards. */
struct shelf {
	char folder[64];
	char path[96];
	char key[96];
	struct store_setup setup;
	const char *lost;
	struct porch_error error;
};

static inline void
shelf_begin(struct shelf *shelf)
{
	memset(shelf, 0, sizeof(*shelf));
	strcpy(shelf->folder, "/tmp/porchlight-test-XXXXXX");
	assert_non_null(mkdtemp(shelf->folder));
	snprintf(shelf->path, sizeof(shelf->path), "%s/history.db", shelf->folder);
	snprintf(shelf->key, sizeof(shelf->key), "%s/history.db.key", shelf->folder);
	shelf->setup.path = shelf->path;
}

static inline struct store *
shelf_open(struct shelf *shelf)
{
	struct store *store = store_open(&shelf->setup, &shelf->lost, &shelf->error);

	if (!store)
		fail_msg("%s: %s", shelf->error.file, shelf->error.text);
	return store;
}

/* Calls act with the path of each file of the folder. */
static inline void
shelf_each(const char *folder, void (*act)(const char *path, void *user), void *user)
{
	DIR *list = opendir(folder);
	struct dirent *one;

	assert_non_null(list);
	while ((one = readdir(list)) != NULL) {
		char path[512];

		snprintf(path, sizeof(path), "%s/%s", folder, one->d_name);
		if (one->d_name[0] != '.')
			act(path, user);
	}
	closedir(list);
}

static inline void
shelf_remove(const char *path, void *user)
{
	(void)user;
	unlink(path);
}

static inline void
shelf_end(struct shelf *shelf)
{
	shelf_each(shelf->folder, shelf_remove, NULL);
	assert_int_equal(rmdir(shelf->folder), 0);
}

struct wanted {
	const void *bytes;
	size_t len;
	size_t found;
};

static inline void
shelf_search(const char *path, void *user)
{
	struct wanted *wanted = user;
	FILE *file = fopen(path, "rb");
	struct stat there;
	uint8_t *all;

	assert_non_null(file);
	assert_int_equal(fstat(fileno(file), &there), 0);
	all = malloc((size_t)there.st_size + 1);
	assert_non_null(all);
	assert_int_equal(fread(all, 1, (size_t)there.st_size, file), there.st_size);
	for (size_t at = 0; at + wanted->len <= (size_t)there.st_size; at++)
		wanted->found += memcmp(all + at, wanted->bytes, wanted->len) == 0;
	free(all);
	fclose(file);
}

/* How often bytes lie in any file of the folder. */
static inline size_t
shelf_holds(const char *folder, const void *bytes, size_t len)
{
	struct wanted wanted = {.bytes = bytes, .len = len};

	shelf_each(folder, shelf_search, &wanted);
	return wanted.found;
}

#endif
