/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "history_state.h"

/* What users say, and what earlier sessions knew. */

#define FOR_EVER (INT64_MAX - 1) /* the time of a row that no retention removes */

static bool
put_word(struct history *h, enum history_kind kind, int64_t time, uint64_t device,
    const struct history_word *word)
{
	struct bytes bytes = bytes_over(h->bytes, sizeof(h->bytes));
	uint8_t key[16];
	struct bytes id = bytes_over(key, sizeof(key));
	struct store_row row = {.kind = (uint16_t)kind,
	    .session = 0,
	    .time = time,
	    .device = device,
	    .key = key,
	    .bytes = bytes.at};

	bytes_number(&id, word->id);
	history_write_word(&bytes, word);
	row.key_len = id.len;
	row.len = bytes.len;
	if (!h->store)
		return false;
	return (word->text[0] ? store_put(h->store, &row) : store_drop(h->store, &row)) ==
	       STORE_DONE;
}

bool
history_label(struct history *h, uint64_t device, const char *name)
{
	struct history_word word = {.id = device};

	snprintf(word.text, sizeof(word.text), "%s", name);
	return put_word(h, HISTORY_LABEL, FOR_EVER, device, &word);
}

/* A mark of an episode whose earlier mark lies elsewhere in time is a second row: the later counts.
 */
bool
history_mark(struct history *h, uint64_t episode, const char *mark, int64_t now)
{
	struct history_word word = {.id = episode};

	snprintf(word.text, sizeof(word.text), "%s", mark);
	return put_word(h, HISTORY_MARK, now, 0, &word);
}

struct saying {
	history_word_fn *each;
	void *user;
};

static bool
say_word(const struct store_row *row, void *user)
{
	struct saying *saying = user;
	struct history_word word;

	if (history_read_word(cursor_over(row->bytes, row->len), &word))
		saying->each(word.id, word.text, saying->user);
	return true;
}

static bool
each_word(struct history *h, enum history_kind kind, history_word_fn *each, void *user)
{
	struct saying saying = {.each = each, .user = user};
	const struct store_query query = {
	    .kinds = 1U << kind, .since = STORE_NO_TIME, .until = STORE_NO_TIME};

	return h->store && store_each(h->store, &query, say_word, &saying) == STORE_DONE;
}

bool
history_labels(struct history *h, history_word_fn *each, void *user)
{
	return each_word(h, HISTORY_LABEL, each, user);
}

bool
history_marks(struct history *h, history_word_fn *each, void *user)
{
	return each_word(h, HISTORY_MARK, each, user);
}

struct span {
	int64_t first, last;
	bool any;
};

static bool
see_session(const struct store_row *row, void *user)
{
	struct arena *arena = arena_new();
	struct history_session session;
	struct span *span = user;

	if (arena && history_read_session(cursor_over(row->bytes, row->len), arena, &session)) {
		if (!span->any || session.start < span->first)
			span->first = session.start;
		if (!span->any || session.last > span->last)
			span->last = session.last;
		span->any = true;
	}
	arena_free(arena);
	return true;
}

bool
history_span(struct history *h, int64_t *first, int64_t *last)
{
	const struct store_query query = {
	    .kinds = 1U << HISTORY_SESSION, .since = STORE_NO_TIME, .until = STORE_NO_TIME};
	struct span span = {.any = false};

	if (!h->store || store_each(h->store, &query, see_session, &span) != STORE_DONE)
		return false;
	*first = span.first;
	*last = span.last;
	return span.any;
}

struct knowing {
	struct history *h;
	struct pile ids;
	int64_t since;
};

static bool
know_row(const struct store_row *row, void *user)
{
	struct knowing *k = user;
	struct cursor c = cursor_over(row->bytes, row->len);
	struct history_receiver receiver;
	struct history_session session;
	struct history_names names;
	struct device device;
	uint64_t *id = NULL;

	if (row->session == k->h->session && row->session != 0)
		return true;
	if (row->kind == HISTORY_SESSION) {
		struct arena *arena = arena_new();

		if (arena && history_read_session(c, arena, &session) &&
		    (k->since == PORCH_NO_TIME || session.start < k->since))
			k->since = session.start;
		arena_free(arena);
	} else if (row->kind == HISTORY_DEVICE &&
	           history_read_device(c, k->h->setup.rules, &device)) {
		if ((id = pile_add(&k->ids, sizeof(*id))) != NULL)
			*id = device_key_id(&device.key);
	} else if (row->kind == HISTORY_RECEIVER &&
	           history_read_receiver(c, k->h->setup.rules, &names, &receiver)) {
		struct device_key key = device_key_mac(&receiver.row.key.mac);

		if (receiver.split || mac_is_zero(&receiver.row.key.mac))
			key = device_key_addr(&receiver.row.key.mac, &receiver.row.key.inside);
		if ((id = pile_add(&k->ids, sizeof(*id))) != NULL)
			*id = destination_id(device_key_id(&key), receiver.row.key.what);
	}
	return true;
}

static int
by_number(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return (a > b) - (a < b);
}

/* A receiver has a row for each hour. */
static void
keep_each_once(struct history *h)
{
	size_t kept = 0;
	uint64_t *less;

	for (size_t i = 0; i < h->known_count; i++)
		if (kept == 0 || h->known[i] != h->known[kept - 1])
			h->known[kept++] = h->known[i];
	h->known_count = kept;
	less = h->known ? realloc(h->known, (kept + 1) * sizeof(*less)) : NULL;
	if (less)
		h->known = less;
}

static void
read_known(struct history *h)
{
	struct knowing knowing = {.h = h, .since = PORCH_NO_TIME};
	const struct store_query query = {
	    .kinds = 1U << HISTORY_SESSION | 1U << HISTORY_DEVICE | 1U << HISTORY_RECEIVER,
	    .since = STORE_NO_TIME,
	    .until = STORE_NO_TIME};

	if (h->known || !h->store)
		return;
	store_each(h->store, &query, know_row, &knowing);
	h->known_since = knowing.since;
	h->known_count = knowing.ids.count;
	h->known = knowing.ids.item ? knowing.ids.item : calloc(1, sizeof(*h->known));
	if (h->known_count > 1)
		qsort(h->known, h->known_count, sizeof(*h->known), by_number);
	keep_each_once(h);
}

bool
history_knew(struct history *h, uint64_t id)
{
	read_known(h);
	return h->known_count > 0 &&
	       bsearch(&id, h->known, h->known_count, sizeof(id), by_number) != NULL;
}

int64_t
history_known_since(struct history *h)
{
	read_known(h);
	return h->known ? h->known_since : PORCH_NO_TIME;
}
