/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SCORE_MATCH_H
#define SCORE_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Which episode answers which label: one to one, greatest overlap first, where the two
 * intervals share at least half of what they cover together.  Intervals are widened to at
 * least 2 s around their middle before, so that a still of 30 ms is not lost for 20 ms.
 */
struct span {
	int64_t start; /* microseconds of packet time */
	int64_t end;
};

#define SPAN_LEAST INT64_C(2000000)

struct span span_widened(struct span span);
/* Microseconds that both cover. */
uint64_t span_overlap(const struct span *a, const struct span *b);
/* Whether intersection over union is at least 0.5, both as they are. */
bool span_fits(const struct span *a, const struct span *b);

/* A label and an episode that could answer it: same device, same receiver, spans that fit. */
struct candidate {
	size_t label;
	size_t episode;
	uint64_t overlap; /* of the widened spans */
};

/* Greatest overlap first; then the earlier label, then the earlier episode. */
void match_order(struct candidate *candidates, size_t count);

#define MATCH_NONE SIZE_MAX

/* Who answers whom: the other's index, or MATCH_NONE. */
struct matching {
	size_t *episode_of; /* by label */
	size_t *label_of;   /* by episode */
};

/*
 * Pairs what is still single, in the order of the candidates, where accept says so; accept
 * NULL takes all.  Called again it goes on with what the earlier calls left.
 */
void match_take(struct matching *matching, const struct candidate *candidates, size_t count,
    bool (*accept)(size_t label, size_t episode, const void *user), const void *user);

#endif
