/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_WATCH_SURROUNDINGS_H
#define CLI_WATCH_SURROUNDINGS_H

#include "cli/confine.h"
#include "cli/options.h"
#include "engine.h"
#include "source/machine.h"

struct watch;

/* What this machine is like, as whoever starts a watch can see it before rights are given up. */
struct surroundings {
	struct machine_facts machine;
	struct addr own[ENGINE_HOSTS];
	size_t own_count;
};

void surroundings_see(struct surroundings *around, const struct options *options);

/*
 * What that means: own addresses, and what cannot be seen here, to the watch; the latter on
 * standard error as well, unless quiet.  confined: how far this process is shut in.
 */
void surroundings_tell(const struct surroundings *around, const struct porch_rules *rules,
    const struct confined *confined, bool quiet, struct watch *watch);

#endif
