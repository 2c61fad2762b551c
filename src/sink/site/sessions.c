/* SPDX-License-Identifier: Apache-2.0 */

/* Sessions outlive a restart of the daemon where there is a place to keep them. */

#include <string.h>
#include <time.h>
#include <unistd.h>

#include "sink/site/server.h"

static int64_t
clock_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec;
}

void
sessions_take_up(struct site *site)
{
	char state[GUARD_STATE];

	if (site->setup->sessions >= 0 &&
	    pread(site->setup->sessions, state, sizeof(state), 0) == (ssize_t)sizeof(state))
		guard_restore(site->guard, state, site->now, clock_seconds());
	site->kept = guard_changes(site->guard) - 1; /* also the key of the forms of this run */
}

/* In one piece, in place: a crash leaves the old state or the new one. */
void
sessions_keep(struct site *site)
{
	char state[GUARD_STATE];

	if (site->setup->sessions < 0 || site->kept == guard_changes(site->guard))
		return;
	site->kept = guard_changes(site->guard);
	guard_save(site->guard, site->now, clock_seconds(), state);
	if (pwrite(site->setup->sessions, state, sizeof(state), 0) != (ssize_t)sizeof(state))
		site->kept--; /* again later */
}
