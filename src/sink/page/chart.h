/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_PAGE_CHART_H
#define SINK_PAGE_CHART_H

#include "sink/page/html.h"
#include "sink/page/model.h"

/*
 * Pictures as SVG, for a page and on their own.  Each is drawn for a wide and for a narrow
 * page, since type that is scaled with a drawing cannot be read on a phone.  Lengths are
 * tenths of a unit; nothing is a fraction, so that every machine draws the same.
 */

#define UNIT         10
#define WIDE_UNITS   1080
#define NARROW_UNITS 360

struct canvas {
	struct html *h;
	const struct model *m;
	int64_t width; /* tenths */
	bool wide;
	const char *hatch; /* identifier of the pattern for what was not watched */
};

struct chart {
	const char *name;
	enum say title;
	bool wide_only; /* a list beside it says the same where there is no room */
	/* False when there is nothing to draw. */
	bool (*has)(const struct model *m);
	int64_t (*height)(const struct canvas *c);
	void (*draw)(const struct canvas *c);
};

extern const struct chart chart_timeline;
extern const struct chart chart_hours;
extern const struct chart chart_receivers;

/* The chart of a name, or NULL. */
const struct chart *chart_find(const char *name);

/* Both sizes, within a page. */
void chart_put(struct html *h, const struct model *m, const struct chart *chart);

/* Parts that charts share. */
void chart_rect(const struct canvas *c, const char *kind, int64_t x, int64_t y, int64_t w,
    int64_t height);
void chart_hatch(const struct canvas *c, int64_t x, int64_t y, int64_t w, int64_t height);
void chart_line(const struct canvas *c, int64_t x, int64_t y, int64_t to_x, int64_t to_y);
enum anchor { ANCHOR_START, ANCHOR_MIDDLE, ANCHOR_END };
/* Between these two lies the text. */
void chart_text_begin(const struct canvas *c, const char *kind, enum anchor anchor, int64_t x,
    int64_t y);
void chart_text_end(const struct canvas *c);
/* A name, cut to so many columns. */
void chart_name(const struct canvas *c, const char *kind, enum anchor anchor, int64_t x, int64_t y,
    const char *name, size_t columns);

/* The letter of a party, which is its class too: "V", "C", ... */
const char *party_letter(const struct porch_destination *to);

#endif
