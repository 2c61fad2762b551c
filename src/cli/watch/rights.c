/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* setresuid, setgroups, syscall */
#include "cli/watch/rights.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cli/confine.h"

#define CAPTURE  (1U << CAP_NET_RAW)
#define LAST_CAP 63

struct sets {
	struct __user_cap_data_struct half[2];
};

static bool
read_sets(struct sets *sets)
{
	struct __user_cap_header_struct version = {.version = _LINUX_CAPABILITY_VERSION_3};

	memset(sets, 0, sizeof(*sets));
	return syscall(SYS_capget, &version, sets->half) == 0;
}

static bool
write_sets(const struct sets *sets)
{
	struct __user_cap_header_struct version = {.version = _LINUX_CAPABILITY_VERSION_3};

	return syscall(SYS_capset, &version, sets->half) == 0;
}

bool
rights_may_capture(void)
{
	struct sets sets;

	return read_sets(&sets) && (sets.half[0].effective & CAPTURE);
}

static bool
refuse(struct porch_error *error, const char *what, int why)
{
	*error = (struct porch_error){.offset = -1};
	snprintf(error->text, sizeof(error->text), "%s%s%s", what, why ? ": " : "",
	    why ? strerror(why) : "");
	return false;
}

bool
rights_find(const char *name, struct rights *rights, struct porch_error *error)
{
	const struct passwd *found;

	*rights = (struct rights){.change = geteuid() == 0, .user = geteuid(), .group = getegid()};
	if (!rights->change)
		return true;
	found = getpwnam(name ? name : "porchlight");
	if (!found && !name)
		found = getpwnam("nobody");
	if (!found || found->pw_uid == 0) {
		refuse(error, found ? "root is no user to run as" : "no such user", 0);
		snprintf(error->file, sizeof(error->file), "--user %s", name ? name : "nobody");
		return false;
	}
	rights->user = found->pw_uid;
	rights->group = found->pw_gid;
	snprintf(rights->name, sizeof(rights->name), "%s", found->pw_name);
	return true;
}

static bool
become(const struct rights *rights)
{
	return setgroups(0, NULL) == 0 &&
	       setresgid(rights->group, rights->group, rights->group) == 0 &&
	       setresuid(rights->user, rights->user, rights->user) == 0;
}

/* What programs run from here on could get; none is, and it costs nothing to be sure. */
static void
drop_bounds(void)
{
	for (unsigned long right = 0; right <= LAST_CAP; right++)
		if (right != CAP_NET_RAW)
			prctl(PR_CAPBSET_DROP, right, 0, 0, 0);
}

static bool
give_up(bool to_capture)
{
	struct sets sets;

	if (!read_sets(&sets))
		return false;
	sets.half[0].permitted &= to_capture ? CAPTURE : 0;
	sets.half[0].effective = sets.half[0].permitted;
	sets.half[1].permitted = sets.half[1].effective = 0;
	sets.half[0].inheritable = sets.half[1].inheritable = 0;
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0); /* since Linux 4.3 */
	return write_sets(&sets) && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

/* Whether anything that was given up can be had again, tried. */
static bool
can_come_back(const struct rights *rights, bool to_capture)
{
	struct sets sets;
	uid_t real, effective, saved;

	if (setuid(0) == 0 || setresuid(0, 0, 0) == 0 || seteuid(0) == 0 || setgid(0) == 0)
		return true;
	if (getresuid(&real, &effective, &saved) != 0 || real != effective || saved != effective ||
	    effective == 0 || (rights->change && effective != rights->user))
		return true;
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1 || !read_sets(&sets))
		return true;
	if ((sets.half[0].permitted & ~(to_capture ? CAPTURE : 0)) || sets.half[1].permitted)
		return true;
	sets.half[0].permitted = sets.half[0].effective = ~0U;
	return write_sets(&sets);
}

bool
rights_drop(const struct rights *rights, bool to_capture, struct porch_error *error)
{
	drop_bounds();
	if (rights->change && (prctl(PR_SET_KEEPCAPS, to_capture, 0, 0, 0) != 0 || !become(rights)))
		return refuse(error, "cannot become another user", errno);
	if (!give_up(to_capture))
		return refuse(error, "cannot give up rights", errno);
	if (can_come_back(rights, to_capture))
		return refuse(error, "rights that were given up could be had again", 0);
	/* What is left of a process that fell must not lie about; a sanitizer looks at its own. */
	prctl(PR_SET_DUMPABLE, CONFINE_SANITIZED, 0, 0, 0);
	return true;
}
