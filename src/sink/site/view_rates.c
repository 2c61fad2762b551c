/* SPDX-License-Identifier: Apache-2.0 */

/*
 * How fast each device sent: a strip of columns for each, on one scale, over a period that
 * links make longer, shorter, earlier and later.  What nobody told is hatched.
 */

#include "base/format.h"
#include "sink/page/chart.h"
#include "sink/page/page.h"
#include "sink/site/request.h"
#include "sink/site/view.h"
#include "words/numbers.h"

#include <stdlib.h>
#include <string.h>

#define SECOND     INT64_C(1000000)
#define COLUMNS    120
#define NARROW     60
#define TABLE_ROWS 12
#define HIGH       (56 * UNIT)
#define HEAD       (24 * UNIT)
#define FOOT       (18 * UNIT)
#define LEAST      400 /* kbit/s */
#define DEVICES    8

/* Seconds; each is a whole number of columns of whole seconds or whole bins. */
static const int64_t spans[] = {120, 1200, 3600, 21600, 86400};

struct rates {
	const struct view *view;
	int64_t from;
	int64_t step; /* of a column on a wide page */
	const struct live_device *devices[DEVICES];
	size_t count;
	uint32_t most;
};

void
view_read_span(struct view *view, const char *query)
{
	size_t len = strlen(query);
	char text[16];
	char *end;

	view->span = spans[1] * SECOND;
	view->until = PORCH_NO_TIME;
	if (form_field(query, len, "span", text, sizeof(text)))
		for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++)
			if (strtoll(text, &end, 10) == spans[i] && *end == '\0')
				view->span = spans[i] * SECOND;
	if (form_field(query, len, "until", text, sizeof(text))) {
		long long until = strtoll(text, &end, 10);

		if (text[0] && *end == '\0' && until > 0 && until < INT64_C(10000000000))
			view->until = until * SECOND;
	}
}

static int64_t
newest(const struct view *view)
{
	int64_t now = feed_state(view->feed)->time;
	int64_t bin = view->span > TRACE_SECONDS * SECOND ? TRACE_BIN * SECOND : SECOND;

	return now == PORCH_NO_TIME ? 0 : now / bin * bin;
}

static void
plan(const struct view *view, struct rates *r)
{
	const struct live_state *state = feed_state(view->feed);
	int64_t until = newest(view);

	if (view->until != PORCH_NO_TIME && view->until < until)
		until = view->until;
	*r = (struct rates){.view = view, .from = until - view->span, .step = view->span / COLUMNS};
	for (size_t i = 0; i < state->device_count && r->count < DEVICES; i++)
		r->devices[r->count++] = &state->devices[i];
	for (size_t d = 0; d < r->count; d++)
		for (int64_t i = 0; i < COLUMNS; i++) {
			struct trace_span s = traces_between(feed_traces(view->feed),
			    r->devices[d]->id, r->from + i * r->step, r->from + (i + 1) * r->step);

			r->most = s.kbps > r->most ? s.kbps : r->most;
		}
}

static void
draw_device(const struct canvas *c, const struct rates *r, size_t device, int64_t y)
{
	int64_t columns = c->wide ? COLUMNS : NARROW, step = r->step * COLUMNS / columns;
	uint32_t full = r->most > LEAST ? r->most : LEAST;

	for (int64_t i = 0; i < columns; i++) {
		struct trace_span s = traces_between(feed_traces(r->view->feed),
		    r->devices[device]->id, r->from + i * step, r->from + (i + 1) * step);
		int64_t x = i * c->width / columns, w = (i + 1) * c->width / columns - x;
		int64_t high = (int64_t)((uint64_t)s.kbps * (uint64_t)HIGH / full);

		if (!s.known)
			chart_hatch(c, x, y + HEAD, w, HIGH);
		else if (s.kbps > 0)
			chart_rect(c, s.footage ? "clip" : "rate", x,
			    y + HEAD + HIGH - (high > 5 ? high : 5), w - 3, high > 5 ? high : 5);
	}
}

static void
short_clock(const struct rates *r, int64_t time, char text[static WORDS_NUMBER])
{
	view_clock(r->view, time, text);
	if (r->view->span > spans[0] * SECOND)
		text[5] = '\0';
}

static void
draw_axes(const struct canvas *c, const struct rates *r, int64_t y)
{
	const int64_t ticks = 4;
	struct rate_text rate = live_rate(r->most > LEAST ? r->most : LEAST);

	chart_line(c, 0, y + HEAD, c->width, y + HEAD);
	chart_rect(c, "base", 0, y + HEAD + HIGH, c->width, UNIT);
	chart_text_begin(c, "tick", ANCHOR_END, c->width, y + HEAD - 4 * UNIT);
	label(c->h, SAY_ONLY, RATE("it", &rate));
	chart_text_end(c);
	for (int64_t i = 0; i <= ticks; i++) {
		enum anchor anchor = i == 0       ? ANCHOR_START
		                     : i == ticks ? ANCHOR_END
		                                  : ANCHOR_MIDDLE;
		char clock[WORDS_NUMBER];

		short_clock(r, r->from + r->view->span * i / ticks, clock);
		chart_name(c, "tick", anchor, c->width * i / ticks, y + HEAD + HIGH + 13 * UNIT,
		    clock, 9);
	}
}

