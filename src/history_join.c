/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "history_loading.h"

#define UNLIKELY_US (INT64_C(400) * 24 * HISTORY_HOUR_US) /* a pause that is a wrong clock */

void
loading_free_session(struct loaded_session *s)
{
	table_free(s->devices);
	table_free(s->receivers);
	table_free(s->rests);
	table_free(s->destinations);
	splits_free(s->splits);
	spool_free(s->episodes);
	pile_free(&s->told_gaps);
	pile_free(&s->gaps);
	pile_free(&s->ledgers);
	table_free(s->elsewhere);
	pile_free(&s->shown);
}

static int
by_start(const void *left, const void *right)
{
	const struct loaded_session *a = left, *b = right;

	if (a->facts.start != b->facts.start)
		return a->facts.start < b->facts.start ? -1 : 1;
	return (a->number > b->number) - (a->number < b->number);
}

bool
loading_add_shown(struct loading *l, const struct loaded_session *s)
{
	static const struct porch_ledger_row none[PORCH_CONTENTS];
	const struct loaded_traffic *shown = s->shown.item;

	for (size_t i = 0; i < s->shown.count; i++) {
		struct device_key key =
		    engine_device_key(s->splits, &shown[i].key.mac, &shown[i].key.inside);

		if (!document_add_sums(l->builder, device_key_id(&key), none, &shown[i].traffic))
			return false;
	}
	return true;
}

/* Of all sessions, before some are left out. */
static bool
know(struct loading *l, const struct loaded_session *s)
{
	l->knows = l->knows || (s->has_facts && s->facts.start < l->since);
	for (const struct history_receiver *r = table_first(s->elsewhere); r;
	     r = table_next(s->elsewhere, r)) {
		struct device_key key =
		    engine_device_key(s->splits, &r->row.key.mac, &r->row.key.inside);
		uint64_t *id;

		if (r->row.first_seen >= l->since)
			continue;
		if (!(id = pile_add(&l->known, sizeof(*id))))
			return false;
		*id = destination_id(device_key_id(&key), r->row.key.what);
	}
	return true;
}

static int
by_number(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return (a > b) - (a < b);
}

bool
loading_bound(struct loading *l)
{
	static const uint64_t nobody;
	const struct porch_options *o = &l->options;
	const struct porch_bounds bounds = {
	    .has_since = o->use_since,
	    .has_until = o->use_until,
	    .since = o->use_since ? o->since : 0,
	    .until = o->use_until ? o->until : 0,
	};
	const struct loaded_session *s = l->sessions.item;

	for (size_t i = 0; o->use_since && i < l->sessions.count; i++)
		if (!know(l, &s[i]))
			return false;
	if (l->known.count > 1)
		qsort(l->known.item, l->known.count, sizeof(uint64_t), by_number);
	document_bound(l->builder, &bounds,
	    !l->knows            ? NULL
	    : l->known.count > 0 ? l->known.item
	                         : &nobody,
	    l->known.count);
	return true;
}

static bool
is_left_out(const struct loading *l, const struct loaded_session *s)
{
	return !s->has_facts || (l->since != STORE_NO_TIME && s->facts.last < l->since) ||
	       (l->until != STORE_NO_TIME && s->facts.start >= l->until);
}

static void
lend_devices(const struct loaded_session *from, struct loaded_session *kept, size_t count)
{
	for (const struct device *d = table_first(from->devices); d;
	     d = table_next(from->devices, d)) {
		struct device *at = NULL;

		for (size_t i = 0; !at && i < count; i++)
			at = table_find(kept[i].devices, &d->key);
		if (at)
			device_merge(at, d);
	}
}

bool
loading_leave_out(struct loading *l)
{
	struct loaded_session *s = l->sessions.item, out;
	size_t kept = 0;
	bool fine = true;

	for (size_t i = 0; i < l->sessions.count; i++)
		if (!is_left_out(l, &s[i])) {
			out = s[kept];
			s[kept++] = s[i];
			s[i] = out;
		}
	for (size_t i = kept; i < l->sessions.count; i++) {
		lend_devices(&s[i], s, kept);
		fine = fine && loading_add_shown(l, &s[i]);
		loading_free_session(&s[i]);
	}
	l->sessions.count = kept;
	if (kept > 1)
		qsort(s, kept, sizeof(*s), by_start);
	return fine;
}

