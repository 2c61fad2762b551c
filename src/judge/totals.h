/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_TOTALS_H
#define JUDGE_TOTALS_H

#include <porchlight/record.h>

#include "base/arena.h"

/* Whose an episode is, looked up once: episodes and receivers may be many thousands. */
struct ends {
	const struct porch_device *device;
	const struct porch_destination *to; /* NULL while not known */
	bool counts;                        /* as porch_episode_counts() says */
};

/* Finds the ends of every episode, through records sorted by id; NULL when out of memory. */
const struct ends *totals_ends(const struct porch_document *doc, struct arena *arena);

bool totals_makes_footage(const struct porch_device *device);
/* Whether an upload could have been footage, and was not to the home itself. */
bool totals_is_open_question(const struct porch_episode *episode, const struct ends *ends);

/* The sums of a summary.  Returns the best supported episode of what counts, or NULL. */
const struct porch_episode *totals_sum(struct porch_document *doc, const struct ends *ends);

#endif
