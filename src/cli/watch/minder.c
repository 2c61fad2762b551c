/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* POLLRDHUP */
#include "cli/watch/minder.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/say.h"
#include "source/clock.h"

#define FIRST_PAUSE_S 1
#define PAUSE_MOST_S  3600
#define WELL_S        600 /* it has gone well: what comes is another failure */
#define DESCRIPTORS   256 /* of who started this there are fewer */

/* Of the program; one process minds one, and handlers take no argument. */
static volatile pid_t minded;

static void
pass_on(int number)
{
	if (minded > 0)
		kill(minded, number);
}

/* What its parent had open is no business of this process, which starts no other program. */
static void
close_others(int socket)
{
	for (int fd = STDERR_FILENO + 1; fd < DESCRIPTORS; fd++)
		if (fd != socket)
			close(fd);
}

static int64_t
seconds_now(void)
{
	const struct clock *clock = clock_machine();

	return clock->monotonic(clock->user) / 1000000;
}

/* Runs it once; the status of waitpid(). */
static int
run_once(const struct companion *companion, const struct options *options, int socket)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		signal(SIGHUP, SIG_DFL);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		_exit(companion->run(options, socket));
	}
	minded = pid;
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	minded = 0;
	return pid > 0 ? status : EXIT_NO_RESULT << 8;
}

static void
say_failed(const struct companion *companion, int status)
{
	if (WIFSIGNALED(status))
		say("%s was ended by signal %d: it is started again", companion->name,
		    WTERMSIG(status));
	else
		say("%s ended with status %d: it is started again", companion->name,
		    WEXITSTATUS(status));
}

/* False when its lines have ended meanwhile. */
static bool
pause_for(int seconds, int socket)
{
	struct pollfd wait = {.fd = socket, .events = POLLRDHUP};
	int64_t until = seconds_now() + seconds;

	while (seconds_now() < until)
		if (poll(&wait, 1, (int)(until - seconds_now()) * 1000) > 0)
			return false;
	return true;
}

/* It was asked for what makes no sense, or all is told. */
static bool
is_final(int status)
{
	return WIFEXITED(status) &&
	       (WEXITSTATUS(status) == EXIT_DONE || WEXITSTATUS(status) == EXIT_USAGE ||
	           WEXITSTATUS(status) == EXIT_BAD_RULES);
}

int
minder_run(const struct companion *companion, const struct options *options, int socket)
{
	const struct sigaction action = {.sa_handler = pass_on};
	int pause = FIRST_PAUSE_S, status;
	bool more = true;

	close_others(socket);
	sigaction(SIGHUP, &action, NULL);
	for (;;) {
		int64_t begun = seconds_now();

		status = run_once(companion, options, socket);
		if (is_final(status) || !more)
			break;
		if (seconds_now() - begun >= WELL_S)
			pause = FIRST_PAUSE_S;
		if (pause == FIRST_PAUSE_S)
			say_failed(companion, status);
		more = pause_for(pause, socket); /* what waits is still told, once more */
		pause = 2 * pause < PAUSE_MOST_S ? 2 * pause : PAUSE_MOST_S;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_NO_RESULT;
}
