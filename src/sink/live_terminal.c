/* SPDX-License-Identifier: Apache-2.0 */

/* Watching, for a person at a terminal. */

#include "sink/live_terminal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sink/digest.h"
#include "sink/layout.h"
#include "words/numbers.h"

#define COLUMNS   80
#define FIXED     61 /* columns of an upload's line that are not its receiver's */
#define MARGIN    10 /* of sentences: as wide as a time and a gap */
#define SECOND    INT64_C(1000000)
#define NOBODY    (60 * SECOND) /* without a doorbell: advice is due */
#define GOES_ON   (10 * SECOND) /* an upload this long gets a line before it ends */
#define PAUSE     (3 * SECOND)  /* unless it may have ended by now */
#define WORD_TEXT 64
#define SENTENCE  4096

static struct speaker
speaker_of(const struct live_terminal *t)
{
	return (struct speaker){
	    .language = t->style.language,
	    .ascii = !t->style.utf8,
	    .zone = t->style.zone,
	    .zone_offset = t->style.zone_offset,
	    .zone_user = t->style.zone_user,
	};
}

static size_t
width_of(const struct live_terminal *t)
{
	return t->style.columns > COLUMNS ? t->style.columns : COLUMNS;
}

static void
say(const struct live_terminal *t, const struct porch_phrase *phrase, char *text, size_t size)
{
	struct speaker speaker = speaker_of(t);
	struct text out = text_over(text, size);

	words_add(&speaker, phrase, &out);
}

static void
clock_text(const struct live_terminal *t, int64_t time, char text[static WORDS_NUMBER])
{
	struct speaker speaker = speaker_of(t);

	words_clock(&speaker, time, text);
}

/* A sentence at the margin. */
static void
tell(const struct live_terminal *t, const struct porch_phrase *phrase, enum paint paint)
{
	char text[SENTENCE];

	say(t, phrase, text, sizeof(text));
	if (paint == PAINT_BOLD)
		write_sentence(t->w, &t->style, text, paint);
	else
		write_paragraph(t->w, text, 0, 0, width_of(t) - 2);
}

/* A sentence about a moment. */
static void
tell_at(const struct live_terminal *t, int64_t time, const struct porch_phrase *phrase)
{
	char clock[WORDS_NUMBER], text[SENTENCE];

	if (t->style.quiet)
		return;
	clock_text(t, time, clock);
	say(t, phrase, text, sizeof(text));
	writef(t->w, "%s  ", clock);
	write_paragraph(t->w, text, MARGIN, MARGIN, width_of(t) - 2);
}

void
live_terminal_begin(struct live_terminal *t, struct writer *w, const struct sink_style *style,
    const struct live_greeting *greeting)
{
	struct porch_slot page = NAMED("page", greeting->page);
	struct porch_slot known = COUNT("known", SAY_LIVE_KNOWN, greeting->known);

	memset(t, 0, sizeof(*t));
	t->w = w;
	t->style = *style;
	t->start = greeting->start;
	if (style->quiet)
		return;
	if (greeting->known == 0)
		known = (struct porch_slot)WORD("known", SAY_LIVE_KNOWN_NONE);
	tell(t,
	    &PHRASE(greeting->page ? SAY_LIVE_BEGIN_PAGE : SAY_LIVE_BEGIN,
	        NAMED("interfaces", greeting->interfaces), known, page),
	    PAINT_NONE);
}

/* "28 s", "12 min", "3 h": as short as a column wants it. */
static void
duration_text(uint64_t micros, char text[static 24])
{
	uint64_t seconds = (micros + SECOND / 2) / SECOND;

	if (seconds < 1000)
		snprintf(text, 24, "%" PRIu64 " s", seconds);
	else if (seconds < 60000)
		snprintf(text, 24, "%" PRIu64 " min", (seconds + 30) / 60);
	else
		snprintf(text, 24, "%" PRIu64 " h", (seconds + 1800) / 3600);
}

static void
receiver_text(const struct live_terminal *t, const struct porch_destination *to, char *text,
    size_t size)
{
	struct speaker speaker = speaker_of(t);
	struct text out = text_over(text, size);

	if (to)
		digest_receiver_name(&speaker, to, text, size);
	else
		text_add(&out, words_of(&speaker, SAY_LIVE_UNSETTLED));
	out.len = strlen(text);
	if (to && to->country)
		text_addf(&out, ", %s", to->country);
}

static enum say
content_word(const struct porch_episode *e)
{
	if (e->footage != PORCH_FOOTAGE_YES)
		return SAY_LIVE_CANNOT_TELL;
	return e->live_view == PORCH_ANSWER_YES ? SAY_LIVE_VIEW : say_content(e->content);
}

static void
word_cell(const struct live_terminal *t, struct line *line, enum say key, size_t width,
    enum align align, enum paint paint)
{
	struct speaker speaker = speaker_of(t);

	line_cell(line, words_of(&speaker, key), width, align, paint);
}

