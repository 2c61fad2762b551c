/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/page/model.h"

#include <stdlib.h>
#include <string.h>

#include "base/format.h"

/* Records sorted by id, to be found without walking them for every episode. */
struct index {
	uint64_t id;
	size_t at;
};

static int
by_id(const void *left, const void *right)
{
	const struct index *a = left, *b = right;

	return (a->id > b->id) - (a->id < b->id);
}

static const struct index *
find(const struct index *list, size_t count, uint64_t id)
{
	const struct index key = {.id = id};

	return id && count ? bsearch(&key, list, count, sizeof(*list), by_id) : NULL;
}

static bool
is_outside(const struct porch_destination *to)
{
	return !to || to->party != PORCH_PARTY_LOCAL;
}

/* As porch_episode_counts() has it. */
static bool
counts(const struct porch_device *d, const struct upload *u)
{
	return u->episode->footage == PORCH_FOOTAGE_YES && is_outside(u->to) &&
	       (d->kind != PORCH_KIND_OTHER || d->named_by_user);
}

static void
add_upload(struct model *m, const struct upload *u)
{
	const struct porch_episode *e = u->episode;
	struct device_sum *sum = &m->sums[u->device];

	if (!scale_is_watched(&m->scale, e->start))
		m->in_gaps++;
	if (u->to && u->to->party == PORCH_PARTY_TRACKER && e->bytes_up > m->largest_to_tracker)
		m->largest_to_tracker = e->bytes_up;
	if (e->footage == PORCH_FOOTAGE_CANNOT_TELL && is_outside(u->to)) {
		sum->open_questions++;
		sum->open_bytes += e->bytes_up;
	}
	if (!u->counts)
		return;
	sum->footage_bytes += e->bytes_up;
	sum->footage_us += porch_episode_duration(e);
	m->footage += e->bytes_up;
	if (u->to)
		m->footage_to[u->to - m->doc->destinations] += e->bytes_up;
	m->counted++;
	m->surely_low += e->likelihood.low;
	m->surely_high += e->likelihood.word ? e->likelihood.high : 100;
	if (u->to && (u->to->party == PORCH_PARTY_MAKER ||
	                 (u->to->party == PORCH_PARTY_CLOUD && u->to->on_behalf_of)))
		m->footage_to_maker += e->bytes_up;
}

static bool
add_uploads(struct model *m)
{
	const struct porch_document *doc = m->doc;
	size_t rows = m->digest->device_count;
	struct index *device = calloc(rows + 1, sizeof(*device));
	struct index *to = calloc(doc->destination_count + 1, sizeof(*to));

	for (size_t i = 0; device && i < rows; i++)
		device[i] = (struct index){m->digest->devices[i].device->id, i};
	for (size_t i = 0; to && i < doc->destination_count; i++)
		to[i] = (struct index){doc->destinations[i].id, i};
	if (device && to) {
		qsort(device, rows, sizeof(*device), by_id);
		qsort(to, doc->destination_count, sizeof(*to), by_id);
	}
	for (size_t i = 0; device && to && i < doc->episode_count; i++) {
		const struct porch_episode *e = &doc->episodes[i];
		const struct index *from = find(device, rows, e->device);
		const struct index *into = find(to, doc->destination_count, e->destination);
		struct upload *u = &m->uploads[i];

		*u = (struct upload){.episode = e, .device = SIZE_MAX};
		if (!scale_place(&m->scale, &m->speaker, e->start, &u->row, &u->part))
			u->row = SIZE_MAX;
		u->to = into ? &doc->destinations[into->at] : NULL;
		if (!from)
			continue;
		u->device = from->at;
		u->counts = counts(m->digest->devices[from->at].device, u);
		add_upload(m, u);
	}
	m->surely_low /= 100;
	m->surely_high = (m->surely_high + 99) / 100;
	free(device);
	free(to);
	return device && to;
}

static bool
joins(const struct org *org, const struct porch_destination *to, const char *name)
{
	if (org->first->party != to->party)
		return false;
	if (to->party == PORCH_PARTY_UNKNOWN && !to->organisation)
		return !org->first->organisation;
	return strcmp(org->name, name) == 0;
}

static size_t
org_for(struct model *m, const struct porch_destination *to)
{
	char name[DIGEST_NAME];
	struct org *org;

	digest_receiver_name(&m->speaker, to, name, sizeof(name));
	for (size_t i = 0; i < m->org_count; i++)
		if (joins(&m->orgs[i], to, name))
			return i;
	org = &m->orgs[m->org_count];
	org->first = to;
	memcpy(org->name, name, sizeof(name));
	return m->org_count++;
}

