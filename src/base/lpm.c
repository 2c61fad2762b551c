/* SPDX-License-Identifier: Apache-2.0 */
#include "base/lpm.h"

#include <stdlib.h>
#include <string.h>

#define NONE UINT32_MAX
#define ROOM 16384 /* for a start: untouched memory costs nothing, moving it does */

struct entry {
	struct prefix prefix;
	uint32_t value;
	uint32_t order; /* of adding; after sealing: index of the next shorter prefix, or NONE */
};

struct lpm {
	struct entry *entry;
	size_t count;
	size_t room;
	bool sealed;
};

struct lpm *
lpm_new(void)
{
	return calloc(1, sizeof(struct lpm));
}

void
lpm_free(struct lpm *lpm)
{
	if (!lpm)
		return;
	free(lpm->entry);
	free(lpm);
}

static bool
make_room(struct lpm *lpm)
{
	size_t room = lpm->room ? lpm->room * 2 : ROOM;
	struct entry *entry;

	if (lpm->count < lpm->room)
		return true;
	if (room >= NONE)
		return false;
	entry = realloc(lpm->entry, room * sizeof(*entry));
	if (!entry)
		return false;
	lpm->entry = entry;
	lpm->room = room;
	return true;
}

bool
lpm_add(struct lpm *lpm, const struct prefix *prefix, uint32_t value)
{
	if (lpm->sealed || !make_room(lpm))
		return false;
	lpm->entry[lpm->count] =
	    (struct entry){.prefix = *prefix, .value = value, .order = (uint32_t)lpm->count};
	lpm->count++;
	return true;
}

/* Covering prefixes come before what they cover. */
static int
compare(const struct prefix *a, const struct prefix *b)
{
	int order = addr_compare(&a->addr, &b->addr);

	return order != 0 ? order : (int)a->length - (int)b->length;
}

static int
compare_entries(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	int order = compare(&a->prefix, &b->prefix);

	if (order != 0)
		return order;
	return a->order < b->order ? -1 : a->order > b->order;
}

/* How many lie before those at the end that were added in order, as the rows of a file are. */
static size_t
unordered(const struct lpm *lpm)
{
	size_t count = lpm->count;

	while (count > 0 && (count == lpm->count || compare(&lpm->entry[count - 1].prefix,
	                                                &lpm->entry[count].prefix) < 0))
		count--;
	return count;
}

/* Of those with one prefix, the later stays: how many are left. */
static size_t
sort(struct entry *entry, size_t count)
{
	size_t kept = 0;

	qsort(entry, count, sizeof(*entry), compare_entries);
	for (size_t i = 0; i < count; i++) {
		if (kept > 0 && compare(&entry[kept - 1].prefix, &entry[i].prefix) == 0)
			kept--;
		entry[kept++] = entry[i];
	}
	return kept;
}

/* The first from `from` on that does not lie before the prefix. */
static size_t
place_of(const struct lpm *lpm, size_t from, const struct prefix *prefix)
{
	size_t low = from, high = lpm->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare(&lpm->entry[middle].prefix, prefix) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Sorts the first ones in between those behind them, which are later; false: out of memory. */
static bool
merge(struct lpm *lpm, size_t first)
{
	struct entry *copy = malloc(first * sizeof(*copy)), *entry = lpm->entry, *to = entry;
	size_t from = first, kept;

	if (!copy)
		return false;
	memcpy(copy, entry, first * sizeof(*copy));
	kept = sort(copy, first);
	for (size_t i = 0; i < kept; i++) {
		size_t place = place_of(lpm, from, &copy[i].prefix);

		memmove(to, entry + from, (place - from) * sizeof(*to));
		to += place - from;
		from = place;
		if (from == lpm->count || compare(&copy[i].prefix, &entry[from].prefix) != 0)
			*to++ = copy[i];
	}
	free(copy);
	memmove(to, entry + from, (lpm->count - from) * sizeof(*to));
	lpm->count = (size_t)(to - entry) + lpm->count - from;
	return true;
}

/* The nearest of `from` and the prefixes above it that holds addr. */
static uint32_t
holder(const struct lpm *lpm, uint32_t from, const struct addr *addr)
{
	while (from != NONE && !prefix_contains(&lpm->entry[from].prefix, addr))
		from = lpm->entry[from].order;
	return from;
}

void
lpm_seal(struct lpm *lpm)
{
	size_t first;

	if (lpm->sealed)
		return;
	first = unordered(lpm);
	if (first > 0 && !merge(lpm, first))
		lpm->count = sort(lpm->entry, lpm->count);
	for (uint32_t i = 0; i < lpm->count; i++) {
		uint32_t before = i == 0 ? NONE : i - 1;

		lpm->entry[i].order = holder(lpm, before, &lpm->entry[i].prefix.addr);
	}
	lpm->sealed = true;
}

static uint32_t
longest(const struct lpm *lpm, const struct addr *addr)
{
	struct prefix all = {.addr = *addr, .length = 128};
	size_t low = 0, high = lpm->sealed ? lpm->count : 0;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare(&lpm->entry[middle].prefix, &all) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low == 0 ? NONE : holder(lpm, (uint32_t)low - 1, addr);
}

bool
lpm_find(const struct lpm *lpm, const struct addr *addr, uint32_t *value)
{
	uint32_t found = longest(lpm, addr);

	if (found == NONE)
		return false;
	*value = lpm->entry[found].value;
	return true;
}

void
lpm_each(const struct lpm *lpm, const struct addr *addr,
    void (*each)(const struct prefix *prefix, uint32_t value, void *user), void *user)
{
	for (uint32_t at = longest(lpm, addr); at != NONE; at = lpm->entry[at].order)
		each(&lpm->entry[at].prefix, lpm->entry[at].value, user);
}

size_t
lpm_count(const struct lpm *lpm)
{
	return lpm->count;
}
