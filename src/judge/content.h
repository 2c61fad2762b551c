/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_CONTENT_H
#define JUDGE_CONTENT_H

#include "base/arena.h"
#include "home/advice.h"
#include "judge/device.h"
#include "judge/track.h"
#include "rules/rules.h"

/*
 * Says what an episode was: fills shape, content, could_be, footage, the probabilities,
 * likelihood, strength, evidence, limits, transport and live_view of *record.  receiver is
 * NULL when the destination is not known.
 */
struct content_context {
	const struct porch_rules *rules;
	const struct device_verdict *device;
	bool device_named; /* by the user: watched whatever it looks like */
	const struct porch_destination *receiver;
	const struct porch_destination *told_by; /* who last told the device something before */
	const struct advice *advice;             /* on the receiver, or NULL */
	const char *advice_limit;                /* why there is none, or not all; or NULL */
	struct model_places *places;             /* lent, of the model "content", or NULL */
};

void content_judge(const struct content_context *context, const struct track_episode *episode,
    struct arena *arena, struct porch_episode *record);
/* The same verdict without its working: no features, no evidence and no strength of it. */
void content_weigh(const struct content_context *context, const struct track_episode *episode,
    struct arena *arena, struct porch_episode *record);

/* Whether it moves like live media: used before anything is known of device or receiver. */
bool content_is_stream(const struct porch_rules *rules, const struct track_episode *episode);

#endif
