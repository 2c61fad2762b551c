/* SPDX-License-Identifier: Apache-2.0 */
#include "base/table.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/pages.h"

#define NONE       0    /* no slot, so that untouched memory says none */
#define TIERS      2    /* slots count from there: the numbers below are those of their rings */
#define FRONT_MOST 2048 /* slots found lately; a home has fewer flows at a time */

/* The head of a slot; the caller's entry follows it. */
struct slot {
	uint32_t hash;
	uint32_t chain; /* next slot of the same bucket, or of the free list */
	uint32_t index;
	uint16_t tier;
	uint16_t used;
	_Alignas(8) unsigned char entry[];
};

/*
 * Who was touched before and after a slot: a ring for each tier.  Every look-up changes three of
 * them, so they lie close together, apart from the entries.
 */
struct age {
	uint32_t older;
	uint32_t newer;
};

struct table {
	size_t max;
	size_t slot_size;
	size_t entry_size;
	size_t key_size;
	uint64_t seed;
	uint32_t mask;
	uint32_t front_mask;
	uint32_t free;
	size_t count;
	uint32_t *changes; /* what left, for who wants to know; or NULL */
	bool keep_watched;
	uint64_t evicted;
	uint64_t refused;
	table_leave_fn *leave;
	void *user;
	uint32_t *front; /* where a key was found lately: a guess, and never more */
	uint32_t *bucket;
	struct age *age; /* what the ring of each tier begins and ends with; then of each slot */
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

/* The slot, or the ring again when it is empty. */
static inline uint32_t
oldest_of(const struct table *t, uint32_t ring)
{
	return t->age[ring].newer;
}

struct table *
table_new(size_t max, size_t entry_size, size_t key_size, uint64_t seed)
{
	struct table *t;
	size_t buckets = 1, fronts = 1;

	if (max == 0 || max >= UINT32_MAX / 2 || key_size > entry_size)
		return NULL;
	while (buckets < max + max / 2)
		buckets *= 2;
	while (fronts < max && fronts < FRONT_MOST)
		fronts *= 2;
	t = calloc(1, sizeof(*t));
	if (!t)
		return NULL;
	t->max = max;
	t->entry_size = entry_size;
	t->key_size = key_size;
	t->seed = seed;
	t->mask = (uint32_t)(buckets - 1);
	t->front_mask = (uint32_t)(fronts - 1);
	t->slot_size = (sizeof(struct slot) + entry_size + 7) & ~(size_t)7;
	t->bucket = pages_take(buckets * sizeof(*t->bucket));
	t->front = calloc(fronts, sizeof(*t->front));
	t->age = pages_take((max + TIERS) * sizeof(*t->age));
	t->slots = pages_take((max + TIERS) * t->slot_size);
	if (!t->bucket || !t->front || !t->age || !t->slots) {
		table_free(t);
		return NULL;
	}
	for (uint32_t ring = 0; ring < TIERS; ring++)
		t->age[ring] = (struct age){ring, ring};
	t->free = NONE;
	return t;
}

void
table_free(struct table *t)
{
	if (!t)
		return;
	pages_free(t->bucket, ((size_t)t->mask + 1) * sizeof(*t->bucket));
	free(t->front);
	pages_free(t->age, (t->max + TIERS) * sizeof(*t->age));
	pages_free(t->slots, (t->max + TIERS) * t->slot_size);
	free(t);
}

void
table_on_leave(struct table *t, table_leave_fn *leave, void *user)
{
	t->leave = leave;
	t->user = user;
}

void
table_count_changes(struct table *t, uint32_t *changes)
{
	t->changes = changes;
}

static uint32_t
hash_of(const struct table *t, const void *key)
{
	return (uint32_t)hash_bytes(key, t->key_size, t->seed);
}

static inline uint64_t
word_at(const unsigned char *at)
{
	uint64_t word;

	memcpy(&word, at, sizeof(word));
	return word;
}

static inline uint32_t
half_at(const unsigned char *at)
{
	uint32_t half;

	memcpy(&half, at, sizeof(half));
	return half;
}

/*
 * Where this key's guess lies.  Unlike the hash anybody can foresee it; whoever makes keys
 * share a place has only made the guess useless.
 */
static inline uint64_t
mix(uint64_t mixed, uint64_t word)
{
	return (mixed << 23 | mixed >> 41) ^ word;
}

static uint32_t *
front_of(const struct table *t, const unsigned char *key)
{
	size_t size = t->key_size;
	uint64_t mixed = 0;

	if (size >= 8) {
		for (const unsigned char *at = key; at + 8 < key + size; at += 8)
			mixed = mix(mixed, word_at(at));
		mixed = mix(mixed, word_at(key + size - 8));
	} else if (size >= 4) {
		mixed = mix(half_at(key), half_at(key + size - 4));
	} else {
		memcpy(&mixed, key, size);
	}
	return &t->front[mixed * UINT64_C(0x9e3779b97f4a7c15) >> 40 & t->front_mask];
}

/* A MAC, or less. */
static inline bool
is_short_key(const unsigned char *entry, const unsigned char *key, size_t size)
{
	if (size < 4)
		return memcmp(entry, key, size) == 0;
	return half_at(entry) == half_at(key) &&
	       half_at(entry + size - 4) == half_at(key + size - 4);
}

/* memcmp() without the call: keys are short. */
static inline bool
is_key(const struct table *t, const unsigned char *entry, const unsigned char *key)
{
	size_t size = t->key_size;
	uint64_t differs = 0;

	if (size < 8)
		return is_short_key(entry, key, size);
	for (size_t at = 0; at + 8 < size; at += 8)
		differs |= word_at(entry + at) ^ word_at(key + at);
	differs |= word_at(entry + size - 8) ^ word_at(key + size - 8);
	return differs == 0;
}

/* Whether the key lies in that slot: then it was found without a hash. */
static inline bool
lies_at(const struct table *t, const void *key, uint32_t index)
{
	const struct slot *slot = slot_at(t, index);

	return slot->used && is_key(t, slot->entry, key);
}

static uint32_t
look_up(const struct table *t, const void *key, uint32_t hash)
{
	uint32_t i = t->bucket[hash & t->mask];

	while (i != NONE) {
		const struct slot *slot = slot_at(t, i);

		if (slot->hash == hash && is_key(t, slot->entry, key))
			return i;
		i = slot->chain;
	}
	return NONE;
}

static inline void
unlink_age(struct table *t, uint32_t index)
{
	struct age age = t->age[index];

	t->age[age.older].newer = age.newer;
	t->age[age.newer].older = age.older;
}

static inline void
link_newest(struct table *t, uint32_t index, uint32_t ring)
{
	uint32_t older = t->age[ring].older;

	t->age[index].older = older;
	t->age[older].newer = index;
	t->age[index].newer = ring;
	t->age[ring].older = index;
}

static void
unlink_chain(struct table *t, const struct slot *slot)
{
	uint32_t *link = &t->bucket[slot->hash & t->mask];

	while (*link != slot->index)
		link = &slot_at(t, *link)->chain;
	*link = slot->chain;
}

static void
leave(struct table *t, struct slot *slot)
{
	if (t->leave)
		t->leave(slot->entry, t->user);
	unlink_age(t, slot->index);
	unlink_chain(t, slot);
	slot->used = 0;
	slot->chain = t->free;
	t->free = slot->index;
	t->count--;
	if (t->changes)
		++*t->changes;
}

/* A free slot; the oldest entry makes room when there is none. */
static struct slot *
take_slot(struct table *t)
{
	struct slot *slot;

	if (t->free == NONE && t->count < t->max) {
		slot = slot_at(t, (uint32_t)t->count + TIERS); /* never used before */
		slot->index = (uint32_t)t->count + TIERS;
		return slot;
	}
	if (t->free == NONE) {
		if (oldest_of(t, 0) == 0 && t->keep_watched) {
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
	uint32_t *front, index;

	if (t->count == 0)
		return NULL;
	front = front_of(t, key);
	if (lies_at(t, key, *front))
		return slot_at(t, *front)->entry;
	index = look_up(t, key, hash_of(t, key));
	if (index == NONE)
		return NULL;
	*front = index;
	return slot_at(t, index)->entry;
}

static inline void
touch(struct table *t, uint32_t index, uint32_t ring)
{
	if (t->age[index].newer == ring)
		return;
	unlink_age(t, index);
	link_newest(t, index, ring);
}

static void *
create(struct table *t, const void *key, uint32_t hash, uint32_t *front)
{
	struct slot *slot = take_slot(t);

	if (!slot)
		return NULL;
	memset(slot->entry, 0, t->entry_size);
	memcpy(slot->entry, key, t->key_size);
	slot->hash = hash;
	slot->tier = 0;
	slot->used = 1;
	slot->chain = t->bucket[hash & t->mask];
	t->bucket[hash & t->mask] = slot->index;
	t->count++;
	link_newest(t, slot->index, 0);
	*front = slot->index;
	return slot->entry;
}

void *
table_see(struct table *t, const void *key, bool *created)
{
	uint32_t *front = front_of(t, key);
	uint32_t index = *front, hash;
	struct slot *slot;

	*created = false;
	if (!lies_at(t, key, index)) {
		hash = hash_of(t, key);
		index = look_up(t, key, hash);
		*created = index == NONE;
		if (index == NONE)
			return create(t, key, hash, front);
		*front = index;
	}
	slot = slot_at(t, index);
	touch(t, index, slot->tier);
	return slot->entry;
}

uint32_t
table_place(const void *entry)
{
	return slot_of(entry)->index;
}

uint16_t
table_short_place(const void *entry)
{
	uint32_t place = table_place(entry);

	return place <= UINT16_MAX ? (uint16_t)place : 0;
}

void *
table_at(const struct table *t, uint32_t place)
{
	struct slot *slot;

	if (place >= t->max + TIERS)
		return NULL;
	slot = slot_at(t, place);
	return slot->used ? slot->entry : NULL;
}

void
table_touch(struct table *t, void *entry)
{
	const struct slot *slot = slot_of(entry);

	touch(t, slot->index, slot->tier);
}

void *
table_touch_at(struct table *t, uint32_t place)
{
	void *entry = table_at(t, place);

	if (entry)
		touch(t, place, slot_of(entry)->tier);
	return entry;
}

void
table_set_tier(struct table *t, void *entry, unsigned tier)
{
	struct slot *slot = slot_of(entry);

	if (slot->tier == tier || tier >= TIERS)
		return;
	unlink_age(t, slot->index);
	slot->tier = (uint16_t)tier;
	link_newest(t, slot->index, tier);
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
first_from(const struct table *t, uint32_t ring)
{
	for (; ring < TIERS; ring++)
		if (oldest_of(t, ring) != ring)
			return slot_at(t, oldest_of(t, ring))->entry;
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
	uint32_t newer = t->age[slot->index].newer;

	if (newer >= TIERS)
		return slot_at(t, newer)->entry;
	return first_from(t, slot->tier + 1U);
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
