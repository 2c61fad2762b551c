/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/verdict.h"

#include "judge/likelihood.h"
#include "judge/phrase.h"

static void
say(struct porch_summary *s, struct porch_phrase phrase, struct arena *arena)
{
	s->verdict_said = phrase_keep(arena, &phrase);
	s->verdict = phrase_text(arena, &s->verdict_said);
}

static void
advise(struct porch_summary *s, struct porch_phrase phrase, struct arena *arena)
{
	s->advice_said = phrase_keep(arena, &phrase);
	s->advice = phrase_text(arena, &s->advice_said);
}

/* The greatest of the watched devices': what is smaller could be missed by one of them. */
static uint64_t
floor_of(const struct porch_document *doc)
{
	int64_t floor = 0;

	for (size_t i = 0; i < doc->device_count; i++)
		if (doc->devices[i].watched && doc->devices[i].detection_floor_bytes > floor)
			floor = doc->devices[i].detection_floor_bytes;
	return (uint64_t)floor;
}

static void
say_nothing_seen(struct porch_document *doc, bool watched, struct arena *arena)
{
	struct porch_summary *s = &doc->summary;

	if (!watched) {
		s->answer = "not-watched";
		say(s, PHRASE(SAY_VERDICT_NOT_WATCHED, LASTED("watched", s->watched_us)), arena);
		advise(s, PHRASE(SAY_ADVICE_NOT_WATCHED, NO_SLOT), arena);
		return;
	}
	s->answer = "not-seen";
	say(s, PHRASE(SAY_VERDICT_NOT_SEEN, LASTED("watched", s->watched_us)), arena);
	advise(s,
	    PHRASE(SAY_ADVICE_NOT_SEEN, BYTES("bytes", s->bytes_up), BYTES("floor", floor_of(doc))),
	    arena);
}

/* The best supported upload speaks; one that is not kept any more has left its word. */
static void
say_seen(struct porch_summary *s, const struct porch_episode *best, struct arena *arena)
{
	struct porch_likelihood known = {.word = NULL};

	s->answer = "seen";
	if (best)
		known = likelihood_of(best->p_footage, best->likelihood.calibrated);
	if (known.low > s->likelihood.low || !s->likelihood.word)
		s->likelihood = known;
	say(s,
	    PHRASE(SAY_VERDICT_SEEN, WORD("likelihood", say_likelihood(s->likelihood.word)),
	        RANGE("range", s->likelihood.low, s->likelihood.high),
	        BYTES("bytes", s->footage_bytes_up), LASTED("duration", s->footage_us),
	        LASTED("watched", s->watched_us)),
	    arena);
}

void
verdict_say(struct porch_document *doc, const struct porch_episode *best, struct arena *arena)
{
	struct porch_summary *s = &doc->summary;
	bool watched = s->doorbells > 0;

	for (size_t i = 0; i < doc->device_count; i++)
		watched = watched || doc->devices[i].named_by_user;
	if (s->outside_view) {
		s->answer = "cannot-tell";
		say(s, PHRASE(SAY_VERDICT_OUTSIDE, NO_SLOT), arena);
		advise(s, PHRASE(SAY_ADVICE_OUTSIDE, NO_SLOT), arena);
	} else if (s->footage_episodes > 0) {
		say_seen(s, best, arena);
	} else if (s->cannot_tell_episodes > 0) {
		s->answer = "cannot-tell";
		say(s,
		    PHRASE(SAY_VERDICT_CANNOT_TELL,
		        COUNT("uploads", SAY_UPLOADS, s->cannot_tell_episodes)),
		    arena);
	} else {
		say_nothing_seen(doc, watched, arena);
	}
}