/* One picture a device and width: a screen reader meets one name for each. */
static void
draw(const struct rates *r, size_t device, bool wide)
{
	struct html *h = (struct html *)&r->view->h;
	struct canvas c = {.h = h,
	    .wide = wide,
	    .hatch = "unknown",
	    .width = (wide ? WIDE_UNITS : NARROW_UNITS) * UNIT};
	struct rate_text rate = live_rate(r->most);
	char from[WORDS_NUMBER], to[WORDS_NUMBER];

	short_clock(r, r->from, from);
	short_clock(r, r->from + r->view->span, to);
	if (wide)
		markup(h,
		    "<svg class=\"chart wide\" viewBox=\"0 0 1080 98\" role=\"img\" aria-label=\"");
	else
		markup(h, "<svg class=\"chart narrow\" viewBox=\"0 0 360 98\" role=\"img\" "
		          "aria-label=\"");
	label(h, SAY_SITE_RATES_OF, NAMED("device", r->devices[device]->name), NAMED("from", from),
	    NAMED("to", to), RATE("rate", &rate));
	markup(h, "\">");
	draw_device(&c, r, device, 0);
	draw_axes(&c, r, 0);
	chart_name(&c, "name", ANCHOR_START, 0, HEAD - 6 * UNIT, r->devices[device]->name,
	    wide ? 60 : 28);
	markup(h, "</svg>\n");
}

static void
put_cell(const struct rates *r, size_t device, int64_t from, int64_t to)
{
	struct html *h = (struct html *)&r->view->h;
	struct trace_span s =
	    traces_between(feed_traces(r->view->feed), r->devices[device]->id, from, to);
	struct rate_text rate = live_rate(s.kbps);

	markup(h, "<td class=\"num\">");
	if (s.known)
		say(h, SAY_ONLY, RATE("it", &rate));
	else
		word(h, SAY_SITE_NOT_KNOWN);
	markup(h, "</td>");
}

static void
put_table(const struct rates *r)
{
	struct html *h = (struct html *)&r->view->h;
	int64_t step = r->view->span / TABLE_ROWS;

	markup(h, "<details id=\"rates-table\"><summary>");
	word(h, SAY_AS_TABLE);
	markup(h, "</summary><div class=\"scroll\" tabindex=\"0\" role=\"region\" "
	          "aria-label=\"");
	word(h, SAY_SITE_MEAN);
	markup(h, "\"><table class=\"small\"><thead><tr><th scope=\"col\">");
	word(h, SAY_TABLE_TIME);
	markup(h, "</th>");
	for (size_t d = 0; d < r->count; d++) {
		markup(h, "<th scope=\"col\" class=\"num\">");
		html_name(h, r->devices[d]->name);
		markup(h, "</th>");
	}
	markup(h, "</tr></thead>\n<tbody>\n");
	for (int64_t i = 0; i < TABLE_ROWS; i++) {
		char clock[WORDS_NUMBER];

		short_clock(r, r->from + i * step, clock);
		markup(h, "<tr><th scope=\"row\">");
		html_text(h, clock);
		markup(h, "</th>");
		for (size_t d = 0; d < r->count; d++)
			put_cell(r, d, r->from + i * step, r->from + (i + 1) * step);
		markup(h, "</tr>\n");
	}
	markup(h, "</tbody></table></div></details>\n");
}

static void
put_link(struct html *h, int64_t span, int64_t until)
{
	markup(h, "<a href=\"/?span=");
	html_u64(h, (uint64_t)(span / SECOND));
	if (until != PORCH_NO_TIME) {
		markup(h, "&amp;until=");
		html_u64(h, (uint64_t)(until / SECOND));
	}
	markup(h, "#rates\"");
}

static void
put_zoom(const struct rates *r)
{
	struct html *h = (struct html *)&r->view->h;
	const struct view *view = r->view;

	markup(h, "<nav class=\"zoom\" aria-label=\"");
	word(h, SAY_SITE_RATES_SPAN);
	markup(h, "\">");
	for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++) {
		put_link(h, spans[i] * SECOND, view->until);
		if (spans[i] * SECOND == view->span)
			markup(h, " aria-current=\"true\"");
		markup(h, ">");
		html_duration(h, (uint64_t)(spans[i] * SECOND));
		markup(h, "</a> ");
	}
	markup(h, "<span class=\"pan\">");
	if (r->from > 0) {
		put_link(h, view->span, r->from + view->span / 2);
		markup(h, ">");
		word(h, SAY_SITE_EARLIER);
		markup(h, "</a> ");
	}
	if (view->until != PORCH_NO_TIME) {
		int64_t next = r->from + view->span / 2 * 3;

		put_link(h, view->span, next < newest(view) ? next : PORCH_NO_TIME);
		markup(h, ">");
		word(h, SAY_SITE_LATER);
		markup(h, "</a>");
	}
	markup(h, "</span></nav>\n");
}

static void
put_pattern(struct html *h)
{
	markup(h,
	    "<svg class=\"patterns\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>"
	    "<pattern id=\"unknown\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" "
	    "patternTransform=\"rotate(45)\"><rect class=\"hatch\" width=\"1\" height=\"5\"/>"
	    "</pattern></defs></svg>\n");
}

void
view_rates(const struct view *view)
{
	struct html *h = (struct html *)&view->h;
	struct rates r;

	plan(view, &r);
	if (r.count == 0) { /* a place for what a script puts there later */
		markup(h, "<section id=\"speed\" hidden></section>\n");
		return;
	}
	markup(h, "<section id=\"speed\" aria-labelledby=\"rates\">\n<h2 id=\"rates\">");
	word(h, SAY_SITE_RATES);
	markup(h, "</h2>\n<p>");
	word(h, SAY_SITE_RATES_INTRO);
	markup(h, "</p>\n");
	put_zoom(&r);
	put_pattern(h);
	for (size_t d = 0; d < r.count; d++) {
		draw(&r, d, true);
		draw(&r, d, false);
	}
	put_table(&r);
	markup(h, "</section>\n");
}
