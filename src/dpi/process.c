/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memfd_create, MSG_NOSIGNAL, environ */
#include "dpi/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SECOND INT64_C(1000000)

/* Linux 5.1; older kernels refuse it, and then the adviser could write what it is shown. */
#ifndef F_SEAL_FUTURE_WRITE
#define F_SEAL_FUTURE_WRITE 0x0010
#endif

/* Above the numbers that the adviser finds its own under; -1 for -1. */
static int
lift(int descriptor)
{
	int above = -1;

	if (descriptor >= 0) {
		above = fcntl(descriptor, F_DUPFD_CLOEXEC, PROCESS_MEMORY + 1);
		close(descriptor);
	}
	return above;
}

bool
process_open(struct process *p)
{
	memset(p, 0, sizeof(*p));
	p->socket = -1;
	p->memory = lift(memfd_create("porchlight-slices", MFD_CLOEXEC | MFD_ALLOW_SEALING));
	if (p->memory < 0)
		return false;
	if (ftruncate(p->memory, (off_t)WIRE_MEMORY) != 0) {
		close(p->memory);
		return false;
	}
	p->cell = mmap(NULL, WIRE_MEMORY, PROT_READ | PROT_WRITE, MAP_SHARED, p->memory, 0);
	if (p->cell == MAP_FAILED) {
		close(p->memory);
		return false;
	}
	fcntl(p->memory, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE);
	return true;
}

void
process_close(struct process *p)
{
	process_end(p, true);
	munmap(p->cell, WIRE_MEMORY);
	close(p->memory);
}

/* Its own group, so that keys meant for the one that counts do not end it. */
static bool
prepare(posix_spawn_file_actions_t *files, posix_spawnattr_t *how, const struct process *p, int end)
{
	sigset_t none, usual;

	sigemptyset(&none);
	sigemptyset(&usual);
	sigaddset(&usual, SIGPIPE);
	return posix_spawn_file_actions_addopen(files, 0, "/dev/null", O_RDONLY, 0) == 0 &&
	       posix_spawn_file_actions_addopen(files, 1, "/dev/null", O_WRONLY, 0) == 0 &&
	       posix_spawn_file_actions_addopen(files, 2, "/dev/null", O_WRONLY, 0) == 0 &&
	       posix_spawn_file_actions_adddup2(files, end, PROCESS_SOCKET) == 0 &&
	       posix_spawn_file_actions_adddup2(files, p->memory, PROCESS_MEMORY) == 0 &&
	       posix_spawnattr_setsigmask(how, &none) == 0 &&
	       posix_spawnattr_setsigdefault(how, &usual) == 0 &&
	       posix_spawnattr_setpgroup(how, 0) == 0 &&
	       posix_spawnattr_setflags(how,
	           POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP) == 0;
}

static bool
spawn(struct process *p, const char *program, int end)
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
	started = prepare(&files, &how, p, end) &&
	          posix_spawn(&p->pid, program, &files, &how, arguments, environ) == 0;
	posix_spawnattr_destroy(&how);
	posix_spawn_file_actions_destroy(&files);
	return started;
}

bool
process_start(struct process *p, const char *program)
{
	int end[2];
	bool started;

	p->filled = 0;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, end) != 0)
		return false;
	for (unsigned i = 0; i < 2; i++)
		end[i] = lift(end[i]);
	started = end[0] >= 0 && end[1] >= 0 && spawn(p, program, end[1]);
	if (end[1] >= 0)
		close(end[1]);
	if (started) {
		p->socket = end[0];
		return true;
	}
	if (end[0] >= 0)
		close(end[0]);
	p->pid = 0;
	return false;
}

static enum process_event
take_in(struct process *p)
{
	ssize_t got =
	    recv(p->socket, p->said + p->filled, sizeof(p->said) - p->filled, MSG_DONTWAIT);

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return PROCESS_QUIET;
	if (got <= 0)
		return PROCESS_GONE;
	p->filled += (size_t)got;
	return p->filled >= WIRE_ANSWER ? PROCESS_SAID : PROCESS_QUIET;
}

enum process_event
process_listen(struct process *p, int milliseconds)
{
	struct pollfd one = {.fd = p->socket, .events = POLLIN};
	int ready;

	if (p->pid == 0)
		return PROCESS_GONE;
	if (p->filled >= WIRE_ANSWER)
		return PROCESS_SAID;
	if (milliseconds == 0)
		return take_in(p);
	ready = poll(&one, 1, milliseconds);
	if (ready < 0)
		return errno == EINTR ? PROCESS_QUIET : PROCESS_GONE;
	return ready == 0 ? PROCESS_QUIET : take_in(p);
}

bool
process_take(struct process *p, uint8_t record[static WIRE_ANSWER])
{
	if (p->filled < WIRE_ANSWER)
		return false;
	memcpy(record, p->said, WIRE_ANSWER);
	p->filled -= WIRE_ANSWER;
	memmove(p->said, p->said + WIRE_ANSWER, p->filled);
	return true;
}

/* All questions that can be outstanding fit into the socket: a full one is not read. */
bool
process_tell(struct process *p, const uint8_t record[static WIRE_QUESTION])
{
	return p->pid != 0 &&
	       send(p->socket, record, WIRE_QUESTION, MSG_NOSIGNAL | MSG_DONTWAIT) == WIRE_QUESTION;
}

int64_t
process_cpu(const struct process *p)
{
	struct timespec used;
	clockid_t clock;

	if (p->pid == 0 || clock_getcpuclockid(p->pid, &clock) != 0 ||
	    clock_gettime(clock, &used) != 0)
		return -1;
	return (int64_t)used.tv_sec * SECOND + used.tv_nsec / 1000;
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
process_end(struct process *p, bool at_once)
{
	struct process_end end = {.own_fault = false};
	int status = 0;
	pid_t waited = 0;

	if (p->pid == 0)
		return end;
	close(p->socket);
	p->socket = -1;
	if (!at_once)
		waited = wait_for(p->pid, &status);
	if (waited == 0) {
		kill(p->pid, SIGKILL);
		do
			waited = waitpid(p->pid, &status, 0);
		while (waited < 0 && errno == EINTR);
	}
	p->pid = 0;
	p->filled = 0;
	if (waited > 0 && WIFSIGNALED(status))
		end.signal = WTERMSIG(status);
	end.own_fault = end.signal == 0 || is_own_fault(end.signal);
	return end;
}
