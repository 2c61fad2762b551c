/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_WATCH_COUNTING_H
#define CLI_WATCH_COUNTING_H

#include <stdint.h>

#include "cli/options.h"
#include "cli/watch/rights.h"

struct belt;
struct surroundings;

struct counting_setup {
	const struct options *options;
	int argc; /* the command line, to be read anew */
	char **argv;
	struct rights rights;
	const struct surroundings *around; /* lent */
	struct belt *belt;                 /* lent */
	int messenger;                     /* sockets of those that tell others; -1: none */
	int page;
	int parent; /* a socket: bytes are written, as below; closed: it is gone */
};

#define COUNTING_READY 'r'
#define COUNTING_DONE  'd' /* whoever reads standard output had enough: nothing failed */

/*
 * The process that counts, from its first step to its last: it gives up its rights, loads the
 * rules, shuts itself in and takes what comes through the belt until that ends.  Returns the
 * exit status.
 */
int counting_main(const struct counting_setup *setup);

#endif
