/* SPDX-License-Identifier: Apache-2.0 */

/* When: a strip for each doorbell and day, and a mark for each upload. */

#include "base/format.h"
#include "sink/page/chart.h"
#include "words/numbers.h"

#define HEAD (30 * UNIT) /* the doorbell's name */
#define ROW  (16 * UNIT)
#define BAR  (12 * UNIT)
#define FOOT (20 * UNIT) /* the clock */
#define MARK (2 * UNIT)  /* at least */

enum mark { MARK_VIDEO, MARK_LIVE, MARK_STILL, MARK_QUESTION, MARKS };

static const struct {
	const char *kind;
	int64_t top, height;
} shapes[MARKS] = {
    [MARK_VIDEO] = {"clip", 0, BAR},
    [MARK_LIVE] = {"live", 0, BAR},
    [MARK_STILL] = {"clip", BAR - 5 * UNIT, 5 * UNIT},
    [MARK_QUESTION] = {"ask", BAR - 3 * UNIT, 3 * UNIT},
};

/* One strip: a doorbell's row of the scale. */
struct strip {
	const struct canvas *c;
	size_t device, row;
	int64_t left, width, y;
};

static bool
has_rows(const struct model *m)
{
	return m->scale.row_count > 0 && m->digest->device_count > 0;
}

static int64_t
left_of(const struct canvas *c)
{
	if (!c->m->scale.by_day)
		return 0;
	return (c->wide ? 76 : 44) * UNIT;
}

static int64_t
strips_height(const struct canvas *c)
{
	const struct model *m = c->m;

	return (int64_t)m->digest->device_count * (HEAD + (int64_t)m->scale.row_count * ROW) + FOOT;
}

static bool
mark_of(const struct upload *u, enum mark *mark)
{
	if (u->to && u->to->party == PORCH_PARTY_LOCAL)
		return false;
	if (u->episode->footage == PORCH_FOOTAGE_CANNOT_TELL)
		*mark = MARK_QUESTION;
	else if (!u->counts)
		return false;
	else if (u->episode->content == PORCH_CONTENT_PICTURE)
		*mark = MARK_STILL;
	else
		*mark = u->episode->live_view == PORCH_ANSWER_YES ? MARK_LIVE : MARK_VIDEO;
	return true;
}

static void
draw_mark(const struct strip *s, enum mark mark, int64_t from, int64_t to)
{
	struct html *h = s->c->h;

	markup(h, "M");
	html_tenths(h, from);
	markup(h, " ");
	html_tenths(h, s->y + shapes[mark].top);
	markup(h, "h");
	html_tenths(h, to - from);
	markup(h, "v");
	html_tenths(h, shapes[mark].height);
	markup(h, "h");
	html_tenths(h, from - to);
	markup(h, "z");
}

/* Where an upload that begins in the strip lies in it. */
static void
extent(const struct strip *s, const struct upload *u, int64_t *from, int64_t *to)
{
	const struct scale *scale = &s->c->m->scale;
	const struct span *row = &scale->rows[s->row];
	int64_t lasted = (int64_t)porch_episode_duration(u->episode);

	*from = s->left + u->part * s->width / SCALE_PARTS;
	*to = *from + lasted / ((row->end - row->start) / SCALE_PARTS + 1) * s->width / SCALE_PARTS;
	if (*to < *from + MARK)
		*to = *from + MARK;
	if (*to > s->left + s->width)
		*to = s->left + s->width;
	if (*from > *to - MARK)
		*from = *to - MARK;
}

/* Marks that touch are one: many uploads take no more room than the strip has. */
static void
draw_marks(const struct strip *s, enum mark mark)
{
	const struct model *m = s->c->m;
	int64_t open[2] = {-1, -1};
	bool begun = false;

	for (size_t i = 0; i < m->doc->episode_count; i++) {
		enum mark kind;
		int64_t from, to;

		if (m->uploads[i].row != s->row || m->uploads[i].device != s->device ||
		    !mark_of(&m->uploads[i], &kind) || kind != mark)
			continue;
		extent(s, &m->uploads[i], &from, &to);
		if (!begun) {
			markup(s->c->h, "<path class=\"");
			html_text(s->c->h, shapes[mark].kind);
			markup(s->c->h, "\" d=\"");
			open[0] = from;
			open[1] = to;
		} else if (from <= open[1]) {
			open[1] = to > open[1] ? to : open[1];
		} else {
			draw_mark(s, mark, open[0], open[1]);
			open[0] = from;
			open[1] = to;
		}
		begun = true;
	}
	if (begun) {
		draw_mark(s, mark, open[0], open[1]);
		markup(s->c->h, "\"/>");
	}
}

