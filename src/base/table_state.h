/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_TABLE_STATE_H
#define BASE_TABLE_STATE_H

#include "base/table.h"

/*
 * What the files of the table share: table.c finds and keeps entries, table_age.c knows who was
 * touched when.
 */

#define NONE 0 /* no slot, so that untouched memory says none */

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
	bool awake; /* something was asked for that is to be kept */
	uint64_t evicted;
	uint64_t refused;
	table_leave_fn *leave;
	void *user;
	uint32_t *front;      /* where a key was found lately: a guess, and never more */
	unsigned char *pages; /* where the three lie that follow */
	uint32_t *bucket;
	struct ages *ages; /* of all slots that have one, some of which are empty by now */
	unsigned char *slots;
};

static inline struct slot *
slot_at(const struct table *t, uint32_t index)
{
	return (struct slot *)(void *)(t->slots + index * t->slot_size);
}

static inline struct slot *
slot_of(const void *entry)
{
	return (struct slot *)(void *)((unsigned char *)(uintptr_t)entry -
	                               offsetof(struct slot, entry));
}

/* The least recently touched, of tier 0 first; NULL when the table is empty. */
struct slot *table_oldest_slot(const struct table *t);
/* Touched for the first time; the slot may have an age yet of what lay there before. */
void table_touch_first(struct table *t, struct slot *slot);
/* Numbers have run out: who was touched lately gets the lowest that keep the order. */
void table_count_touches_anew(struct table *t);

static inline uint32_t
next_touch(struct table *t)
{
	if (t->touches == TOUCHES_MOST)
		table_count_touches_anew(t);
	return ++t->touches;
}

#endif
