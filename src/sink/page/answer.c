/* SPDX-License-Identifier: Apache-2.0 */

/* The answer: one sentence, what it rests on, and four facts. */

#include <string.h>

#include "base/format.h"
#include "sink/page/page.h"

static void
put_answer_seen(struct html *h, const struct porch_summary *s)
{
	say(h, SAY_ANSWER_SEEN, WORD("likelihood", say_likelihood(s->likelihood.word)),
	    RANGE("range", s->likelihood.low, s->likelihood.high),
	    LASTED("duration", s->footage_us), BYTES("bytes", s->footage_bytes_up));
}

static void
put_heading(struct html *h, const struct porch_summary *s)
{
	const char *answer = s->answer ? s->answer : "";

	markup(h, "<h1>");
	if (s->outside_view)
		word(h, SAY_ANSWER_OUTSIDE);
	else if (strcmp(answer, "seen") == 0)
		put_answer_seen(h, s);
	else if (strcmp(answer, "not-seen") == 0)
		say(h, SAY_ANSWER_NOT_SEEN, LASTED("watched", s->watched_us));
	else if (strcmp(answer, "cannot-tell") == 0)
		say(h, SAY_ANSWER_CANNOT_TELL,
		    COUNT("uploads", SAY_UPLOADS, s->cannot_tell_episodes));
	else
		word(h, SAY_ANSWER_NOT_WATCHED);
	markup(h, "</h1>\n");
}

static void
put_lead_seen(struct html *h, const struct model *m)
{
	const struct porch_summary *s = &m->doc->summary;
	uint64_t to_maker = m->footage_to_maker / (m->footage / 100 + 1);

	say(h, SAY_LEAD_SEEN, COUNT("uploads", SAY_UPLOADS, m->counted),
	    LASTED("watched", s->watched_us));
	if (m->counted > 1) {
		markup(h, " ");
		say(h, SAY_LEAD_RANGE, NUMBER("from", m->surely_low), NUMBER("to", m->surely_high));
	}
	if (to_maker > 0) {
		markup(h, " ");
		say(h, SAY_LEAD_MAKER, NUMBER("percent", to_maker));
	}
	if (s->cannot_tell_episodes > 0) {
		markup(h, " ");
		say(h, SAY_LEAD_ALSO, COUNT("uploads", SAY_UPLOADS, s->cannot_tell_episodes));
	}
}

static void
put_lead(struct html *h, const struct model *m)
{
	const struct porch_summary *s = &m->doc->summary;
	const char *answer = s->answer ? s->answer : "";

	markup(h, "<p class=\"lead\">");
	if (!s->outside_view && strcmp(answer, "seen") == 0)
		put_lead_seen(h, m);
	else if (!s->outside_view && strcmp(answer, "cannot-tell") == 0)
		say(h, SAY_LEAD_CANNOT_TELL, LASTED("watched", s->watched_us),
		    COUNT("uploads", SAY_UPLOADS, s->cannot_tell_episodes));
	else if (s->advice_said.key)
		html_say(h, &s->advice_said);
	else
		html_text(h, s->advice);
	markup(h, "</p>\n");
}

static bool
is_damaged(const struct porch_run *run)
{
	for (size_t i = 0; i < run->input_count; i++)
		if (run->inputs[i].error || !run->inputs[i].complete)
			return true;
	return false;
}

/* What a reader must know before using any number. */
static void
put_notes(struct html *h, const struct model *m)
{
	const struct porch_document *doc = m->doc;
	uint64_t dropped = doc->run.counters.dropped;
	size_t holes = porch_document_holes(doc);

	if (doc->summary.likelihood.word && !doc->summary.likelihood.calibrated) {
		markup(h, "<p class=\"note\">");
		word(h, SAY_NOTE_UNCALIBRATED);
		markup(h, "</p>\n");
	}
	if (holes > 0 || dropped > 0) {
		markup(h, "<p class=\"note\">");
		say(h, losses_known(&doc->run) ? SAY_NOTE_LOW : SAY_NOTE_LOW_UNKNOWN,
		    COUNT("gaps", SAY_GAPS, holes), COUNT("lost", SAY_LOST, dropped));
		markup(h, "</p>\n");
	}
	if (is_damaged(&doc->run)) {
		markup(h, "<p class=\"note\">");
		word(h, SAY_NOTE_DAMAGED);
		markup(h, "</p>\n");
	}
	if (m->in_gaps > 0) {
		markup(h, "<p class=\"note\">");
		say(h, SAY_NOTE_IN_GAPS, COUNT("uploads", SAY_UPLOADS, m->in_gaps));
		markup(h, "</p>\n");
	}
}

static void
open_fact(struct html *h, enum say name)
{
	markup(h, "<div><dt>");
	word(h, name);
	markup(h, "</dt><dd class=\"big\">");
}

static void
then_fact(struct html *h)
{
	markup(h, "</dd><dd>");
}

static const char *
country_name(const struct html *h, const struct place *place)
{
	return words_country(&h->speaker, place->country);
}

