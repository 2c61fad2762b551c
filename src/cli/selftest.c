/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/confine.h"
#include "cli/inspector.h"
#include "cli/say.h"
#include "dpi/attempt.h"
#include "dpi/dpi.h"

extern char **environ;

/* What no process that reads packets may do, tried in one of its own each. */
static const char *const tries[] = {"open", "socket", "exec", "fork", "ptrace", "setuid"};

enum tried { TRIED_ENDED, TRIED_REFUSED, TRIED_ALLOWED, TRIED_FAILED, TRIED_NOT };

static enum tried
await(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return TRIED_FAILED;
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGSYS ? TRIED_ENDED : TRIED_FAILED;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return TRIED_REFUSED;
	return WIFEXITED(status) && WEXITSTATUS(status) == 1 ? TRIED_ALLOWED : TRIED_FAILED;
}

static enum tried
try_inspecting(const char *program, const char *what)
{
	char *arguments[] = {
	    (char *)(uintptr_t)program, (char[]){"--try"}, (char *)(uintptr_t)what, NULL};
	pid_t pid;

	if (posix_spawn(&pid, program, NULL, NULL, arguments, environ) != 0)
		return TRIED_FAILED;
	return await(pid);
}

static void
say_confined(const struct confined *reached)
{
	printf("counting process: rights %s, ", reached->rights ? "dropped" : "unchanged");
	if (reached->landlock > 0)
		printf("Landlock ABI %u, ", reached->landlock);
	else
		printf("no Landlock in this kernel, ");
	printf("%s", reached->seccomp ? "seccomp" : "no seccomp in this kernel");
	printf("%s\n", CONFINE_SANITIZED ? "; a sanitizer may fork and trace" : "");
}

/* Shut in as before a capture is read; what is NULL: only says how far that goes. */
static enum tried
try_counting(const char *program, const char *what)
{
	const struct confine nothing = {.inputs = NULL};
	struct confined reached;
	pid_t pid;

	(void)program;
	if (CONFINE_SANITIZED && what && (strcmp(what, "fork") == 0 || strcmp(what, "ptrace") == 0))
		return TRIED_NOT;
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		return TRIED_FAILED;
	if (pid > 0)
		return await(pid);
	confine_enter(&nothing, &reached);
	if (what)
		_exit(attempt_is_refused(what) ? 0 : 1);
	say_confined(&reached);
	_exit(fflush(stdout) == 0 ? 0 : 1);
}

static void
say_level(const struct wire_greeting *g)
{
	printf("inspecting process: user %s, limits %s, ",
	    g->shut_in & SHUT_IN_USER ? "without rights" : "unchanged",
	    g->shut_in & SHUT_IN_LIMITS ? "set" : "not set");
	if (g->landlock > 0)
		printf("Landlock ABI %u, ", g->landlock);
	else
		printf("no Landlock in this kernel, ");
	printf("%s\n", g->shut_in & SHUT_IN_SECCOMP ? "seccomp" : "no seccomp in this kernel");
}

static bool
try_all(enum tried (*attempt)(const char *program, const char *what), const char *program)
{
	static const char *const words[] = {
	    [TRIED_ENDED] = "denied, and ended for it",
	    [TRIED_REFUSED] = "denied",
	    [TRIED_ALLOWED] = "ALLOWED",
	    [TRIED_FAILED] = "not tried",
	    [TRIED_NOT] = "not tried in a build with a sanitizer",
	};
	bool fine = true;

	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		enum tried tried = attempt(program, tries[i]);

		printf("  %-8s%s\n", tries[i], words[tried]);
		fine = fine && tried != TRIED_ALLOWED && tried != TRIED_FAILED;
	}
	return fine;
}

int
selftest_main(int argc, char **argv)
{
	struct wire_greeting greeting;
	char program[4096];
	bool fine;

	(void)argv;
	if (argc > 1)
		return command_refuse("--selftest-sandbox", "takes no argument");
	fine = try_counting(NULL, NULL) == TRIED_REFUSED;
	fine = try_all(try_counting, NULL) && fine;
	if (!inspector_find(program, sizeof(program)) || !dpi_greet(program, &greeting)) {
		say("--selftest-sandbox: there is no porchlight-dpi to try");
		return EXIT_NO_RESULT;
	}
	say_level(&greeting);
	fine = try_all(try_inspecting, program) && fine;
	return fine ? EXIT_DONE : EXIT_NO_RESULT;
}
