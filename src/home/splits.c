/* SPDX-License-Identifier: Apache-2.0 */
#include "home/splits.h"

#include <stdlib.h>

#include "base/sieve.h"
#include "base/table.h"

#define WINDOW     60000000 /* A, B and A again within this many microseconds */
#define REMEMBERED 16       /* addresses of one MAC looked back on */

struct seen {
	struct addr addr;
	int64_t time; /* when it last sent */
};

struct row {
	struct mac mac;
	bool split;
	uint8_t count;
	struct seen seen[REMEMBERED]; /* most recent first */
};

struct splits {
	struct table *rows;
	struct sieve split; /* MACs that were: most are not */
	uint32_t changes;
};

static void
forget(void *entry, void *user)
{
	const struct row *row = entry;
	struct splits *splits = user;

	splits->changes += row->split;
}

struct splits *
splits_new(size_t max_macs, uint64_t seed)
{
	struct splits *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->rows = table_new(max_macs, sizeof(struct row), sizeof(struct mac), seed);
	if (!s->rows) {
		splits_free(s);
		return NULL;
	}
	table_on_leave(s->rows, forget, s);
	return s;
}

void
splits_free(struct splits *splits)
{
	if (!splits)
		return;
	table_free(splits->rows);
	free(splits);
}

/* Moves addr to the front; what falls off the end was silent longest. */
static void
to_front(struct row *row, size_t found, const struct addr *addr, int64_t time)
{
	if (found == row->count && row->count < REMEMBERED)
		row->count++;
	else if (found == row->count)
		found--;
	for (size_t i = found; i > 0; i--)
		row->seen[i] = row->seen[i - 1];
	row->seen[0] = (struct seen){.addr = *addr, .time = time};
}

/* Packet time may step back, so the distance counts in both directions. */
static bool
near(int64_t a, int64_t b)
{
	uint64_t distance = a > b ? (uint64_t)a - (uint64_t)b : (uint64_t)b - (uint64_t)a;

	return distance <= WINDOW;
}

static void
mark(struct splits *splits, struct row *row)
{
	splits->changes += !row->split;
	row->split = true;
	sieve_add(&splits->split, &row->mac, sizeof(row->mac));
}

static bool
may_split(const struct addr *addr)
{
	return addr->family == 4 && !addr_is_unspecified(addr) && !addr_is_link_local(addr);
}

/* Apart from its caller, which most often finds the address that sent last. */
static __attribute__((noinline)) bool
look_back(struct splits *splits, const struct mac *mac, const struct addr *addr, int64_t time,
    uint16_t *place)
{
	bool created;
	struct row *row;
	size_t found = 0;

	if (!may_split(addr))
		return splits_has(splits, mac);
	row = table_see(splits->rows, mac, &created);
	if (!row)
		return false;
	if (place)
		*place = table_short_place(row);
	while (found < row->count && !addr_equal(&row->seen[found].addr, addr))
		found++;
	/* Another address lies before it, so that one sent since. */
	if (found > 0 && found < row->count && near(time, row->seen[found].time))
		mark(splits, row);
	to_front(row, found, addr, time);
	return row->split;
}

bool
splits_see(struct splits *splits, const struct mac *mac, const struct addr *addr, int64_t time,
    uint16_t *place)
{
	struct row *row = place ? table_touch_at(splits->rows, *place) : NULL;

	if (!row || !addr_equal(&row->seen[0].addr, addr))
		return look_back(splits, mac, addr, time, place);
	row->seen[0].time = time;
	return row->split;
}

void
splits_mark(struct splits *splits, const struct mac *mac)
{
	bool created;
	struct row *row = table_see(splits->rows, mac, &created);

	if (row)
		mark(splits, row);
}

bool
splits_has(const struct splits *splits, const struct mac *mac)
{
	const struct row *row;

	if (!sieve_may_have(&splits->split, mac, sizeof(*mac)))
		return false;
	row = table_find(splits->rows, mac);
	return row && row->split;
}

uint32_t
splits_changes(const struct splits *splits)
{
	return splits->changes;
}

void
splits_count_places(struct splits *splits, uint32_t *changes)
{
	table_count_changes(splits->rows, changes);
}

uint64_t
splits_evicted(const struct splits *splits)
{
	return table_evicted(splits->rows);
}
