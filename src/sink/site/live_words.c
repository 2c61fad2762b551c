/* SPDX-License-Identifier: Apache-2.0 */

/* What the page says about this moment: one sentence, and what stands beside it. */

#include <stdio.h>
#include <string.h>

#include "base/format.h"
#include "sink/site/view.h"
#include "words/numbers.h"

enum say
live_kind(enum porch_content content)
{
	switch (content) {
	case PORCH_CONTENT_VIDEO:
		return SAY_CONTENT_VIDEO;
	case PORCH_CONTENT_PICTURE:
		return SAY_SITE_KIND_PICTURE;
	case PORCH_CONTENT_AUDIO:
		return SAY_SITE_KIND_AUDIO;
	default:
		return SAY_CONTENT_FOOTAGE;
	}
}

struct rate_text
live_rate(uint64_t kbps)
{
	const struct porch_slot few = NUMBER("n", kbps);
	const struct porch_slot many = TENTHS("n", (kbps + 50) / 100);
	const struct porch_slot end = NO_SLOT;

	return (struct rate_text){.key = kbps < 1000 ? SAY_SITE_KBPS : SAY_SITE_MBPS,
	    .number = {kbps < 1000 ? few : many, end}};
}

void
view_clock(const struct view *view, int64_t time, char *text)
{
	text[0] = '\0';
	if (time != PORCH_NO_TIME)
		words_clock(&view->h.speaker, time, text);
}

bool
view_is_today(const struct view *view, int64_t time)
{
	struct civil day = words_civil(&view->h.speaker, time);
	struct civil today = words_civil(&view->h.speaker, feed_state(view->feed)->time);

	return time != PORCH_NO_TIME && day.year == today.year && day.month == today.month &&
	       day.day == today.day;
}

bool
view_since(const struct view *view, char *clock)
{
	const struct live_state *state = feed_state(view->feed);

	clock[0] = '\0';
	if (state->time == PORCH_NO_TIME || state->today_since == PORCH_NO_TIME)
		return false;
	view_clock(view, state->today_since, clock);
	if (strcmp(clock, "00:00:00") == 0 || !view_is_today(view, state->today_since))
		return false;
	clock[5] = '\0'; /* without the seconds */
	return true;
}

bool
view_find(const struct view *view, enum shelf_kind kind, uint64_t id, struct shelf_record *record)
{
	return shelf_find(feed_shelf(view->feed, kind), id, record) ||
	       shelf_find(feed_past(view->feed, kind), id, record);
}

const char *
view_device(const struct view *view, uint64_t id)
{
	const struct live_state *state = feed_state(view->feed);
	struct shelf_record record;

	for (size_t i = 0; i < state->device_count; i++)
		if (state->devices[i].id == id && state->devices[i].name[0])
			return state->devices[i].name;
	if (!view_find(view, SHELF_DEVICES, id, &record))
		return NULL;
	return ((const struct about_device *)record.about)->name;
}

/* The first device that does what the home is said to do, and how many do. */
static const struct live_device *
who(const struct live_state *state, enum porch_activity activity, size_t *count)
{
	const struct live_device *first = NULL;

	*count = 0;
	for (size_t i = 0; i < state->device_count; i++) {
		if (state->devices[i].activity != activity)
			continue;
		if (!first)
			first = &state->devices[i];
		*count += 1;
	}
	return first;
}

static void
plain(enum say key, phrase_out *out, void *user)
{
	const struct porch_phrase phrase = {.key = words_key(key)};

	out(&phrase, user);
}

static void
say_activity(const struct live_state *state, phrase_out *out, void *user)
{
	size_t count;
	const struct live_device *d = who(state, state->activity, &count);
	enum say alone =
	    state->activity == PORCH_ACTIVITY_CANNOT_TELL ? SAY_SITE_CANNOT_TELL : SAY_SITE_ENDED;

	if (state->activity == PORCH_ACTIVITY_SENDING && count == 1)
		out(&PHRASE(SAY_SITE_SENDING, NAMED("device", d->name),
		        WORD("kind", live_kind(d->open.content))),
		    user);
	else if (state->activity == PORCH_ACTIVITY_SENDING && count > 1)
		out(&PHRASE(SAY_SITE_SENDING_MANY, NUMBER("count", count)), user);
	else if (d)
		out(&PHRASE(alone, NAMED("device", d->name)), user);
	else
		plain(SAY_SITE_CANNOT_TELL_ANY, out, user);
}

void
live_sentence(const struct view *view, phrase_out *out, void *user)
{
	const struct live_state *state = feed_state(view->feed);
	char clock[WORDS_NUMBER];

	view_clock(view, state->time, clock);
	if (state->time == PORCH_NO_TIME)
		plain(SAY_SITE_WAITING, out, user);
	else if (view->silent)
		out(&PHRASE(SAY_SITE_SILENT, NAMED("clock", clock)), user);
	else if (state->activity == PORCH_ACTIVITY_QUIET)
		plain(SAY_SITE_QUIET, out, user);
	else if (state->activity == PORCH_ACTIVITY_BLIND)
		plain(SAY_SITE_BLIND, out, user);
	else
		say_activity(state, out, user);
}

