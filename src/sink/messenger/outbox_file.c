/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/messenger/outbox_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/hash.h"
#include "sink/messenger/outbox.h"

uint64_t
outbox_check(const struct outbox_head *head, const void *bytes)
{
	uint64_t seed =
	    hash_bytes(&head->number, sizeof(*head) - offsetof(struct outbox_head, number),
	        OUTBOX_MARK + (uint64_t)head->len);

	return hash_bytes(bytes, head->len, seed);
}

bool
outbox_read(int fd, uint64_t *offset, struct outbox_head *head, char *bytes)
{
	if (pread(fd, head, sizeof(*head), (off_t)*offset) != (ssize_t)sizeof(*head))
		return false;
	if (head->mark != OUTBOX_MARK || head->len > OUTBOX_ITEM_MAX)
		return false;
	if (pread(fd, bytes, head->len, (off_t)(*offset + sizeof(*head))) != (ssize_t)head->len)
		return false;
	if (outbox_check(head, bytes) != head->check)
		return false;
	bytes[head->len] = '\0';
	*offset += sizeof(*head) + head->len;
	return true;
}

bool
outbox_write(int fd, uint64_t offset, const struct outbox_head *head, const void *bytes)
{
	struct iovec parts[2] = {{.iov_base = (void *)(uintptr_t)head, .iov_len = sizeof(*head)},
	    {.iov_base = (void *)(uintptr_t)bytes, .iov_len = head->len}};
	ssize_t wrote;

	if (lseek(fd, (off_t)offset, SEEK_SET) < 0)
		return false;
	do
		wrote = writev(fd, parts, 2);
	while (wrote < 0 && errno == EINTR);
	if (wrote == (ssize_t)(sizeof(*head) + head->len))
		return true;
	/* What is left of it does not check, should this fail too. */
	(void)!ftruncate(fd, (off_t)offset);
	return false;
}

/* Copies what is not of the device. */
static bool
copy_others(int from, int to, uint64_t device)
{
	char *bytes = malloc(OUTBOX_ITEM_MAX + 1);
	struct outbox_head head;
	uint64_t read = 0;
	uint64_t written = 0;
	bool whole = bytes != NULL;

	while (whole && outbox_read(from, &read, &head, bytes)) {
		if (head.device == device)
			continue;
		whole = outbox_write(to, written, &head, bytes);
		written += sizeof(head) + head.len;
	}
	free(bytes);
	return whole;
}

bool
outbox_erase(int folder, const char *file, uint64_t device)
{
	char fresh[300];
	int from = openat(folder, file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	int to = -1;
	bool done;

	if (from < 0)
		return errno == ENOENT;
	snprintf(fresh, sizeof(fresh), "%s.new", file);
	to = openat(folder, fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	done = to >= 0 && copy_others(from, to, device) && fsync(to) == 0 &&
	       renameat(folder, fresh, folder, file) == 0;
	if (!done && to >= 0)
		unlinkat(folder, fresh, 0);
	close(from);
	if (to >= 0)
		close(to);
	return done;
}
