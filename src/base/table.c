/* SPDX-License-Identifier: Apache-2.0 */
#include "base/table.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

#define NONE  UINT32_MAX
#define TIERS 2

/* The head of a slot; the caller's entry follows it. */
struct slot {
	uint32_t hash;
	uint32_t chain; /* next slot of the same bucket, or of the free list */
	uint32_t older;
	uint32_t newer;
	uint32_t tier;
	uint32_t used;
	_Alignas(8) unsigned char entry[];
};

struct table {
	size_t max;
	size_t slot_size;
	size_t entry_size;
	size_t key_size;
	uint64_t seed;
	uint32_t mask;
	uint32_t free;
	uint32_t oldest[TIERS];
	uint32_t newest[TIERS];
	size_t count;
	bool keep_watched;
	uint64_t evicted;
	uint64_t refused;
	table_leave_fn *leave;
	void *user;
	uint32_t *bucket;
	unsigned char *slots;
};

static struct slot *
slot_at(const struct table *t, uint32_t index)
{
	return (struct slot *)(void *)(t->slots + index * t->slot_size);
}

static struct slot *
slot_of(const void *entry)
{
	return (struct slot *)(void *)((unsigned char *)(uintptr_t)entry -
	                               offsetof(struct slot, entry));
}

static uint32_t
index_of(const struct table *t, const struct slot *slot)
{
	return (uint32_t)((size_t)((const unsigned char *)slot - t->slots) / t->slot_size);
}

struct table *
table_new(size_t max, size_t entry_size, size_t key_size, uint64_t seed)
{
	struct table *t;
	size_t buckets = 1;

	if (max == 0 || max >= NONE / 2 || key_size > entry_size)
		return NULL;
	while (buckets < max + max / 2)
		buckets *= 2;
	t = calloc(1, sizeof(*t));
	if (!t)
		return NULL;
	t->max = max;
	t->entry_size = entry_size;
	t->key_size = key_size;
	t->seed = seed;
	t->mask = (uint32_t)(buckets - 1);
	t->slot_size = (sizeof(struct slot) + entry_size + 7) & ~(size_t)7;
	t->bucket = malloc(buckets * sizeof(*t->bucket));
	t->slots = calloc(max, t->slot_size);
	if (!t->bucket || !t->slots) {
		table_free(t);
		return NULL;
	}
	memset(t->bucket, 0xff, buckets * sizeof(*t->bucket));
	for (unsigned tier = 0; tier < TIERS; tier++)
		t->oldest[tier] = t->newest[tier] = NONE;
	t->free = NONE;
	return t;
}

void
table_free(struct table *t)
{
	if (!t)
		return;
	free(t->bucket);
	free(t->slots);
	free(t);
}

void
table_on_leave(struct table *t, table_leave_fn *leave, void *user)
{
	t->leave = leave;
	t->user = user;
}

static uint32_t
hash_of(const struct table *t, const void *key)
{
	return (uint32_t)hash_bytes(key, t->key_size, t->seed);
}

static struct slot *
look_up(const struct table *t, const void *key, uint32_t hash)
{
	for (uint32_t i = t->bucket[hash & t->mask]; i != NONE; i = slot_at(t, i)->chain) {
		struct slot *slot = slot_at(t, i);

		if (slot->hash == hash && memcmp(slot->entry, key, t->key_size) == 0)
			return slot;
	}
	return NULL;
}

static void
unlink_age(struct table *t, const struct slot *slot)
{
	if (slot->older == NONE)
		t->oldest[slot->tier] = slot->newer;
	else
		slot_at(t, slot->older)->newer = slot->newer;
	if (slot->newer == NONE)
		t->newest[slot->tier] = slot->older;
	else
		slot_at(t, slot->newer)->older = slot->older;
}

static void
link_newest(struct table *t, struct slot *slot)
{
	uint32_t index = index_of(t, slot);

	slot->newer = NONE;
	slot->older = t->newest[slot->tier];
	if (slot->older == NONE)
		t->oldest[slot->tier] = index;
	else
		slot_at(t, slot->older)->newer = index;
	t->newest[slot->tier] = index;
}

static void
unlink_chain(struct table *t, const struct slot *slot)
{
	uint32_t index = index_of(t, slot);
	uint32_t *link = &t->bucket[slot->hash & t->mask];

	while (*link != index)
		link = &slot_at(t, *link)->chain;
	*link = slot->chain;
}

static void
leave(struct table *t, struct slot *slot)
{
	if (t->leave)
		t->leave(slot->entry, t->user);
	unlink_age(t, slot);
	unlink_chain(t, slot);
	slot->used = 0;
	slot->chain = t->free;
	t->free = index_of(t, slot);
	t->count--;
}

/* A free slot; the oldest entry makes room when there is none. */
static struct slot *
take_slot(struct table *t)
{
	struct slot *slot;

	if (t->free == NONE && t->count < t->max)
		return slot_at(t, (uint32_t)t->count); /* never used before */
	if (t->free == NONE) {
		if (t->oldest[0] == NONE && t->keep_watched) {
			t->refused++;
			return NULL;
		}
		leave(t, slot_of(table_oldest(t)));
		t->evicted++;
	}
	slot = slot_at(t, t->free);
	t->free = slot->chain;
	return slot;
}

void *
table_find(const struct table *t, const void *key)
{
	struct slot *slot = look_up(t, key, hash_of(t, key));

	return slot ? slot->entry : NULL;
}

static void
touch(struct table *t, struct slot *slot)
{
	if (slot->newer == NONE)
		return;
	unlink_age(t, slot);
	link_newest(t, slot);
}

void *
table_see(struct table *t, const void *key, bool *created)
{
	uint32_t hash = hash_of(t, key);
	struct slot *slot = look_up(t, key, hash);

	*created = slot == NULL;
	if (slot) {
		touch(t, slot);
		return slot->entry;
	}
	slot = take_slot(t);
	if (!slot)
		return NULL;
	memset(slot->entry, 0, t->entry_size);
	memcpy(slot->entry, key, t->key_size);
	slot->hash = hash;
	slot->tier = 0;
	slot->used = 1;
	slot->chain = t->bucket[hash & t->mask];
	t->bucket[hash & t->mask] = index_of(t, slot);
	t->count++;
	link_newest(t, slot);
	return slot->entry;
}

void
table_set_tier(struct table *t, void *entry, unsigned tier)
{
	struct slot *slot = slot_of(entry);

	if (slot->tier == tier || tier >= TIERS)
		return;
	unlink_age(t, slot);
	slot->tier = tier;
	link_newest(t, slot);
}

void
table_keep_watched(struct table *t, bool keep)
{
	t->keep_watched = keep;
}

void
table_drop(struct table *t, void *entry)
{
	leave(t, slot_of(entry));
}

void *
table_oldest(const struct table *t)
{
	return table_first(t);
}

static void *
first_from(const struct table *t, unsigned tier)
{
	for (; tier < TIERS; tier++)
		if (t->oldest[tier] != NONE)
			return slot_at(t, t->oldest[tier])->entry;
	return NULL;
}

void *
table_first(const struct table *t)
{
	return first_from(t, 0);
}

void *
table_next(const struct table *t, const void *entry)
{
	const struct slot *slot = slot_of(entry);

	if (slot->newer != NONE)
		return slot_at(t, slot->newer)->entry;
	return first_from(t, slot->tier + 1);
}

size_t
table_count(const struct table *t)
{
	return t->count;
}

uint64_t
table_evicted(const struct table *t)
{
	return t->evicted;
}

uint64_t
table_refused(const struct table *t)
{
	return t->refused;
}
