/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "history_loading.h"

/* Rows become results again, one for each session, as if an engine had just finished it. */

#define BIT(kind) (1U << (kind))
#define SUMS      (BIT(HISTORY_HOUR) | BIT(HISTORY_RECEIVER) | BIT(HISTORY_REST) | BIT(HISTORY_LEDGER))
#define SPOOLED   (4U << 20) /* bytes of episodes that stay in memory */

static struct loaded_session *
session_of(struct loading *l, uint64_t number)
{
	struct loaded_session *s = l->sessions.item;

	for (size_t i = 0; i < l->sessions.count; i++)
		if (s[i].number == number)
			return &s[i];
	return NULL;
}

static void
see_count(uint16_t kind, uint64_t session, uint64_t count, void *user)
{
	struct loading *l = user;
	struct loaded_session *s = session_of(l, session);

	if (kind >= HISTORY_KINDS || session == 0)
		return;
	if (!s) {
		s = pile_add(&l->sessions, sizeof(*s));
		if (!s) {
			l->failed = true;
			return;
		}
		s->number = session;
	}
	s->count[kind] = count;
}

static bool
take_memory(struct loaded_session *s)
{
	size_t rests = s->count[HISTORY_REST], receivers = s->count[HISTORY_RECEIVER];

	s->sums.first = s->sums.last = PORCH_NO_TIME;
	s->devices = table_new(s->count[HISTORY_DEVICE] + 1, sizeof(struct device),
	    sizeof(struct device_key), 0);
	s->receivers = table_new(receivers + 1, sizeof(struct history_receiver),
	    sizeof(struct destination_key), 0);
	s->rests = table_new(rests + 1, sizeof(struct loaded_rest), sizeof(struct end_key), 0);
	s->destinations = table_new(receivers + 2 * rests + 1, sizeof(struct destination),
	    sizeof(struct destination_key), 0);
	s->splits = splits_new(s->count[HISTORY_RECEIVER] + rests + 1, 0);
	s->episodes = spool_new(sizeof(struct track_episode), SPOOLED);
	return s->devices && s->receivers && s->rests && s->destinations && s->splits &&
	       s->episodes;
}

static void
load_device(struct loading *l, struct loaded_session *s, struct cursor c)
{
	struct device device, *at;
	bool created;

	if (!history_read_device(c, l->h->setup.rules, &device))
		return;
	at = table_see(s->devices, &device.key, &created);
	if (created)
		*at = device;
	else
		device_merge(at, &device);
}

static void
load_receiver(struct loading *l, struct loaded_session *s, struct cursor c)
{
	struct history_receiver one, *at;
	bool created;

	if (!history_read_receiver(c, l->h->setup.rules, &one))
		return;
	at = table_see(s->receivers, &one.row.key, &created);
	if (created)
		*at = one;
	else
		history_add_receiver(at, &one);
	if (one.split)
		splits_mark(s->splits, &one.row.key.mac);
}

static void
load_rest(struct loading *l, struct loaded_session *s, struct cursor c)
{
	struct history_rest one;
	struct loaded_rest *at;
	struct end_key key;
	bool created;

	if (!history_read_rest(c, l->h->setup.rules, &one))
		return;
	memset(&key, 0, sizeof(key));
	key.mac = one.mac;
	key.inside = one.inside;
	at = table_see(s->rests, &key, &created);
	if (created)
		at->rest = one;
	else
		history_add_rest(&at->rest, &one);
	if (one.split)
		splits_mark(s->splits, &one.mac);
}

static void
load_ledger(struct loading *l, struct loaded_session *s, struct cursor c)
{
	struct history_ledger *at = pile_add(&s->ledgers, sizeof(*at));

	if (!at)
		l->failed = true;
	else if (!history_read_ledger(c, at))
		s->ledgers.count--;
}

static void
load_gap(struct loading *l, struct loaded_session *s, struct cursor c)
{
	struct history_gap gap, *at;

	if (!history_read_gap(c, l->arena, &gap) ||
	    (l->options.use_since && gap.gap.end < l->options.since) ||
	    (l->options.use_until && gap.gap.start >= l->options.until))
		return;
	at = pile_add(&s->told_gaps, sizeof(*at));
	if (at)
		*at = gap;
	else
		l->failed = true;
}

static void
load_hour(struct loaded_session *s, struct cursor c)
{
	struct history_hour hour;

	if (history_read_hour(c, &hour))
		history_add_hour(&s->sums, &hour);
}

