/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/page/chart.h"

#include <errno.h>
#include <string.h>

#include "web/web.h"
#include "words/numbers.h"

static const struct chart *const charts[] = {&chart_timeline, &chart_hours, &chart_receivers};

const struct chart *
chart_find(const char *name)
{
	for (size_t i = 0; i < sizeof(charts) / sizeof(charts[0]); i++)
		if (strcmp(charts[i]->name, name) == 0)
			return charts[i];
	return NULL;
}

const char *
party_letter(const struct porch_destination *to)
{
	static const char *const letters[PORCH_PARTIES] = {
	    [PORCH_PARTY_UNKNOWN] = "U",
	    [PORCH_PARTY_MAKER] = "V",
	    [PORCH_PARTY_CLOUD] = "C",
	    [PORCH_PARTY_TRACKER] = "T",
	    [PORCH_PARTY_EVIDENCE] = "E",
	    [PORCH_PARTY_PEER] = "P",
	    [PORCH_PARTY_UTILITY] = "S",
	    [PORCH_PARTY_OTHER] = "O",
	    [PORCH_PARTY_LOCAL] = "L",
	    [PORCH_PARTY_RELAY] = "P",
	};

	return to && to->party < PORCH_PARTIES ? letters[to->party] : "U";
}

static void
attribute(const struct canvas *c, const char *name, int64_t tenths)
{
	write_char(c->h->w, ' ');
	write_text(c->h->w, name);
	markup(c->h, "=\"");
	html_tenths(c->h, tenths);
	markup(c->h, "\"");
}

static void
box(const struct canvas *c, int64_t x, int64_t y, int64_t w, int64_t height)
{
	attribute(c, "x", x);
	attribute(c, "y", y);
	attribute(c, "width", w);
	attribute(c, "height", height);
	markup(c->h, "/>");
}

void
chart_rect(const struct canvas *c, const char *kind, int64_t x, int64_t y, int64_t w,
    int64_t height)
{
	markup(c->h, "<rect class=\"");
	html_text(c->h, kind);
	markup(c->h, "\"");
	box(c, x, y, w, height);
}

void
chart_hatch(const struct canvas *c, int64_t x, int64_t y, int64_t w, int64_t height)
{
	markup(c->h, "<rect fill=\"url(#");
	html_text(c->h, c->hatch);
	markup(c->h, ")\"");
	box(c, x, y, w, height);
}

void
chart_line(const struct canvas *c, int64_t x, int64_t y, int64_t to_x, int64_t to_y)
{
	markup(c->h, "<line class=\"grid\"");
	attribute(c, "x1", x);
	attribute(c, "y1", y);
	attribute(c, "x2", to_x);
	attribute(c, "y2", to_y);
	markup(c->h, "/>");
}

void
chart_text_begin(const struct canvas *c, const char *kind, enum anchor anchor, int64_t x, int64_t y)
{
	static const char *const classes[] = {
	    [ANCHOR_START] = "", [ANCHOR_MIDDLE] = " mid", [ANCHOR_END] = " end"};

	markup(c->h, "<text class=\"");
	html_text(c->h, kind);
	html_text(c->h, classes[anchor]);
	markup(c->h, "\"");
	attribute(c, "x", x);
	attribute(c, "y", y);
	markup(c->h, ">");
}

void
chart_text_end(const struct canvas *c)
{
	markup(c->h, "</text>");
}

void
chart_name(const struct canvas *c, const char *kind, enum anchor anchor, int64_t x, int64_t y,
    const char *name, size_t columns)
{
	chart_text_begin(c, kind, anchor, x, y);
	html_short(c->h, name, columns);
	chart_text_end(c);
}

static void
put_pattern(const struct canvas *c)
{
	markup(c->h, "<defs><pattern id=\"");
	html_text(c->h, c->hatch);
	markup(c->h, "\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" "
	             "patternTransform=\"rotate(45)\"><rect class=\"hatch\" width=\"1.6\" "
	             "height=\"5\"/></pattern></defs>");
}

