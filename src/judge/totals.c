/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/totals.h"

#include <stdlib.h>

#include "base/format.h"
#include "judge/likelihood.h"

bool
totals_makes_footage(const struct porch_device *d)
{
	return d->kind == PORCH_KIND_DOORBELL || d->kind == PORCH_KIND_CAMERA ||
	       d->kind == PORCH_KIND_HUB;
}

bool
totals_is_open_question(const struct porch_episode *e, const struct ends *ends)
{
	if (ends->to && ends->to->party == PORCH_PARTY_LOCAL)
		return false;
	return ends->device && e->footage == PORCH_FOOTAGE_CANNOT_TELL;
}

static int
device_by_id(const void *left, const void *right)
{
	const struct porch_device *const *a = left, *const *b = right;

	return ((*a)->id > (*b)->id) - ((*a)->id < (*b)->id);
}

static int
destination_by_id(const void *left, const void *right)
{
	const struct porch_destination *const *a = left, *const *b = right;

	return ((*a)->id > (*b)->id) - ((*a)->id < (*b)->id);
}

static bool
counts(const struct porch_episode *e, const struct ends *ends)
{
	if (e->footage != PORCH_FOOTAGE_YES || !ends->device)
		return false;
	if (ends->to && ends->to->party == PORCH_PARTY_LOCAL)
		return false;
	return ends->device->kind != PORCH_KIND_OTHER || ends->device->named_by_user;
}

const struct ends *
totals_ends(const struct porch_document *doc, struct arena *arena)
{
	struct ends *ends = arena_alloc(arena, doc->episode_count * sizeof(*ends));
	const struct porch_device **device =
	    arena_alloc(arena, doc->device_count * sizeof(struct porch_device *));
	const struct porch_destination **to =
	    arena_alloc(arena, doc->destination_count * sizeof(struct porch_destination *));

	if (!ends || !device || !to)
		return NULL;
	for (size_t i = 0; i < doc->device_count; i++)
		device[i] = &doc->devices[i];
	for (size_t i = 0; i < doc->destination_count; i++)
		to[i] = &doc->destinations[i];
	qsort(device, doc->device_count, sizeof(struct porch_device *), device_by_id);
	qsort(to, doc->destination_count, sizeof(struct porch_destination *), destination_by_id);
	for (size_t i = 0; i < doc->episode_count; i++) {
		const struct porch_device key = {.id = doc->episodes[i].device}, *a = &key;
		const struct porch_destination name = {.id = doc->episodes[i].destination},
		                               *b = &name;
		const struct porch_device *const *from = bsearch(&a, device, doc->device_count,
		    sizeof(struct porch_device *), device_by_id);
		const struct porch_destination *const *into = bsearch(&b, to,
		    doc->destination_count, sizeof(struct porch_destination *), destination_by_id);

		ends[i].device = from ? *from : NULL;
		ends[i].to = into && name.id ? *into : NULL;
		ends[i].counts = counts(&doc->episodes[i], &ends[i]);
	}
	return ends;
}

static void
sum_devices(struct porch_document *doc)
{
	struct porch_summary *s = &doc->summary;

	s->devices = (uint32_t)doc->device_count;
	for (size_t i = 0; i < doc->device_count; i++) {
		s->doorbells += totals_makes_footage(&doc->devices[i]);
		if (doc->devices[i].watched)
			s->bytes_up += doc->devices[i].bytes_up;
	}
	for (size_t i = 0; i < doc->destination_count; i++) {
		const struct porch_destination *r = &doc->destinations[i];

		if (r->party == PORCH_PARTY_TRACKER)
			s->tracker_bytes_up += r->bytes_up;
		if (r->party == PORCH_PARTY_EVIDENCE)
			s->evidence_bytes_up += r->bytes_up;
		if (r->party == PORCH_PARTY_UNKNOWN)
			s->unknown_bytes_up += r->bytes_up;
	}
}

/* The same of a camera's: it enters the headline. */
static bool
could_count(const struct porch_episode *e, const struct ends *ends)
{
	return totals_is_open_question(e, ends) &&
	       (totals_makes_footage(ends->device) || ends->device->named_by_user);
}

/* Sums of chances, in thousandths, and of the ends of their bands, in percent. */
struct expected {
	uint64_t low, milli, high;
};

static uint64_t
clamp(int value, int low, int high)
{
	return (uint64_t)(value < low ? low : value > high ? high : value);
}

/* A chance that was not calibrated counts for no more than its word does. */
static void
expect(struct expected *x, const struct porch_episode *e)
{
	struct porch_likelihood band = likelihood_of(e->p_footage, e->likelihood.calibrated);

	if (!band.word)
		return;
	x->low += band.low;
	x->milli += clamp(e->p_footage, band.low * 10, band.high * 10);
	x->high += band.high;
}

static const struct porch_episode *
sum_episodes(struct porch_document *doc, const struct ends *ends)
{
	struct porch_summary *s = &doc->summary;
	const struct porch_episode *best = NULL;
	struct expected x = {.low = 0};

	for (size_t i = 0; i < doc->episode_count; i++) {
		const struct porch_episode *e = &doc->episodes[i];
		bool open = could_count(e, &ends[i]);

		s->cannot_tell_episodes += open;
		if (open || ends[i].counts)
			expect(&x, e);
		if (!ends[i].counts)
			continue;
		s->footage_episodes++;
		s->footage_bytes_up += e->bytes_up;
		s->footage_us += time_between(e->start, e->end);
		if (!best || e->p_footage > best->p_footage)
			best = e;
	}
	s->expected_low = x.low / 100;
	s->expected = (x.milli + 500) / 1000;
	s->expected_high = (x.high + 99) / 100;
	return best;
}

const struct porch_episode *
totals_sum(struct porch_document *doc, const struct ends *ends)
{
	sum_devices(doc);
	return sum_episodes(doc, ends);
}
