/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/table_state.h"

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

struct slot *
table_oldest_slot(const struct table *t)
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

void
table_count_touches_anew(struct table *t)
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

void
table_touch_first(struct table *t, struct slot *slot)
{
	uint32_t now = next_touch(t), before = slot->touched;

	slot->touched = now;
	if (before == 0)
		add_age(t->ages, slot);
	else if (before & WATCHED)
		lower_age(t->ages, slot);
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

void *
table_oldest(const struct table *t)
{
	struct slot *slot = table_oldest_slot(t);

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
