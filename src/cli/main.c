/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/say.h"

struct command {
	const char *name;
	int (*run)(int argc, char **argv);
};

static const struct command commands[] = {
    {"replay", replay_main},
    {"watch", watch_main},
    {"report", report_main},
    {"explain", explain_main},
    {"score", score_main},
    {"rules", rules_main},
    {"verify", verify_main},
    {"diff", diff_main},
    {"redact", redact_main},
    {"forget", forget_main},
    {"doctor", doctor_main},
    {"version", version_main},
    {"--version", version_main},
    {"--selftest-sandbox", selftest_main},
    {"help", help_main},
    {"--help", help_main},
    {"-h", help_main},
};

/* What commands print with stdio may still be on its way. */
static int
printed(int status)
{
	if (fflush(stdout) == 0 || errno == EPIPE || status != EXIT_DONE)
		return status;
	say("standard output: %s", strerror(errno));
	return EXIT_NO_RESULT;
}

int
main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN); /* a reader that had enough is told by EPIPE */
	if (argc < 2) {
		help_print(stderr);
		return EXIT_USAGE;
	}
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(commands[i].name, argv[1]) == 0)
			return printed(commands[i].run(argc - 1, argv + 1));
	say("%s: unknown command; see porchlight --help", argv[1]);
	return EXIT_USAGE;
}
