/* SPDX-License-Identifier: Apache-2.0 */

/* When: strips of days, then bars of hours, each with its numbers as a table. */

#include <stdlib.h>

#include "base/format.h"
#include "sink/page/hours.h"
#include "sink/page/page.h"
#include "words/numbers.h"

#define ROWS_MOST 200 /* of the table of hours */

static void
put_key(struct html *h, enum say name)
{
	markup(h, "</svg> ");
	word(h, name);
	markup(h, "</li>\n");
}

void
put_legend(struct html *h)
{
	markup(h, "<ul class=\"legend\">\n");
	markup(h, "<li><svg class=\"key\" viewBox=\"0 0 14 12\" aria-hidden=\"true\">"
	          "<rect class=\"clip\" x=\"4\" width=\"6\" height=\"12\"/>");
	put_key(h, SAY_LEGEND_CLIP);
	markup(h, "<li><svg class=\"key\" viewBox=\"0 0 14 12\" aria-hidden=\"true\">"
	          "<rect class=\"live\" x=\"4\" width=\"6\" height=\"12\"/>");
	put_key(h, SAY_LEGEND_LIVE);
	markup(h, "<li><svg class=\"key\" viewBox=\"0 0 14 12\" aria-hidden=\"true\">"
	          "<rect class=\"clip\" x=\"4\" y=\"7\" width=\"6\" height=\"5\"/>");
	put_key(h, SAY_LEGEND_STILL);
	markup(h, "<li><svg class=\"key\" viewBox=\"0 0 14 12\" aria-hidden=\"true\">"
	          "<rect class=\"ask\" x=\"4\" y=\"9\" width=\"6\" height=\"3\"/>");
	put_key(h, SAY_LEGEND_ASK);
	markup(h, "<li><svg class=\"key\" viewBox=\"0 0 14 12\" aria-hidden=\"true\">"
	          "<path class=\"hatched\" d=\"M0 4 4 0M0 8 8 0M1 12 13 0M5 12 14 3M9 12 14 7\"/>");
	put_key(h, SAY_LEGEND_GAP);
	markup(h, "</ul>\n");
}

static void
put_strips(struct html *h, const struct model *m)
{
	markup(h, "<p>");
	word(h, SAY_WHEN_INTRO);
	markup(h, "</p>\n");
	if (m->scale.days_left_out > 0) {
		markup(h, "<p class=\"note\">");
		say(h, SAY_WHEN_CUT, NUMBER("shown", m->scale.row_count),
		    COUNT("all", SAY_DAYS, m->scale.row_count + m->scale.days_left_out));
		markup(h, "</p>\n");
	}
	put_legend(h);
	chart_put(h, m, &chart_timeline);
}

static void
put_bin(struct html *h, const struct model *m, size_t i, uint64_t bytes)
{
	const struct scale *s = &m->scale;
	size_t bins = scale_bins(s);
	int64_t clock = s->rows[i / bins].start + (int64_t)(i % bins) * s->bin;
	const struct speaker utc = {.language = m->speaker.language, .days = m->speaker.days};
	char day[WORDS_NUMBER], hour[WORDS_NUMBER];

	words_day(&utc, clock, day);
	words_clock(&utc, clock, hour);
	markup(h, "<tr><th scope=\"row\">");
	html_text(h, day);
	markup(h, ", ");
	html_text(h, hour);
	markup(h, "</th><td>");
	html_bytes(h, bytes);
	markup(h, "</td></tr>\n");
}

static void
put_hours_table(struct html *h, const struct model *m)
{
	uint64_t *bars = hours_bars(m, SIZE_MAX);
	size_t count = scale_bins(&m->scale) * m->scale.row_count, told = 0;

	markup(h, "<details><summary>");
	word(h, SAY_AS_TABLE);
	markup(h, "</summary>\n<table class=\"small\"><thead><tr><th scope=\"col\">");
	word(h, SAY_TABLE_TIME);
	markup(h, "</th><th scope=\"col\">");
	word(h, SAY_TABLE_BYTES);
	markup(h, "</th></tr></thead><tbody>\n");
	for (size_t i = 0; bars && i < count && told < ROWS_MOST; i++) {
		if (bars[i] == 0)
			continue;
		put_bin(h, m, i, bars[i]);
		told++;
	}
	markup(h, "</tbody></table></details>\n");
	free(bars);
}

static void
put_hours(struct html *h, const struct model *m)
{
	markup(h, "<div class=\"figure\">\n<h3>");
	word(h, SAY_HOURS);
	markup(h, "</h3>\n<p>");
	if (m->scale.bin == INT64_C(3600000000))
		word(h, SAY_HOURS_HOUR);
	else
		say(h, SAY_HOURS_BIN, LASTED("duration", (uint64_t)m->scale.bin));
	markup(h, "</p>\n");
	chart_put(h, m, &chart_hours);
	markup(h, "</div>\n");
	put_hours_table(h, m);
}

void
page_when(struct html *h, const struct model *m)
{
	markup(h, "<section class=\"when\" aria-labelledby=\"when\">\n<div class=\"figure\">\n"
	          "<h2 id=\"when\">");
	word(h, m->counted > 0 ? SAY_WHEN : SAY_WHEN_NONE);
	markup(h, "</h2>\n");
	if (chart_timeline.has(m))
		put_strips(h, m);
	markup(h, "</div>\n");
	if (chart_hours.has(m)) {
		put_hours(h, m);
	} else {
		markup(h, "<p>");
		word(h, SAY_NO_FOOTAGE);
		markup(h, "</p>\n");
	}
	markup(h, "</section>\n");
}
