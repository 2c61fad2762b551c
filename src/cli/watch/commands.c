/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/watch/commands.h"

#include <stdlib.h>
#include <string.h>

#include "rules/reader.h"

/* A letter and 16 hexadecimal digits (sink.h). */
static bool
read_id(const char *text, char letter, uint64_t *id)
{
	if (text[0] != letter || strlen(text) != 17 || strspn(text + 1, "0123456789abcdef") != 16)
		return false;
	*id = strtoull(text + 1, NULL, 16);
	return true;
}

/* Names may be empty, which reader_text() refuses. */
static bool
read_name(const json_t *object, char text[static COMMAND_TEXT])
{
	const json_t *value = json_object_get(object, "name");
	size_t len = json_is_string(value) ? json_string_length(value) : COMMAND_TEXT;

	if (len >= COMMAND_TEXT)
		return false;
	memcpy(text, json_string_value(value), len);
	text[len] = '\0';
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 127)
			return false;
	return true;
}

static bool
read_label(struct reader *r, json_t *object, struct command *command)
{
	static const char *const keys[] = {"command", "device", "name", NULL};
	const char *id;

	command->kind = COMMAND_LABEL;
	return reader_keys(r, object, keys) && reader_text(r, object, "device", true, &id) &&
	       read_id(id, 'd', &command->id) && read_name(object, command->text);
}

static bool
read_mark(struct reader *r, json_t *object, struct command *command)
{
	static const char *const keys[] = {"command", "episode", "mark", NULL};
	static const char *const marks[] = {"expected", "wrong", "none", NULL};
	const char *id;
	unsigned mark;

	command->kind = COMMAND_MARK;
	if (!reader_keys(r, object, keys) || !reader_text(r, object, "episode", true, &id) ||
	    !read_id(id, 'e', &command->id) || !reader_word(r, object, "mark", true, marks, &mark))
		return false;
	snprintf(command->text, sizeof(command->text), "%s", marks[mark]);
	return true;
}

bool
command_read(const char *line, size_t len, struct command *command)
{
	static const char *const kinds[] = {"label", "mark", NULL};
	struct porch_error error;
	struct reader r = {.error = &error, .pool = pool_new(), .path = "command"};
	json_t *object = r.pool ? reader_parse(&r, line, len) : NULL;
	unsigned kind = 0;
	bool fine = object && reader_word(&r, object, "command", true, kinds, &kind) &&
	            (kind == 0 ? read_label(&r, object, command) : read_mark(&r, object, command));

	json_decref(object);
	pool_free(r.pool);
	return fine;
}

size_t
command_lines_add(struct command_lines *lines, const char *bytes, size_t len, command_fn *each,
    void *user)
{
	size_t refused = 0;

	for (size_t i = 0; i < len; i++) {
		struct command command;

		if (bytes[i] != '\n') {
			if (lines->len < COMMAND_BYTES)
				lines->bytes[lines->len++] = bytes[i];
			else
				lines->too_long = true;
			continue;
		}
		if (!lines->too_long && command_read(lines->bytes, lines->len, &command))
			each(&command, user);
		else
			refused++;
		lines->len = 0;
		lines->too_long = false;
	}
	return refused;
}
