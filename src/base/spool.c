/* SPDX-License-Identifier: Apache-2.0 */
#include "base/spool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "base/pages.h"

struct spool {
	size_t size;
	size_t in_memory; /* records that may be */
	size_t count;
	unsigned char *bytes; /* NULL until they are needed */
	FILE *file;           /* the same */
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

static size_t
size_in_memory(const struct spool *spool)
{
	return spool->in_memory * spool->size;
}

void
spool_free(struct spool *spool)
{
	if (!spool)
		return;
	if (spool->file)
		fclose(spool->file);
	pages_free(spool->bytes, size_in_memory(spool));
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

/* Room in memory, of which only what is filled is taken; or the file. */
static bool
has_room(struct spool *spool)
{
	if (spool->count >= spool->in_memory)
		return spool->file || (spool->file = tmpfile());
	if (!spool->bytes)
		spool->bytes = pages_take(size_in_memory(spool), 0);
	return spool->bytes != NULL;
}

bool
spool_add(struct spool *spool, const void *record)
{
	if (!has_room(spool))
		return false;
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
