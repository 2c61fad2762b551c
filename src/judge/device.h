/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_DEVICE_H
#define JUDGE_DEVICE_H

#include "base/arena.h"
#include "home/advice.h"
#include "home/device.h"
#include "judge/model.h"
#include "rules/rules.h"

/* What the flows of a device show together, beside what it says of itself. */
struct device_traffic {
	uint64_t bytes_up;
	uint64_t bytes_down;
	uint64_t streams;          /* uploads that look like a live stream, to anybody */
	uint64_t calls;            /* streams that went both ways */
	uint64_t peer_streams;     /* streams to an address it was introduced to */
	uint64_t to_footage_hosts; /* uploads to hosts that receive footage */
	struct advice advice;      /* on all it talked to outside */
};

struct device_verdict {
	enum porch_kind kind;
	int16_t confidence;
	const struct vendor *vendor; /* or NULL */
	const char *product;         /* or NULL */
	struct porch_evidences evidence;
	enum porch_strength strength;
};

/*
 * places are lent, of the model "device", or NULL.  No evidence when the rules have no such model,
 * or when arena is NULL.
 */
void device_judge(const struct porch_rules *rules, struct model_places *places,
    const struct device *device, const struct device_traffic *traffic, struct arena *arena,
    struct device_verdict *verdict);

#endif
