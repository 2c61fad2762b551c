/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* SOCK_CLOEXEC */
#include "cli/watch/companion.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/say.h"
#include "cli/watch/minder.h"

#define LOOK_MS 20

/* It is a program of its own, so it begins as one does; the end of its lines is its end. */
static void
reset_signals(void)
{
	static const int numbers[] = {SIGHUP, SIGUSR1, SIGUSR2, SIGCHLD};
	sigset_t none;

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		signal(numbers[i], SIG_DFL);
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static _Noreturn void
run(const struct companion *companion, const struct options *options, const struct rights *rights,
    int socket)
{
	struct porch_error error = {.offset = -1};

	reset_signals();
	if (!rights_drop(rights, false, &error)) {
		say_error(&error);
		_exit(EXIT_NO_RESULT);
	}
	_exit(minder_run(companion, options, socket));
}

bool
companion_start(struct companion *companion, const struct options *options,
    const struct rights *rights)
{
	int end[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, end) != 0)
		return false;
	companion->pid = fork();
	if (companion->pid == 0) {
		close(end[0]);
		run(companion, options, rights, end[1]);
	}
	close(end[1]);
	companion->socket = end[0];
	return companion->pid > 0;
}

int
companion_ended(struct companion *companion)
{
	if (companion->pid <= 0 || waitpid(companion->pid, &companion->status, WNOHANG) == 0)
		return -1;
	companion->pid = 0;
	return WIFEXITED(companion->status) ? WEXITSTATUS(companion->status) : EXIT_NO_RESULT;
}

void
companion_end(struct companion *companion, int milliseconds)
{
	const struct timespec look = {.tv_nsec = LOOK_MS * 1000000L};

	if (companion->socket >= 0)
		close(companion->socket);
	companion->socket = -1;
	for (int waited = 0; companion->pid > 0 && waited < milliseconds; waited += LOOK_MS) {
		companion_ended(companion);
		if (companion->pid > 0)
			nanosleep(&look, NULL);
	}
	if (companion->pid <= 0)
		return;
	kill(companion->pid, SIGKILL);
	while (waitpid(companion->pid, &companion->status, 0) < 0 && errno == EINTR)
		continue;
	companion->pid = 0;
}
