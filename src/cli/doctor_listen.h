/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_DOCTOR_LISTEN_H
#define CLI_DOCTOR_LISTEN_H

#include "base/frame.h"
#include "cli/doctor_checks.h"
#include "cli/doctor_press.h"

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

struct doctor_listening {
	const struct doctor_home *home;
	int64_t lasting;               /* microseconds; 0: only tries to open the interfaces */
	struct doctor_press *press;    /* sees all frames, and may end it early; or NULL */
	const struct speaker *speaker; /* of what the press answers */
};

/*
 * Opens every interface that is up and listens to all of them, in a process of its own that is
 * shut in.  Fills facts->capture, and what the press answers; false, with nothing in them, when
 * there can be no such process or it was lost.  With a press, Enter on a terminal ends it too.
 */
bool doctor_listen(struct doctor_facts *facts, const struct doctor_listening *how,
    struct doctor_answer *answer);

#endif
