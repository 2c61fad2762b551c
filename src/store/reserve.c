/* SPDX-License-Identifier: Apache-2.0 */
#include "store/reserve.h"

#include <fcntl.h>
#include <stdint.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
fill(int fd, size_t bytes)
{
	uint8_t block[4096];

	while (bytes > 0) {
		size_t want = bytes < sizeof(block) ? bytes : sizeof(block);

		for (size_t at = 0; at < want; at += 256) /* as much as is never cut short */
			if (getrandom(block + at, 256, 0) != 256)
				return false;
		if (write(fd, block, want) != (ssize_t)want)
			return false;
		bytes -= want;
	}
	return fsync(fd) == 0;
}

bool
reserve_keep(const char *path, size_t bytes)
{
	struct stat there;
	bool good;
	int fd;

	if (stat(path, &there) == 0 && there.st_size >= 0 && (size_t)there.st_size >= bytes)
		return true;
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
	if (fd < 0)
		return false;
	good = fill(fd, bytes);
	close(fd);
	if (!good)
		unlink(path);
	return good;
}

void
reserve_release(const char *path)
{
	unlink(path);
}
