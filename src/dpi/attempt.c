/* SPDX-License-Identifier: Apache-2.0 */
#include "dpi/attempt.h"

#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static bool
exec_is_refused(void)
{
	char *const arguments[] = {(char[]){"true"}, NULL};

	return execve("/bin/true", arguments, NULL) != 0;
}

/* A child that there should not be goes the same way home, and says the same of itself. */
static bool
fork_is_refused(void)
{
	pid_t child = fork();

	if (child > 0)
		waitpid(child, NULL, 0);
	return child < 0;
}

bool
attempt_is_refused(const char *what)
{
	if (strcmp(what, "open") == 0)
		return open("/etc/passwd", O_RDONLY | O_CLOEXEC) < 0;
	if (strcmp(what, "socket") == 0)
		return socket(AF_INET, SOCK_DGRAM, 0) < 0;
	if (strcmp(what, "exec") == 0)
		return exec_is_refused();
	if (strcmp(what, "fork") == 0)
		return fork_is_refused();
	if (strcmp(what, "ptrace") == 0)
		return ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0;
	if (strcmp(what, "setuid") == 0)
		return setuid(0) < 0;
	return false;
}
