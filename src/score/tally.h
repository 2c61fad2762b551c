/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SCORE_TALLY_H
#define SCORE_TALLY_H

#include <stddef.h>
#include <stdint.h>

#include <porchlight/record.h>

/* How often one class of one question was answered, and how. */
struct score_tally {
	uint64_t right;       /* told and so */
	uint64_t extra;       /* told and not so */
	uint64_t missed;      /* so and not told */
	uint64_t right_no;    /* footage only: labelled as none, and told so */
	uint64_t cannot_tell; /* answered with cannot-tell: neither right nor wrong */
};

void score_add(struct score_tally *to, const struct score_tally *from);

/* Thousandths, rounded half up, or PORCH_NO_CHANCE where there is nothing to divide by. */
int16_t score_precision(const struct score_tally *t);
int16_t score_recall(const struct score_tally *t);
int16_t score_f1(const struct score_tally *t);
/* Of the cases, the share that was answered. */
int16_t score_coverage(const struct score_tally *t);

/* A mean of thousandths, in which PORCH_NO_CHANCE does not count. */
struct score_mean {
	uint64_t sum;
	uint64_t count;
};

void score_mean_add(struct score_mean *mean, int16_t thousandths);
int16_t score_mean(const struct score_mean *mean);

/* The mean F1 of those that have one; PORCH_NO_CHANCE without any. */
int16_t score_macro(const struct score_tally *tally, size_t count);

/* Of all their cases together. */
int16_t score_coverage_of(const struct score_tally *tally, size_t count);

/* How values lie, by nearest rank. */
struct score_spread {
	size_t count;
	uint64_t median;
	uint64_t percentile_95;
	uint64_t most;
};

/* Sorts the values. */
struct score_spread score_spread_of(uint64_t *values, size_t count);

#endif