static void
say_open(const struct view *view, const struct live_upload *open, phrase_out *out, void *user)
{
	const struct porch_likelihood *l = &open->likelihood;
	const char *to = open->organisation;
	char clock[WORDS_NUMBER];

	view_clock(view, open->start, clock);
	if (open->footage == PORCH_FOOTAGE_YES && l->word)
		out(&PHRASE(to[0] ? SAY_SITE_OPEN_TO : SAY_SITE_OPEN,
		        WORD("likelihood", say_likelihood(l->word)),
		        RANGE("range", l->low, l->high), NAMED("receiver", to),
		        BYTES("bytes", open->bytes_up), NAMED("clock", clock)),
		    user);
	else
		out(&PHRASE(to[0] ? SAY_SITE_ASK_TO : SAY_SITE_ASK, NAMED("receiver", to),
		        BYTES("bytes", open->bytes_up), NAMED("clock", clock)),
		    user);
}

void
live_detail(const struct view *view, phrase_out *out, void *user)
{
	const struct live_state *state = feed_state(view->feed);
	size_t count;
	const struct live_device *d = who(state, state->activity, &count);

	if (!view->silent && count == 1 && d->open.there)
		say_open(view, &d->open, out, user);
}

static const struct live_device *
last_to_end(const struct live_state *state)
{
	const struct live_device *last = NULL;

	for (size_t i = 0; i < state->device_count; i++) {
		const struct live_device *d = &state->devices[i];

		if (d->last.there && d->last.end != PORCH_NO_TIME &&
		    (!last || d->last.end > last->last.end))
			last = d;
	}
	return last;
}

void
live_lead(const struct view *view, phrase_out *out, void *user)
{
	const struct live_state *state = feed_state(view->feed);
	const struct live_device *last = last_to_end(state);
	char clock[WORDS_NUMBER], began[WORDS_NUMBER];
	bool since = view_since(view, began);

	if (state->time == PORCH_NO_TIME)
		return;
	if (state->footage_episodes_today > 0)
		out(&PHRASE(since ? SAY_SITE_SINCE_SEEN : SAY_SITE_TODAY_SEEN,
		        COUNT("times", SAY_TIMES, state->footage_episodes_today),
		        BYTES("bytes", state->footage_bytes_today), NAMED("since", began)),
		    user);
	else
		out(&PHRASE(since ? SAY_SITE_SINCE_NONE : SAY_SITE_TODAY_NONE,
		        BYTES("bytes", state->bytes_up_today), NAMED("since", began)),
		    user);
	if (!last)
		return;
	words_stamp(&view->h.speaker, last->last.end, clock);
	out(&PHRASE(SAY_SITE_LAST, NAMED("clock", clock), NAMED("device", last->name)), user);
}

void
live_watching(const struct view *view, phrase_out *out, void *user)
{
	const struct live_state *state = feed_state(view->feed);
	char since[WORDS_NUMBER], clock[WORDS_NUMBER];

	if (state->time == PORCH_NO_TIME || state->watched_since == PORCH_NO_TIME) {
		plain(SAY_SITE_NOT_YET, out, user);
		return;
	}
	words_stamp(&view->h.speaker, state->watched_since, since);
	view_clock(view, state->time, clock);
	out(&PHRASE(SAY_SITE_WATCHING, NAMED("moment", since), NAMED("clock", clock)), user);
}

void
card_activity(const struct live_device *d, phrase_out *out, void *user)
{
	static const enum say keys[] = {
	    [PORCH_ACTIVITY_QUIET] = SAY_SITE_CARD_QUIET,
	    [PORCH_ACTIVITY_ENDED_MAYBE] = SAY_SITE_CARD_ENDED,
	    [PORCH_ACTIVITY_CANNOT_TELL] = SAY_SITE_CARD_ASK,
	    [PORCH_ACTIVITY_BLIND] = SAY_SITE_CARD_BLIND,
	};

	if (d->activity == PORCH_ACTIVITY_SENDING)
		out(&PHRASE(SAY_SITE_CARD_SENDING, WORD("kind", live_kind(d->open.content))), user);
	else
		plain(keys[d->activity], out, user);
}

/* Whom it sends to, and where the address is registered where that is known. */
static void
say_receiver(const struct view *view, const struct live_device *d, phrase_out *out, void *user)
{
	const struct rate_text rate = live_rate(d->kbps);
	const struct about_destination *to = NULL;
	struct shelf_record record;

	if (d->open.destination &&
	    view_find(view, SHELF_DESTINATIONS, d->open.destination, &record))
		to = record.about;
	out(&PHRASE(to && to->country[0] ? SAY_SITE_CARD_TO_IN : SAY_SITE_CARD_TO,
	        NAMED("receiver", d->open.organisation),
	        NAMED("country", to ? words_country(&view->h.speaker, to->country) : NULL),
	        RATE("rate", &rate)),
	    user);
}

void
card_detail(const struct view *view, const struct live_device *d, phrase_out *out, void *user)
{
	const struct rate_text rate = live_rate(d->kbps);
	char began[WORDS_NUMBER];
	bool since = view_since(view, began);

	if (d->open.there && d->open.organisation[0])
		say_receiver(view, d, out, user);
	else if (d->open.there)
		out(&PHRASE(SAY_ONLY, RATE("it", &rate)), user);
	else if (d->footage_episodes_today > 0)
		out(&PHRASE(since ? SAY_SITE_CARD_SINCE : SAY_SITE_CARD_TODAY,
		        COUNT("uploads", SAY_UPLOADS, d->footage_episodes_today),
		        BYTES("bytes", d->footage_bytes_today), NAMED("since", began)),
		    user);
	else
		out(&PHRASE(since ? SAY_SITE_CARD_SINCE_NONE : SAY_SITE_CARD_NONE,
		        BYTES("bytes", d->bytes_up_today), NAMED("since", began)),
		    user);
}
