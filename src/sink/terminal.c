/* SPDX-License-Identifier: Apache-2.0 */

/* The summary a person reads: the verdict first, then where, who, findings and limits. */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sink/sink.h"
#include "sink/terminal.h"

#define LABEL 11 /* "Doorbells  " */

static const char *
dash(const struct terminal *page)
{
	return page->style->utf8 ? "\xe2\x80\x93" : "-";
}

static const char *
zone_of(const struct terminal *page)
{
	return page->style->zone ? page->style->zone : "UTC";
}

const char *
terminal_say(const struct terminal *page, const struct porch_phrase *phrase, char *text,
    size_t size)
{
	struct text out = text_over(text, size);

	words_add(&page->speaker, phrase, &out);
	return text;
}

const char *
terminal_word(const struct terminal *page, enum say key, char *text, size_t size)
{
	const struct porch_phrase phrase = {.key = words_key(key)};

	return terminal_say(page, &phrase, text, size);
}

const char *
terminal_clock(const struct civil *c, char text[static 8])
{
	snprintf(text, 8, "%02u:%02u", c->hour % 24U, c->minute % 60U);
	return text;
}

enum say
terminal_month(const struct civil *c)
{
	return (enum say)(SAY_MON_1 + (c->month + 11) % 12);
}

/* "23 Nov 2026, 16:40-17:02 UTC", "9-15 Nov 2026 UTC", "28 Nov-3 Dec 2026 UTC". */
static const char *
period_text(const struct terminal *page, int64_t first, int64_t last, char *text, size_t size)
{
	struct civil a = words_civil(&page->speaker, first), b = words_civil(&page->speaker, last);
	char years[2][24], clocks[2][8];
	enum say key = a.year != b.year     ? SAY_TERM_PERIOD_YEARS
	               : a.month != b.month ? SAY_TERM_PERIOD_MONTHS
	               : a.day != b.day     ? SAY_TERM_PERIOD_DAYS
	                                    : SAY_TERM_PERIOD_HOURS;

	if (page->speaker.days)
		return terminal_say(page,
		    &PHRASE(SAY_TERM_PERIOD_REDACTED, MOMENT("from", first), MOMENT("to", last),
		        NAMED("dash", dash(page)), NAMED("zone", zone_of(page))),
		    text, size);
	snprintf(years[0], sizeof(years[0]), "%" PRId64, a.year);
	snprintf(years[1], sizeof(years[1]), "%" PRId64, b.year);
	return terminal_say(page,
	    &PHRASE(key, NUMBER("day", a.day), WORD("month", terminal_month(&a)),
	        NAMED("year", years[0]), NAMED("clock", terminal_clock(&a, clocks[0])),
	        NUMBER("day2", b.day), WORD("month2", terminal_month(&b)), NAMED("year2", years[1]),
	        NAMED("clock2", terminal_clock(&b, clocks[1])), NAMED("dash", dash(page)),
	        NAMED("zone", zone_of(page))),
	    text, size);
}

/* A classic pcap file has no room for drop counts: none told is not none lost. */
static bool
knows_losses(const struct porch_run *run)
{
	for (size_t i = 0; i < run->input_count; i++) {
		if (!run->inputs[i].format || strcmp(run->inputs[i].format, "pcap") == 0)
			return false;
	}
	return true;
}

static struct porch_slot
losses(const struct terminal *page)
{
	uint64_t dropped = page->doc->run.counters.dropped;

	if (dropped > 0 || knows_losses(&page->doc->run))
		return (struct porch_slot)COUNT("lost", SAY_LOST, dropped);
	return (struct porch_slot)WORD("lost", SAY_TERM_NOT_RECORDED);
}

static void
labelled(const struct terminal *page, enum say label, const struct porch_phrase *phrase)
{
	char name[64], line[1024];
	size_t columns;

	terminal_word(page, label, name, sizeof(name));
	columns = utf8_columns(name);
	writef(page->w, "  %s%*s  ", name, columns < 9 ? (int)(9 - columns) : 0, "");
	terminal_say(page, phrase, line, sizeof(line));
	write_paragraph(page->w, line, INDENT + LABEL, INDENT + LABEL, TEXT_WIDTH);
}

static void
show_watched(const struct terminal *page)
{
	const struct porch_summary *s = &page->doc->summary;
	uint64_t span = time_between(s->first, s->last);
	bool whole = s->watched_us >= span || span - s->watched_us < 1000000;
	char period[192];

	if (s->first == PORCH_NO_TIME || s->last == PORCH_NO_TIME) {
		labelled(page, SAY_TERM_WATCHED, &PHRASE(SAY_TERM_NO_PACKETS, NO_SLOT));
		return;
	}
	period_text(page, s->first, s->last, period, sizeof(period));
	labelled(page, SAY_TERM_WATCHED,
	    &PHRASE(whole ? SAY_TERM_WATCHED_ALL : SAY_TERM_WATCHED_OF, NAMED("period", period),
	        LASTED("watched", s->watched_us), LASTED("whole", span),
	        COUNT("gaps", SAY_GAPS, porch_document_holes(page->doc)), losses(page)));
}

