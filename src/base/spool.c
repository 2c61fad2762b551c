/* SPDX-License-Identifier: Apache-2.0 */
#include "base/spool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#define FIRST 64 /* records there is room for at first */

struct spool {
	size_t size;
	size_t in_memory; /* records that may be */
	size_t room;      /* of bytes, in records */
	size_t count;
	unsigned char *bytes;
	FILE *file; /* NULL until it is needed */
};

struct spool *
spool_new(size_t record_size, size_t memory)
{
	struct spool *spool = calloc(1, sizeof(*spool));

	if (!spool || record_size == 0) {
		free(spool);
		return NULL;
	}
	spool->size = record_size;
	spool->in_memory = memory / record_size;
	return spool;
}

void
spool_free(struct spool *spool)
{
	if (!spool)
		return;
	if (spool->file)
		fclose(spool->file);
	free(spool->bytes);
	free(spool);
}

static off_t
place_of(const struct spool *spool, size_t index)
{
	return (off_t)((index - spool->in_memory) * spool->size);
}

/* The whole record, however many calls that takes. */
static bool
write_at(const struct spool *spool, size_t index, const void *record)
{
	off_t place = place_of(spool, index);
	const char *at = record;
	size_t left = spool->size;

	while (left > 0) {
		ssize_t written = pwrite(fileno(spool->file), at, left, place);

		if (written <= 0)
			return false;
		at += written;
		place += written;
		left -= (size_t)written;
	}
	return true;
}

static bool
read_at(const struct spool *spool, size_t index, void *record)
{
	off_t place = place_of(spool, index);
	char *at = record;
	size_t left = spool->size;

	while (left > 0) {
		ssize_t got = pread(fileno(spool->file), at, left, place);

		if (got <= 0)
			return false;
		at += got;
		place += got;
		left -= (size_t)got;
	}
	return true;
}

static bool
grow(struct spool *spool)
{
	size_t room = spool->room ? spool->room * 2 : FIRST;
	unsigned char *more;

	if (room > spool->in_memory)
		room = spool->in_memory;
	more = realloc(spool->bytes, room * spool->size);
	if (!more)
		return false;
	spool->bytes = more;
	spool->room = room;
	return true;
}

bool
spool_add(struct spool *spool, const void *record)
{
	if (spool->count < spool->in_memory) {
		if (spool->count == spool->room && !grow(spool))
			return false;
	} else if (!spool->file && !(spool->file = tmpfile())) {
		return false;
	}
	spool->count++;
	if (spool_put(spool, spool->count - 1, record))
		return true;
	spool->count--;
	return false;
}

size_t
spool_count(const struct spool *spool)
{
	return spool->count;
}

bool
spool_get(const struct spool *spool, size_t index, void *record)
{
	if (index >= spool->in_memory)
		return read_at(spool, index, record);
	memcpy(record, spool->bytes + index * spool->size, spool->size);
	return true;
}

bool
spool_put(struct spool *spool, size_t index, const void *record)
{
	if (index >= spool->in_memory)
		return write_at(spool, index, record);
	memcpy(spool->bytes + index * spool->size, record, spool->size);
	return true;
}
