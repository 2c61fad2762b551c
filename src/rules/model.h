/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULES_MODEL_H
#define RULES_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rules/rules.h"

/*
 * An additive model as data: rules/models/NAME.json.  Each term looks at one feature and,
 * where its value lies in [at_least, at_most], adds integer milli-logits to classes.
 */
#define MODEL_CLASSES 10

struct model_weight {
	size_t class; /* index into the model's classes */
	int32_t milli_logits;
};

struct model_term {
	struct rule rule;
	const char *feature; /* a name judge/ knows */
	bool has_at_least, has_at_most;
	int64_t at_least, at_most;
	struct model_weight weight[MODEL_CLASSES];
	size_t weights;
	const char *reason; /* words of the evidence: "uploaded at the pace of live video" */
	const char *kind;   /* kind of evidence: "volume", "timing", "name", "look-up", "owner",
	                       "protocol", "user" */
};

struct model {
	const char *name;
	const char *class[MODEL_CLASSES];
	int32_t bias[MODEL_CLASSES]; /* milli-logits */
	size_t classes;
	const struct model_term *term;
	size_t terms;
};

/* NULL when the rules have no such model. */
const struct model *rules_model(const struct porch_rules *rules, const char *name);
/*
 * A named number of rules/models/thresholds.json ("episode.on_bps"); false when missing.
 * rule may be NULL.
 */
bool rules_number(const struct porch_rules *rules, const char *name, int64_t *value,
    struct rule *rule);

#endif
