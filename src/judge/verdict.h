/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_VERDICT_H
#define JUDGE_VERDICT_H

#include <porchlight/record.h>

#include "base/arena.h"

/*
 * Says the answer of a summary whose totals are complete: answer, likelihood, verdict and
 * advice.  best is the best supported episode among what counts, or NULL.
 */
void verdict_say(struct porch_document *document, const struct porch_episode *best,
    struct arena *arena);

#endif
