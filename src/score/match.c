/* SPDX-License-Identifier: Apache-2.0 */
#include "score/match.h"

#include <stdlib.h>

struct span
span_widened(struct span span)
{
	int64_t missing = SPAN_LEAST - (span.end - span.start);

	if (missing <= 0)
		return span;
	return (struct span){
	    .start = span.start - missing / 2, .end = span.end + (missing - missing / 2)};
}

uint64_t
span_overlap(const struct span *a, const struct span *b)
{
	int64_t start = a->start > b->start ? a->start : b->start;
	int64_t end = a->end < b->end ? a->end : b->end;

	return end > start ? (uint64_t)(end - start) : 0;
}

bool
span_fits(const struct span *a, const struct span *b)
{
	uint64_t both = span_overlap(a, b);
	uint64_t together = (uint64_t)(a->end - a->start) + (uint64_t)(b->end - b->start) - both;

	return both > 0 && both >= together - both;
}

static int
by_overlap(const void *left, const void *right)
{
	const struct candidate *a = left, *b = right;

	if (a->overlap != b->overlap)
		return a->overlap > b->overlap ? -1 : 1;
	if (a->label != b->label)
		return a->label < b->label ? -1 : 1;
	if (a->episode != b->episode)
		return a->episode < b->episode ? -1 : 1;
	return 0;
}

void
match_order(struct candidate *candidates, size_t count)
{
	if (count > 1)
		qsort(candidates, count, sizeof(*candidates), by_overlap);
}

void
match_take(struct matching *matching, const struct candidate *candidates, size_t count,
    bool (*accept)(size_t label, size_t episode, const void *user), const void *user)
{
	for (size_t i = 0; i < count; i++) {
		const struct candidate *c = &candidates[i];

		if (matching->episode_of[c->label] != MATCH_NONE ||
		    matching->label_of[c->episode] != MATCH_NONE)
			continue;
		if (accept && !accept(c->label, c->episode, user))
			continue;
		matching->episode_of[c->label] = c->episode;
		matching->label_of[c->episode] = c->label;
	}
}
