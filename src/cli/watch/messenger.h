/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_WATCH_MESSENGER_H
#define CLI_WATCH_MESSENGER_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/options.h"

/*
 * The process that tells others (sink/messenger/messenger.h).  It is a program of its own,
 * porchlight-messenger, so that what counts never loads a library that talks to networks.
 */

/* Whether anybody is to be told at all. */
bool messenger_wanted(const struct options *options);

/*
 * Where what waits to be delivered lies: the folder "spool" beside the history; false when
 * there is no history, and then it is in memory.  `forget` erases it with outbox_forget().
 */
bool messenger_folder(const struct options *options, char *folder, size_t size);

/*
 * Becomes that program, which reads event lines from the descriptor until it ends; to be
 * called in a process made for it.  HUP reopens what it writes to; INT is ignored, since it ends
 * with its lines.  Returns only when there is no such program: an exit status.
 */
int messenger_run(const struct options *options, int events_fd);

#endif
