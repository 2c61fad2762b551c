/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_WATCH_HOOK_RUNNER_H
#define CLI_WATCH_HOOK_RUNNER_H

#include "sink/messenger/setup.h"

/*
 * Forks the process that runs the user's commands (sink/messenger/hook.h), before this one is
 * shut in.  It has no capability and gets no new privileges; its commands run as by sh -c,
 * with nothing heard from a network in their words.  Returns the socket to it, or -1.
 */
int hook_runner_start(const struct setup_list *commands);

#endif
