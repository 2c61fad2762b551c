/* SPDX-License-Identifier: Apache-2.0 */

/* The record: hashes, versions, command, redactions, and how to cite. */

#include <string.h>

#include "base/format.h"
#include "sink/page/page.h"
#include "words/numbers.h"

#define REASON_TEXT 512 /* bytes of why nothing was seen */
#define GAPS_MOST   40

static void
put_hash(struct html *h, enum say name, const char *hash)
{
	html_row_begin(h, name);
	markup(h, "<code class=\"hash\">");
	html_text(h, hash);
	markup(h, "</code>");
	html_row_end(h);
}

/* Where a capture lay says more of its owner than of the capture. */
static const char *
file_name(const char *path)
{
	const char *slash = path ? strrchr(path, '/') : NULL;

	return slash && slash[1] ? slash + 1 : path;
}

static void
put_option(struct html *h, const struct porch_option *option)
{
	size_t count = option->values.count ? option->values.count : 1;

	for (size_t i = 0; i < count; i++) {
		markup(h, " --");
		html_text(h, option->name);
		if (option->values.count > 0) {
			markup(h, " '");
			html_text(h, option->values.item[i]);
			markup(h, "'");
		}
	}
}

static void
put_command(struct html *h, const struct porch_run *run)
{
	html_row_begin(h, SAY_RECORD_COMMAND);
	markup(h, "<code>porchlight replay");
	for (size_t i = 0; i < run->option_count; i++)
		put_option(h, &run->options[i]);
	for (size_t i = 0; i < run->input_count && i < 8; i++) {
		markup(h, " ");
		html_text(h, file_name(run->inputs[i].path));
	}
	if (run->input_count > 8)
		markup(h, " \xe2\x80\xa6");
	markup(h, "</code>");
	html_row_end(h);
}

/* The level, what is gone, and the hash of the report that was not redacted. */
static void
put_redaction(struct html *h, const struct model *m)
{
	const struct porch_run *run = &m->doc->run;

	html_row_begin(h, SAY_RECORD_REDACTED);
	if (run->redaction == PORCH_REDACT_NONE)
		word(h, SAY_RECORD_NOT_REDACTED);
	else
		html_text(h, porch_redaction_word(run->redaction));
	for (size_t i = 0; i < run->removed.count; i++) {
		const char *gloss = words_gloss(&m->speaker, run->removed.item[i]);

		html_text(h, i == 0 ? ": " : "; ");
		html_text(h, gloss ? gloss : run->removed.item[i]);
	}
	html_row_end(h);
	if (run->unredacted_sha256)
		put_hash(h, SAY_RECORD_UNREDACTED, run->unredacted_sha256);
}

static void
put_libraries(struct html *h, const struct porch_run *run)
{
	bool told = false;

	html_row_begin(h, SAY_RECORD_LIBRARIES);
	for (size_t i = 0; i < run->library_count; i++) {
		if (!run->libraries[i].version)
			continue;
		markup(h, " ");
		html_text(h, run->libraries[i].name);
		markup(h, " ");
		html_text(h, run->libraries[i].version);
		told = true;
	}
	if (!told)
		markup(h, "\xe2\x80\x93");
	html_row_end(h);
}

static void
put_citation(struct html *h, const struct model *m)
{
	const struct porch_document *doc = m->doc;
	char period[WORDS_NUMBER] = "";

	if (doc->summary.first != PORCH_NO_TIME && doc->summary.last != PORCH_NO_TIME)
		words_period(&m->speaker, doc->summary.first, doc->summary.last, period);
	html_row_begin(h, SAY_RECORD_CITE);
	say(h, SAY_RECORD_CITE_IS, NAMED("version", doc->run.version), NAMED("report", m->id),
	    NAMED("period", period), NAMED("zone", m->speaker.zone ? m->speaker.zone : "UTC"),
	    NAMED("rules", doc->run.rules_sha256), NAMED("hash", m->sha256));
	html_row_end(h);
}

