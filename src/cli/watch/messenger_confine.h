/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_WATCH_MESSENGER_CONFINE_H
#define CLI_WATCH_MESSENGER_CONFINE_H

#include "sink/messenger/setup.h"

/*
 * Shuts the process that tells others in: no capability, no new privileges, no program, only
 * the files and folders it was given, sockets of networks only when a webhook or a broker was
 * configured, and (from Landlock's ABI 4 on) TCP only to their ports.  The parts a kernel
 * lacks are left out.
 */
void messenger_confine(const struct messenger_setup *setup);

#endif