static void
put_size(struct html *h, int64_t width, int64_t height)
{
	markup(h, " viewBox=\"0 0 ");
	html_tenths(h, width);
	markup(h, " ");
	html_tenths(h, height);
	markup(h, "\"");
}

static void
put_one(struct html *h, const struct model *m, const struct chart *chart, bool wide)
{
	char hatch[32];
	struct text id = text_over(hatch, sizeof(hatch));
	struct canvas c = {.h = h,
	    .m = m,
	    .wide = wide,
	    .hatch = hatch,
	    .width = (wide ? WIDE_UNITS : NARROW_UNITS) * UNIT};

	text_addf(&id, "hatch-%s-%c", chart->name, wide ? 'w' : 'n');
	if (wide)
		markup(h, "<svg class=\"chart wide\"");
	else
		markup(h, "<svg class=\"chart narrow\"");
	put_size(h, c.width, chart->height(&c));
	markup(h, " role=\"img\" aria-label=\"");
	word(h, chart->title);
	markup(h, "\">");
	put_pattern(&c);
	chart->draw(&c);
	markup(h, "</svg>\n");
}

void
chart_put(struct html *h, const struct model *m, const struct chart *chart)
{
	put_one(h, m, chart, true);
	if (!chart->wide_only)
		put_one(h, m, chart, false);
}

/* Title above, source line below: what a picture needs when it travels alone. */
static void
put_frame_text(const struct canvas *c, const struct chart *chart, int64_t height)
{
	const struct porch_summary *s = &c->m->doc->summary;
	char period[WORDS_NUMBER] = "";

	chart_text_begin(c, "title", ANCHOR_START, 0, 28 * UNIT);
	word(c->h, chart->title);
	chart_text_end(c);
	if (s->first != PORCH_NO_TIME && s->last != PORCH_NO_TIME)
		words_period(&c->h->speaker, s->first, s->last, period);
	chart_text_begin(c, "source", ANCHOR_START, 0, height - 8 * UNIT);
	label(c->h, SAY_CHART_SOURCE, NAMED("period", period),
	    NAMED("zone", c->h->speaker.zone ? c->h->speaker.zone : "UTC"),
	    NAMED("version", c->m->doc->run.version), NAMED("report", c->m->id));
	chart_text_end(c);
}

/* A file of its own, with its colours in it. */
static void
put_file(struct html *h, const struct model *m, const struct chart *chart)
{
	struct canvas c = {
	    .h = h, .m = m, .wide = true, .hatch = "hatch", .width = WIDE_UNITS * UNIT};
	const int64_t head = 48 * UNIT, foot = 40 * UNIT;
	int64_t drawn = chart->has(m) ? chart->height(&c) : 40 * UNIT;

	markup(h, "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart alone\"");
	put_size(h, c.width + 48 * UNIT, head + drawn + foot);
	markup(h, " role=\"img\" lang=\"");
	html_text(h, language_code(h->speaker.language));
	markup(h, "\"><title>");
	word(h, chart->title);
	markup(h, "</title><style>");
	write_bytes(h->w, web_chart_css.text, web_chart_css.len);
	markup(h, "</style><rect class=\"paper\" width=\"100%\" height=\"100%\"/>"
	          "<g transform=\"translate(24 0)\">");
	put_pattern(&c);
	put_frame_text(&c, chart, head + drawn + foot);
	markup(h, "</g><g transform=\"translate(24 48)\">");
	if (chart->has(m)) {
		chart->draw(&c);
	} else {
		chart_text_begin(&c, "tick", ANCHOR_START, 0, 20 * UNIT);
		word(h, SAY_NOTHING_TO_DRAW);
		chart_text_end(&c);
	}
	markup(h, "</g></svg>\n");
}

bool
sink_chart(struct writer *w, const struct porch_document *doc, const char *name,
    const struct sink_style *style)
{
	const struct chart *chart = chart_find(name);
	struct model *m = chart ? model_new(doc, style) : NULL;
	struct html h = {.w = w};

	if (!chart)
		return false;
	if (!m) {
		w->error = ENOMEM;
		return true;
	}
	h.speaker = m->speaker;
	put_file(&h, m, chart);
	model_free(m);
	return true;
}
