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

/*
 * Floors that were found before, for many receivers under one set of rules: what is told of a
 * receiver's name, place and traffic makes no difference to its floor, and most receivers are of
 * few kinds.
 */
#define FLOORS 32

struct floor_memo {
	struct floor_known {
		enum porch_kind kind;
		enum porch_party party;
		bool named;                 /* the device, by the user */
		bool known;                 /* the receiver; what follows is of it */
		bool behalf;                /* it belongs to another's tenant */
		const char *const *purpose; /* a list of the rules: told by where it lies */
		size_t purposes;
		int64_t floor;
	} item[FLOORS];
	size_t count; /* ever kept; the oldest makes room */
};

/* floor_of_receiver(), looked up where the memo knows it; a zeroed memo knows nothing. */
int64_t floor_recall(struct floor_memo *memo, const struct content_context *context,
    struct arena *arena);

#endif
