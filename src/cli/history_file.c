/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/history_file.h"

#include "cli/say.h"

static void
warn(const char *line, void *user)
{
	(void)user;
	say("%s", line);
}

struct history_setup
history_file(const struct options *options)
{
	return (struct history_setup){
	    .path = options->history ? options->history : HISTORY_FOLDER,
	    .key = options->history_key,
	    .copy = options->history_copy[0] ? options->history_copy : NULL,
	    .copy_minutes = options->history_minutes,
	    .days = options->history_days,
	    .warn = warn,
	};
}