static void
put_input(struct html *h, const struct porch_input *input)
{
	char period[WORDS_NUMBER];

	markup(h, "<tr><th scope=\"row\">");
	html_name(h, file_name(input->path));
	markup(h, "</th><td><code class=\"hash\">");
	html_text(h, input->sha256 ? input->sha256 : "\xe2\x80\x93");
	markup(h, "</code></td><td class=\"num\">");
	html_number(h, input->packets);
	markup(h, "</td><td>");
	if (input->first != PORCH_NO_TIME && input->last != PORCH_NO_TIME) {
		words_period(&h->speaker, input->first, input->last, period);
		html_text(h, period);
	} else {
		markup(h, "\xe2\x80\x93");
	}
	markup(h, "</td><td>");
	if (input->complete && !input->error)
		word(h, SAY_RECORD_WHOLE);
	else
		say(h, SAY_RECORD_CUT, NAMED("error", input->error ? input->error : "?"));
	markup(h, "</td></tr>\n");
}

static void
put_inputs(struct html *h, const struct porch_run *run)
{
	static const enum say heads[] = {SAY_RECORD_FILE, SAY_RECORD_HASH_FILE, SAY_RECORD_PACKETS,
	    SAY_RECORD_PERIOD, SAY_RECORD_STATE};

	markup(h, "<h3>");
	word(h, SAY_RECORD_INPUTS);
	markup(h, "</h3>\n<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"");
	word(h, SAY_SCROLL_INPUTS);
	markup(h, "\"><table class=\"small\"><thead><tr>");
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		markup(h, "<th scope=\"col\">");
		word(h, heads[i]);
		markup(h, "</th>");
	}
	markup(h, "</tr></thead><tbody>\n");
	for (size_t i = 0; i < run->input_count; i++)
		put_input(h, &run->inputs[i]);
	markup(h, "</tbody></table></div>\n");
}

static void
put_gaps(struct html *h, const struct porch_document *doc)
{
	if (doc->gap_count == 0)
		return;
	markup(h, "<h3>");
	word(h, SAY_RECORD_GAPS);
	markup(h, "</h3>\n<ul>\n");
	for (size_t i = 0; i < doc->gap_count && i < GAPS_MOST; i++) {
		const struct porch_gap *gap = &doc->gaps[i];
		char reason[REASON_TEXT];
		struct text text = text_over(reason, sizeof(reason));

		words_retell(&h->speaker, gap->reason, &text);
		markup(h, "<li>");
		say(h, SAY_RECORD_GAP, MOMENT("from", gap->start), MOMENT("to", gap->end),
		    NAMED("reason", reason));
		markup(h, "</li>\n");
	}
	if (doc->gap_count > GAPS_MOST) {
		markup(h, "<li>");
		html_count(h, SAY_GAPS_MORE, doc->gap_count - GAPS_MOST);
		markup(h, "</li>\n");
	}
	markup(h, "</ul>\n");
}

void
page_record(struct html *h, const struct model *m)
{
	const struct porch_run *run = &m->doc->run;

	markup(h, "<section class=\"record\" aria-labelledby=\"record\">\n<h2 id=\"record\">");
	word(h, SAY_RECORD);
	markup(h, "</h2>\n<p>");
	word(h, SAY_RECORD_INTRO);
	markup(h, "</p>\n<dl class=\"terms\">\n");
	put_hash(h, SAY_RECORD_HASH, m->sha256);
	put_hash(h, SAY_RECORD_RULES, run->rules_sha256);
	html_row_begin(h, SAY_RECORD_VERSION);
	markup(h, "porchlight ");
	html_text(h, run->version);
	html_row_end(h);
	put_command(h, run);
	put_redaction(h, m);
	put_libraries(h, run);
	put_citation(h, m);
	markup(h, "</dl>\n");
	put_inputs(h, run);
	put_gaps(h, m->doc);
	markup(h, "</section>\n");
}
