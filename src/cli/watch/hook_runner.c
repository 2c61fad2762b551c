/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* pipe2 */
#include "cli/watch/hook_runner.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/confine.h"
#include "sink/messenger/hook.h"

#define RUNNING_MAX 64
#define LOOK_EVERY  100 /* milliseconds, while something runs */
#define LAST_WORDS  5   /* seconds between asking it to end and making it */

struct running {
	pid_t pid; /* and its process group; 0: none */
	uint8_t command;
	time_t due;
	bool asked; /* to end */
};

struct runner {
	const struct setup_list *commands;
	int socket;
	bool closed;
	struct running running[RUNNING_MAX];
	char message[HOOK_MESSAGE];
};

static time_t
seconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static void
answer(const struct runner *r, uint8_t command, enum hook_end end, int status)
{
	const struct hook_ran ran = {.command = command, .end = (uint8_t)end, .status = status};

	if (send(r->socket, &ran, sizeof(ran), MSG_NOSIGNAL) < 0)
		return; /* nobody is left to know */
}

/* The texts of a message become variables; returns what follows them, or NULL. */
static const char *
set_variables(const char *at, const char *end)
{
	static const char *const names[HOOK_VALUES] = {
	    [HOOK_KIND] = "PORCHLIGHT_KIND",
	    [HOOK_ID] = "PORCHLIGHT_ID",
	    [HOOK_DEVICE] = "PORCHLIGHT_DEVICE",
	    [HOOK_NAME] = "PORCHLIGHT_NAME",
	    [HOOK_SENTENCE] = "PORCHLIGHT_SENTENCE",
	};

	for (size_t i = 0; i < HOOK_VALUES; i++) {
		const char *nul = memchr(at, '\0', (size_t)(end - at));

		if (!nul)
			return NULL;
		setenv(names[i], at, 1);
		at = nul + 1;
	}
	return at;
}

/* Its standard input holds the object already: what it was given, it reads without waiting. */
static _Noreturn void
become(const char *command, const char *texts, const char *end)
{
	const char *object = set_variables(texts, end);
	sigset_t none;
	int fds[2];
	int input = -1;

	if (object && pipe2(fds, O_CLOEXEC) == 0) {
		size_t len = (size_t)(end - object);

		if (write(fds[1], object, len) == (ssize_t)len && write(fds[1], "\n", 1) == 1)
			input = fds[0];
		close(fds[1]);
	}
	setpgid(0, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGINT, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	if (input >= 0 && dup2(input, STDIN_FILENO) >= 0)
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(127);
}

static struct running *
free_place(struct runner *r)
{
	for (size_t i = 0; i < RUNNING_MAX; i++)
		if (r->running[i].pid == 0)
			return &r->running[i];
	return NULL;
}

static void
run(struct runner *r, size_t len)
{
	struct running *place = free_place(r);
	uint8_t command = (uint8_t)r->message[0];
	pid_t pid;

	if (command >= r->commands->count)
		return;
	if (!place) {
		answer(r, command, HOOK_NOT_RUN, EAGAIN);
		return;
	}
	pid = fork();
	if (pid == 0)
		become(r->commands->item[command], r->message + 1, r->message + len);
	if (pid < 0) {
		answer(r, command, HOOK_NOT_RUN, errno);
		return;
	}
	setpgid(pid, pid);
	*place = (struct running){.pid = pid, .command = command, .due = seconds_now() + HOOK_TIME};
}

static void
bury(struct runner *r, struct running *place, int status)
{
	if (place->asked)
		answer(r, place->command, HOOK_TOO_SLOW, 0);
	else if (WIFEXITED(status))
		answer(r, place->command, HOOK_EXITED, WEXITSTATUS(status));
	else
		answer(r, place->command, HOOK_SIGNALLED, WTERMSIG(status));
	if (place->asked)
		kill(-place->pid, SIGKILL); /* what it left behind */
	place->pid = 0;
}

/* Looks after what runs; returns how many do. */
static size_t
look(struct runner *r)
{
	time_t now = seconds_now();
	size_t count = 0;

	for (size_t i = 0; i < RUNNING_MAX; i++) {
		struct running *place = &r->running[i];
		int status;

		if (place->pid == 0)
			continue;
		if (waitpid(place->pid, &status, WNOHANG) == place->pid) {
			bury(r, place, status);
			continue;
		}
		count++;
		if (now < place->due)
			continue;
		kill(-place->pid, place->asked ? SIGKILL : SIGTERM);
		place->asked = true;
		place->due = now + LAST_WORDS;
	}
	return count;
}

static _Noreturn void
serve(struct runner *r)
{
	size_t running = 0;

	while (!r->closed || running > 0) {
		struct pollfd fd = {.fd = r->closed ? -1 : r->socket, .events = POLLIN};
		ssize_t got = -1;

		poll(&fd, 1, running > 0 ? LOOK_EVERY : -1);
		if (fd.revents)
			got = recv(r->socket, r->message, sizeof(r->message), MSG_DONTWAIT);
		if (got > 0)
			run(r, (size_t)got);
		else if (fd.revents && (got == 0 || errno != EAGAIN))
			r->closed = true;
		running = look(r);
	}
	_exit(0);
}

int
hook_runner_start(const struct setup_list *commands)
{
	struct runner *runner = calloc(1, sizeof(*runner));
	int ends[2];
	pid_t pid;

	if (!runner || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
		free(runner);
		return -1;
	}
	pid = fork();
	if (pid == 0) {
		close(ends[0]);
		close(STDIN_FILENO); /* the lines are another's */
		runner->commands = commands;
		runner->socket = ends[1];
		if (open("/dev/null", O_RDONLY) == STDIN_FILENO &&
		    confine_rights(CONFINE_TELLING_HERE))
			serve(runner);
		_exit(1);
	}
	close(ends[1]);
	free(runner);
	if (pid > 0)
		return ends[0];
	close(ends[0]);
	return -1;
}
