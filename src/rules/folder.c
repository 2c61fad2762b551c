/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* scandirat */
#include "rules/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rules/reader.h"
#include "rules/tests.h"

#define DEPTH_MAX  2 /* folders below the rule folder */
#define TEXT_BYTES (32U << 20)

struct visit {
	struct rule_files *files;
	struct porch_error *error;
	const char *folder;
	unsigned number;
};

static bool fail(const struct visit *v, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool
fail(const struct visit *v, const char *name, const char *format, ...)
{
	va_list args;

	*v->error = (struct porch_error){.offset = -1};
	snprintf(v->error->file, sizeof(v->error->file), "%s%s%s", v->folder, *name ? "/" : "",
	    name);
	va_start(args, format);
	vsnprintf(v->error->text, sizeof(v->error->text), format, args);
	va_end(args);
	return false;
}

static bool
ends_with(const char *name, const char *end)
{
	size_t len = strlen(name), tail = strlen(end);

	return len > tail && strcmp(name + len - tail, end) == 0;
}

static bool
passed_over(const char *leaf)
{
	return leaf[0] == '.' || ends_with(leaf, "~") || strcmp(leaf, "README.md") == 0 ||
	       strcmp(leaf, "NOTICE") == 0 || strcmp(leaf, "LICENSE") == 0;
}

static struct rule_file *
new_file(const struct visit *v, const char *name)
{
	struct rule_files *files = v->files;
	char path[1024];
	struct rule_file *file;
	int len = snprintf(path, sizeof(path), "%s/%s", v->folder, name);

	if (files->count == files->room) {
		size_t room = files->room ? files->room * 2 : 64;
		struct rule_file *grown = realloc(files->file, room * sizeof(*grown));

		if (!grown)
			return NULL;
		files->file = grown;
		files->room = room;
	}
	file = &files->file[files->count];
	*file = (struct rule_file){.folder = v->number};
	file->name = pool_text(files->pool, name, strlen(name));
	file->path = pool_text(files->pool, path, len < 0 ? 0 : strlen(path));
	return file->name && file->path ? file : NULL;
}

/* Reads until the file ends; -1 with errno set, or the number of bytes. */
static ssize_t
read_whole(int fd, char *bytes, size_t len)
{
	size_t at = 0;

	while (at < len) {
		ssize_t got = read(fd, bytes + at, len - at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		at += (size_t)got;
	}
	return (ssize_t)at;
}

static bool
read_file(const struct visit *v, int fd, const char *name, size_t size, size_t most)
{
	struct rule_file *file;
	ssize_t got;

	if (size > most)
		return fail(v, name, "larger than a rule file may be");
	if (v->files->count >= FOLDER_FILES || v->files->bytes + size > FOLDER_BYTES)
		return fail(v, name, "too many rule files, or too large together");
	file = new_file(v, name);
	if (!file)
		return fail(v, name, "out of memory");
	file->bytes = malloc(size + 1);
	if (!file->bytes)
		return fail(v, name, "out of memory");
	v->files->count++;
	got = read_whole(fd, file->bytes, size);
	if (got < 0)
		return fail(v, name, "%s", strerror(errno));
	file->len = (size_t)got;
	v->files->bytes += file->len;
	return true;
}

static bool visit_folder(const struct visit *v, int fd, const char *name, unsigned depth);

/* Takes fd of one thing in a folder. */
static bool
visit_thing(const struct visit *v, int fd, const char *name, unsigned depth)
{
	struct stat st;
	bool fine;

	if (fstat(fd, &st) != 0) {
		fine = fail(v, name, "%s", strerror(errno));
	} else if (S_ISDIR(st.st_mode)) {
		return depth < DEPTH_MAX ? visit_folder(v, fd, name, depth + 1)
		                         : (close(fd), fail(v, name, "folders lie too deep"));
	} else if (!S_ISREG(st.st_mode)) {
		fine = fail(v, name, "neither a file nor a folder");
	} else if (rules_is_capture(name)) {
		fine = true; /* of a rule's own test: no knowledge */
	} else if (!ends_with(name, ".json") && !ends_with(name, ".txt")) {
		fine = fail(v, name, "no rule file: its name ends in neither .json nor .txt");
	} else {
		fine = read_file(v, fd, name, (size_t)st.st_size,
		    ends_with(name, ".txt") ? TEXT_BYTES : READER_BYTES);
	}
	close(fd);
	return fine;
}

static bool
visit_leaf(const struct visit *v, int folder, const char *parent, const char *leaf, unsigned depth)
{
	char name[512];
	int len = snprintf(name, sizeof(name), "%s%s%s", parent, *parent ? "/" : "", leaf);
	int fd;

	if (len < 0 || (size_t)len >= sizeof(name))
		return fail(v, parent, "a name is too long");
	fd = openat(folder, leaf, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0 && (errno == ELOOP || errno == EMLINK))
		return fail(v, name, "a symbolic link: rules lie in their own folder");
	if (fd < 0)
		return fail(v, name, "%s", strerror(errno));
	return visit_thing(v, fd, name, depth);
}

static int
visible(const struct dirent *entry)
{
	return !passed_over(entry->d_name);
}

static int
by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* Takes fd. */
static bool
visit_folder(const struct visit *v, int fd, const char *name, unsigned depth)
{
	struct dirent **entry = NULL;
	int count = scandirat(fd, ".", &entry, visible, by_bytes);
	bool fine = count >= 0 || fail(v, name, "%s", strerror(errno));

	for (int i = 0; i < count; i++) {
		fine = fine && visit_leaf(v, fd, name, entry[i]->d_name, depth);
		free(entry[i]);
	}
	free(entry);
	close(fd);
	return fine;
}

/* One folder's files, by their whole relative name. */
static int
by_name(const void *left, const void *right)
{
	const struct rule_file *a = left, *b = right;

	return strcmp(a->name, b->name);
}

/* Takes fd of a file the user named: a list of domains. */
static bool
read_list(const struct visit *v, int fd, const struct stat *st)
{
	const char *slash = strrchr(v->folder, '/');
	const char *leaf = slash ? slash + 1 : v->folder;
	bool fine;

	if (!S_ISREG(st->st_mode))
		fine = fail(v, "", "neither a folder of rules nor a list of domains");
	else if (ends_with(leaf, ".json"))
		fine = fail(v, "", "a rule file lies in a folder of rules: name that");
	else
		fine = read_file(v, fd, leaf, (size_t)st->st_size, TEXT_BYTES);
	close(fd);
	if (fine) {
		struct rule_file *file = &v->files->file[v->files->count - 1];

		file->list = true;
		file->path = pool_text(v->files->pool, v->folder, strlen(v->folder));
		fine = file->path || fail(v, "", "out of memory");
	}
	return fine;
}

bool
folder_read(struct rule_files *files, const char *folder, unsigned number,
    struct porch_error *error)
{
	struct visit v = {.files = files, .error = error, .folder = folder, .number = number};
	size_t first = files->count;
	struct stat st;
	int fd;

	if (!files->pool)
		files->pool = pool_new();
	if (!files->pool)
		return fail(&v, "", "out of memory");
	fd = open(folder, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return fail(&v, "", "%s", strerror(errno));
	if (fstat(fd, &st) != 0) {
		close(fd);
		return fail(&v, "", "%s", strerror(errno));
	}
	if (!S_ISDIR(st.st_mode))
		return read_list(&v, fd, &st);
	if (!visit_folder(&v, fd, "", 0))
		return false;
	if (files->count > first)
		qsort(files->file + first, files->count - first, sizeof(*files->file), by_name);
	return true;
}

void
rule_files_free(struct rule_files *files)
{
	for (size_t i = 0; i < files->count; i++)
		free(files->file[i].bytes);
	free(files->file);
	pool_free(files->pool);
	*files = (struct rule_files){0};
}
