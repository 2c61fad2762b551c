/* SPDX-License-Identifier: Apache-2.0 */

/* Findings: claim, likelihood with its range, evidence, limit, and how to check it. */

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sink/page/page.h"

static void
put_pill_word(struct html *h, const struct porch_finding *f)
{
	const char *kind = f->kind ? f->kind : "";

	if (f->likelihood.word)
		say(h, SAY_PILL, WORD("likelihood", say_likelihood(f->likelihood.word)),
		    RANGE("range", f->likelihood.low, f->likelihood.high));
	else if (strstr(kind, "not-seen"))
		word(h, SAY_PILL_NOT_SEEN);
	else if (strcmp(kind, "unknown") == 0 || strcmp(kind, "cannot-tell") == 0)
		word(h, SAY_PILL_CANNOT_TELL);
	else if (strcmp(kind, "gaps") == 0)
		word(h, SAY_PILL_GAPS);
	else
		word(h, SAY_PILL_SEEN);
}

static void
put_pill(struct html *h, const struct porch_finding *f)
{
	markup(h, "<p class=\"pills\"><span class=\"pill\">");
	put_pill_word(h, f);
	markup(h, "</span> ");
	if (f->likelihood.word && !f->likelihood.calibrated) {
		word(h, SAY_NOT_CALIBRATED);
		markup(h, " · ");
	}
	say(h, SAY_EVIDENCE_IS, WORD("strength", say_strength(f->strength)));
	markup(h, "</p>\n");
}

/* What a record tells as text: "4303060 bytes", "52 times", "RTP". */
struct quantity {
	struct porch_slot inner[3];
	struct porch_slot slot;
};

/* The slot {value}; it borrows from q. */
static const struct porch_slot *
read_quantity(const struct html *h, struct quantity *q, const char *text)
{
	char *end = NULL;
	uint64_t number = text[0] >= '0' && text[0] <= '9' ? strtoull(text, &end, 10) : 0;
	const char *said = words_gloss(&h->speaker, text);
	const char *unit = end && end[0] == ' ' ? words_gloss(&h->speaker, end + 1) : NULL;

	if (!end || (end[0] != ' ' && end[0] != '\0')) {
		q->slot = (struct porch_slot)NAMED("value", said ? said : text);
	} else if (end[0] == '\0') {
		q->slot = (struct porch_slot)NUMBER("value", number);
	} else if (strcmp(end, " bytes") == 0) {
		q->slot = (struct porch_slot)BYTES("value", number);
	} else {
		q->inner[0] = (struct porch_slot)NUMBER("n", number);
		q->inner[1] = (struct porch_slot)NAMED("unit", unit ? unit : end + 1);
		q->inner[2] = (struct porch_slot)NO_SLOT;
		q->slot = (struct porch_slot)WORD("value", SAY_QUANTITY);
		q->slot.inner = q->inner;
	}
	return &q->slot;
}

/* "at least 300000 bytes", "at most 5 times", "200 to 8000 kbit/s". */
static void
put_threshold(struct html *h, const char *text)
{
	const char *to = strstr(text, " to ");
	struct quantity q;

	if (strncmp(text, "at least ", 9) == 0)
		say(h, SAY_AT_LEAST, *read_quantity(h, &q, text + 9));
	else if (strncmp(text, "at most ", 8) == 0)
		say(h, SAY_AT_MOST, *read_quantity(h, &q, text + 8));
	else if (to && text[0] >= '0' && text[0] <= '9')
		say(h, SAY_BETWEEN, NUMBER("low", strtoull(text, NULL, 10)),
		    *read_quantity(h, &q, to + 4));
	else
		html_gloss(h, text);
}

static void
put_observed(struct html *h, const char *text)
{
	struct quantity q;

	read_quantity(h, &q, text);
	q.slot.name = "it";
	say(h, SAY_ONLY, q.slot);
}

/* Weights of the model, which no reader of a report needs, are in the records. */
static bool
says_more(const char *observed)
{
	return observed && strcmp(observed, "yes") != 0 && strcmp(observed, "no") != 0 &&
	       !strstr(observed, "milli-logits");
}

static void
put_reason(struct html *h, const struct porch_finding *f, const struct porch_evidence *e)
{
	markup(h, "<li>");
	html_gloss(h, e->reason ? e->reason : "");
	if (f->observed_said.key) {
		markup(h, ": ");
		html_say(h, &f->observed_said);
	} else if (says_more(e->observed)) {
		markup(h, ": ");
		put_observed(h, e->observed);
		if (e->threshold) {
			markup(h, " <span class=\"threshold\">(");
			put_threshold(h, e->threshold);
			markup(h, ")</span>");
		}
	}
	markup(h, "</li>\n");
}

static void
put_evidence(struct html *h, const struct porch_finding *f)
{
	markup(h, "<div class=\"evidence\"><h4>");
	word(h, SAY_EVIDENCE_HEAD);
	markup(h, "</h4>\n");
	if (f->episode_count > 1 && !f->observed_said.key) {
		markup(h, "<p>");
		say(h, SAY_BEST_OF, COUNT("uploads", SAY_UPLOADS, f->episode_count));
		markup(h, "</p>\n");
	}
	markup(h, "<ul>\n");
	for (size_t i = 0; i < f->evidence.count; i++)
		put_reason(h, f, &f->evidence.item[i]);
	markup(h, "</ul></div>\n");
}

static void
put_limit(struct html *h, const struct porch_finding *f)
{
	markup(h, "<div class=\"limit\"><h4>");
	word(h, SAY_LIMIT_HEAD);
	markup(h, "</h4>\n<p>");
	if (f->limit_said.key)
		html_say(h, &f->limit_said);
	else
		html_text(h, f->limit);
	markup(h, "</p>\n");
	if (f->check) {
		markup(h, "<h4>");
		word(h, SAY_CHECK_HEAD);
		markup(h, "</h4>\n<p>");
		word(h, SAY_CHECK_HOW);
		markup(h, " <code>");
		html_text(h, f->check);
		markup(h, "</code></p>\n");
	}
	markup(h, "</div>\n");
}

static void
put_finding(struct html *h, const struct porch_finding *f)
{
	markup(h, "<article class=\"finding\">\n<h3><span class=\"number\">");
	html_text(h, f->id);
	markup(h, "</span> <span class=\"claim\">");
	if (f->said.key)
		html_say(h, &f->said);
	else
		html_text(h, f->sentence);
	markup(h, "</span></h3>\n");
	put_pill(h, f);
	markup(h, "<div class=\"two\">\n");
	put_evidence(h, f);
	put_limit(h, f);
	markup(h, "</div></article>\n");
}

void
page_findings(struct html *h, const struct model *m)
{
	markup(h, "<section class=\"findings\" aria-labelledby=\"findings\">\n"
	          "<h2 id=\"findings\">");
	word(h, SAY_FINDINGS);
	markup(h, "</h2>\n<p>");
	word(h, SAY_FINDINGS_INTRO);
	markup(h, " <a href=\"#words\">");
	word(h, SAY_WORDS_LINK);
	markup(h, "</a></p>\n");
	for (size_t i = 0; i < m->doc->finding_count; i++)
		put_finding(h, &m->doc->findings[i]);
	markup(h, "</section>\n");
}
