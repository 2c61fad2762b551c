/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "history_loading.h"
#include "judge/traffic.h"

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
	s->elsewhere = table_new(receivers + 1, sizeof(struct history_receiver),
	    sizeof(struct destination_key), 0);
	s->rests = table_new(rests + 1, sizeof(struct loaded_rest), sizeof(struct end_key), 0);
	s->destinations = table_new(receivers + 2 * rests + 1, sizeof(struct destination),
	    sizeof(struct destination_key), 0);
	s->splits = splits_new(s->count[HISTORY_RECEIVER] + rests + 1, 0);
	s->episodes = spool_new(sizeof(struct track_episode), SPOOLED);
	return s->devices && s->receivers && s->elsewhere && s->rests && s->destinations &&
	       s->splits && s->episodes;
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

static bool
is_told(const struct loading *l, int64_t hour)
{
	return (l->since == STORE_NO_TIME || hour >= l->since) &&
	       (l->until == STORE_NO_TIME || hour < l->until);
}

static struct device_traffic *
traffic_of(struct loading *l, struct loaded_session *s, const struct mac *mac,
    const struct addr *inside)
{
	struct loaded_traffic *at = s->shown.item;
	struct end_key key;

	memset(&key, 0, sizeof(key));
	key.mac = *mac;
	key.inside = *inside;
	for (size_t i = 0; i < s->shown.count; i++)
		if (memcmp(&at[i].key, &key, sizeof(key)) == 0)
			return &at[i].traffic;
	at = pile_add(&s->shown, sizeof(*at));
	if (!at) {
		l->failed = true;
		return &l->lost;
	}
	at->key = key;
	return &at->traffic;
}

static void
show_bytes(struct device_traffic *t, const struct destination *row)
{
	t->bytes_up += row->up.bytes;
	t->bytes_down += row->down.bytes;
	advice_add(&t->advice, &row->advice);
}

static void
show_episodes(struct device_traffic *t, const struct device_traffic *one)
{
	t->streams += one->streams;
	t->calls += one->calls;
	t->peer_streams += one->peer_streams;
	t->to_footage_hosts += one->to_footage_hosts;
}

/* A text that lies where rows are read is kept. */
static void
keep_name(struct loading *l, const char **held, const char *read)
{
	if (*held != read)
		return;
	*held = arena_text(l->names, read);
	l->failed = l->failed || !*held;
}

static void
load_receiver(struct loading *l, struct loaded_session *s, int64_t hour, struct cursor c)
{
	struct history_receiver one, *at;
	struct history_names names;
	bool created, told = is_told(l, hour);

	if (!history_read_receiver(c, l->h->setup.rules, &names, &one))
		return;
	if (one.split)
		splits_mark(s->splits, &one.row.key.mac);
	at = table_see(told ? s->receivers : s->elsewhere, &one.row.key, &created);
	if (created)
		*at = one;
	else
		history_add_receiver(at, &one);
	keep_name(l, &at->row.name, names.name);
	keep_name(l, &at->row.aliases, names.aliases);
	keep_name(l, &at->row.candidates, names.candidates);
	if (!told && !one.row.local)
		show_bytes(traffic_of(l, s, &one.row.key.mac, &one.row.key.inside), &one.row);
}

static void
load_rest(struct loading *l, struct loaded_session *s, int64_t hour, struct cursor c)
{
	struct history_rest one;
	struct loaded_rest *at;
	struct end_key key;
	bool created;

	if (!history_read_rest(c, l->h->setup.rules, &one))
		return;
	if (one.split)
		splits_mark(s->splits, &one.mac);
	if (!is_told(l, hour)) {
		show_bytes(traffic_of(l, s, &one.mac, &one.inside), &one.outside);
		return;
	}
	memset(&key, 0, sizeof(key));
	key.mac = one.mac;
	key.inside = one.inside;
	at = table_see(s->rests, &key, &created);
	if (created)
		at->rest = one;
	else
		history_add_rest(&at->rest, &one);
}

