/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "sink/messenger/outbox.h"
#include "sink/messenger/outbox_file.h"

#define POSITION ".position"

static bool
ends_in(const char *text, const char *end)
{
	size_t len = strlen(text);
	size_t tail = strlen(end);

	return len > tail && strcmp(text + len - tail, end) == 0;
}

/* Tells the process that delivers; the lock is held until the descriptor is closed. */
static int
announce(int folder, const char *file)
{
	struct outbox_position at;
	int fd = openat(folder, file, O_RDWR | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0)
		return -1;
	while (flock(fd, LOCK_EX) != 0 && errno == EINTR)
		continue;
	if (pread(fd, &at, sizeof(at), 0) == (ssize_t)sizeof(at)) {
		at.changes++;
		if (pwrite(fd, &at, sizeof(at), 0) == (ssize_t)sizeof(at))
			return fd;
	}
	close(fd);
	return -1;
}

static bool
erase(int folder, const char *file, uint64_t device)
{
	if (device == 0)
		return unlinkat(folder, file, 0) == 0 || errno == ENOENT;
	return outbox_erase(folder, file, device);
}

/* All parts of one outbox, whose position is in the file. */
static bool
forget_one(int folder, const char *folder_path, const char *position, uint64_t device)
{
	size_t name = strlen(position) - strlen(POSITION);
	int held = announce(folder, position);
	DIR *list = held >= 0 ? opendir(folder_path) : NULL;
	struct dirent *entry;
	bool done = list != NULL;

	while (list && (entry = readdir(list)) != NULL) {
		const char *file = entry->d_name;

		if (ends_in(file, OUTBOX_SUFFIX) && strncmp(file, position, name) == 0 &&
		    file[name] == '-')
			done = erase(folder, file, device) && done;
	}
	if (list)
		closedir(list);
	if (held >= 0)
		close(held);
	return done;
}

bool
outbox_forget(const char *folder_path, uint64_t device)
{
	DIR *list = opendir(folder_path);
	struct dirent *entry;
	bool done = true;

	if (!list)
		return errno == ENOENT;
	while ((entry = readdir(list)) != NULL)
		if (ends_in(entry->d_name, POSITION))
			done = forget_one(dirfd(list), folder_path, entry->d_name, device) && done;
	closedir(list);
	return done;
}
