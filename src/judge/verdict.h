/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_VERDICT_H
#define JUDGE_VERDICT_H

#include <porchlight/record.h>

#include "base/arena.h"

/*
 * Says the answer of a summary whose totals are complete: answer, likelihood, verdict and
 * advice.  best is the greatest chance of footage among what counts, in thousandths.
 */
void verdict_say(struct porch_document *document, int16_t best, struct arena *arena);

#endif
