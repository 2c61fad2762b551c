/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_WATCH_COMMANDS_H
#define CLI_WATCH_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What somebody asks of a watch on its page. */
enum command_kind { COMMAND_LABEL, COMMAND_MARK };

#define COMMAND_BYTES 8192 /* a line is shorter */
#define COMMAND_TEXT  256

struct command {
	enum command_kind kind;
	uint64_t id;             /* of the device to name, or the episode to mark */
	char text[COMMAND_TEXT]; /* the name, or "expected", "wrong", "none" */
};

/*
 * One line: {"command": "label", "device": "d...", "name": "..."} or
 * {"command": "mark", "episode": "e...", "mark": "..."}, and nothing else.  A name may be empty.
 */
bool command_read(const char *line, size_t len, struct command *command);

/* Lines that come in pieces. */
struct command_lines {
	char bytes[COMMAND_BYTES];
	size_t len;
	bool too_long; /* the rest of this line is passed over */
};

/*
 * Takes bytes that were read, and calls each for every command in them; what is no command is
 * counted.  Returns how many were none.
 */
typedef void command_fn(const struct command *command, void *user);
size_t command_lines_add(struct command_lines *lines, const char *bytes, size_t len,
    command_fn *each, void *user);

#endif
