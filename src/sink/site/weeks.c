/* SPDX-License-Identifier: Apache-2.0 */

/* The last weeks: the report's strips, a row a day, and the same numbers as a table. */

#include <errno.h>
#include <stdlib.h>

#include "sink/page/chart.h"
#include "sink/page/page.h"
#include "sink/site/site.h"
#include "words/numbers.h"

struct cell {
	uint64_t uploads;
	uint64_t bytes;
};

/* By row of the scale, then by device. */
static struct cell *
cells_new(const struct model *m)
{
	size_t devices = m->digest->device_count;
	struct cell *cells = calloc(m->scale.row_count * devices + 1, sizeof(*cells));

	for (size_t i = 0; cells && i < m->doc->episode_count; i++) {
		const struct upload *u = &m->uploads[i];

		if (!u->counts || u->row >= m->scale.row_count || u->device >= devices)
			continue;
		cells[u->row * devices + u->device].uploads++;
		cells[u->row * devices + u->device].bytes += u->episode->bytes_up;
	}
	return cells;
}

static void
put_cell(struct html *h, const struct cell *cell)
{
	markup(h, "<td class=\"num\">");
	if (cell->uploads > 0)
		say(h, SAY_OBSERVED_UPLOADS, COUNT("uploads", SAY_UPLOADS, cell->uploads),
		    BYTES("bytes", cell->bytes));
	else
		markup(h, "\xe2\x80\x93");
	markup(h, "</td>");
}

static void
put_table(struct html *h, const struct model *m, const struct cell *cells)
{
	const struct speaker utc = {.language = h->speaker.language, .days = h->speaker.days};
	size_t devices = m->digest->device_count;

	markup(h, "<details><summary>");
	word(h, SAY_AS_TABLE);
	markup(h, "</summary><div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"");
	word(h, SAY_CHART_TIMELINE);
	markup(h, "\"><table class=\"small\"><thead><tr><th scope=\"col\">");
	word(h, SAY_TABLE_TIME);
	markup(h, "</th>");
	for (size_t d = 0; d < devices; d++) {
		markup(h, "<th scope=\"col\" class=\"num\">");
		html_name(h, m->digest->devices[d].name);
		markup(h, "</th>");
	}
	markup(h, "</tr></thead>\n<tbody>\n");
	for (size_t row = 0; row < m->scale.row_count; row++) {
		char day[WORDS_NUMBER];

		/* The row is on the speaker's clock already. */
		if (m->scale.by_day)
			words_day(&utc, m->scale.rows[row].start, day);
		else
			words_stamp(&utc, m->scale.rows[row].start, day);
		markup(h, "<tr><th scope=\"row\">");
		html_text(h, day);
		markup(h, "</th>");
		for (size_t d = 0; d < devices; d++)
			put_cell(h, &cells[row * devices + d]);
		markup(h, "</tr>\n");
	}
	markup(h, "</tbody></table></div></details>\n");
}

void
site_weeks(struct writer *w, const struct porch_document *doc, const struct sink_style *style)
{
	struct model *m = model_new(doc, style);
	struct cell *cells = m ? cells_new(m) : NULL;
	struct html h = {.w = w};

	if (cells) {
		h.speaker = m->speaker;
		if (chart_timeline.has(m)) {
			put_legend(&h);
			chart_put(&h, m, &chart_timeline);
			put_table(&h, m, cells);
		} else {
			markup(&h, "<p>");
			word(&h, SAY_NOTHING_TO_DRAW);
			markup(&h, "</p>\n");
		}
	} else {
		w->error = ENOMEM;
	}
	free(cells);
	model_free(m);
}
