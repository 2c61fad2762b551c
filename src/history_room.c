/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "history_state.h"

#define MINUTE INT64_C(60000000)
#define DAY    (24 * HISTORY_HOUR_US)
#define YEAR   (366 * DAY)

#define EVERYTHING                                                                                 \
	(struct store_query)                                                                       \
	{                                                                                          \
		.kinds = UINT32_MAX, .since = STORE_NO_TIME, .until = STORE_NO_TIME                \
	}

static bool
remove_before(struct history *h, int64_t time)
{
	struct store_query old = EVERYTHING;
	uint64_t removed;

	old.until = time;
	return store_remove(h->store, &old, &removed) == STORE_DONE;
}

static bool
see_first(const struct store_row *row, void *user)
{
	*(int64_t *)user = row->time;
	return false;
}

/* Day by day, until what is left fits. */
static bool
keep_within_budget(struct history *h, int64_t now)
{
	bool fine = true;

	for (int days = 0; fine && store_size(h->store) > h->setup.budget && days < 4000; days++) {
		int64_t first = PORCH_NO_TIME;
		const struct store_query all = EVERYTHING;

		store_each(h->store, &all, see_first, &first);
		if (first == PORCH_NO_TIME || first >= history_hour(now))
			break;
		first += DAY;
		fine = remove_before(h, first < history_hour(now) ? first : history_hour(now)) &&
		       store_scrub(h->store) == STORE_DONE;
	}
	return fine;
}

/* A clock that leaps ahead by years is rather wrong: for a day nothing is removed by it. */
static bool
is_believable(struct history *h, int64_t now)
{
	int64_t newest = PORCH_NO_TIME;
	struct store_query earlier = EVERYTHING;

	if (h->keep_until != PORCH_NO_TIME)
		return now >= h->keep_until;
	h->keep_until = h->facts.start;
	earlier.kinds = 1U << HISTORY_SESSION;
	earlier.until = history_hour(h->facts.start);
	store_each(h->store, &earlier, see_first, &newest);
	if (newest != PORCH_NO_TIME && h->facts.start - newest > YEAR)
		h->keep_until += DAY;
	return now >= h->keep_until;
}

/* Devices that were removed have no row that could be written over. */
static void
drop_old_devices(struct history *h, int64_t before)
{
	struct device_state *at, *next;

	for (at = table_first(h->devices); at; at = next) {
		next = table_next(h->devices, at);
		if (at->time < before)
			table_drop(h->devices, at);
	}
}

static void
purge(struct history *h, int64_t now)
{
	int64_t before = history_hour(now) - (int64_t)h->setup.days * DAY;

	if (h->purged == history_hour(now) || !is_believable(h, now))
		return;
	if (!remove_before(h, before) || !keep_within_budget(h, now)) {
		history_fail(h, store_why(h->store));
		return;
	}
	drop_old_devices(h, before);
	store_settle(h->store);
	h->purged = history_hour(now);
}

/* In time, and at once when something was forgotten: it may not linger there. */
static bool
is_copy_due(const struct history *h, int64_t now, int64_t forgotten)
{
	return h->copied == PORCH_NO_TIME || now - h->copied >= h->setup.copy_minutes * MINUTE ||
	       forgotten > h->copied_forgotten;
}

static void
copy(struct history *h, int64_t now)
{
	int64_t forgotten;
	bool all;

	if (!h->setup.copy || h->failing)
		return;
	forgotten = store_forgotten(h->store, h->copied_forgotten, &all);
	if (!is_copy_due(h, now, forgotten))
		return;
	if (store_copy(h->store, h->setup.copy) == STORE_DONE)
		h->copied_forgotten = forgotten;
	else if (h->setup.warn)
		h->setup.warn("history: its copy could not be written", h->setup.user);
	h->copied = now;
}

void
history_tick(struct history *h, int64_t now)
{
	if (h->ticked != PORCH_NO_TIME && now >= h->ticked && now - h->ticked < MINUTE)
		return;
	h->ticked = now;
	if (history_recover(h))
		purge(h, now);
	if (h->store)
		copy(h, now);
}

/* Ids of a device and of those that its MAC was split into; ids of its episodes. */
struct forgetting {
	struct history *h;
	uint64_t device;
	struct pile devices;  /* of uint64_t */
	struct pile episodes; /* of uint64_t */
};

