/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_PAGE_SCALE_H
#define SINK_PAGE_SCALE_H

#include <porchlight/record.h>

#include "words/words.h"

/*
 * The time axis of every chart: one row a day of the speaker's clock, or, for what lasted no
 * longer than a day, one row from a round moment to a round moment.  And what of it was
 * watched: while an input lasted and no gap was told.
 */

#define SCALE_DAYS  35 /* rows at most; earlier days are in the data files */
#define SCALE_PARTS 10000

struct span {
	int64_t start;
	int64_t end;
};

struct scale {
	bool by_day;
	struct span *rows; /* of the speaker's clock: microseconds plus the zone's offset */
	size_t row_count;
	size_t days_left_out; /* before the first row */
	int64_t tick;         /* between lines */
	int64_t bin;          /* of the bars */
	struct span *watched; /* of packet time, in order, apart */
	size_t watched_count;
};

/* False when out of memory.  An empty document has no rows. */
bool scale_make(struct scale *scale, const struct porch_document *doc,
    const struct speaker *speaker);
void scale_free(struct scale *scale);

/* The speaker's clock at a moment of packet time. */
int64_t scale_clock(const struct speaker *speaker, int64_t time);
/* The row a moment lies in, and its place in SCALE_PARTS of the row; false when in none. */
bool scale_place(const struct scale *scale, const struct speaker *speaker, int64_t time,
    size_t *row, int64_t *part);
/* Bars in one row. */
size_t scale_bins(const struct scale *scale);
bool scale_is_watched(const struct scale *scale, int64_t time);

#endif
