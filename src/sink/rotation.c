/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/rotation.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/format.h"
#include "sink/writer.h"

#define MODE      0600
#define SHARES    16 /* a file is at most this part of the whole */
#define FILE_MIN  65536
#define FILE_MAX  (INT64_C(64) << 20)
#define FILES_MAX 4096 /* that are known; more are removed first */
#define DAY       (INT64_C(86400) * 1000000)
#define NAME      128

struct kept_file {
	uint64_t number;
	int64_t time; /* of its name */
	uint64_t bytes;
};

struct rotation {
	int folder;
	char prefix[32], suffix[16];
	uint64_t bytes, file_bytes;
	int64_t age;
	struct kept_file file[FILES_MAX]; /* oldest first; the last is being written when open */
	size_t files;
	uint64_t total;
	bool open;
	int error;
	struct writer writer;
};

/* "kept-00000012-20261123T164001Z.pcapng" */
static void
file_name(const struct rotation *r, const struct kept_file *file, char name[static NAME])
{
	struct civil c = civil_from_time(file->time);

	snprintf(name, NAME, "%s-%08" PRIu64 "-%04d%02u%02uT%02u%02u%02uZ.%s", r->prefix,
	    file->number, (int)c.year, c.month, c.day, c.hour, c.minute, c.second, r->suffix);
}

static bool
read_digits(const char **at, size_t count, uint64_t *number)
{
	*number = 0;
	for (; count > 0; count--, ++*at) {
		if (**at < '0' || **at > '9')
			return false;
		*number = *number * 10 + (uint64_t)(**at - '0');
	}
	return true;
}

/* A name that file_name() makes, and no other. */
static bool
read_name(const struct rotation *r, const char *name, struct kept_file *file)
{
	size_t length = strlen(r->prefix);
	const char *at = name + length + 1;
	uint64_t date, clock;
	char iso[32], same[NAME];

	if (strlen(name) >= NAME || strncmp(name, r->prefix, length) != 0 || name[length] != '-' ||
	    !read_digits(&at, 8, &file->number) || *at++ != '-' || !read_digits(&at, 8, &date) ||
	    *at++ != 'T' || !read_digits(&at, 6, &clock))
		return false;
	snprintf(iso, sizeof(iso), "%04u-%02u-%02uT%02u:%02u:%02uZ", (unsigned)(date / 10000),
	    (unsigned)(date / 100 % 100), (unsigned)(date % 100), (unsigned)(clock / 10000),
	    (unsigned)(clock / 100 % 100), (unsigned)(clock % 100));
	if (!time_parse(iso, &file->time))
		return false;
	file_name(r, file, same);
	return strcmp(same, name) == 0;
}

static int
file_order(const void *left, const void *right)
{
	const struct kept_file *a = left, *b = right;

	return a->number < b->number ? -1 : a->number > b->number;
}

/* Removes the oldest; what cannot be removed is not counted on again. */
static void
drop_oldest(struct rotation *r)
{
	char name[NAME];

	file_name(r, &r->file[0], name);
	if (unlinkat(r->folder, name, 0) != 0 && errno != ENOENT)
		r->error = errno;
	r->total -= r->file[0].bytes;
	memmove(&r->file[0], &r->file[1], --r->files * sizeof(r->file[0]));
}

static void
add_file(struct rotation *r, const struct kept_file *file)
{
	if (r->files == FILES_MAX)
		drop_oldest(r);
	r->file[r->files++] = *file;
	r->total += file->bytes;
}

