/* SPDX-License-Identifier: Apache-2.0 */
#include "base/backlog.h"

#include <stdlib.h>
#include <string.h>

#include "base/pages.h"
#include "base/table.h"

#define CHUNK 64
#define NONE  0 /* chunks count from 1 */
#define GROUP 8 /* bytes that share one byte of marks */

/* A part of a record: the first one says where the owner's next record begins. */
struct chunk {
	uint32_t more; /* of this record */
	uint32_t next; /* record of the same owner; in the first chunk */
	uint8_t bytes[CHUNK - 8];
};

struct owner {
	uint64_t id;
	uint32_t oldest, newest; /* first chunks */
	uint32_t count;
};

struct backlog {
	size_t record_size;
	struct table *owners;
	struct chunk *chunks;
	size_t chunk_count;
	size_t used; /* ever */
	uint32_t free;
	size_t left; /* chunks that are free or untouched */
	uint8_t *packed, *record;
	backlog_leave_fn *leave;
	void *user;
};

static size_t
packed_most(size_t size)
{
	return size + (size + GROUP - 1) / GROUP;
}

static struct chunk *
chunk_at(const struct backlog *b, uint32_t at)
{
	return &b->chunks[at - 1];
}

/* The bytes that are not zero, each eight of them after a byte that marks which they are. */
static size_t
pack(const uint8_t *from, size_t size, uint8_t *to)
{
	size_t length = 0;

	for (size_t at = 0; at < size; at += GROUP) {
		uint8_t *marks = &to[length++];

		*marks = 0;
		for (size_t i = 0; i < GROUP && at + i < size; i++) {
			if (!from[at + i])
				continue;
			*marks |= (uint8_t)(1U << i);
			to[length++] = from[at + i];
		}
	}
	return length;
}

static void
unpack(const uint8_t *from, uint8_t *to, size_t size)
{
	for (size_t at = 0; at < size; at += GROUP) {
		uint8_t marks = *from++;

		for (size_t i = 0; i < GROUP && at + i < size; i++)
			to[at + i] = marks & 1U << i ? *from++ : 0;
	}
}

static uint32_t
take_chunk(struct backlog *b)
{
	uint32_t at = b->free;

	b->left--;
	if (at != NONE)
		b->free = chunk_at(b, at)->more;
	else
		at = (uint32_t)++b->used;
	memset(chunk_at(b, at), 0, sizeof(struct chunk));
	return at;
}

static void
give_back(struct backlog *b, uint32_t first)
{
	while (first != NONE) {
		uint32_t more = chunk_at(b, first)->more;

		chunk_at(b, first)->more = b->free;
		b->free = first;
		b->left++;
		first = more;
	}
}

static void
read_record(const struct backlog *b, uint32_t first)
{
	size_t length = 0;

	for (uint32_t at = first; at != NONE; at = chunk_at(b, at)->more) {
		memcpy(b->packed + length, chunk_at(b, at)->bytes, sizeof(b->chunks[0].bytes));
		length += sizeof(b->chunks[0].bytes);
	}
	unpack(b->packed, b->record, b->record_size);
}

static void
drop_oldest(struct backlog *b, struct owner *owner, bool tell)
{
	uint32_t first = owner->oldest;

	if (tell && b->leave) {
		read_record(b, first);
		b->leave(owner->id, b->record, b->user);
	}
	owner->oldest = chunk_at(b, first)->next;
	if (--owner->count == 0)
		owner->newest = NONE;
	give_back(b, first);
}

/* An owner makes room for another one. */
static void
leave_owner(void *entry, void *user)
{
	struct owner *owner = entry;

	while (owner->count > 0)
		drop_oldest(user, owner, true);
}

static void
make_room(struct backlog *b, size_t chunks)
{
	while (b->left < chunks) {
		struct owner *most = table_first(b->owners);

		for (struct owner *o = most; o; o = table_next(b->owners, o))
			if (o->count > most->count)
				most = o;
		drop_oldest(b, most, true);
	}
}

