/* SPDX-License-Identifier: Apache-2.0 */
#include "score/tally.h"

#include <stdlib.h>

static int16_t
share(uint64_t part, uint64_t whole)
{
	if (whole == 0)
		return PORCH_NO_CHANCE;
	return (int16_t)((part * 1000 + whole / 2) / whole);
}

int16_t
score_precision(const struct score_tally *t)
{
	return share(t->right, t->right + t->extra);
}

int16_t
score_recall(const struct score_tally *t)
{
	return share(t->right, t->right + t->missed);
}

int16_t
score_f1(const struct score_tally *t)
{
	return share(2 * t->right, 2 * t->right + t->extra + t->missed);
}

int16_t
score_coverage(const struct score_tally *t)
{
	uint64_t answered = t->right + t->extra + t->missed + t->right_no;

	return share(answered, answered + t->cannot_tell);
}

void
score_add(struct score_tally *to, const struct score_tally *from)
{
	to->right += from->right;
	to->extra += from->extra;
	to->missed += from->missed;
	to->right_no += from->right_no;
	to->cannot_tell += from->cannot_tell;
}

void
score_mean_add(struct score_mean *mean, int16_t thousandths)
{
	if (thousandths < 0)
		return;
	mean->sum += (uint64_t)thousandths;
	mean->count++;
}

int16_t
score_mean(const struct score_mean *mean)
{
	if (mean->count == 0)
		return PORCH_NO_CHANCE;
	return (int16_t)((mean->sum + mean->count / 2) / mean->count);
}

/* A class nobody labelled or told says nothing. */
int16_t
score_macro(const struct score_tally *tally, size_t count)
{
	struct score_mean mean = {.count = 0};

	for (size_t i = 0; i < count; i++)
		score_mean_add(&mean, score_f1(&tally[i]));
	return score_mean(&mean);
}

int16_t
score_coverage_of(const struct score_tally *tally, size_t count)
{
	struct score_tally sum = {.right = 0};

	for (size_t i = 0; i < count; i++)
		score_add(&sum, &tally[i]);
	return score_coverage(&sum);
}

static int
by_size(const void *left, const void *right)
{
	const uint64_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

struct score_spread
score_spread_of(uint64_t *values, size_t count)
{
	if (count == 0)
		return (struct score_spread){.count = 0};
	qsort(values, count, sizeof(*values), by_size);
	return (struct score_spread){
	    .count = count,
	    .median = values[(count + 1) / 2 - 1],
	    .percentile_95 = values[(count * 95 + 99) / 100 - 1],
	    .most = values[count - 1],
	};
}