static void
load_ledger(struct loading *l, struct loaded_session *s, int64_t hour, struct cursor c)
{
	struct history_ledger one, *at;

	if (!history_read_ledger(c, &one))
		return;
	if (!is_told(l, hour)) {
		show_episodes(traffic_of(l, s, &one.mac, &one.inside), &one.traffic);
		return;
	}
	at = pile_add(&s->ledgers, sizeof(*at));
	if (at)
		*at = one;
	else
		l->failed = true;
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
load_hour(const struct loading *l, struct loaded_session *s, int64_t time, struct cursor c)
{
	struct history_hour hour;

	if (is_told(l, time) && history_read_hour(c, &hour))
		history_add_hour(&s->sums, &hour);
}

/* Receivers are loaded before. */
static void
show_episode(struct loading *l, struct loaded_session *s, const struct track_episode *e)
{
	struct destination_key key;
	const struct history_receiver *to;
	struct device_traffic one = {.streams = 0};

	memset(&key, 0, sizeof(key));
	key.mac = e->device.mac;
	key.inside = e->inside;
	key.what = e->what;
	to = table_find(s->receivers, &key);
	if (!to)
		to = table_find(s->elsewhere, &key);
	traffic_see(&one, l->h->setup.rules, e, to ? &to->row : NULL);
	show_episodes(traffic_of(l, s, &e->device.mac, &e->inside), &one);
}

static void
load_episode(struct loading *l, struct loaded_session *s, struct cursor c)
{
	const struct porch_options *o = &l->options;
	struct track_episode episode;

	if (!history_read_episode(c, &episode))
		return;
	if ((o->use_since && episode.start < o->since) ||
	    (o->use_until && episode.start >= o->until))
		show_episode(l, s, &episode);
	else if (!spool_add(s->episodes, &episode))
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
		load_hour(l, s, row->time, c);
		break;
	case HISTORY_DEVICE:
		load_device(l, s, c);
		break;
	case HISTORY_RECEIVER:
		load_receiver(l, s, row->time, c);
		break;
	case HISTORY_REST:
		load_rest(l, s, row->time, c);
		break;
	case HISTORY_LEDGER:
		load_ledger(l, s, row->time, c);
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
load_kinds(struct loading *l, uint32_t kinds)
{
	const struct store_query query = {
	    .kinds = kinds, .since = STORE_NO_TIME, .until = STORE_NO_TIME};

	return store_each(l->h->store, &query, load_row, l) == STORE_DONE && !l->failed;
}

static bool
load_rows(struct loading *l)
{
	const struct store_query all = {
	    .kinds = UINT32_MAX, .since = STORE_NO_TIME, .until = STORE_NO_TIME};
	struct loaded_session *s;

	if (store_count(l->h->store, &all, see_count, l) != STORE_DONE || l->failed)
		return false;
	s = l->sessions.item;
	for (size_t i = 0; i < l->sessions.count; i++)
		if (!take_memory(&s[i]))
			return false;
	return load_kinds(l, BIT(HISTORY_SESSION) | BIT(HISTORY_DEVICE) | BIT(HISTORY_LABEL) |
	                         BIT(HISTORY_GAP)) &&
	       load_kinds(l, SUMS) && load_kinds(l, BIT(HISTORY_EPISODE));
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
	    .coverage = s->facts.coverage,
	};
	struct engine_result result;

	if (!order_destinations(s))
		return false;
	bound_devices(l, s);
	result = result_of(s);
	return document_add(l->builder, &input, &result) && add_ledgers(l, s) &&
	       loading_add_shown(l, s);
}

static bool
add_everything(struct loading *l)
{
	struct loaded_session *s;

	if (!load_rows(l))
		return false;
	if (!loading_bound(l) || !loading_leave_out(l))
		return false;
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

static void
fail(const struct history *h, struct porch_error *error, const char *why)
{
	snprintf(error->file, sizeof(error->file), "%s", h->setup.path);
	snprintf(error->text, sizeof(error->text), "%s", why);
}

struct porch_document *
history_document(struct history *h, const struct porch_options *options, struct porch_error *error)
{
	struct loading l = {.h = h, .options = *options};
	struct porch_document *doc = NULL;
	struct loaded_session *s;

	*error = (struct porch_error){.offset = -1};
	if (!h->store) {
		fail(h, error, "is not open");
		return NULL;
	}
	set_bounds(&l);
	l.builder = document_builder_new(h->setup.rules, &l.options);
	l.names = arena_new();
	if (l.builder && l.names) {
		l.arena = document_arena(l.builder);
		if (add_everything(&l))
			doc = document_finish(l.builder);
	}
	if (doc && l.sessions.count == 0) {
		porch_document_free(doc);
		doc = NULL;
		fail(h, error, "nothing is recorded of that time");
	} else if (!doc) {
		fail(h, error, "could not be read, or memory is out");
	}
	s = l.sessions.item;
	for (size_t i = 0; i < l.sessions.count; i++)
		loading_free_session(&s[i]);
	pile_free(&l.sessions);
	pile_free(&l.labels);
	pile_free(&l.known);
	document_builder_free(l.builder);
	arena_free(l.names);
	return doc;
}