static bool
same_country(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static void
add_to_org(struct org *org, const struct porch_destination *to, uint64_t footage)
{
	size_t i = 0;

	while (to->country && i < 2 && org->country[i] && strcmp(org->country[i], to->country) != 0)
		i++;
	if (to->country && i < 2)
		org->country[i] = to->country;
	else if (to->country)
		org->more_countries = true;
	org->sent += to->bytes_up;
	org->footage += footage;
	org->destinations++;
}

static void
add_place(struct model *m, const struct porch_destination *to, uint64_t footage)
{
	size_t i = 0;

	while (i < m->place_count && !same_country(m->places[i].country, to->country))
		i++;
	if (i == m->place_count)
		m->places[m->place_count++].country = to->country;
	m->places[i].sent += to->bytes_up;
	m->places[i].footage += footage;
}

static int
more_first(uint64_t a, uint64_t b)
{
	return a < b ? 1 : a > b ? -1 : 0;
}

static int
by_weight(const void *left, const void *right)
{
	const struct org *a = left, *b = right;
	int order = more_first(a->footage, b->footage);

	if (order == 0)
		order = more_first(a->sent, b->sent);
	return order ? order : strcmp(a->name, b->name);
}

static int
by_place(const void *left, const void *right)
{
	const struct place *a = left, *b = right;
	int order = more_first(a->footage, b->footage);

	if (order == 0)
		order = more_first(a->sent, b->sent);
	return order ? order : strcmp(a->country ? a->country : "", b->country ? b->country : "");
}

/* Sorts the organisations, and keeps what says which one a destination belongs to. */
static bool
sort_orgs(struct model *m)
{
	size_t *moved = calloc(m->org_count + 1, sizeof(*moved));

	if (!moved)
		return false;
	for (size_t i = 0; i < m->org_count; i++)
		m->orgs[i].devices = i;
	qsort(m->orgs, m->org_count, sizeof(*m->orgs), by_weight);
	for (size_t i = 0; i < m->org_count; i++) {
		moved[m->orgs[i].devices] = i;
		m->orgs[i].devices = 0;
	}
	for (size_t i = 0; i < m->doc->destination_count; i++)
		if (m->org_of[i] != SIZE_MAX)
			m->org_of[i] = moved[m->org_of[i]];
	free(moved);
	return true;
}

static bool
is_listed(const struct model *m, const struct porch_destination *to)
{
	if (to->party == PORCH_PARTY_LOCAL)
		return false;
	for (size_t i = 0; i < m->digest->device_count; i++)
		if (m->digest->devices[i].device->id == to->device)
			return true;
	return false;
}

static bool
add_receivers(struct model *m)
{
	const struct porch_document *doc = m->doc;

	for (size_t i = 0; i < doc->destination_count; i++) {
		const struct porch_destination *to = &doc->destinations[i];

		m->org_of[i] = SIZE_MAX;
		if (!is_listed(m, to))
			continue;
		m->org_of[i] = org_for(m, to);
		add_to_org(&m->orgs[m->org_of[i]], to, m->footage_to[i]);
		add_place(m, to, m->footage_to[i]);
		m->sent += to->bytes_up;
	}
	if (m->place_count > 1)
		qsort(m->places, m->place_count, sizeof(*m->places), by_place);
	for (size_t i = 0; i < m->place_count; i++)
		m->places_known += m->places[i].country != NULL;
	for (size_t i = 0; i < m->org_count; i++)
		m->trackers +=
		    m->orgs[i].first->party == PORCH_PARTY_TRACKER && m->orgs[i].sent > 0;
	return sort_orgs(m);
}

struct model *
model_new(const struct porch_document *doc, const struct sink_style *style)
{
	struct model *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	m->doc = doc;
	m->speaker = (struct speaker){
	    .language = style->language,
	    .typographic = true,
	    .days = doc->run.redaction == PORCH_REDACT_STRICT,
	    .zone = style->zone,
	    .zone_offset = style->zone_offset,
	    .zone_user = style->zone_user,
	};
	m->digest = digest_new(doc, &m->speaker, false);
	m->uploads = calloc(doc->episode_count + 1, sizeof(*m->uploads));
	m->orgs = calloc(doc->destination_count + 1, sizeof(*m->orgs));
	m->org_of = calloc(doc->destination_count + 1, sizeof(*m->org_of));
	m->footage_to = calloc(doc->destination_count + 1, sizeof(*m->footage_to));
	m->places = calloc(doc->destination_count + 1, sizeof(*m->places));
	m->sums = m->digest ? calloc(m->digest->device_count + 1, sizeof(*m->sums)) : NULL;
	if (!m->digest || !m->uploads || !m->orgs || !m->org_of || !m->footage_to || !m->places ||
	    !m->sums || !report_sum(doc, m->sha256) || !scale_make(&m->scale, doc, &m->speaker) ||
	    !add_uploads(m) || !add_receivers(m)) {
		model_free(m);
		return NULL;
	}
	memcpy(m->id, m->sha256, sizeof(m->id) - 1);
	return m;
}

void
model_free(struct model *m)
{
	if (!m)
		return;
	digest_free(m->digest);
	scale_free(&m->scale);
	free(m->sums);
	free(m->uploads);
	free(m->orgs);
	free(m->org_of);
	free(m->footage_to);
	free(m->places);
	free(m);
}
