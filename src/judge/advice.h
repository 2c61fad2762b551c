/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_ADVICE_H
#define JUDGE_ADVICE_H

#include <porchlight/record.h>

#include "base/arena.h"
#include "home/destination.h"
#include "rules/rules.h"

#define ADVICE_FEATURES 6

/*
 * What the advice on one or more receivers says of who spoke to them, as features of a
 * model: how many different applications of each use were inspected.  Returns how many.
 */
size_t advice_features(const struct porch_rules *rules, const struct advice *advice,
    struct porch_feature feature[static ADVICE_FEATURES]);

/* Adds the advice on a receiver to its record: among its protocols, and by itself. */
void advice_tell(const struct porch_rules *rules, const struct destination *row,
    struct arena *arena, struct porch_destination *record);

#endif
