/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_SCREEN_H
#define CLI_SCREEN_H

#include <stdbool.h>

#include "cli/options.h"
#include "sink/sink.h"

/* The only place that asks the environment how a result should look. */

/* COLUMNS, else the width of the terminal behind fd, else 80. */
unsigned screen_columns(int fd);
/* Whether the user's locale says that text is UTF-8. */
bool screen_utf8(void);
/* How the sinks should show a result on standard output. */
struct sink_style screen_style(const struct options *options);

#endif
