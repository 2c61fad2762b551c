/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HOME_CROSSINGS_H
#define HOME_CROSSINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/frame.h"

/*
 * Where several interfaces are listened to, a frame may cross more than one: a bridge, and its
 * ports.  The frames of two MACs are followed on one interface; what others show of them is a
 * copy.  When that interface has shown nothing of them for a second and another does, as after
 * a camera went to another access point, they are followed there.
 */
struct crossings;

struct crossings *crossings_new(size_t max_pairs, uint64_t seed);
void crossings_free(struct crossings *crossings);

/* Whether a frame is to be counted.  One without MACs always is. */
bool crossings_follow(struct crossings *crossings, const struct frame *frame);

#endif
