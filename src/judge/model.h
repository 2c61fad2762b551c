/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_MODEL_H
#define JUDGE_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "rules/model.h"

/* What a model makes of features: integers in, integers out, the same on every machine. */
struct model_verdict {
	int32_t logit[MODEL_CLASSES];       /* milli-logits */
	int16_t probability[MODEL_CLASSES]; /* thousandths, softmax */
	size_t best;                        /* the first of the most probable classes */
	uint8_t fired[64]; /* by term, the first 64: 1 + the feature that made it, or 0 */
};

/*
 * Where the features stand that a model's terms look at: found in the first list, and kept for
 * all lists with the same names in the same order.  Begins as zero.
 */
struct model_places {
	const struct model *model; /* NULL before the first list */
	uint8_t at[64];            /* by term, the first 64: 1 + the feature it looks at, or 0 */
};

/* places may be NULL: then they are found for this list alone. */
void model_judge(const struct model *model, struct model_places *places,
    const struct porch_feature *features, size_t count, struct model_verdict *verdict);

/* The class's index, or MODEL_CLASSES. */
size_t model_class(const struct model *model, const char *name);

/*
 * The terms that spoke for or against class, as evidence, heaviest first.  *kinds counts
 * the independent kinds of evidence among those that spoke for it.
 */
struct porch_evidences model_evidence(const struct model *model,
    const struct model_verdict *verdict, const struct porch_feature *features, size_t class,
    struct arena *arena, unsigned *kinds);

/* Strong with 3 or more independent kinds, moderate with 2. */
enum porch_strength strength_of(unsigned kinds);

#endif
