/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/option_rows.h"
#include "rules/reader.h"

#define INTERFACES "interfaces"

/* Texts in all arrays together: each takes four bytes of the file at least. */
#define TEXTS_MAX (CONFIG_BYTES / 4)

static bool
is_name(const char *name, const char *key)
{
	return strcmp(name, key) == 0;
}

/* Options that ask for something else than to run, or for this file, stand in no file. */
static const struct option_row *
row_named(const struct options *o, const char *key)
{
	if (is_name("help", key) || is_name("version", key) || is_name("config", key))
		return NULL;
	for (size_t i = 0; i < OPTION_ROWS; i++)
		if ((option_rows[i].commands & o->command) && is_name(option_rows[i].name, key))
			return &option_rows[i];
	return NULL;
}

static const char *
digits_of(struct reader *r, const json_t *value)
{
	char text[32];
	int len;

	if (!json_is_integer(value)) {
		reader_fail(r, "not a whole number");
		return NULL;
	}
	len = snprintf(text, sizeof(text), "%lld", (long long)json_integer_value(value));
	return reader_copy(r, text, (size_t)len);
}

static bool
set_value(struct reader *r, struct options *o, const struct option_row *row, const json_t *value)
{
	const char *text = row->number ? digits_of(r, value) : reader_text_of(r, value);

	if (!text)
		return false;
	return option_set(row, o, text) || reader_fail(r, "expected %s, not '%.200s'",
	                                       row->wanted ? row->wanted : "another value", text);
}

static bool
set_switch(struct reader *r, struct options *o, const struct option_row *row, const json_t *value)
{
	if (!json_is_boolean(value))
		return reader_fail(r, "neither true nor false");
	return !json_is_true(value) || option_set(row, o, NULL);
}

/* What may stand in an array: each item of an option that repeats, and of the interfaces. */
static bool
set_items(struct reader *r, struct options *o, const struct option_row *row, json_t *array)
{
	json_t *item;
	size_t i;

	if (!json_is_array(array))
		return reader_fail(r, "not an array of texts");
	json_array_foreach(array, i, item)
	{
		size_t mark = reader_enter_item(r, i);

		if (row && !set_value(r, o, row, item))
			return false;
		if (!row) {
			o->arguments.item[o->arguments.count] = reader_text_of(r, item);
			if (!o->arguments.item[o->arguments.count++])
				return false;
		}
		reader_leave(r, mark);
	}
	return true;
}

/* Checked as if it held, and dropped again: a file is right or wrong whatever flags say. */
static bool
check_only(struct reader *r, const struct options *o, const struct option_row *row, json_t *value)
{
	struct options unused = {.sink = "terminal", .command = o->command};
	bool fine = options_make_room(&unused, TEXTS_MAX) || reader_fail(r, "out of memory");

	if (!row || row->repeats)
		fine = fine && set_items(r, &unused, row, value);
	else if (row->value)
		fine = fine && set_value(r, &unused, row, value);
	else
		fine = fine && set_switch(r, &unused, row, value);
	options_free(&unused);
	return fine;
}

static bool
read_member(struct reader *r, struct options *o, const char *key, json_t *value)
{
	const struct option_row *row = row_named(o, key);
	bool interfaces = !row && is_name(INTERFACES, key);

	if (!row && !interfaces)
		return reader_fail(r, "no such option");
	if (row ? options_given(o, row) : o->arguments.count > 0)
		return check_only(r, o, row, value);
	if (interfaces || row->repeats)
		return set_items(r, o, row, value);
	return row->value ? set_value(r, o, row, value) : set_switch(r, o, row, value);
}

static bool
read_object(struct reader *r, struct options *o, json_t *root)
{
	const char *key;
	json_t *value;

	json_object_foreach(root, key, value)
	{
		size_t mark = reader_enter(r, key);

		if (!read_member(r, o, key, value))
			return false;
		reader_leave(r, mark);
	}
	return true;
}

bool
config_parse(const char *path, const char *bytes, size_t len, struct options *options,
    struct porch_error *error)
{
	struct reader r = {.error = error, .path = path};
	json_t *root;
	bool fine;

	*error = (struct porch_error){.offset = -1};
	if (len > CONFIG_BYTES)
		return reader_fail(&r, "larger than %u bytes", CONFIG_BYTES);
	if (!options->config_text)
		options->config_text = pool_new();
	r.pool = options->config_text;
	if (!r.pool || !options_make_room(options, TEXTS_MAX))
		return reader_fail(&r, "out of memory");
	root = reader_parse(&r, bytes, len);
	if (!root)
		return false;
	fine = read_object(&r, options, root);
	json_decref(root);
	return fine;
}

/* Up to size bytes of a regular file; -1 with errno set, EINVAL for another kind of file. */
static ssize_t
read_file(int fd, char *bytes, size_t size)
{
	struct stat st;
	size_t len = 0;
	ssize_t got = 1;

	if (fstat(fd, &st) != 0)
		return -1;
	if (!S_ISREG(st.st_mode)) {
		errno = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
		return -1;
	}
	while (len < size && got != 0) {
		got = read(fd, bytes + len, size - len);
		if (got < 0 && errno != EINTR)
			return -1;
		len += got > 0 ? (size_t)got : 0;
	}
	return (ssize_t)len;
}

static bool
unreadable(const char *path, int why, struct porch_error *error)
{
	*error = (struct porch_error){.offset = -1};
	snprintf(error->file, sizeof(error->file), "%s", path);
	snprintf(error->text, sizeof(error->text), "%s",
	    why == EINVAL ? "not a regular file" : strerror(why));
	return false;
}

bool
config_read(const char *path, struct options *options, struct porch_error *error)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	char *bytes;
	ssize_t len;
	bool fine;

	if (fd < 0)
		return unreadable(path, errno, error);
	bytes = malloc(CONFIG_BYTES + 1);
	if (!bytes)
		errno = ENOMEM;
	len = bytes ? read_file(fd, bytes, CONFIG_BYTES + 1) : -1;
	fine = len >= 0 ? config_parse(path, bytes, (size_t)len, options, error)
	                : unreadable(path, errno, error);
	free(bytes);
	close(fd);
	return fine;
}
