/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_FINDING_H
#define JUDGE_FINDING_H

#include <porchlight/record.h>

#include "base/arena.h"
#include "rules/rules.h"

/*
 * Makes the findings and the summary of a document whose devices, destinations, episodes
 * and gaps are complete.  summary's first, last, watched_us, devices and outside_view are
 * set before; and of episodes that are not among them, what they add to its sums, with the
 * likelihood of the best supported one.  False when out of memory.
 */
bool findings_make(const struct porch_rules *rules, struct arena *arena,
    struct porch_document *document);

#endif