/* The two countries that got most, of those that are known. */
static void
put_where(struct html *h, const struct model *m)
{
	const struct place *first[2] = {NULL, NULL};

	for (size_t i = 0; i < m->place_count && !first[1]; i++)
		if (m->places[i].country && m->places[i].sent > 0)
			first[first[0] ? 1 : 0] = &m->places[i];
	open_fact(h, SAY_FACT_WHERE);
	if (m->sent == 0)
		word(h, SAY_FACT_NOTHING);
	else if (!first[0])
		word(h, SAY_FACT_WHERE_UNKNOWN);
	else if (!first[1])
		html_text(h, country_name(h, first[0]));
	else
		say(h, SAY_FACT_WHERE_TWO, NAMED("first", country_name(h, first[0])),
		    NAMED("second", country_name(h, first[1])));
	then_fact(h);
	if (m->sent == 0)
		word(h, SAY_FACT_NOTHING_SENT);
	else if (!first[0])
		word(h, SAY_FACT_WHERE_NO_DATA);
	else if (m->places_known > 2)
		html_count(h, SAY_FACT_WHERE_MORE, m->places_known - 2);
	else
		word(h, SAY_FACT_WHERE_IS);
	html_row_end(h);
}

/* The rule of the finding: neither one upload nor the rest could hold the smallest picture. */
static enum say
can_exclude(const struct model *m)
{
	for (size_t i = 0; i < m->doc->finding_count; i++) {
		const struct porch_slot *slot = m->doc->findings[i].said.slots;

		for (; slot && slot->name; slot++)
			if (strcmp(slot->name, "can") == 0 && words_find(slot->text) == SAY_CANNOT)
				return SAY_CANNOT;
	}
	return SAY_CAN;
}

static void
put_trackers(struct html *h, const struct model *m)
{
	const struct porch_summary *s = &m->doc->summary;

	open_fact(h, SAY_FACT_TRACKERS);
	if (m->trackers == 0)
		word(h, SAY_FACT_NONE_SEEN);
	else
		html_count(h, SAY_COMPANIES, m->trackers);
	then_fact(h);
	if (m->trackers == 0)
		say(h, SAY_FACT_OF_LISTED, NUMBER("listed", s->trackers_listed),
		    LASTED("watched", s->watched_us));
	else
		say(h, m->largest_to_tracker > 0 ? SAY_FACT_TRACKER_SENT : SAY_FACT_TRACKER_SMALL,
		    BYTES("bytes", s->tracker_bytes_up), BYTES("largest", m->largest_to_tracker),
		    WORD("can", can_exclude(m)));
	html_row_end(h);
}

static void
put_evidence(struct html *h, const struct model *m)
{
	const struct porch_summary *s = &m->doc->summary;
	size_t seen = 0;

	for (size_t i = 0; i < m->org_count; i++)
		seen += m->orgs[i].first->party == PORCH_PARTY_EVIDENCE;
	open_fact(h, SAY_FACT_EVIDENCE);
	if (seen == 0)
		word(h, SAY_FACT_NONE_SEEN);
	else
		html_count(h, SAY_COMPANIES, seen);
	then_fact(h);
	if (seen > 0)
		say(h, SAY_FACT_EVIDENCE_SENT, BYTES("bytes", s->evidence_bytes_up));
	else
		say(h, SAY_FACT_OF_LISTED, NUMBER("listed", s->evidence_listed),
		    LASTED("watched", s->watched_us));
	markup(h, "; <a href=\"#limits\">");
	word(h, SAY_FACT_CANNOT_SHOW);
	markup(h, "</a>");
	html_row_end(h);
}

static void
put_watched(struct html *h, const struct model *m)
{
	const struct porch_document *doc = m->doc;
	const struct porch_summary *s = &doc->summary;
	uint64_t whole = time_between(s->first, s->last);
	uint64_t tenths = whole > 0 ? s->watched_us / (whole / 1000 + 1) : 0;

	if (s->watched_us >= whole || tenths > 1000)
		tenths = 1000;
	if (s->watched_us > whole)
		whole = s->watched_us; /* redaction rounds the ends of the period */
	open_fact(h, SAY_FACT_WATCHED);
	if (tenths == 1000)
		html_duration(h, s->watched_us);
	else
		say(h, SAY_FACT_PERCENT, TENTHS("percent", tenths));
	then_fact(h);
	say(h, losses_known(&doc->run) ? SAY_FACT_WATCHED_OF : SAY_FACT_WATCHED_OF_UNKNOWN,
	    LASTED("watched", s->watched_us), LASTED("whole", whole),
	    COUNT("gaps", SAY_GAPS, porch_document_holes(doc)),
	    COUNT("lost", SAY_LOST, doc->run.counters.dropped));
	html_row_end(h);
}

void
page_answer(struct html *h, const struct model *m)
{
	const struct porch_summary *s = &m->doc->summary;

	markup(h, "<section class=\"answer\" aria-labelledby=\"question\">\n"
	          "<p class=\"question\" id=\"question\">");
	word(h, SAY_QUESTION);
	markup(h, "</p>\n");
	put_heading(h, s);
	put_lead(h, m);
	put_notes(h, m);
	if (!s->outside_view) {
		markup(h, "<dl class=\"facts\">\n");
		put_where(h, m);
		put_trackers(h, m);
		put_evidence(h, m);
		put_watched(h, m);
		markup(h, "</dl>\n");
	}
	markup(h, "</section>\n");
}
