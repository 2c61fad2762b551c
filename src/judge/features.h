/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_FEATURES_H
#define JUDGE_FEATURES_H

#include "judge/content.h"

#define FEATURES 56 /* room for them */

/*
 * What the model "content" may look at: what was measured of an episode, who sent it, who
 * receives it, and what came before.  A feature without a unit is a question: 1 is yes.
 * Returns how many there are.
 */
size_t features_of(const struct content_context *context, const struct track_episode *episode,
    enum porch_shape shape, struct porch_feature feature[static FEATURES]);

bool features_has_purpose(const struct porch_destination *receiver, const char *purpose);
/* A host that gives orders spoke to the device before, and not in answer to it. */
bool features_after_order(const struct content_context *context,
    const struct track_episode *episode);
bool features_makes_footage(enum porch_kind kind);
/* The far end's port is that of a VPN server; a near one may be any by chance. */
bool features_through_vpn(const struct porch_rules *rules, const struct track_episode *episode);

#endif
