/* SPDX-License-Identifier: Apache-2.0 */
#include "source/raw.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cursor.h"
#include "crypto/hash.h"
#include "source/fail.h"

struct raw {
	int fd; /* -1: from memory */
	struct cursor memory;
	struct sha256 *sum; /* NULL: no hash is wanted */
	uint64_t total;
	uint64_t consumed;
};

static struct raw *
raw_new(bool hash, struct porch_error *error)
{
	struct raw *raw = calloc(1, sizeof(*raw));

	if (!raw) {
		fail(error, 0, "out of memory");
		return NULL;
	}
	raw->fd = -1;
	if (hash)
		raw->sum = sha256_new();
	if (hash && !raw->sum) {
		fail(error, 0, "no SHA-256 to be had from libgcrypt");
		raw_close(raw);
		return NULL;
	}
	return raw;
}

static bool
open_file(struct raw *raw, const char *path, struct porch_error *error)
{
	struct stat about;

	raw->fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (raw->fd < 0 || fstat(raw->fd, &about) != 0) {
		fail(error, 0, "cannot be opened: %s", strerror(errno));
		return false;
	}
	if (S_ISDIR(about.st_mode)) {
		fail(error, 0, "is a folder, not a capture");
		return false;
	}
	if (S_ISREG(about.st_mode) && raw->fd != STDIN_FILENO)
		raw->total = (uint64_t)about.st_size;
	return true;
}

struct raw *
raw_open(const char *path, bool hash, struct porch_error *error)
{
	struct raw *raw = raw_new(hash, error);

	if (raw && !open_file(raw, path, error)) {
		raw_close(raw);
		return NULL;
	}
	return raw;
}

struct raw *
raw_open_memory(const void *bytes, size_t len, bool hash, struct porch_error *error)
{
	struct raw *raw = raw_new(hash, error);

	if (!raw)
		return NULL;
	raw->memory = cursor_over(bytes, len);
	raw->total = len;
	return raw;
}

static ssize_t
read_memory(struct raw *raw, void *out, size_t len)
{
	struct cursor part = cursor_sub_clamped(&raw->memory, len);

	len = cursor_left(&part);
	if (len > 0)
		memcpy(out, part.at, len);
	return (ssize_t)len;
}

ssize_t
raw_read(struct raw *raw, void *out, size_t len)
{
	ssize_t got;

	if (raw->fd < 0) {
		got = read_memory(raw, out, len);
	} else {
		do
			got = read(raw->fd, out, len);
		while (got < 0 && errno == EINTR);
	}
	if (got < 0) { /* the rest is never seen: there is no hash of the file */
		sha256_free(raw->sum);
		raw->sum = NULL;
	}
	if (got > 0) {
		raw->consumed += (uint64_t)got;
		if (raw->sum)
			sha256_add(raw->sum, out, (size_t)got);
	}
	return got;
}

uint64_t
raw_total(const struct raw *raw)
{
	return raw->total;
}

uint64_t
raw_consumed(const struct raw *raw)
{
	return raw->consumed;
}

void
raw_sha256(struct raw *raw, char hex[static 65])
{
	hex[0] = '\0';
	if (raw->sum)
		sha256_hex(raw->sum, hex);
}

void
raw_close(struct raw *raw)
{
	if (!raw)
		return;
	if (raw->fd > STDIN_FILENO)
		close(raw->fd);
	sha256_free(raw->sum);
	free(raw);
}
