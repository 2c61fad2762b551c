/* SPDX-License-Identifier: Apache-2.0 */
#include "base/table.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/pages.h"

#define NONE       0    /* no slot, so that untouched memory says none */
#define FRONT_MOST 2048 /* slots found lately; a home has fewer flows at a time */

#define WATCHED UINT32_C(0x80000000) /* of what was touched: tier 1, which goes last */
#ifndef TOUCHES_MOST
#define TOUCHES_MOST (WATCHED - 1) /* then they are counted anew */
#endif

/* The head of a slot; the caller's entry follows it. */
struct slot {
	uint32_t hash;
	uint32_t chain;   /* next slot of the same bucket, or of the free list */
	uint32_t index;   /* NONE when nothing lies here */
	uint32_t touched; /* number of the touch, and WATCHED; 0 when it has no age */
	_Alignas(8) unsigned char entry[];
};

/* A slot, and when it was touched by what was known at some time: since then it may have been. */
struct age {
	uint32_t touched;
	uint32_t index;
};

/*
 * Who was touched when: a heap (Williams, Algorithm 232, CACM 7(6), 1964) with the least on top,
 * which is brought up to date only when somebody asks.  So a touch writes a number where the entry
 * lies, and nothing else.
 */
struct ages {
	size_t count;
	size_t walked;   /* the age of the entry that was given out last */
	uint32_t sorted; /* the touch up to which all are known and in order; 0: they are not */
	struct age age[];
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
	uint32_t touches; /* so far */
	size_t count;
	uint32_t *changes; /* what left, for who wants to know; or NULL */
	bool keep_watched;
	uint64_t evicted;
	uint64_t refused;
	table_leave_fn *leave;
	void *user;
	uint32_t *front; /* where a key was found lately: a guess, and never more */
	uint32_t *bucket;
	struct ages *ages; /* of all slots that have one, some of which are empty by now */
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

static size_t
size_of_ages(size_t max)
{
	return sizeof(struct ages) + max * sizeof(struct age);
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
	t->ages = pages_take(size_of_ages(max));
	t->slots = pages_take((max + 1) * t->slot_size);
	if (!t->bucket || !t->front || !t->ages || !t->slots) {
		table_free(t);
		return NULL;
	}
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
	pages_free(t->ages, size_of_ages(t->max));
	pages_free(t->slots, (t->max + 1) * t->slot_size);
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

/* An age goes down to where none below is less. */
static void
sink(struct ages *ages, size_t at)
{
	struct age age = ages->age[at];

	for (size_t below; (below = 2 * at + 1) < ages->count; at = below) {
		if (below + 1 < ages->count &&
		    ages->age[below + 1].touched < ages->age[below].touched)
			below++;
		if (age.touched <= ages->age[below].touched)
			break;
		ages->age[at] = ages->age[below];
	}
	ages->age[at] = age;
	ages->sorted = 0;
}

/* An age goes up to where none above is more. */
static void
rise(struct ages *ages, size_t at)
{
	struct age age = ages->age[at];

	for (size_t above; at > 0; at = above) {
		above = (at - 1) / 2;
		if (ages->age[above].touched <= age.touched)
			break;
		ages->age[at] = ages->age[above];
	}
	ages->age[at] = age;
	ages->sorted = 0;
}

static size_t
age_of(const struct ages *ages, uint32_t index)
{
	size_t at = 0;

	while (at < ages->count && ages->age[at].index != index)
		at++;
	return at;
}

static void
add_age(struct ages *ages, const struct slot *slot)
{
	ages->age[ages->count] = (struct age){.touched = slot->touched, .index = slot->index};
	rise(ages, ages->count++);
}

/* For what is rare: the slot's touch may be less than its age says. */
static void
lower_age(struct ages *ages, const struct slot *slot)
{
	size_t at = age_of(ages, slot->index);

	if (ages->age[at].touched <= slot->touched)
		return;
	ages->age[at].touched = slot->touched;
	rise(ages, at);
}

static struct slot *
oldest_slot(const struct table *t)
{
	struct ages *ages = t->ages;

	while (ages->count > 0) {
		struct age *first = &ages->age[0];
		struct slot *slot = slot_at(t, first->index);

		if (slot->index != NONE && slot->touched == first->touched)
			return slot;
		if (slot->index == NONE) {
			slot->touched = 0;
			*first = ages->age[--ages->count];
		} else {
			first->touched = slot->touched;
		}
		sink(ages, 0);
	}
	return NULL;
}

static int
by_touch(const void *left, const void *right)
{
	const struct age *a = left, *b = right;

	return (a->touched > b->touched) - (a->touched < b->touched);
}

/* All ages as they are now, in order, which is a heap too. */
static void
sort_ages(const struct table *t)
{
	struct ages *ages = t->ages;
	size_t kept = 0;

	if (ages->sorted == t->touches)
		return;
	for (size_t i = 0; i < ages->count; i++) {
		struct age age = ages->age[i];
		struct slot *slot = slot_at(t, age.index);

		age.touched = slot->touched;
		if (slot->index == NONE)
			slot->touched = 0;
		else
			ages->age[kept++] = age;
	}
	ages->count = kept;
	if (kept > 1)
		qsort(ages->age, kept, sizeof(ages->age[0]), by_touch);
	ages->sorted = t->touches;
}

/* Numbers have run out: who was touched lately gets the lowest that keep the order. */
static __attribute__((noinline)) void
count_touches_anew(struct table *t)
{
	struct ages *ages = t->ages;

	sort_ages(t);
	t->touches = 0;
	for (size_t i = 0; i < ages->count; i++) {
		struct age *age = &ages->age[i];

		age->touched = (age->touched & WATCHED) | ++t->touches;
		slot_at(t, age->index)->touched = age->touched;
	}
	ages->sorted = t->touches;
}

static inline uint32_t
next_touch(struct table *t)
{
	if (t->touches == TOUCHES_MOST)
		count_touches_anew(t);
	return ++t->touches;
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
		oldest = oldest_slot(t);
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

/* Touched for the first time; the slot may have an age yet of what lay there before. */
static void
touch_first(struct table *t, struct slot *slot)
{
	uint32_t now = next_touch(t), before = slot->touched;

	slot->touched = now;
	if (before == 0)
		add_age(t->ages, slot);
	else if (before & WATCHED)
		lower_age(t->ages, slot);
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
	touch_first(t, slot);
	*front = index;
	return slot->entry;
}

void *
table_see(struct table *t, const void *key, bool *created)
{
	uint32_t *front = front_of(t, key);
	uint32_t index = *front, hash;

	*created = false;
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

void *
table_touch_at(struct table *t, uint32_t place)
{
	void *entry = table_at(t, place);

	return entry ? touch(t, slot_of(entry)) : NULL;
}

void
table_set_tier(struct table *t, void *entry, unsigned tier)
{
	struct slot *slot = slot_of(entry);
	uint32_t watched = tier ? WATCHED : 0;

	if ((slot->touched & WATCHED) == watched || tier > 1)
		return;
	slot->touched = next_touch(t) | watched;
	if (!watched)
		lower_age(t->ages, slot);
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
	struct slot *slot = oldest_slot(t);

	return slot ? slot->entry : NULL;
}

/* The entry of the first age from there on that has one. */
static void *
walk_from(const struct table *t, size_t at)
{
	struct ages *ages = t->ages;

	for (; at < ages->count; at++) {
		struct slot *slot = slot_at(t, ages->age[at].index);

		ages->walked = at;
		if (slot->index != NONE)
			return slot->entry;
	}
	return NULL;
}

void *
table_first(const struct table *t)
{
	sort_ages(t);
	return walk_from(t, 0);
}

void *
table_next(const struct table *t, const void *entry)
{
	const struct ages *ages = t->ages;
	uint32_t index = slot_of(entry)->index;
	size_t at = ages->walked;

	if (at >= ages->count || ages->age[at].index != index)
		at = age_of(ages, index);
	return walk_from(t, at + 1);
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
