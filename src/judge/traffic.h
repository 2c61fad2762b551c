/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_TRAFFIC_H
#define JUDGE_TRAFFIC_H

#include "home/destination.h"
#include "judge/device.h"
#include "judge/track.h"

/* Adds what an episode shows of its device; row is its receiver, or NULL. */
void traffic_see(struct device_traffic *traffic, const struct porch_rules *rules,
    const struct track_episode *episode, const struct destination *row);

#endif
