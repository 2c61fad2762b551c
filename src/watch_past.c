/* SPDX-License-Identifier: Apache-2.0 */
#include "watch_parts.h"

#include <string.h>

#include "judge/likelihood.h"

/*
 * Months of episodes are more than memory holds.  What leaves it stays in the sums of its
 * device, of its receiver and of the whole, as it was judged when it left.
 */

static struct past_device *
past_of(struct watch *w, uint64_t device)
{
	bool created;

	return table_see(w->past_devices, &device, &created);
}

/* Of a chance that was not calibrated no more counts than of its word. */
static void
expect(struct engine_past *past, const struct porch_episode *e)
{
	struct porch_likelihood band = likelihood_of(e->p_footage, e->likelihood.calibrated);
	uint64_t milli = e->p_footage > 0 ? (uint64_t)e->p_footage : 0;

	if (!band.word)
		return;
	past->expected_low += band.low;
	past->expected_high += band.high;
	if (milli < band.low * 10U)
		milli = band.low * 10U;
	past->expected_milli += milli > band.high * 10U ? band.high * 10U : milli;
}

static void
add_record(struct watch *w, uint64_t device, const struct porch_episode *record, bool local)
{
	struct porch_ledger_row *row = &past_of(w, device)->ledger[record->content];

	w->past.episodes++;
	if (local)
		return;
	row->bytes_up += record->bytes_up;
	row->bytes_down += record->bytes_down;
	row->episodes++;
	if (record->footage == PORCH_FOOTAGE_YES)
		past_of(w, device)->footage = true;
}

/* An episode of an unwatched device made room for others. */
void
watch_leave_backlog(uint64_t owner, const void *left, void *user)
{
	const struct track_episode *episode = left;
	struct watch *w = user;
	struct arena *arena = arena_new();
	struct porch_destination to;
	struct porch_episode record;

	if (!arena)
		return;
	engine_judge_open(w->engine, episode, arena, &to, &record);
	engine_see_traffic(w->engine, episode, &past_of(w, owner)->traffic);
	add_record(w, owner, &record, episode->local);
	arena_free(arena);
}

static void
add_receiver(struct watch *w, const struct porch_episode *record)
{
	bool created;
	struct past_receiver *r;

	if (!record->destination)
		return;
	r = table_see(w->past_receivers, &record->destination, &created);
	r->episodes++;
	if (record->footage == PORCH_FOOTAGE_YES)
		r->footage_bytes_up += record->bytes_up;
}

/* An episode that somebody stores leaves, as the document of its device has it. */
static void
let_go(struct watch *w, const struct porch_document *doc, const struct track_episode *episode,
    const struct porch_episode *record)
{
	const struct porch_device *device = porch_document_device(doc, record->device);

	engine_see_traffic(w->engine, episode, &past_of(w, record->device)->traffic);
	add_record(w, record->device, record, episode->local);
	add_receiver(w, record);
	if (episode->local || !device)
		return;
	if (porch_episode_counts(doc, record)) {
		if (!w->past.best.word || record->likelihood.low > w->past.best.low)
			w->past.best = record->likelihood;
		w->past.footage_episodes++;
		w->past.footage_bytes_up += record->bytes_up;
		w->past.footage_us += porch_episode_duration(record);
	} else if (record->footage == PORCH_FOOTAGE_CANNOT_TELL &&
	           (device->kind != PORCH_KIND_OTHER || device->named_by_user)) {
		w->past.cannot_tell_episodes++;
	} else {
		return;
	}
	expect(&w->past, record);
}

static const struct porch_episode *
record_of(const struct porch_document *doc, uint64_t id)
{
	for (size_t i = 0; i < doc->episode_count; i++)
		if (doc->episodes[i].id == id)
			return &doc->episodes[i];
	return NULL;
}

static bool
may_go(const struct watch *w, uint64_t id)
{
	const struct watch_episode *told = table_find(w->told, &id);

	return told && told->ended;
}

/* Those of one device; what stays goes into the other list. */
static bool
let_go_of_device(struct watch *w, const struct watch_device *d, struct spool *stay)
{
	struct porch_document *doc = watch_document_of(w, &d->id);
	struct track_episode episode;
	bool fine = true;

	for (size_t i = 0; fine && i < spool_count(w->episodes); i++) {
		const struct porch_episode *record;

		fine = spool_get(w->episodes, i, &episode);
		if (!fine || watch_episode_device(w, &episode) != d->id)
			continue;
		record = doc ? record_of(doc, episode.id) : NULL;
		if (record && may_go(w, episode.id))
			let_go(w, doc, &episode, record);
		else
			fine = spool_add(stay, &episode);
	}
	porch_document_free(doc);
	return fine;
}

/* Those of devices that nothing is known of any more, or that are not watched any more. */
static bool
let_go_of_others(struct watch *w)
{
	struct track_episode episode;
	bool fine = true;

	for (size_t i = 0; fine && i < spool_count(w->episodes); i++) {
		uint64_t id;
		const struct watch_device *d;

		fine = spool_get(w->episodes, i, &episode);
		id = watch_episode_device(w, &episode);
		d = table_find(w->devices, &id);
		if (fine && (!d || !d->watched))
			fine = backlog_add(w->backlog, id, &episode);
	}
	return fine;
}

void
watch_stored(struct watch *w)
{
	struct spool *stay;
	bool fine;

	if (w->finished || spool_count(w->episodes) == 0)
		return;
	stay = spool_new(sizeof(struct track_episode), WATCH_EPISODES_MEMORY);
	fine = stay != NULL;
	for (struct watch_device *d = table_first(w->devices); fine && d;
	     d = table_next(w->devices, d))
		if (d->watched)
			fine = let_go_of_device(w, d, stay);
	fine = fine && let_go_of_others(w);
	w->out_of_memory = w->out_of_memory || !fine;
	if (!stay)
		return;
	spool_free(w->episodes);
	w->episodes = stay;
}
