/* SPDX-License-Identifier: Apache-2.0 */

/* How it was measured, what it cannot show, and what the words mean. */

#include "sink/page/page.h"

static void
put_paragraph(struct html *h, enum say key)
{
	markup(h, "<p>");
	word(h, key);
	markup(h, "</p>\n");
}

/* What live captures cannot have seen: the limits of the latest hold. */
static void
put_coverage(struct html *h, const struct porch_run *run)
{
	const struct porch_texts *limits;

	for (size_t i = 0; i < run->input_count; i++) {
		if (run->inputs[i].coverage.unobserved_bytes == 0)
			continue;
		markup(h, "<p>");
		say(h, SAY_UNSEEN_BYTES, BYTES("bytes", run->inputs[i].coverage.unobserved_bytes));
		markup(h, "</p>\n");
	}
	if (run->input_count == 0)
		return;
	limits = &run->inputs[run->input_count - 1].coverage.limits;
	for (size_t i = 0; i < limits->count; i++) {
		markup(h, "<p>");
		say(h, SAY_ONLY, NAMED("it", limits->item[i]));
		markup(h, "</p>\n");
	}
}

static void
put_method(struct html *h, const struct porch_run *run)
{
	const struct porch_counters *c = &run->counters;

	markup(h, "<p>");
	say(h, SAY_METHOD_CAPTURE, NUMBER("frames", c->received),
	    COUNT("files", SAY_FILES_COUNT, run->input_count), NUMBER("processed", c->processed),
	    NUMBER("undecoded", c->undecoded), NUMBER("filtered", c->filtered),
	    NUMBER("dedup", c->deduplicated), NUMBER("dropped", c->dropped));
	markup(h, "</p>\n");
	put_coverage(h, run);
	put_paragraph(h, SAY_METHOD_EPISODE);
	put_paragraph(h, SAY_METHOD_CONTENT);
	markup(h, "<p>");
	say(h, SAY_METHOD_NAMES, NUMBER("rules", run->rules_files), NUMBER("rev", run->rules_rev));
	markup(h, "</p>\n");
	put_paragraph(h, SAY_METHOD_LIKELIHOOD);
}

static void
put_pair(struct html *h, enum say name, enum say text)
{
	html_row_begin(h, name);
	word(h, text);
	html_row_end(h);
}

/* Pairs of a word and its text, as the catalogue orders them. */
static void
put_pairs(struct html *h, enum say first, enum say last)
{
	for (enum say key = first; key <= last; key += 2)
		put_pair(h, key, key + 1);
}

static void
put_bands(struct html *h)
{
	for (size_t i = 0; i < LIKELIHOOD_BANDS; i++) {
		const struct likelihood_band *band = &likelihood_bands[i];

		html_row_begin(h, band->word);
		say(h, SAY_BAND, RANGE("range", band->low, band->high));
		html_row_end(h);
	}
}

static void
open_list(struct html *h, enum say title)
{
	markup(h, "<h3>");
	word(h, title);
	markup(h, "</h3>\n<dl class=\"terms\">\n");
}

void
page_method(struct html *h, const struct model *m)
{
	markup(h, "<section class=\"method\" aria-labelledby=\"method\">\n<h2 id=\"method\">");
	word(h, SAY_METHOD);
	markup(h, "</h2>\n");
	put_method(h, &m->doc->run);
	markup(h, "<h3 id=\"limits\">");
	word(h, SAY_TOPIC_LIMITS);
	markup(h, "</h3>\n<dl class=\"terms\">\n");
	put_pairs(h, SAY_CANNOT_CONTENT, SAY_CANNOT_DROPPED_PACKETS);
	markup(h, "</dl>\n<h3 id=\"words\">");
	word(h, SAY_TOPIC_LIKELIHOOD);
	markup(h, "</h3>\n<dl class=\"terms\">\n");
	put_bands(h);
	markup(h, "</dl>\n<p>");
	word(h, SAY_UNCALIBRATED);
	markup(h, "</p>\n");
	open_list(h, SAY_TOPIC_STRENGTH);
	put_pair(h, SAY_STRENGTH_STRONG, SAY_STRENGTH_STRONG_MEANS);
	put_pair(h, SAY_STRENGTH_MODERATE, SAY_STRENGTH_MODERATE_MEANS);
	put_pair(h, SAY_STRENGTH_LIMITED, SAY_STRENGTH_LIMITED_MEANS);
	markup(h, "</dl>\n");
	open_list(h, SAY_TOPIC_WORDS);
	put_pairs(h, SAY_WORD_UPLOAD, SAY_WORD_DISPLAY_FILTER);
	markup(h, "</dl>\n</section>\n");
}