static void
add_number(struct pile *pile, uint64_t number)
{
	uint64_t *at = pile_add(pile, sizeof(*at));

	if (at)
		*at = number;
}

static bool
has_number(const struct pile *pile, uint64_t number)
{
	const uint64_t *at = pile->item;

	for (size_t i = 0; i < pile->count; i++)
		if (at[i] == number)
			return true;
	return false;
}

static bool
see_relative(const struct store_row *row, void *user)
{
	struct forgetting *f = user;
	struct device device;
	struct device_key whole;
	uint64_t id;

	if (!history_read_device(cursor_over(row->bytes, row->len), f->h->setup.rules, &device))
		return true;
	whole = device_key_mac(&device.key.mac);
	id = device_key_id(&device.key);
	if (!mac_is_zero(&device.key.mac) && device_key_id(&whole) == f->device &&
	    !has_number(&f->devices, id))
		add_number(&f->devices, id);
	return true;
}

static bool
see_episode(const struct store_row *row, void *user)
{
	struct forgetting *f = user;
	struct track_episode episode;

	if (history_read_episode(cursor_over(row->bytes, row->len), &episode))
		add_number(&f->episodes, episode.id);
	return true;
}

/* Marks are of episodes: they go with them. */
static bool
see_mark(const struct store_row *row, void *user)
{
	struct forgetting *f = user;
	struct history_word word;

	if (history_read_word(cursor_over(row->bytes, row->len), &word) &&
	    has_number(&f->episodes, word.id))
		history_mark(f->h, word.id, "", row->time);
	return true;
}

static enum store_result
forget_one(struct forgetting *f, uint64_t *rows)
{
	const uint64_t *id = f->devices.item;
	struct store_query query = EVERYTHING;
	enum store_result result = STORE_DONE;

	for (size_t i = 0; result == STORE_DONE && i < f->devices.count; i++) {
		uint64_t removed = 0;

		query.device = id[i];
		query.kinds = 1U << HISTORY_EPISODE;
		result = store_each(f->h->store, &query, see_episode, f);
		query.kinds = UINT32_MAX;
		if (result == STORE_DONE)
			result = store_note_forgotten(f->h->store, id[i]);
		if (result == STORE_DONE)
			result = store_remove(f->h->store, &query, &removed);
		*rows += removed;
	}
	return result;
}

static enum store_result
forget_device(struct history *h, uint64_t device, uint64_t *rows)
{
	struct forgetting f = {.h = h, .device = device};
	struct store_query query = EVERYTHING;
	enum store_result result;

	query.kinds = 1U << HISTORY_DEVICE;
	add_number(&f.devices, device);
	result = store_each(h->store, &query, see_relative, &f);
	if (result == STORE_DONE)
		result = forget_one(&f, rows);
	query.kinds = 1U << HISTORY_MARK;
	if (result == STORE_DONE && f.episodes.count > 0)
		result = store_each(h->store, &query, see_mark, &f);
	pile_free(&f.devices);
	pile_free(&f.episodes);
	return result;
}

static enum store_result
forget_everything(struct history *h, uint64_t *rows)
{
	const struct store_query all = EVERYTHING;
	enum store_result result = store_note_forgotten(h->store, 0);

	return result == STORE_DONE ? store_remove(h->store, &all, rows) : result;
}

bool
history_forget(struct history *h, uint64_t device, uint64_t *rows, struct porch_error *error)
{
	enum store_result result;

	*error = (struct porch_error){.offset = -1};
	*rows = 0;
	result = !h->store ? STORE_FAILED
	         : device  ? forget_device(h, device, rows)
	                   : forget_everything(h, rows);
	if (result == STORE_DONE)
		result = store_scrub(h->store);
	if (result == STORE_DONE && h->setup.copy)
		result = store_copy(h->store, h->setup.copy);
	if (result == STORE_DONE)
		return true;
	snprintf(error->file, sizeof(error->file), "%s", h->setup.path);
	snprintf(error->text, sizeof(error->text), "%s",
	    result == STORE_BUSY ? "another program is using it: try again"
	    : h->store           ? store_why(h->store)
	                         : "is not open");
	return false;
}
