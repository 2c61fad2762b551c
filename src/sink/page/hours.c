/* SPDX-License-Identifier: Apache-2.0 */

/* How much: bytes that look like footage in each hour, or in each part of a shorter time. */

#include <stdlib.h>

#include "base/format.h"
#include "sink/page/hours.h"
#include "words/numbers.h"

#define TOP   (18 * UNIT)
#define PLOT  (120 * UNIT)
#define FOOT  (22 * UNIT)
#define SPARE (62 * UNIT) /* the numbers at the left */

/* Shares an upload's bytes among the bars it lasted through, to the byte. */
static void
spread(const struct scale *s, uint64_t *bars, size_t bins, const struct model *m,
    const struct porch_episode *e)
{
	uint64_t left = e->bytes_up, lasted = time_between(e->start, e->end) + 1;
	int64_t at = e->start;

	while (left > 0) {
		size_t row, bin;
		int64_t part, clock = scale_clock(&m->speaker, at), end;
		uint64_t share;

		if (!scale_place(s, &m->speaker, at, &row, &part))
			return;
		bin = (size_t)((clock - s->rows[row].start) / s->bin);
		if (bin >= bins)
			bin = bins - 1;
		end = at + s->bin - (clock - s->rows[row].start) % s->bin;
		share = end > e->end ? left
		                     : (uint64_t)(end - at) * 1000 / (lasted / 1000 + 1) *
		                           (e->bytes_up / 1000 + 1) / 1000;
		if (share > left)
			share = left;
		bars[row * bins + bin] += share;
		left -= share;
		at = end;
	}
}

uint64_t *
hours_bars(const struct model *m, size_t device)
{
	size_t bins = scale_bins(&m->scale);
	uint64_t *bars = calloc(m->scale.row_count * bins + 1, sizeof(*bars));

	for (size_t i = 0; bars && bins > 0 && i < m->doc->episode_count; i++) {
		const struct upload *u = &m->uploads[i];

		if (u->counts && (device == SIZE_MAX || u->device == device))
			spread(&m->scale, bars, bins, m, u->episode);
	}
	return bars;
}

static bool
has_bars(const struct model *m)
{
	return m->scale.row_count > 0 && m->counted > 0;
}

static int64_t
hours_height(const struct canvas *c)
{
	(void)c;
	return TOP + PLOT + FOOT;
}

/* 1, 2 or 5 times a power of ten, at most the most. */
static uint64_t
round_down(uint64_t most)
{
	uint64_t unit = 1;

	while (unit <= most / 10)
		unit *= 10;
	return most >= 5 * unit ? 5 * unit : most >= 2 * unit ? 2 * unit : unit;
}

static void
draw_bars(const struct canvas *c, const uint64_t *bars, size_t count, uint64_t most)
{
	int64_t width = c->width - SPARE;

	for (size_t i = 0; i < count; i++) {
		int64_t x = SPARE + (int64_t)i * width / (int64_t)count;
		int64_t next = SPARE + (int64_t)(i + 1) * width / (int64_t)count;
		int64_t height = (int64_t)(bars[i] / (most / 10000 + 1)) * PLOT / 10000;

		if (bars[i] == 0)
			continue;
		if (height < UNIT)
			height = UNIT;
		if (next - x > 4 * UNIT)
			next -= UNIT;
		chart_rect(c, "clip", x, TOP + PLOT - height, next - x, height);
	}
}

static void
draw_axis(const struct canvas *c, uint64_t most)
{
	uint64_t mark = round_down(most);
	int64_t y = TOP + PLOT - (int64_t)(mark / (most / 10000 + 1)) * PLOT / 10000;

	chart_line(c, SPARE, y, c->width, y);
	chart_line(c, SPARE, TOP + PLOT, c->width, TOP + PLOT);
	chart_text_begin(c, "tick", ANCHOR_END, SPARE - 6 * UNIT, y + 4 * UNIT);
	label(c->h, SAY_ONLY, BYTES("it", mark));
	chart_text_end(c);
	chart_text_begin(c, "tick", ANCHOR_END, SPARE - 6 * UNIT, TOP + PLOT + 4 * UNIT);
	html_text(c->h, "0");
	chart_text_end(c);
}

/* Days in the middle of their bars, or the clock. */
static void
draw_times(const struct canvas *c)
{
	const struct scale *s = &c->m->scale;
	const struct speaker utc = {.language = c->m->speaker.language, .days = c->m->speaker.days};
	int64_t width = c->width - SPARE, bottom = TOP + PLOT + 15 * UNIT;
	size_t rows = s->row_count, every = 1 + rows / (c->wide ? 15 : 5);

	for (size_t i = 0; s->by_day && i < rows; i++) {
		int64_t x = SPARE + (int64_t)i * width / (int64_t)rows;
		char day[WORDS_NUMBER];

		if (i > 0)
			chart_line(c, x, TOP, x, TOP + PLOT);
		words_day(&utc, s->rows[i].start, day);
		if (i % every == 0)
			chart_name(c, "tick", ANCHOR_MIDDLE, x + width / (int64_t)rows / 2, bottom,
			    day, 12);
	}
	if (s->by_day)
		return;
	for (int64_t at = s->rows[0].start; at <= s->rows[0].end;
	     at += s->tick * (c->wide ? 1 : 2)) {
		int64_t whole = s->rows[0].end - s->rows[0].start;
		int64_t x = SPARE + (at - s->rows[0].start) / 1000 * width / (whole / 1000);
		char clock[WORDS_NUMBER];

		words_clock(&utc, at, clock);
		if (s->tick % 60000000 == 0)
			clock[5] = '\0';
		chart_name(c, "tick", at == s->rows[0].end ? ANCHOR_END : ANCHOR_MIDDLE, x, bottom,
		    clock, 9);
	}
}

static void
draw_hours(const struct canvas *c)
{
	uint64_t *bars = hours_bars(c->m, SIZE_MAX), most = 0;
	size_t count = scale_bins(&c->m->scale) * c->m->scale.row_count;

	for (size_t i = 0; bars && i < count; i++)
		most = bars[i] > most ? bars[i] : most;
	if (most > 0) {
		draw_axis(c, most);
		draw_bars(c, bars, count, most);
		draw_times(c);
	}
	free(bars);
}

const struct chart chart_hours = {
    .name = "hours",
    .title = SAY_CHART_HOURS,
    .has = has_bars,
    .height = hours_height,
    .draw = draw_hours,
};
