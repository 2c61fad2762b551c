/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "document.h"
#include "history_state.h"

struct counting {
	struct census *census;
	const struct engine_result *so_far;
};

static int
by_number(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return (a > b) - (a < b);
}

/* The ordinal comes first in it. */
static int
by_ordinal(const void *left, const void *right)
{
	return by_number(left, right);
}

static void
sort(struct pile *pile, size_t size, int (*order)(const void *, const void *))
{
	if (pile->count > 1)
		qsort(pile->item, pile->count, size, order);
}

static bool
has_number(const struct pile *pile, uint64_t number)
{
	return pile->count > 0 &&
	       bsearch(&number, pile->item, pile->count, sizeof(number), by_number) != NULL;
}

bool
census_watches(const struct census *census, uint64_t device)
{
	return has_number(&census->watched, device);
}

bool
census_has(const struct census *census, uint64_t ordinal)
{
	return has_number(&census->ordinals, ordinal);
}

void
history_census_free(struct census *census)
{
	pile_free(&census->watched);
	pile_free(&census->counted);
	pile_free(&census->ordinals);
}

static void
see_device(uint64_t device, bool watched, void *user)
{
	struct census *census = ((struct counting *)user)->census;
	uint64_t *id = watched ? pile_add(&census->watched, sizeof(*id)) : NULL;

	if (id)
		*id = device;
	else if (watched)
		census->failed = true;
}

static void
see_episode(const struct track_episode *episode, uint64_t device,
    const struct porch_episode *record, const struct device_traffic *traffic, void *user)
{
	struct census *census = ((struct counting *)user)->census;
	struct counted *c = pile_add(&census->counted, sizeof(*c));

	if (!c) {
		census->failed = true;
		return;
	}
	c->ordinal = episode->ordinal;
	c->device = device;
	c->end.mac = episode->device.mac;
	c->end.inside = episode->inside;
	c->hour = history_hour(episode->start);
	c->traffic = *traffic;
	c->in_ledger = record != NULL;
	if (!record)
		return;
	c->content = (uint8_t)record->content;
	c->bytes_up = record->bytes_up;
	c->bytes_down = record->bytes_down;
}

/* Of devices that are told episode by episode, nothing is counted. */
static void
leave_out_watched(const struct history *h, struct census *census)
{
	struct counted *c = census->counted.item;
	size_t kept = 0;

	for (size_t i = 0; i < census->counted.count; i++)
		if (!census_watches(census, c[i].device) && !table_find(h->watched, &c[i].device))
			c[kept++] = c[i];
	census->counted.count = kept;
	sort(&census->counted, sizeof(*c), by_ordinal);
}

static bool
list_ordinals(struct census *census, const struct engine_result *so_far)
{
	struct track_episode episode;

	for (size_t i = 0; i < so_far->episode_count; i++) {
		uint64_t *ordinal = pile_add(&census->ordinals, sizeof(*ordinal));

		if (!ordinal || !spool_get(so_far->episodes, i, &episode))
			return false;
		*ordinal = episode.ordinal;
	}
	sort(&census->ordinals, sizeof(uint64_t), by_number);
	return true;
}

/* Episodes that were counted and are in memory no more go on saying what their device is. */
static bool
add_gone(const struct history *h, struct document_builder *builder)
{
	static const struct porch_ledger_row none[PORCH_CONTENTS];

	for (const struct end_state *end = table_first(h->ends); end;
	     end = table_next(h->ends, end))
		if (!document_add_sums(builder, end->device, none, &end->gone))
			return false;
	return true;
}

bool
history_census(struct history *h, const struct engine_result *so_far, struct census *census)
{
	struct counting counting = {.census = census, .so_far = so_far};
	const struct document_census calls = {
	    .device = see_device, .episode = see_episode, .user = &counting};
	const struct porch_input input = {.first = so_far->first, .last = so_far->last};
	struct document_builder *builder = document_builder_new(h->setup.rules, h->setup.options);
	bool fine;

	if (builder)
		document_borrow(builder);
	fine = builder && document_add(builder, &input, so_far) && add_gone(h, builder) &&
	       document_take_census(builder, &calls) && !census->failed &&
	       list_ordinals(census, so_far);
	document_builder_free(builder);
	sort(&census->watched, sizeof(uint64_t), by_number);
	if (fine)
		leave_out_watched(h, census);
	return fine;
}
