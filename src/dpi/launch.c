/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* SOCK_CLOEXEC, environ */
#include "dpi/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "dpi/process.h"

int
launch_lift(int descriptor)
{
	int above = -1;

	if (descriptor >= 0) {
		above = fcntl(descriptor, F_DUPFD_CLOEXEC, PROCESS_MEMORY + 1);
		close(descriptor);
	}
	return above;
}

/* Its own group, so that keys meant for the one that counts do not end it. */
static bool
prepare(posix_spawn_file_actions_t *files, posix_spawnattr_t *how, int end, int memory)
{
	sigset_t none, usual;

	sigemptyset(&none);
	sigemptyset(&usual);
	sigaddset(&usual, SIGPIPE);
	return posix_spawn_file_actions_addopen(files, 0, "/dev/null", O_RDONLY, 0) == 0 &&
	       posix_spawn_file_actions_addopen(files, 1, "/dev/null", O_WRONLY, 0) == 0 &&
	       posix_spawn_file_actions_addopen(files, 2, "/dev/null", O_WRONLY, 0) == 0 &&
	       posix_spawn_file_actions_adddup2(files, end, PROCESS_SOCKET) == 0 &&
	       posix_spawn_file_actions_adddup2(files, memory, PROCESS_MEMORY) == 0 &&
	       posix_spawnattr_setsigmask(how, &none) == 0 &&
	       posix_spawnattr_setsigdefault(how, &usual) == 0 &&
	       posix_spawnattr_setpgroup(how, 0) == 0 &&
	       posix_spawnattr_setflags(how,
	           POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP) == 0;
}

static bool
spawn(pid_t *pid, const char *program, int end, int memory)
{
	char *const arguments[] = {(char *)(uintptr_t)program, NULL};
	posix_spawn_file_actions_t files;
	posix_spawnattr_t how;
	bool started;

	if (posix_spawn_file_actions_init(&files) != 0)
		return false;
	if (posix_spawnattr_init(&how) != 0) {
		posix_spawn_file_actions_destroy(&files);
		return false;
	}
	started = prepare(&files, &how, end, memory) &&
	          posix_spawn(pid, program, &files, &how, arguments, environ) == 0;
	posix_spawnattr_destroy(&how);
	posix_spawn_file_actions_destroy(&files);
	return started;
}

bool
launch_program(struct launched *launched, const char *program, int memory)
{
	int end[2];
	bool started;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, end) != 0)
		return false;
	for (unsigned i = 0; i < 2; i++)
		end[i] = launch_lift(end[i]);
	started = end[0] >= 0 && end[1] >= 0 && spawn(&launched->pid, program, end[1], memory);
	if (end[1] >= 0)
		close(end[1]);
	launched->socket = end[0];
	if (!started && end[0] >= 0)
		close(end[0]);
	return started;
}

static bool
is_own_fault(int signal)
{
	return signal == SIGSEGV || signal == SIGBUS || signal == SIGABRT || signal == SIGFPE ||
	       signal == SIGILL || signal == SIGSYS;
}

/* What closed its socket may still be on its way out: it is given a tenth of a second. */
static pid_t
wait_for(pid_t pid, int *status)
{
	pid_t waited = waitpid(pid, status, WNOHANG);

	for (unsigned i = 0; waited == 0 && i < 50; i++) {
		poll(NULL, 0, 2);
		waited = waitpid(pid, status, WNOHANG);
	}
	return waited;
}

struct process_end
launch_end(pid_t pid, bool at_once)
{
	struct process_end end = {.own_fault = false};
	int status = 0;
	pid_t waited = 0;

	if (!at_once)
		waited = wait_for(pid, &status);
	if (waited == 0) {
		kill(pid, SIGKILL);
		do
			waited = waitpid(pid, &status, 0);
		while (waited < 0 && errno == EINTR);
	}
	if (waited > 0 && WIFSIGNALED(status))
		end.signal = WTERMSIG(status);
	end.own_fault = end.signal == 0 || is_own_fault(end.signal);
	return end;
}