/* Of the folder that r holds open; the stream is closed with closedir(). */
static DIR *
read_folder(const struct rotation *r)
{
	int again = openat(r->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return again < 0 ? NULL : fdopendir(again);
}

/* What earlier runs left. */
static bool
list_files(struct rotation *r)
{
	DIR *folder = read_folder(r);
	const struct dirent *entry;

	if (!folder)
		return false;
	while ((entry = readdir(folder)) != NULL) {
		struct kept_file file;
		struct stat about;

		if (!read_name(r, entry->d_name, &file) ||
		    fstatat(r->folder, entry->d_name, &about, AT_SYMLINK_NOFOLLOW) != 0 ||
		    !S_ISREG(about.st_mode))
			continue;
		file.bytes = (uint64_t)about.st_size;
		add_file(r, &file);
	}
	closedir(folder);
	qsort(r->file, r->files, sizeof(r->file[0]), file_order);
	return true;
}

static uint64_t
share_of(uint64_t bytes)
{
	uint64_t share = bytes / SHARES;

	return share < FILE_MIN ? FILE_MIN : share > FILE_MAX ? FILE_MAX : share;
}

struct rotation *
rotation_open(const char *folder, const struct rotation_options *options, struct porch_error *error)
{
	struct rotation *r = calloc(1, sizeof(*r));

	*error = (struct porch_error){.offset = -1};
	snprintf(error->file, sizeof(error->file), "%s", folder);
	if (r) {
		snprintf(r->prefix, sizeof(r->prefix), "%s", options->prefix);
		snprintf(r->suffix, sizeof(r->suffix), "%s", options->suffix);
		r->bytes = options->bytes;
		r->file_bytes = share_of(options->bytes);
		r->age = options->age;
		mkdir(folder, 0700);
		r->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	}
	if (r && r->folder >= 0 && faccessat(r->folder, ".", W_OK | X_OK, AT_EACCESS) == 0 &&
	    list_files(r))
		return r;
	snprintf(error->text, sizeof(error->text), "cannot be written: %s", strerror(errno));
	if (r && r->folder >= 0)
		close(r->folder);
	free(r);
	return NULL;
}

/* Ends the file that is being written. */
static void
end_file(struct rotation *r)
{
	if (!r->open)
		return;
	if (writer_finish(&r->writer) != WRITER_DONE)
		r->error = r->writer.error;
	close(r->writer.fd);
	r->open = false;
}

void
rotation_close(struct rotation *r)
{
	if (!r)
		return;
	end_file(r);
	close(r->folder);
	free(r);
}

static bool
begin_file(struct rotation *r, int64_t time)
{
	struct kept_file file = {
	    .number = r->files ? r->file[r->files - 1].number + 1 : 1, .time = time};
	char name[NAME];
	int fd;

	while (r->files > 0 && r->total + r->file_bytes > r->bytes)
		drop_oldest(r);
	file_name(r, &file, name);
	fd = openat(r->folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, MODE);
	if (fd < 0) {
		r->error = errno;
		return false;
	}
	writer_init(&r->writer, fd);
	add_file(r, &file);
	r->open = true;
	return true;
}

static bool
is_over(const struct rotation *r, int64_t time)
{
	const struct kept_file *now = &r->file[r->files - 1];

	return now->bytes >= r->file_bytes || time - now->time >= DAY || time < now->time - DAY;
}

bool
rotation_turn(struct rotation *r, int64_t time)
{
	if (r->open && !is_over(r, time))
		return false;
	end_file(r);
	return begin_file(r, time);
}

bool
rotation_write(struct rotation *r, const void *bytes, size_t len)
{
	if (!r->open)
		return false;
	write_bytes(&r->writer, bytes, len);
	if (r->writer.error) {
		if (r->files > 1)
			drop_oldest(r); /* a full disk has room again */
		end_file(r);
		return false;
	}
	r->file[r->files - 1].bytes += len;
	r->total += len;
	return true;
}

/* Somebody removed the file that is being written. */
static bool
is_removed(const struct rotation *r)
{
	struct stat about;

	return fstat(r->writer.fd, &about) == 0 && about.st_nlink == 0;
}

/* A file's content ends where the next begins. */
void
rotation_tick(struct rotation *r, int64_t now)
{
	if (r->open)
		writer_flush(&r->writer);
	if (r->open && is_removed(r))
		end_file(r);
	while (r->files > 1 && r->file[1].time <= now - r->age)
		drop_oldest(r);
}

int
rotation_errno(struct rotation *r)
{
	int error = r->error ? r->error : r->open ? r->writer.error : 0;

	r->error = 0;
	return error;
}

size_t
rotation_files(const char *path, const struct rotation_options *options, bool erase, size_t *left)
{
	struct rotation *r = calloc(1, sizeof(*r));
	DIR *folder = r ? opendir(path) : NULL;
	const struct dirent *entry;
	size_t count = 0;

	*left = folder || (r && errno == ENOENT) ? 0 : 1;
	if (folder) {
		snprintf(r->prefix, sizeof(r->prefix), "%s", options->prefix);
		snprintf(r->suffix, sizeof(r->suffix), "%s", options->suffix);
	}
	while (folder && (entry = readdir(folder)) != NULL) {
		struct kept_file file;

		if (!read_name(r, entry->d_name, &file))
			continue;
		count++;
		if (erase && unlinkat(dirfd(folder), entry->d_name, 0) != 0 && errno != ENOENT)
			++*left;
	}
	if (folder)
		closedir(folder);
	free(r);
	return count;
}
