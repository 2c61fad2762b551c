/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_ZONE_H
#define CLI_ZONE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Time zones of the summary, from the machine's zone database.  Asked for by name only:
 * TZ and /etc/localtime change nothing.
 */

/* Whether name is UTC, or a zone the database has. */
bool zone_known(const char *name);
/* Makes zone_offset() speak of this known zone, for the whole program. */
void zone_use(const char *name);
/* Seconds east of UTC at a time in microseconds; for struct sink_style. */
int32_t zone_offset(int64_t time, void *user);

#endif
