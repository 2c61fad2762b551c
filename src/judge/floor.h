/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_FLOOR_H
#define JUDGE_FLOOR_H

#include "judge/content.h"

/*
 * How small an upload to this receiver could be and still be seen: uploads of growing size
 * are put to the judge, each sent at once as a still would be and with nothing before it,
 * and the floor is the least size from which on none is called anything but footage, or
 * undecided.  It is never below what opens an episode wherever the bins happen to lie: twice
 * the opening rate's bytes, since two bins may share the upload.  -1: none of them is seen,
 * as where a rule says that a host takes measurements.
 */
int64_t floor_of_receiver(const struct content_context *context, struct arena *arena);

#endif