/* Between two sessions nobody watched. */
static bool
add_restart(struct loaded_session *s, const struct loaded_session *before)
{
	int64_t end = s->facts.start, start = before->facts.last;
	struct porch_gap *gap = pile_add(&s->gaps, sizeof(*gap));

	if (!gap)
		return false;
	if (start > end || end - start > UNLIKELY_US)
		start = end; /* the clock was wrong before: it cannot tell how long */
	*gap = (struct porch_gap){.start = start, .end = end, .reason = "restart"};
	return true;
}

static int
by_index(const void *left, const void *right)
{
	const struct history_gap *a = left, *b = right;

	if (a->gap.worker != b->gap.worker)
		return a->gap.worker ? 1 : -1;
	return (a->index > b->index) - (a->index < b->index);
}

static bool
order_gaps(struct loaded_session *s)
{
	const struct history_gap *told = s->told_gaps.item;

	if (s->told_gaps.count > 1)
		qsort(s->told_gaps.item, s->told_gaps.count, sizeof(*told), by_index);
	for (size_t i = 0; i < s->told_gaps.count; i++) {
		struct porch_gap *gap = pile_add(&s->gaps, sizeof(*gap));

		if (!gap)
			return false;
		*gap = told[i].gap;
	}
	return true;
}

bool
loading_add_gaps(struct loading *l)
{
	struct loaded_session *s = l->sessions.item;

	for (size_t i = 0; i < l->sessions.count; i++)
		if ((i > 0 && !add_restart(&s[i], &s[i - 1])) || !order_gaps(&s[i]))
			return false;
	return true;
}

/* Adds the second list to the first, each text once. */
static bool
join_texts(struct arena *arena, const char *const **item, size_t *count, struct porch_texts more)
{
	const char **list = arena_alloc(arena, (*count + more.count + 1) * sizeof(*list));
	size_t n = 0;

	if (!list)
		return false;
	for (size_t i = 0; i < more.count + *count; i++) {
		const char *text = i < more.count ? more.item[i] : (*item)[i - more.count];
		bool there = false;

		for (size_t k = 0; k < n; k++)
			there = there || strcmp(list[k], text) == 0;
		if (!there)
			list[n++] = text;
	}
	*item = list;
	*count = n;
	return true;
}

/* What the sessions were asked for, before what is asked for now: of labels the later wins. */
bool
loading_join_options(struct loading *l)
{
	const struct loaded_session *s = l->sessions.item;
	struct porch_options *o = &l->options;
	bool advised = false, all_without = l->sessions.count > 0;

	for (size_t i = l->sessions.count; i-- > 0;) {
		const struct history_session *f = &s[i].facts;

		if (!join_texts(l->arena, &o->home, &o->home_count, f->home) ||
		    !join_texts(l->arena, &o->devices, &o->device_count, f->devices) ||
		    !join_texts(l->arena, &o->labels, &o->label_count, f->labels))
			return false;
		if (!o->filter)
			o->filter = f->filter;
		o->all_devices = o->all_devices || f->all_devices;
		o->mirror = o->mirror || f->mirror;
		o->dedup = o->dedup || f->dedup;
		advised = advised || f->inspector;
		all_without = all_without && f->no_dpi;
	}
	o->inspector = advised ? "" : NULL;
	o->no_dpi = all_without;
	o->join = false;
	return true;
}

/* Labels that users gave are of ids; options name MACs and addresses. */
static const char *
label_text(struct loading *l, const struct device *d, const char *name)
{
	char mac[MAC_TEXT], addr[ADDR_TEXT];

	if (!mac_is_zero(&d->key.mac) && d->key.addr.family == 0)
		return arena_format(l->arena, "%s=%s", mac_format(&d->key.mac, mac), name);
	return arena_format(l->arena, "%s=%s", addr_format(&d->key.addr, addr), name);
}

static bool
add_label(struct loading *l, const struct history_word *word)
{
	struct loaded_session *s = l->sessions.item;

	for (size_t i = 0; i < l->sessions.count; i++)
		for (const struct device *d = table_first(s[i].devices); d;
		     d = table_next(s[i].devices, d)) {
			const char *text;

			if (device_key_id(&d->key) != word->id)
				continue;
			text = label_text(l, d, word->text);
			return text &&
			       join_texts(l->arena, &l->options.labels, &l->options.label_count,
			           (struct porch_texts){.item = &text, .count = 1});
		}
	return true;
}

bool
loading_add_labels(struct loading *l)
{
	const struct history_word *word = l->labels.item;

	for (size_t i = 0; i < l->labels.count; i++)
		if (!add_label(l, &word[i]))
			return false;
	return true;
}
