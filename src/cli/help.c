/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "cli/commands.h"
#include "cli/inspector.h"
#include "cli/say.h"
#include "dpi/dpi.h"

void
help_print(FILE *out)
{
	fputs("usage: porchlight COMMAND [options] ...\n"
	      "\n"
	      "Shows what a doorbell camera sends out of the home, and to whom.\n"
	      "\n"
	      "  replay  CAPTURE...             read capture files, folders, or - (standard "
	      "input)\n"
	      "  watch   INTERFACE...           watch a network live\n"
	      "  report  [--last 7d]            make a report from recorded history\n"
	      "  explain CAPTURE ID             every reason behind one record\n"
	      "  explain limits|words           what cannot be seen; what the words mean\n"
	      "  score   --truth FILE CAPTURE...\n"
	      "                                 compare verdicts with labels\n"
	      "  rules   check|list|explain|import|export\n"
	      "                                 what is known of makers and receivers\n"
	      "  verify  REPORT [CAPTURE...]    prove that a report came from these captures\n"
	      "  diff    REPORT REPORT          what changed\n"
	      "  redact  CAPTURE -o OUT         a capture that can be given away\n"
	      "  forget  --device ID|--all      erase history\n"
	      "  doctor  [INTERFACE]            whether this machine can see what it needs to "
	      "see\n"
	      "  version                        print the version\n"
	      "  help    [COMMAND]              print this, or the options of a command\n"
	      "\n"
	      "See porchlight(1).\n",
	    out);
}

/* Which library inspects is asked of it, and not of what it was built with. */
static void
say_inspector(void)
{
	struct wire_greeting greeting;
	char program[4096];
	const char *defects;

	if (!inspector_find(program, sizeof(program)) || !dpi_greet(program, &greeting) ||
	    !greeting.library[0]) {
		puts("packet inspection: none");
		return;
	}
	printf("packet inspection: nDPI %s, in a process of its own\n", greeting.library);
	defects = dpi_known_defects(greeting.library);
	if (defects)
		printf("  known against it: %s\n", defects);
}

int
version_main(int argc, char **argv)
{
	(void)argv;
	if (argc > 1)
		return command_refuse("version", "takes no argument");
	printf("porchlight %s\n", porch_version());
	say_inspector();
	return EXIT_DONE;
}

int
help_main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(int argc, char **argv);
	} commands[] = {{"replay", replay_main}, {"watch", watch_main}, {"explain", explain_main},
	    {"score", score_main}, {"rules", rules_main}, {"verify", verify_main},
	    {"diff", diff_main}, {"redact", redact_main}, {"doctor", doctor_main}};
	char *help[] = {argv[0], (char[]){"--help"}, NULL};

	if (argc < 2) {
		help_print(stdout);
		return EXIT_DONE;
	}
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (argc == 2 && strcmp(commands[i].name, argv[1]) == 0)
			return commands[i].run(2, help);
	return command_refuse("help", "no such command");
}

bool
command_begin(struct options *options, enum command_bit command, const char *usage, int argc,
    char **argv, int *status)
{
	struct porch_error error;

	*status = EXIT_DONE;
	if (!options_read(options, command, argc, argv, &error)) {
		say_error(&error);
		*status = error.file[0] ? EXIT_BAD_RULES : EXIT_USAGE;
		return false;
	}
	if (options->help) {
		printf("usage: porchlight %s\n\n", usage);
		options_help(stdout, command);
		return false;
	}
	if (options->version) {
		*status = version_main(1, argv);
		return false;
	}
	return true;
}

int
command_refuse(const char *command, const char *why)
{
	say("%s: %s; see porchlight --help", command, why);
	return EXIT_USAGE;
}