static void
load_episode(struct loading *l, struct loaded_session *s, struct cursor c)
{
	struct track_episode episode;

	if (history_read_episode(c, &episode) && !spool_add(s->episodes, &episode))
		l->failed = true;
}

static void
load_label(struct loading *l, struct cursor c)
{
	struct history_word word, *at;

	if (!history_read_word(c, &word))
		return;
	at = pile_add(&l->labels, sizeof(*at));
	if (at)
		*at = word;
	else
		l->failed = true;
}

static bool
load_row(const struct store_row *row, void *user)
{
	struct loading *l = user;
	struct loaded_session *s = session_of(l, row->session);
	struct cursor c = cursor_over(row->bytes, row->len);

	if (row->kind == HISTORY_LABEL)
		load_label(l, c);
	if (!s)
		return !l->failed;
	switch ((enum history_kind)row->kind) {
	case HISTORY_SESSION:
		s->has_facts = history_read_session(c, l->arena, &s->facts);
		break;
	case HISTORY_HOUR:
		load_hour(s, c);
		break;
	case HISTORY_DEVICE:
		load_device(l, s, c);
		break;
	case HISTORY_RECEIVER:
		load_receiver(l, s, c);
		break;
	case HISTORY_REST:
		load_rest(l, s, c);
		break;
	case HISTORY_LEDGER:
		load_ledger(l, s, c);
		break;
	case HISTORY_EPISODE:
		load_episode(l, s, c);
		break;
	case HISTORY_GAP:
		load_gap(l, s, c);
		break;
	default:
		break;
	}
	return !l->failed;
}

static bool
load_kinds(struct loading *l, uint32_t kinds, int64_t since, int64_t until)
{
	const struct store_query query = {.kinds = kinds, .since = since, .until = until};

	return store_each(l->h->store, &query, load_row, l) == STORE_DONE && !l->failed;
}

static bool
load_rows(struct loading *l)
{
	const struct porch_options *o = &l->options;
	const struct store_query all = {
	    .kinds = UINT32_MAX, .since = STORE_NO_TIME, .until = STORE_NO_TIME};
	struct loaded_session *s;

	if (store_count(l->h->store, &all, see_count, l) != STORE_DONE || l->failed)
		return false;
	s = l->sessions.item;
	for (size_t i = 0; i < l->sessions.count; i++)
		if (!take_memory(&s[i]))
			return false;
	return load_kinds(l, BIT(HISTORY_SESSION) | BIT(HISTORY_LABEL) | BIT(HISTORY_GAP),
	           STORE_NO_TIME, STORE_NO_TIME) &&
	       load_kinds(l, BIT(HISTORY_DEVICE), l->since, STORE_NO_TIME) &&
	       load_kinds(l, SUMS, l->since, l->until) &&
	       load_kinds(l, BIT(HISTORY_EPISODE), o->use_since ? o->since : STORE_NO_TIME,
	           o->use_until ? o->until : STORE_NO_TIME);
}

static int
by_order(const void *left, const void *right)
{
	const struct history_receiver *const *a = left, *const *b = right;

	return ((*a)->order > (*b)->order) - ((*a)->order < (*b)->order);
}

/* A part of a flow is one, or it would be passed over. */
static void
add_destination(struct loaded_session *s, const struct destination *row)
{
	struct destination *at;
	bool created;

	at = table_see(s->destinations, &row->key, &created);
	*at = *row;
	if (at->flows == 0)
		at->flows = 1;
}

static void
add_rest(struct loaded_session *s, const struct loaded_rest *end, const struct destination *sums,
    bool local)
{
	struct destination row = *sums;

	if (sums->last_seen == 0 ||
	    (sums->up.packets == 0 && sums->down.packets == 0 && sums->flows == 0))
		return;
	memset(&row.key, 0, sizeof(row.key));
	row.key.mac = end->key.mac;
	row.key.inside = end->key.inside;
	row.key.what = local ? DESTINATION_REST_LOCAL : DESTINATION_REST;
	row.local = local;
	add_destination(s, &row);
}

/* In the order in which the tables had them, as it says which name of several counts. */
static bool
order_destinations(struct loaded_session *s)
{
	size_t count = table_count(s->receivers), n = 0;
	const struct history_receiver **list = calloc(count + 1, sizeof(*list));

	if (!list)
		return false;
	for (const struct history_receiver *r = table_first(s->receivers); r;
	     r = table_next(s->receivers, r))
		list[n++] = r;
	if (n > 1)
		qsort(list, n, sizeof(*list), by_order);
	for (size_t i = 0; i < n; i++)
		add_destination(s, &list[i]->row);
	free(list);
	for (const struct loaded_rest *end = table_first(s->rests); end;
	     end = table_next(s->rests, end)) {
		add_rest(s, end, &end->rest.outside, false);
		add_rest(s, end, &end->rest.local, true);
	}
	return true;
}