struct backlog *
backlog_new(size_t owners, size_t record_size, size_t memory, uint64_t seed)
{
	struct backlog *b = calloc(1, sizeof(*b));

	if (!b)
		return NULL;
	b->record_size = record_size;
	b->chunk_count = b->left = memory / sizeof(struct chunk);
	b->owners = table_new(owners, sizeof(struct owner), sizeof(uint64_t), seed);
	b->chunks = pages_take(b->chunk_count * sizeof(struct chunk), 0);
	b->packed = calloc(1, packed_most(record_size) + CHUNK);
	b->record = calloc(1, record_size);
	if (!b->owners || !b->chunks || !b->packed || !b->record) {
		backlog_free(b);
		return NULL;
	}
	table_on_leave(b->owners, leave_owner, b);
	return b;
}

void
backlog_free(struct backlog *b)
{
	if (!b)
		return;
	table_free(b->owners);
	pages_free(b->chunks, b->chunk_count * sizeof(struct chunk));
	free(b->packed);
	free(b->record);
	free(b);
}

void
backlog_on_leave(struct backlog *b, backlog_leave_fn *leave, void *user)
{
	b->leave = leave;
	b->user = user;
}

/* The packed bytes as a chain of chunks. */
static uint32_t
write_record(struct backlog *b, const uint8_t *packed, size_t length)
{
	uint32_t first = NONE, last = NONE;

	for (size_t at = 0; at < length; at += sizeof(b->chunks[0].bytes)) {
		uint32_t chunk = take_chunk(b);
		size_t part = length - at;

		if (part > sizeof(b->chunks[0].bytes))
			part = sizeof(b->chunks[0].bytes);
		memcpy(chunk_at(b, chunk)->bytes, packed + at, part);
		if (last != NONE)
			chunk_at(b, last)->more = chunk;
		else
			first = chunk;
		last = chunk;
	}
	return first;
}

bool
backlog_add(struct backlog *b, uint64_t id, const void *record)
{
	size_t length = pack(record, b->record_size, b->packed), chunks;
	uint8_t *packed = b->packed;
	struct owner *owner;
	bool created;
	uint32_t first;

	chunks = (length + sizeof(b->chunks[0].bytes) - 1) / sizeof(b->chunks[0].bytes);
	if (chunks > b->chunk_count)
		return false;
	owner = table_see(b->owners, &id, &created);
	make_room(b, chunks);
	length = pack(record, b->record_size, packed); /* what left was read into the same place */
	first = write_record(b, packed, length);
	if (owner->count++ == 0)
		owner->oldest = first;
	else
		chunk_at(b, owner->newest)->next = first;
	owner->newest = first;
	return true;
}

size_t
backlog_count(const struct backlog *b, uint64_t id)
{
	const struct owner *owner = table_find(b->owners, &id);

	return owner ? owner->count : 0;
}

static bool
each_of(const struct backlog *b, const struct owner *owner, backlog_each_fn *each, void *user)
{
	for (uint32_t at = owner->count ? owner->oldest : NONE; at != NONE;
	     at = chunk_at(b, at)->next) {
		read_record(b, at);
		if (!each(b->record, user))
			return false;
	}
	return true;
}

bool
backlog_each(const struct backlog *b, uint64_t id, backlog_each_fn *each, void *user)
{
	const struct owner *owner = table_find(b->owners, &id);

	return !owner || each_of(b, owner, each, user);
}

bool
backlog_each_of_all(const struct backlog *b, backlog_each_fn *each, void *user)
{
	for (const struct owner *owner = table_first(b->owners); owner;
	     owner = table_next(b->owners, owner))
		if (!each_of(b, owner, each, user))
			return false;
	return true;
}

void
backlog_forget(struct backlog *b, uint64_t id)
{
	struct owner *owner = table_find(b->owners, &id);

	while (owner && owner->count > 0)
		drop_oldest(b, owner, false);
}
