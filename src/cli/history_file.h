/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_HISTORY_FILE_H
#define CLI_HISTORY_FILE_H

#include "cli/options.h"
#include "history.h"

/* Where a service keeps its history. */
#define HISTORY_FOLDER "/var/lib/porchlight"

/* What the options say of a history; rules and options of the watch are left to the caller. */
struct history_setup history_file(const struct options *options);

#endif
