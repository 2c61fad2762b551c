/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_DOCTOR_LISTEN_H
#define CLI_DOCTOR_LISTEN_H

#include "base/frame.h"
#include "cli/doctor_checks.h"

/* Who is at home, for whom a sample is taken; lent. */
struct doctor_home {
	const struct addr *own; /* addresses of this machine */
	size_t own_count;
	const struct prefix *inside; /* of --home */
	size_t inside_count;
};

/* Adds one frame: whose it is, and which way it goes. */
void doctor_sample_see(struct doctor_sample *sample, const struct doctor_home *home,
    const struct frame *frame);

/*
 * Opens every interface that is up and listens to all of them for that long (microseconds; 0:
 * only tries to open them), in a process of its own that is shut in.  Fills facts->capture;
 * false, with nothing in it, when there can be no such process or it was lost.
 */
bool doctor_listen(struct doctor_facts *facts, const struct doctor_home *home, int64_t lasting);

#endif
