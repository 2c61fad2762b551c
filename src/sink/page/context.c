/* SPDX-License-Identifier: Apache-2.0 */

/* Public context: apart from what was measured, dated, cited, with what was taken back. */

#include "sink/page/page.h"

/* What rules say stands in English. */
static void
put_english(struct html *h, const char *text)
{
	markup(h, "<span lang=\"en\" dir=\"ltr\">");
	html_text(h, text);
	markup(h, "</span>");
}

static void
put_changes(struct html *h, const struct porch_statement *s)
{
	if (s->withdraws) {
		markup(h, "<p class=\"changed\">");
		say(h, SAY_CONTEXT_WITHDRAWS, NAMED("date", s->withdraws));
		markup(h, "</p>\n");
	}
	if (s->superseded_on) {
		markup(h, "<p class=\"changed\">");
		say(h, s->withdrawn ? SAY_CONTEXT_WITHDRAWN : SAY_CONTEXT_SUPERSEDED,
		    NAMED("date", s->superseded_on));
		markup(h, "</p>\n");
	}
}

static void
put_statement(struct html *h, const struct porch_statement *s)
{
	markup(h, "<li><p><time datetime=\"");
	html_text(h, s->stated);
	markup(h, "\">");
	html_text(h, s->stated);
	markup(h, "</time> ");
	if (s->said_by) {
		say(h, SAY_CONTEXT_SAID, NAMED("who", s->said_by));
		markup(h, " ");
	}
	put_english(h, s->text);
	markup(h, ".</p>\n");
	if (s->quote) {
		markup(h, "<blockquote lang=\"en\"><p>");
		say(h, SAY_CONTEXT_QUOTE, NAMED("quote", s->quote));
		markup(h, "</p></blockquote>\n");
	}
	if (s->answer) {
		markup(h, "<p>");
		say(h, SAY_CONTEXT_ANSWER, NAMED("answer", s->answer));
		markup(h, "</p>\n");
	}
	put_changes(h, s);
	markup(h, "<p class=\"source\">");
	say(h, SAY_CONTEXT_SOURCE, NAMED("source", s->source),
	    NAMED("seen", s->source_seen ? s->source_seen : "?"));
	markup(h, "</p></li>\n");
}

void
page_context(struct html *h, const struct model *m)
{
	if (m->doc->context_count == 0)
		return;
	markup(h, "<section class=\"context\" aria-labelledby=\"context\">\n<h2 id=\"context\">");
	word(h, SAY_CONTEXT);
	markup(h, "</h2>\n");
	for (size_t i = 0; i < m->doc->context_count; i++) {
		const struct porch_context *c = &m->doc->contexts[i];

		markup(h, "<p>");
		say(h, SAY_CONTEXT_INTRO, NAMED("maker", c->maker));
		if (c->limit) {
			markup(h, " ");
			put_english(h, c->limit);
		}
		markup(h, "</p>\n<ol class=\"statements\">\n");
		for (size_t k = 0; k < c->statement_count; k++)
			put_statement(h, &c->statements[k]);
		markup(h, "</ol>\n");
	}
	markup(h, "</section>\n");
}