static void
upload_line(const struct live_terminal *t, const struct porch_event *event)
{
	const struct porch_episode *e = event->episode;
	enum paint paint = e->footage == PORCH_FOOTAGE_YES ? PAINT_AMBER : PAINT_NONE;
	struct line line = line_over(t->w, &t->style, 0);
	struct speaker speaker = speaker_of(t);
	char text[DIGEST_NAME + 64];

	clock_text(t, e->start, text);
	line_cell(&line, text, 8, ALIGN_LEFT, PAINT_NONE);
	digest_device_name(&speaker, event->device, text, sizeof(text));
	line_cell(&line, text, 15, ALIGN_LEFT, PAINT_NONE);
	word_cell(t, &line, content_word(e), 9, ALIGN_LEFT, paint);
	duration_text(porch_episode_duration(e), text);
	if (e->open)
		word_cell(t, &line, SAY_LIVE_SO_FAR, 6, ALIGN_RIGHT, PAINT_NONE);
	else
		line_cell(&line, text, 6, ALIGN_RIGHT, PAINT_NONE);
	say(t, &PHRASE(SAY_ONLY, BYTES("it", e->bytes_up)), text, sizeof(text));
	line_cell(&line, text, 7, ALIGN_RIGHT, PAINT_NONE);
	receiver_text(t, event->destination, text, sizeof(text));
	line_cell(&line, text, width_of(t) - FIXED, ALIGN_LEFT, PAINT_NONE);
	if (e->p_footage >= 0) {
		snprintf(text, sizeof(text), "%d%%", (e->p_footage + 5) / 10);
		line_cell(&line, text, 4, ALIGN_RIGHT, PAINT_NONE);
	}
	line_end(&line);
}

static struct live_line *
line_of(struct live_terminal *t, uint64_t id)
{
	size_t count = t->lines < LIVE_REMEMBERED ? t->lines : LIVE_REMEMBERED;

	for (size_t i = 0; i < count; i++)
		if (t->line[i].id == id)
			return &t->line[i];
	return NULL;
}

/* What gets a line: an upload that may hold footage and went outside, once it is worth it. */
static void
see_episode(struct live_terminal *t, const struct porch_event *event)
{
	const struct porch_episode *e = event->episode;
	struct live_line *line = line_of(t, e->id);

	if (e->footage == PORCH_FOOTAGE_NO ||
	    (event->destination && event->destination->party == PORCH_PARTY_LOCAL))
		return;
	if (e->open && (line || event->time - e->start < GOES_ON || event->time - e->end > PAUSE))
		return;
	if (line && line->ended && line->content == e->content && line->footage == e->footage)
		return;
	if (!line)
		line = &t->line[t->lines++ % LIVE_REMEMBERED];
	*line = (struct live_line){
	    .id = e->id, .ended = !e->open, .content = e->content, .footage = e->footage};
	upload_line(t, event);
}

static enum say
reason_to_watch(const struct porch_device *d)
{
	bool footage = d->kind == PORCH_KIND_DOORBELL || d->kind == PORCH_KIND_CAMERA ||
	               d->kind == PORCH_KIND_HUB;

	if (footage)
		return d->vendor_name ? SAY_LIVE_DEVICE_OF : SAY_LIVE_DEVICE;
	return d->named_by_user ? SAY_LIVE_DEVICE_NAMED : SAY_LIVE_DEVICE_OTHER;
}

/* A device that is watched for the first time. */
static void
see_device(struct live_terminal *t, const struct porch_event *event)
{
	const struct porch_device *d = event->device;
	struct speaker speaker = speaker_of(t);
	char name[DIGEST_NAME];

	for (size_t i = 0; i < t->mets && i < LIVE_REMEMBERED; i++)
		if (t->met[i] == d->id)
			return;
	if (!d->watched)
		return;
	t->met[t->mets++ % LIVE_REMEMBERED] = d->id;
	digest_device_name(&speaker, d, name, sizeof(name));
	tell_at(t, event->time,
	    &PHRASE(reason_to_watch(d), NAMED("device", name), WORD("kind", say_kind(d->kind)),
	        NAMED("maker", d->vendor_name)));
}

static void
see_state(struct live_terminal *t, const struct porch_event *event)
{
	int64_t watched = event->time - t->start;

	if (event->state->device_count > 0)
		t->advised = true;
	if (t->advised || watched < NOBODY)
		return;
	t->advised = true;
	tell_at(t, event->time, &PHRASE(SAY_LIVE_NOBODY, LASTED("watched", (uint64_t)watched)));
}

static void
see_gap(const struct live_terminal *t, const struct porch_event *event)
{
	const struct porch_gap *gap = event->gap;

	if (!gap->worker)
		tell_at(t, gap->start,
		    &PHRASE(SAY_LIVE_GAP, LASTED("duration", (uint64_t)(gap->end - gap->start)),
		        NAMED("reason", gap->reason)));
}

/* What was watched, and the verdict; where nothing was seen, what to do. */
static void
see_summary(const struct live_terminal *t, const struct porch_summary *s)
{
	enum say likelihood = say_likelihood(s->likelihood.word);

	if (strcmp(s->answer, "seen") == 0 && likelihood != SAYINGS) {
		tell(t,
		    &PHRASE(SAY_LIVE_END, LASTED("watched", s->watched_us),
		        WORD("likelihood", likelihood),
		        RANGE("range", s->likelihood.low, s->likelihood.high),
		        COUNT("times", SAY_TIMES, s->footage_episodes),
		        BYTES("bytes", s->footage_bytes_up)),
		    PAINT_BOLD);
		return;
	}
	tell(t, &s->verdict_said, PAINT_BOLD);
	if (s->advice_said.key && !t->style.quiet)
		tell(t, &s->advice_said, PAINT_NONE);
}

void
live_terminal_event(struct live_terminal *t, const struct porch_event *event)
{
	switch (event->kind) {
	case PORCH_EVENT_DEVICE:
		see_device(t, event);
		break;
	case PORCH_EVENT_EPISODE:
		if (!t->style.quiet)
			see_episode(t, event);
		break;
	case PORCH_EVENT_GAP:
		see_gap(t, event);
		break;
	case PORCH_EVENT_NOTICE:
		tell_at(t, event->time, &event->notice->said);
		break;
	case PORCH_EVENT_STATE:
		see_state(t, event);
		break;
	case PORCH_EVENT_SUMMARY:
		see_summary(t, event->summary);
		break;
	case PORCH_EVENT_RUN:
	case PORCH_EVENT_DESTINATION:
	case PORCH_EVENT_FINDING:
		break;
	}
}