static void
show_doorbells(const struct terminal *page)
{
	labelled(page, SAY_TERM_DOORBELLS,
	    &PHRASE(SAY_TERM_FOUND, NUMBER("found", page->digest->doorbells),
	        COUNT("others", SAY_TERM_LIKE_CAMERAS, page->digest->others_like_cameras)));
}

/* Every frame, in exactly one of the five; then what stands beside that sum. */
static void
show_packets(const struct terminal *page)
{
	const struct porch_counters *c = &page->doc->run.counters;
	const struct {
		uint64_t count;
		enum say what;
	} beside[] = {
	    {c->implausible, SAY_TERM_IMPLAUSIBLE},
	    {c->duplicates, SAY_TERM_DUPLICATES},
	    {c->evicted, SAY_TERM_EVICTED},
	    {c->undirected, SAY_TERM_UNDIRECTED},
	    {c->refused, SAY_TERM_REFUSED},
	    {c->clock_steps, SAY_TERM_CLOCK_STEPS},
	    {c->odd_times, SAY_TERM_ODD_TIMES},
	};
	char line[640];
	struct text out = text_over(line, sizeof(line));

	words_add(&page->speaker,
	    &PHRASE(SAY_TERM_SUM, NUMBER("received", c->received),
	        NUMBER("processed", c->processed), NUMBER("undecoded", c->undecoded),
	        NUMBER("filtered", c->filtered), NUMBER("dedup", c->deduplicated),
	        NUMBER("dropped", c->dropped)),
	    &out);
	for (size_t i = 0; i < sizeof(beside) / sizeof(beside[0]); i++) {
		if (beside[i].count == 0)
			continue;
		text_add(&out, "; ");
		words_add(&page->speaker,
		    &PHRASE(SAY_ONLY, COUNT("it", beside[i].what, beside[i].count)), &out);
	}
	labelled(page, SAY_TERM_PACKETS, &PHRASE(SAY_ONLY, NAMED("it", line)));
}

/* What live captures cannot have seen: the limits of the latest hold. */
static void
show_coverage(const struct terminal *page)
{
	const struct porch_run *run = &page->doc->run;

	for (size_t i = 0; i < run->input_count; i++) {
		const struct porch_coverage *coverage = &run->inputs[i].coverage;

		if (coverage->unobserved_bytes > 0)
			labelled(page, SAY_TERM_UNSEEN,
			    &PHRASE(SAY_UNSEEN_BYTES, BYTES("bytes", coverage->unobserved_bytes)));
		for (size_t j = 0; j < coverage->limits.count; j++)
			if (i + 1 == run->input_count)
				labelled(page, SAY_TERM_LIMIT,
				    &PHRASE(SAY_ONLY, NAMED("it", coverage->limits.item[j])));
	}
}

static void
likelihood_text(const struct terminal *page, const struct porch_finding *finding, char *text,
    size_t size)
{
	const struct porch_likelihood *l = &finding->likelihood;
	const char *kind = finding->kind ? finding->kind : "";

	if (l->word) {
		char range[16];

		snprintf(range, sizeof(range), "%u%s%u", l->low, dash(page), l->high);
		terminal_say(page,
		    &PHRASE(SAY_TERM_LIKELIHOOD, WORD("likelihood", say_likelihood(l->word)),
		        NAMED("range", range)),
		    text, size);
	} else if (strstr(kind, "not-seen")) {
		terminal_word(page, SAY_PILL_NOT_SEEN, text, size);
	} else if (strcmp(kind, "unknown") == 0 || strcmp(kind, "cannot-tell") == 0) {
		terminal_word(page, SAY_PILL_CANNOT_TELL, text, size);
	} else {
		terminal_word(page, strcmp(kind, "gaps") == 0 ? SAY_PILL_GAPS : SAY_PILL_SEEN, text,
		    size);
	}
}

/* The sentence without the likelihood that it begins with: a column tells that already. */
static const char *
claim_of(const struct terminal *page, const struct porch_finding *finding, char *text, size_t size)
{
	const char *kind = finding->kind ? finding->kind : "", *colon;

	if (finding->said.key)
		terminal_say(page, &finding->said, text, size);
	else
		snprintf(text, size, "%s", finding->sentence ? finding->sentence : "");
	colon = strstr(text, ": ");
	return colon && (finding->likelihood.word || strcmp(kind, "cannot-tell") == 0) ? colon + 2
	                                                                               : text;
}

