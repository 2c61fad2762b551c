/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/report_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Options that change a result, and how they are said; those with paths the user says. */
static const struct {
	const char *name;
	bool valued;
	bool path; /* only a base name is told */
} options[] = {
    {"all-devices", false, false},
    {"dedup", false, false},
    {"device", true, false},
    {"filter", true, false},
    {"geo", true, true},
    {"home", true, false},
    {"join", false, false},
    {"label", true, false},
    {"mirror", false, false},
    {"no-dpi", false, false},
    {"redact", true, false},
    {"rules", true, true},
    {"since", true, false},
    {"until", true, false},
};

struct reading {
	struct retold *retold;
	struct words *withheld;
	char **argv;
	int argc;
	size_t room;
	bool failed;
};

static bool
said_now(const struct reading *r, const char *name)
{
	size_t len = strlen(name);

	for (int i = 1; i < r->argc; i++)
		if (strncmp(r->argv[i], "--", 2) == 0 && strncmp(r->argv[i] + 2, name, len) == 0 &&
		    (r->argv[i][2 + len] == '\0' || r->argv[i][2 + len] == '='))
			return true;
	return false;
}

static void
add(struct reading *r, char *text)
{
	struct retold *retold = r->retold;

	if (text && (size_t)retold->count + 1 >= r->room) {
		char **more = realloc(retold->item, 2 * r->room * sizeof(*more));

		if (more) {
			retold->item = more;
			r->room *= 2;
		}
	}
	if (!text || (size_t)retold->count + 1 >= r->room) {
		r->failed = true;
		free(text);
		return;
	}
	retold->item[retold->count++] = text;
}

/* "*" stands for what a redaction took. */
static void
withhold(struct reading *r, const char *name)
{
	const char **more;

	if (said_now(r, name))
		return;
	more = realloc(r->withheld->item, (r->withheld->count + 1) * sizeof(*more));
	if (!more) {
		r->failed = true;
		return;
	}
	r->withheld->item = more;
	r->withheld->item[r->withheld->count++] = name;
}

static void
see_option(const char *name, const char *value, void *user)
{
	struct reading *r = user;
	size_t i = 0, len = strlen(name) + (value ? strlen(value) : 0) + 4;
	bool is_switch = !value || strcmp(value, "true") == 0;
	char *text;

	while (i < sizeof(options) / sizeof(options[0]) && strcmp(options[i].name, name) != 0)
		i++;
	if (i == sizeof(options) / sizeof(options[0]) || (options[i].valued && !value) ||
	    (!options[i].valued && !is_switch)) {
		r->failed = true;
		return;
	}
	if (options[i].path)
		return;
	if (options[i].valued && strchr(value, '*')) {
		withhold(r, options[i].name);
		return;
	}
	text = malloc(len);
	if (text)
		snprintf(text, len, options[i].valued ? "--%s=%s" : "--%s", name, value);
	add(r, text);
}

bool
retold_read(struct retold *retold, const struct report *report, int argc, char **argv,
    struct words *withheld)
{
	struct reading r = {
	    .retold = retold, .withheld = withheld, .argv = argv, .argc = argc, .room = 16};

	*retold = (struct retold){.item = calloc(r.room, sizeof(*retold->item))};
	if (!retold->item)
		return false;
	retold->item[retold->count++] = argv[0];
	if (!report_options(report, see_option, &r))
		return false;
	for (int i = 1; i < argc && !r.failed; i++) {
		size_t len = strlen(argv[i]) + 1;
		char *copy = malloc(len);

		if (copy)
			memcpy(copy, argv[i], len);
		add(&r, copy);
	}
	return !r.failed;
}

void
retold_free(struct retold *retold)
{
	for (int i = 1; i < retold->count; i++)
		free(retold->item[i]);
	free(retold->item);
}
