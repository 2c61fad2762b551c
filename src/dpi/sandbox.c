/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* setresuid, syscall */
#include "dpi/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

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

/*
 * landlock(7): the numbers are the same for all processors.  The structure is written down
 * here because that of an older header lacks what a newer kernel knows.
 */
#define LANDLOCK_CREATE   444
#define LANDLOCK_RESTRICT 446
#define LANDLOCK_VERSION  1U /* flag: asks for the ABI */

struct landlock_rules {
	uint64_t files;   /* rights that are taken away where no rule gives them */
	uint64_t network; /* from ABI 4 */
	uint64_t scopes;  /* from ABI 6 */
};

/* All rights of an ABI, and no rule that gives one back. */
static uint8_t
enter_landlock(void)
{
	static const uint8_t file_rights[] = {0, 13, 14, 15, 15, 16};
	long abi = syscall(LANDLOCK_CREATE, NULL, 0, LANDLOCK_VERSION);
	struct landlock_rules rules = {.files = 0};
	size_t size = sizeof(rules.files);
	long descriptor;
	bool done;

	if (abi < 1)
		return 0;
	rules.files = (UINT64_C(1) << file_rights[abi < 5 ? abi : 5]) - 1;
	if (abi >= 4) {
		rules.network = 3; /* TCP: bind, connect */
		size = sizeof(rules.files) + sizeof(rules.network);
	}
	if (abi >= 6) {
		rules.scopes = 3; /* abstract sockets, signals */
		size = sizeof(rules);
	}
	descriptor = syscall(LANDLOCK_CREATE, &rules, size, 0);
	if (descriptor < 0)
		return 0;
	done = syscall(LANDLOCK_RESTRICT, descriptor, 0) == 0;
	close((int)descriptor);
	return done ? (uint8_t)abi : 0;
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

static bool
try_exec(void)
{
	char *const arguments[] = {(char[]){"true"}, NULL};

	return execve("/bin/true", arguments, NULL) != 0;
}

static bool
try_fork(void)
{
	pid_t child = fork();

	if (child == 0)
		_exit(0);
	return child < 0;
}

bool
sandbox_try(const char *what)
{
	if (strcmp(what, "open") == 0)
		return open("/etc/passwd", O_RDONLY | O_CLOEXEC) < 0;
	if (strcmp(what, "socket") == 0)
		return socket(AF_INET, SOCK_DGRAM, 0) < 0;
	if (strcmp(what, "exec") == 0)
		return try_exec();
	if (strcmp(what, "fork") == 0)
		return try_fork();
	if (strcmp(what, "ptrace") == 0)
		return ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0;
	if (strcmp(what, "setuid") == 0)
		return setuid(0) < 0;
	return false;
}