static void
show_findings(const struct terminal *page)
{
	const struct porch_document *doc = page->doc;
	size_t columns = page->style->columns > COLUMNS ? page->style->columns : COLUMNS;
	size_t id = 2, likelihood = 8;
	char text[LINE_MAX_BYTES];

	for (size_t i = 0; i < doc->finding_count; i++) {
		id = terminal_widen(id, doc->findings[i].id, 6);
		likelihood_text(page, &doc->findings[i], text, sizeof(text));
		likelihood = terminal_widen(likelihood, text, 32);
	}
	if (doc->finding_count > 0)
		write_char(page->w, '\n');
	for (size_t i = 0; i < doc->finding_count; i++) {
		const struct porch_finding *finding = &doc->findings[i];
		struct line line = line_over(page->w, page->style, INDENT);
		size_t at = INDENT + id + 2 + likelihood + 2;

		line_cell(&line, finding->id, id, ALIGN_LEFT, PAINT_NONE);
		likelihood_text(page, finding, text, sizeof(text));
		line_cell(&line, text, likelihood, ALIGN_LEFT, PAINT_NONE);
		for (; line.spaces > 0; line.spaces--)
			write_char(page->w, ' ');
		write_paragraph(page->w, claim_of(page, finding, text, sizeof(text)), at, at,
		    columns);
	}
}

/* Whether some of what was sent could have been read by anyone on its way. */
static bool
some_in_clear(const struct porch_document *doc)
{
	static const char *const clear[] = {"http", "rtsp", "rtp"};

	for (size_t i = 0; i < doc->episode_count; i++) {
		for (size_t c = 0; c < sizeof(clear) / sizeof(clear[0]); c++) {
			if (doc->episodes[i].transport &&
			    strcmp(doc->episodes[i].transport, clear[c]) == 0)
				return true;
		}
	}
	return false;
}

static void
show_limits(const struct terminal *page)
{
	char line[1024];
	struct text out = text_over(line, sizeof(line));
	const bool clear = some_in_clear(page->doc);

	words_add(&page->speaker, &PHRASE(clear ? SAY_TERM_CLEAR : SAY_TERM_ENCRYPTED, NO_SLOT),
	    &out);
	text_char(&out, ' ');
	words_add(&page->speaker, &PHRASE(SAY_TERM_LIMITS, NO_SLOT), &out);
	write_text(page->w, "\n  ");
	write_paragraph(page->w, line, INDENT, INDENT, TEXT_WIDTH);
}

static void
show_verdict(const struct terminal *page)
{
	const struct porch_summary *s = &page->doc->summary;
	const struct sink_style *style = page->style;
	char line[1024];

	if (s->verdict_said.key)
		write_sentence(page->w, style,
		    terminal_say(page, &s->verdict_said, line, sizeof(line)), PAINT_BOLD);
	else if (s->verdict)
		write_sentence(page->w, style, s->verdict, PAINT_BOLD);
	else
		write_sentence(page->w, style,
		    terminal_word(page, s->outside_view ? SAY_ANSWER_OUTSIDE : SAY_TERM_NO_VERDICT,
		        line, sizeof(line)),
		    PAINT_BOLD);
}

static void
show_advice(const struct terminal *page)
{
	const struct porch_summary *s = &page->doc->summary;
	char line[1024];

	if (s->advice_said.key)
		write_paragraph(page->w, terminal_say(page, &s->advice_said, line, sizeof(line)), 0,
		    0, TEXT_WIDTH);
	else if (s->advice)
		write_paragraph(page->w, s->advice, 0, 0, TEXT_WIDTH);
}

static void
show_page(const struct terminal *page)
{
	const struct porch_summary *summary = &page->doc->summary;

	show_advice(page);
	write_char(page->w, '\n');
	show_watched(page);
	if (!summary->outside_view)
		show_doorbells(page);
	show_packets(page);
	show_coverage(page);
	if (summary->outside_view)
		return;
	terminal_devices(page);
	terminal_receivers(page);
	show_findings(page);
	if (page->style->all)
		terminal_episodes(page);
	show_limits(page);
}

static void
terminal_document(struct writer *w, const struct porch_document *doc,
    const struct sink_style *style)
{
	struct digest *digest;
	struct terminal page = {.w = w,
	    .style = style,
	    .doc = doc,
	    .speaker = {.language = style->language,
	        .ascii = !style->utf8,
	        .days = doc->run.redaction == PORCH_REDACT_STRICT,
	        .zone = style->zone,
	        .zone_offset = style->zone_offset,
	        .zone_user = style->zone_user}};

	show_verdict(&page);
	if (style->quiet)
		return;
	digest = digest_new(doc, &page.speaker, style->all);
	if (!digest) {
		w->error = ENOMEM;
		return;
	}
	page.digest = digest;
	show_page(&page);
	digest_free(digest);
}

const struct sink_ops sink_terminal = {.name = "terminal", .document = terminal_document};
