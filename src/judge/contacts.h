/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_CONTACTS_H
#define JUDGE_CONTACTS_H

#include "judge/track.h"

/*
 * With whom each device spoke last, so that an upload can be seen together with the press,
 * the motion message or the call that came before it.  Heartbeats are too small to be here.
 */
struct contacts;

struct contacts *contacts_new(size_t max, uint64_t seed); /* NULL when out of memory */
void contacts_free(struct contacts *contacts);

/* The device sent a message to the receiver `what`, or was sent one. */
void contacts_see(struct contacts *contacts, const struct device_key *device, uint64_t what,
    bool up, int64_t time);

/*
 * The last message of that direction before `start` and at most `within` microseconds of it;
 * with the receiver `what` itself, not in the half second that may be of the same upload.
 */
struct track_before contacts_before(const struct contacts *contacts,
    const struct device_key *device, uint64_t what, bool up, int64_t start, int64_t within);

#endif
