/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_WATCH_MINDER_H
#define CLI_WATCH_MINDER_H

#include "cli/watch/companion.h"

/*
 * The process in which a companion's program runs, and is run again when it fails: after a second,
 * then after twice as long each time, an hour at most, until it has gone well for ten minutes.
 * That it failed is said once until then.  Its lines wait meanwhile, as far as there is room.
 * Signal HUP is passed on.  Returns the status to end with: the program's when that was asked for
 * what makes no sense, or when its lines have ended.
 */
int minder_run(const struct companion *companion, const struct options *options, int socket);

#endif
