/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* syscall */
#include "cli/inspector.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dpi/keeper.h"

#define PATH_SIZE 4096

bool
program_folder(char *folder, size_t size)
{
	ssize_t len = readlink("/proc/self/exe", folder, size - 1);
	char *slash;

	if (len <= 0)
		return false;
	folder[len] = '\0';
	slash = strrchr(folder, '/');
	if (!slash)
		return false;
	*slash = '\0';
	return true;
}

static bool
is_program(char *path, size_t size, const char *folder, const char *rest)
{
	int len = snprintf(path, size, "%s/%s", folder, rest);

	return len > 0 && (size_t)len < size && access(path, X_OK) == 0;
}

bool
inspector_find(char *path, size_t size)
{
	const char *said = getenv("PORCHLIGHT_INSPECTOR");
	char folder[PATH_SIZE];

	if (said && said[0])
		return (size_t)snprintf(path, size, "%s", said) < size;
	return program_folder(folder, sizeof(folder)) &&
	       (is_program(path, size, folder, PORCHLIGHT_INSPECTOR_FROM_PROGRAM) ||
	           is_program(path, size, folder, "porchlight-dpi"));
}

/* Nothing of its maker stays open: a reader of standard output would wait for it too. */
static _Noreturn void
keep(int its_end, const char *program)
{
	int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
	int socket = fcntl(its_end, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);

	for (int i = 0; i <= STDERR_FILENO; i++)
		dup2(nothing, i);
	if (dup2(socket, STDERR_FILENO + 1) >= 0) {
		fcntl(STDERR_FILENO + 1, F_SETFD, FD_CLOEXEC);
#ifdef SYS_close_range
		syscall(SYS_close_range, STDERR_FILENO + 2, ~0U, 0);
#endif
		setpgid(0, 0); /* keys meant for the one that counts do not end it */
		keeper_serve(STDERR_FILENO + 1, program);
	}
	_exit(0);
}

bool
inspector_keep(struct inspector_keeper *kept, const char *program)
{
	int its_end;

	*kept = (struct inspector_keeper){.keeper = keeper_new(&its_end)};
	if (!kept->keeper)
		return false;
	kept->pid = fork();
	if (kept->pid == 0) {
		keeper_free(kept->keeper); /* its copy: who asks is the other */
		keep(its_end, program);
	}
	close(its_end);
	if (kept->pid > 0)
		return true;
	keeper_free(kept->keeper);
	kept->keeper = NULL;
	return false;
}

void
inspector_release(struct inspector_keeper *kept)
{
	if (!kept->keeper)
		return;
	keeper_free(kept->keeper);
	while (waitpid(kept->pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	kept->keeper = NULL;
}