/* Hatches what lies between the watched spans. */
static void
draw_unwatched(const struct strip *s)
{
	const struct scale *scale = &s->c->m->scale;
	const struct span *row = &scale->rows[s->row];
	int64_t at = row->start, part = (row->end - row->start) / SCALE_PARTS + 1;

	for (size_t i = 0; i <= scale->watched_count; i++) {
		bool last = i == scale->watched_count;
		int64_t start =
		    last ? row->end : scale_clock(&s->c->m->speaker, scale->watched[i].start);
		int64_t end =
		    last ? row->end : scale_clock(&s->c->m->speaker, scale->watched[i].end);

		if (end <= row->start || (start >= row->end && !last))
			continue;
		if (start > at + part)
			chart_hatch(s->c,
			    s->left + (at - row->start) / part * s->width / SCALE_PARTS, s->y,
			    (start - at) / part * s->width / SCALE_PARTS + 1, BAR);
		if (end > at)
			at = end;
	}
}

static void
draw_strip(const struct strip *s)
{
	char day[WORDS_NUMBER];

	chart_rect(s->c, "strip", s->left, s->y, s->width, BAR);
	draw_unwatched(s);
	for (enum mark mark = 0; mark < MARKS; mark++)
		draw_marks(s, mark);
	if (!s->c->m->scale.by_day)
		return;
	/* The row is on the speaker's clock already. */
	words_day(&(struct speaker){.language = s->c->m->speaker.language,
	              .days = s->c->m->speaker.days},
	    s->c->m->scale.rows[s->row].start, day);
	chart_name(s->c, "tick", ANCHOR_END, s->left - 6 * UNIT, s->y + 10 * UNIT, day, 16);
}

static void
draw_clock(const struct canvas *c, int64_t left, int64_t width, int64_t each)
{
	const struct scale *scale = &c->m->scale;
	const struct span *row = &scale->rows[0];
	int64_t bottom = (int64_t)c->m->digest->device_count * each;
	int64_t tick = scale->tick, whole = row->end - row->start;
	const struct speaker utc = {.language = c->m->speaker.language, .days = c->m->speaker.days};

	if (!c->wide && whole / tick > 5)
		tick *= 2;
	for (int64_t at = row->start; at <= row->end; at += tick) {
		int64_t x = left + (at - row->start) / 1000 * width / (whole / 1000);
		enum anchor anchor = at == row->start       ? ANCHOR_START
		                     : at + tick > row->end ? ANCHOR_END
		                                            : ANCHOR_MIDDLE;
		char clock[WORDS_NUMBER];

		words_clock(&utc, at, clock);
		if (tick % 60000000 == 0)
			clock[5] = '\0';
		if (scale->by_day && at == row->end)
			clock[0] = '2', clock[1] = '4';
		for (size_t i = 0; i < c->m->digest->device_count; i++)
			chart_line(c, x, (int64_t)i * each + HEAD, x, (int64_t)(i + 1) * each);
		chart_name(c, "tick", anchor, x, bottom + 14 * UNIT, clock, 9);
	}
}

static void
draw_device(const struct canvas *c, size_t device, int64_t y)
{
	const struct device_row *row = &c->m->digest->devices[device];
	struct strip strip = {.c = c, .device = device, .left = left_of(c)};

	strip.width = c->width - strip.left;
	chart_name(c, "name", ANCHOR_START, 0, y + 22 * UNIT, row->name, c->wide ? 60 : 28);
	chart_text_begin(c, "tick", ANCHOR_END, c->width, y + 22 * UNIT);
	label(c->h, SAY_ONLY, COUNT("it", SAY_UPLOADS, row->uploads));
	chart_text_end(c);
	for (strip.row = 0; strip.row < c->m->scale.row_count; strip.row++) {
		strip.y = y + HEAD + (int64_t)strip.row * ROW;
		draw_strip(&strip);
	}
}

static void
draw_strips(const struct canvas *c)
{
	int64_t each = HEAD + (int64_t)c->m->scale.row_count * ROW;
	int64_t left = left_of(c);

	for (size_t i = 0; i < c->m->digest->device_count; i++)
		draw_device(c, i, (int64_t)i * each);
	draw_clock(c, left, c->width - left, each);
}

const struct chart chart_timeline = {
    .name = "timeline",
    .title = SAY_CHART_TIMELINE,
    .has = has_rows,
    .height = strips_height,
    .draw = draw_strips,
};
