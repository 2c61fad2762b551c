/* SPDX-License-Identifier: Apache-2.0 */
#include "base/table.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/pages.h"
#include "base/table_state.h"

#define FRONT_MOST 2048   /* slots found lately; a home has fewer flows at a time */
#define WOKEN_MOST 131072 /* bytes of buckets that are soon written all over */

/* Up to where the next part of a table may begin. */
static size_t
rounded(size_t size)
{
	return (size + 63) & ~(size_t)63;
}

static size_t
size_of_buckets(const struct table *t)
{
	return rounded(((size_t)t->mask + 1) * sizeof(*t->bucket));
}

static size_t
size_of_ages(const struct table *t)
{
	return rounded(sizeof(struct ages) + t->max * sizeof(struct age));
}

static size_t
size_of_all(const struct table *t)
{
	return size_of_buckets(t) + size_of_ages(t) + (t->max + 1) * t->slot_size;
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
	t->front = calloc(fronts, sizeof(*t->front));
	t->pages = pages_take(size_of_all(t), size_of_buckets(t) + size_of_ages(t));
	if (!t->front || !t->pages) {
		table_free(t);
		return NULL;
	}
	t->bucket = (uint32_t *)(void *)t->pages;
	t->ages = (struct ages *)(void *)(t->pages + size_of_buckets(t));
	t->slots = t->pages + size_of_buckets(t) + size_of_ages(t);
	t->free = NONE;
	return t;
}

void
table_free(struct table *t)
{
	if (!t)
		return;
	free(t->front);
	if (t->pages)
		pages_free(t->pages, size_of_all(t));
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

static inline uint32_t *
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

	return slot->index != NONE && is_key(t, slot->entry, key);
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

static __attribute__((noinline)) void *
touch_anew(struct table *t, struct slot *slot)
{
	slot->touched = next_touch(t) | (slot->touched & WATCHED);
	return slot->entry;
}

/* Asked of most packets several times: what is rare is called last, so that nothing is saved. */
static inline void *
touch(struct table *t, struct slot *slot)
{
	if (t->touches == TOUCHES_MOST)
		return touch_anew(t, slot);
	slot->touched = ++t->touches | (slot->touched & WATCHED);
	return slot->entry;
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
	unlink_chain(t, slot);
	slot->chain = t->free;
	t->free = slot->index;
	slot->index = NONE;
	t->count--;
	if (t->changes)
		++*t->changes;
}

/* A free slot's number; the oldest entry makes room when there is none, or NONE. */
static uint32_t
take_slot(struct table *t)
{
	struct slot *oldest;
	uint32_t index = t->free;

	if (index == NONE && t->count < t->max)
		return (uint32_t)t->count + 1; /* never used before */
	if (index == NONE) {
		oldest = table_oldest_slot(t);
		if (oldest->touched & WATCHED && t->keep_watched) {
			t->refused++;
			return NONE;
		}
		leave(t, oldest);
		t->evicted++;
		index = t->free;
	}
	t->free = slot_at(t, index)->chain;
	return index;
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

/*
 * Written before it is read.  A page that is read first is given out twice, once to read and once
 * to write, and of the second time the processors of all threads are told (Linux, do_wp_page()).
 */
static __attribute__((noinline)) void
wake(struct table *t)
{
	if (size_of_buckets(t) <= WOKEN_MOST)
		memset(t->bucket, 0, size_of_buckets(t));
	t->ages->count = 0;
	slot_at(t, NONE)->index = NONE;
	t->awake = true;
}

static void *
create(struct table *t, const void *key, uint32_t hash, uint32_t *front)
{
	uint32_t index = take_slot(t);
	struct slot *slot = slot_at(t, index);

	if (index == NONE)
		return NULL;
	memset(slot->entry, 0, t->entry_size);
	memcpy(slot->entry, key, t->key_size);
	slot->hash = hash;
	slot->chain = t->bucket[hash & t->mask];
	t->bucket[hash & t->mask] = index;
	t->count++;
	slot->index = index;
	table_touch_first(t, slot);
	*front = index;
	return slot->entry;
}

void *
table_see(struct table *t, const void *key, bool *created)
{
	uint32_t *front = front_of(t, key);
	uint32_t index = *front, hash;

	*created = false;
	if (!t->awake)
		wake(t);
	if (!lies_at(t, key, index)) {
		hash = hash_of(t, key);
		index = look_up(t, key, hash);
		*created = index == NONE;
		if (index == NONE)
			return create(t, key, hash, front);
		*front = index;
	}
	return touch(t, slot_at(t, index));
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

	if (place > t->max)
		return NULL;
	slot = slot_at(t, place);
	return slot->index != NONE ? slot->entry : NULL;
}

void
table_touch(struct table *t, void *entry)
{
	touch(t, slot_of(entry));
}

/* inline: asked of every packet, and woven into who asks when all is optimised as a whole. */
inline void *
table_touch_at(struct table *t, uint32_t place)
{
	void *entry = table_at(t, place);

	return entry ? touch(t, slot_of(entry)) : NULL;
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
