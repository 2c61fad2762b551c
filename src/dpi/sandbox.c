/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* setresuid */
#include "dpi/sandbox.h"

#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "dpi/landlock.h"
#include "dpi/wire.h"

#define NOBODY       65534
#define MEMORY_EXTRA (256UL << 20) /* beyond what is taken when it is shut in */
#define DESCRIPTORS  5             /* 0, 1, 2 (all /dev/null), the socket, the memory */

/* Bytes of address space in use: sanitizers reserve terabytes, so no fixed number will do. */
static unsigned long
memory_taken(void)
{
	FILE *file = fopen("/proc/self/statm", "r");
	unsigned long pages = 0;

	if (!file)
		return 0;
	if (fscanf(file, "%lu", &pages) != 1)
		pages = 0;
	fclose(file);
	return pages * (unsigned long)sysconf(_SC_PAGESIZE);
}

static bool
limit(int what, rlim_t most)
{
	struct rlimit both = {.rlim_cur = most, .rlim_max = most};

	return setrlimit((__rlimit_resource_t)what, &both) == 0;
}

static bool
set_limits(unsigned long taken)
{
	return taken > 0 && limit(RLIMIT_AS, taken + MEMORY_EXTRA) && limit(RLIMIT_CORE, 0) &&
	       limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_NPROC, 0) &&
	       limit(RLIMIT_NOFILE, DESCRIPTORS) && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0;
}

/* Who is root becomes nobody, which gives up all capabilities too (capabilities(7)). */
static bool
become_nobody(void)
{
	if (geteuid() == 0 && (setgroups(0, NULL) != 0 || setresgid(NOBODY, NOBODY, NOBODY) != 0 ||
	                          setresuid(NOBODY, NOBODY, NOBODY) != 0))
		return false;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

/* All rights of an ABI, and no rule that gives one back. */
static uint8_t
enter_landlock(void)
{
	uint8_t abi;
	int bounds = landlock_begin(&abi);

	return bounds >= 0 && landlock_enter(bounds) ? abi : 0;
}

void
sandbox_enter(struct sandbox *reached)
{
	unsigned long taken = memory_taken(); /* by a file: before there are none */

	memset(reached, 0, sizeof(*reached));
	/* Landlock takes a descriptor, so it comes before the limits. */
	if (become_nobody())
		reached->shut_in |= SHUT_IN_USER;
	reached->landlock = enter_landlock();
	if (reached->landlock > 0)
		reached->shut_in |= SHUT_IN_LANDLOCK;
	if (set_limits(taken))
		reached->shut_in |= SHUT_IN_LIMITS;
	if (sandbox_filter_calls())
		reached->shut_in |= SHUT_IN_SECCOMP;
}