/* A device is told as it was seen in what is reported. */
static void
bound_devices(const struct loading *l, struct loaded_session *s)
{
	for (struct device *d = table_first(s->devices); d; d = table_next(s->devices, d)) {
		if (s->sums.first != PORCH_NO_TIME && d->first_seen < s->sums.first)
			d->first_seen = s->sums.first;
		if (l->until != STORE_NO_TIME && d->last_seen >= l->until)
			d->last_seen = s->sums.last;
		if (d->last_seen < d->first_seen)
			d->last_seen = d->first_seen;
	}
}

static bool
add_ledgers(struct loading *l, const struct loaded_session *s)
{
	const struct history_ledger *ledger = s->ledgers.item;

	for (size_t i = 0; i < s->ledgers.count; i++) {
		struct device_key key =
		    engine_device_key(s->splits, &ledger[i].mac, &ledger[i].inside);

		if (!document_add_sums(l->builder, device_key_id(&key), ledger[i].row,
		        &ledger[i].traffic))
			return false;
	}
	return true;
}

static struct engine_result
result_of(const struct loaded_session *s)
{
	struct engine_result r = {
	    .devices = s->devices,
	    .destinations = s->destinations,
	    .splits = s->splits,
	    .episodes = s->episodes,
	    .episode_count = spool_count(s->episodes),
	    .gaps = s->gaps.item,
	    .gap_count = s->gaps.count,
	    .advice = {.state = (enum dpi_state)s->facts.advice,
	        .flows = s->sums.advice_flows,
	        .quarantined = s->sums.advice_quarantined},
	    .counters = s->sums.counters,
	    .folded = s->sums.folded,
	    .first = s->sums.first,
	    .last = s->sums.last,
	    .watched_us = s->sums.watched_us,
	    .seen_inside = s->facts.seen_inside,
	};

	snprintf(r.advice.greeting.library, sizeof(r.advice.greeting.library), "%s",
	    s->facts.library);
	return r;
}

static bool
add_session(struct loading *l, struct loaded_session *s)
{
	const struct porch_input input = {
	    .path = s->facts.interfaces,
	    .format = "live",
	    .link_types = s->facts.link_types,
	    .packets = s->sums.counters.received - s->sums.counters.dropped,
	    .bytes = s->facts.bytes,
	    .first = s->facts.first,
	    .last = s->sums.last,
	    .complete = s->facts.complete,
	    .error_offset = -1,
	};
	struct engine_result result;

	if (!order_destinations(s))
		return false;
	bound_devices(l, s);
	result = result_of(s);
	return document_add(l->builder, &input, &result) && add_ledgers(l, s);
}

static bool
add_everything(struct loading *l)
{
	struct loaded_session *s;

	if (!load_rows(l))
		return false;
	loading_leave_out(l);
	s = l->sessions.item;
	if (!loading_add_gaps(l) || !loading_add_labels(l) || !loading_join_options(l))
		return false;
	for (size_t i = 0; i < l->sessions.count; i++)
		if (!add_session(l, &s[i]))
			return false;
	return true;
}

static void
set_bounds(struct loading *l)
{
	const struct porch_options *o = &l->options;

	l->since = o->use_since ? history_hour(o->since) : STORE_NO_TIME;
	l->until = STORE_NO_TIME;
	if (o->use_until)
		l->until = history_hour(o->until - 1) + HISTORY_HOUR_US;
}

struct porch_document *
history_document(struct history *h, const struct porch_options *options, struct porch_error *error)
{
	struct loading l = {.h = h, .options = *options};
	struct porch_document *doc = NULL;
	struct loaded_session *s;

	*error = (struct porch_error){.offset = -1};
	set_bounds(&l);
	l.builder = document_builder_new(h->setup.rules, &l.options);
	if (l.builder) {
		l.arena = document_arena(l.builder);
		if (add_everything(&l))
			doc = document_finish(l.builder);
	}
	if (!doc) {
		snprintf(error->file, sizeof(error->file), "%s", h->setup.path);
		snprintf(error->text, sizeof(error->text), "out of memory, or: %s",
		    store_why(h->store));
	}
	s = l.sessions.item;
	for (size_t i = 0; i < l.sessions.count; i++)
		loading_free_session(&s[i]);
	pile_free(&l.sessions);
	pile_free(&l.labels);
	document_builder_free(l.builder);
	return doc;
}
