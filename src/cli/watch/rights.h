/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_WATCH_RIGHTS_H
#define CLI_WATCH_RIGHTS_H

#include <stdbool.h>
#include <sys/types.h>

#include <porchlight/error.h>

/* Whom the processes of a watch run as. */
struct rights {
	bool change; /* root started it: it becomes this user */
	uid_t user;
	gid_t group;
	char name[64];
};

/* Whether this process may capture: it has CAP_NET_RAW in effect (packet(7)). */
bool rights_may_capture(void);

/*
 * NAME, else porchlight if there is such a user, else nobody.  False for a name that is no
 * user's or root's.  Who is not root stays who they are.
 */
bool rights_find(const char *name, struct rights *rights, struct porch_error *error);

/*
 * Becomes that user and gives up every capability for good, but, to capture, CAP_NET_RAW.
 * False, and says why, when that fails or when any of it can be taken back: then do not go on.
 */
bool rights_drop(const struct rights *rights, bool to_capture, struct porch_error *error);

#endif
