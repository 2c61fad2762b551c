/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include <stdio.h>

#include "cli/exit.h"
#include "cli/options.h"

/* A sub-command: argv[0] is its name.  Each returns the exit status. */
int replay_main(int argc, char **argv);
int watch_main(int argc, char **argv);
int report_main(int argc, char **argv);
int forget_main(int argc, char **argv);
int explain_main(int argc, char **argv);
int score_main(int argc, char **argv);
int rules_main(int argc, char **argv);
int redact_main(int argc, char **argv);
int doctor_main(int argc, char **argv);
int selftest_main(int argc, char **argv);
int verify_main(int argc, char **argv);
int diff_main(int argc, char **argv);
int version_main(int argc, char **argv);
int help_main(int argc, char **argv);

/* What `porchlight --help` prints. */
void help_print(FILE *out);

/*
 * Reads a command's line and answers --help and --version for it.  False when the command
 * has nothing left to do but return *status.  usage is the line that --help begins with.
 * Free the options in either case.
 */
bool command_begin(struct options *options, enum command_bit command, const char *usage, int argc,
    char **argv, int *status);

/* Says what was wrong with the command line and returns its status. */
int command_refuse(const char *command, const char *why);

#endif
