/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_WATCH_SUPERVISOR_H
#define CLI_WATCH_SUPERVISOR_H

#include "cli/options.h"

/*
 * The first process of a watch.  It starts the one that counts, gives up what it does not need
 * to capture, and captures until INT or TERM, or until the one that counts ends or hangs.  The
 * command line is the one that the options were read from, for those that read it anew.
 * Returns the exit status.
 */
int supervise(const struct options *options, int argc, char **argv);

#endif
