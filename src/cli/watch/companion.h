/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_WATCH_COMPANION_H
#define CLI_WATCH_COMPANION_H

#include <stdbool.h>
#include <sys/types.h>

#include "cli/options.h"
#include "cli/watch/rights.h"

/*
 * A process beside the one that counts, which tells others what that tells it: over a socket
 * of its own, one record a line.  It ends when its lines do; when it fails it is run again
 * (minder.h).
 */
struct companion {
	pid_t pid;  /* of who minds it; 0: none, or it has ended */
	int socket; /* of the one that counts; -1: none */
	int status; /* of waitpid(), once it ended */
	const char *name;
	int (*run)(const struct options *options, int socket);
};

/* Forks; the options are read there.  False when it cannot. */
bool companion_start(struct companion *companion, const struct options *options,
    const struct rights *rights);

/* The status it ended with, once; -1 while it runs, and after. */
int companion_ended(struct companion *companion);

/* Waits for its end, milliseconds at most, and then ends it. */
void companion_end(struct companion *companion, int milliseconds);

#endif
