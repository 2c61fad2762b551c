/* SPDX-License-Identifier: Apache-2.0 */
#include "score/sheet.h"

#include <string.h>

static bool
lists(const struct porch_texts *texts, const char *text)
{
	for (size_t i = 0; i < texts->count; i++)
		if (strcmp(texts->item[i], text) == 0)
			return true;
	return false;
}

bool
sheet_receiver(const struct porch_destination *d, const char *to)
{
	if (!d)
		return false;
	return (d->name && strcmp(d->name, to) == 0) || lists(&d->candidates, to) ||
	       lists(&d->addresses, to);
}

size_t
sheet_device(const struct sheet *sheet, const struct porch_device *device)
{
	size_t found = MATCH_NONE;

	for (size_t i = 0; i < sheet->devices; i++) {
		if (lists(&device->addresses, sheet->device[i].id))
			return i;
		if (device->mac && strcmp(device->mac, sheet->device[i].id) == 0)
			found = i;
	}
	return found;
}

bool
sheet_counts(const struct sheet *s, size_t episode)
{
	const struct porch_destination *to = s->to[episode];

	return s->spoken_of[episode] && !(to && to->party == PORCH_PARTY_LOCAL);
}

/* Of every episode: whose, to whom, and what is told of it. */
static bool
place_episodes(struct sheet *s, struct arena *arena)
{
	size_t n = s->doc->episode_count + 1;

	s->who = arena_alloc(arena, n * sizeof(*s->who));
	s->to = arena_alloc(arena, n * sizeof(*s->to));
	s->footage = arena_alloc(arena, n * sizeof(*s->footage));
	s->met = arena_alloc(arena, (s->devices + 1) * sizeof(*s->met));
	s->spoken_of = arena_alloc(arena, n * sizeof(*s->spoken_of));
	if (!s->who || !s->to || !s->footage || !s->spoken_of || !s->met)
		return false;
	for (size_t i = 0; i < s->doc->device_count; i++) {
		size_t who = sheet_device(s, &s->doc->devices[i]);

		if (who != MATCH_NONE)
			s->met[who] = true;
	}
	for (size_t i = 0; i < s->doc->episode_count; i++) {
		const struct porch_episode *e = &s->doc->episodes[i];
		const struct porch_device *device = porch_document_device(s->doc, e->device);

		s->who[i] = device ? sheet_device(s, device) : MATCH_NONE;
		s->to[i] = porch_document_destination(s->doc, e->destination);
		s->footage[i] = e->footage == PORCH_FOOTAGE_YES && device &&
		                (device->kind != PORCH_KIND_OTHER || device->named_by_user);
	}
	return true;
}

static bool
overlaps(const struct sheet *s, const struct truth_label *l, size_t episode, uint64_t *overlap)
{
	const struct porch_episode *e = &s->doc->episodes[episode];
	struct span labelled, told;

	if (s->who[episode] != l->device || !sheet_receiver(s->to[episode], l->to))
		return false;
	labelled = span_widened((struct span){l->start, l->end});
	told = span_widened((struct span){e->start, e->end});
	if (!span_fits(&labelled, &told))
		return false;
	*overlap = span_overlap(&labelled, &told);
	return true;
}

static bool
could_answer(const struct sheet *s, size_t label, size_t episode, struct candidate *c)
{
	*c = (struct candidate){.label = label, .episode = episode};
	return overlaps(s, &s->label[label], episode, &c->overlap);
}

static bool
is_called_wrong(const struct sheet *s, const struct truth *truth, size_t episode)
{
	size_t count;
	const struct truth_label *wrong = truth_wrongs(truth, &count);
	uint64_t overlap;

	for (size_t i = 0; i < count; i++)
		if (wrong[i].content == s->doc->episodes[episode].content &&
		    overlaps(s, &wrong[i], episode, &overlap))
			return true;
	return false;
}

/* Whole labels speak of all that their devices sent. */
static void
find_spoken_of(struct sheet *s, const struct truth *truth)
{
	for (size_t i = 0; i < s->doc->episode_count; i++)
		if (s->who[i] != MATCH_NONE)
			s->spoken_of[i] =
			    !s->device[s->who[i]].partial || is_called_wrong(s, truth, i);
	for (size_t i = 0; i < s->candidates; i++)
		s->spoken_of[s->candidate[i].episode] = true;
}

/* Calls for each label the episodes that are near it; they are in order of their start. */
static size_t
list_candidates(const struct sheet *s, struct candidate *list)
{
	struct candidate found;
	size_t n = 0;

	for (size_t l = 0; l < s->labels; l++) {
		for (size_t e = 0; e < s->doc->episode_count; e++) {
			if (s->doc->episodes[e].start > s->label[l].end + SPAN_LEAST)
				break;
			if (!could_answer(s, l, e, &found))
				continue;
			if (list)
				list[n] = found;
			n++;
		}
	}
	return n;
}

void
sheet_clear(struct sheet *s)
{
	for (size_t l = 0; l < s->labels; l++)
		s->matching.episode_of[l] = MATCH_NONE;
	for (size_t e = 0; e < s->doc->episode_count; e++)
		s->matching.label_of[e] = MATCH_NONE;
}

bool
sheet_lay(struct sheet *s, const struct porch_document *doc, const struct truth *truth,
    struct arena *arena)
{
	*s = (struct sheet){.doc = doc};
	s->device = truth_devices(truth, &s->devices);
	s->label = truth_labels(truth, &s->labels);
	if (!place_episodes(s, arena))
		return false;
	s->candidates = list_candidates(s, NULL);
	s->candidate = arena_alloc(arena, (s->candidates + 1) * sizeof(*s->candidate));
	s->matching.episode_of =
	    arena_alloc(arena, (s->labels + 1) * sizeof(*s->matching.episode_of));
	s->matching.label_of =
	    arena_alloc(arena, (doc->episode_count + 1) * sizeof(*s->matching.label_of));
	if (!s->candidate || !s->matching.episode_of || !s->matching.label_of)
		return false;
	list_candidates(s, s->candidate);
	find_spoken_of(s, truth);
	match_order(s->candidate, s->candidates);
	sheet_clear(s);
	return true;
}
