/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULES_CALIBRATION_H
#define RULES_CALIBRATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rules/rules.h"

/*
 * What a model's probability of footage turned out to be on devices it had not seen:
 * rules/models/calibration.json, made by training, as integers.  Between two points the
 * line is straight; before the first and after the last it is level.
 */
struct calibration_point {
	int16_t raw; /* thousandths the model said */
	int16_t is;  /* thousandths of them that were footage */
};

struct calibration {
	const char *model;               /* whose */
	struct porch_texts vendors;      /* makers that a training or test capture covers */
	struct calibration_point *point; /* raw ascending, is never descending */
	size_t points;
};

/* NULL when the rules have none for that model. */
const struct calibration *rules_calibration(const struct porch_rules *rules, const char *model);

/* The calibrated thousandths; raw as it is when calibration is NULL. */
int16_t calibration_apply(const struct calibration *calibration, int16_t raw);

/* False for a NULL calibration or vendor. */
bool calibration_covers(const struct calibration *calibration, const char *vendor);

#endif
