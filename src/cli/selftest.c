/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "cli/commands.h"
#include "cli/inspector.h"
#include "cli/say.h"
#include "dpi/dpi.h"

extern char **environ;

/* What the process that inspects may not do, tried in one of its own each. */
static const char *const tries[] = {"open", "socket", "exec", "fork", "ptrace", "setuid"};

enum tried { TRIED_ENDED, TRIED_REFUSED, TRIED_ALLOWED, TRIED_FAILED };

static enum tried
try_one(const char *program, const char *what)
{
	char *arguments[] = {
	    (char *)(uintptr_t)program, (char[]){"--try"}, (char *)(uintptr_t)what, NULL};
	int status;
	pid_t pid;

	if (posix_spawn(&pid, program, NULL, NULL, arguments, environ) != 0)
		return TRIED_FAILED;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return TRIED_FAILED;
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGSYS ? TRIED_ENDED : TRIED_FAILED;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return TRIED_REFUSED;
	return WIFEXITED(status) && WEXITSTATUS(status) == 1 ? TRIED_ALLOWED : TRIED_FAILED;
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

int
selftest_main(int argc, char **argv)
{
	static const char *const words[] = {
	    [TRIED_ENDED] = "denied, and ended for it",
	    [TRIED_REFUSED] = "denied",
	    [TRIED_ALLOWED] = "ALLOWED",
	    [TRIED_FAILED] = "not tried",
	};
	struct wire_greeting greeting;
	char program[4096];
	bool fine = true;

	(void)argv;
	if (argc > 1)
		return command_refuse("--selftest-sandbox", "takes no argument");
	if (!inspector_find(program, sizeof(program)) || !dpi_greet(program, &greeting)) {
		say("--selftest-sandbox: there is no porchlight-dpi to try");
		return EXIT_NO_RESULT;
	}
	say_level(&greeting);
	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		enum tried tried = try_one(program, tries[i]);

		printf("  %-8s%s\n", tries[i], words[tried]);
		fine = fine && (tried == TRIED_ENDED || tried == TRIED_REFUSED);
	}
	return fine ? EXIT_DONE : EXIT_NO_RESULT;
}
