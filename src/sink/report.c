/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/report.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sink/report_state.h"
#include "sink/sink.h"

#define REPORT_MAX ((size_t)1 << 30)

static struct report *
fail(struct porch_error *error, const char *path, int64_t offset, const char *format, ...)
{
	va_list values;

	*error = (struct porch_error){.offset = offset};
	snprintf(error->file, sizeof(error->file), "%s", path);
	va_start(values, format);
	vsnprintf(error->text, sizeof(error->text), format, values);
	va_end(values);
	return NULL;
}

/* All of a file, with a NUL; NULL leaves errno. */
char *
report_read_file(const char *path, size_t *len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat about;
	char *bytes = NULL;
	ssize_t got = 1;

	*len = 0;
	if (fd < 0)
		return NULL;
	if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode))
		errno = EINVAL;
	else if ((uint64_t)about.st_size > REPORT_MAX)
		errno = EFBIG;
	else
		bytes = malloc((size_t)about.st_size + 1);
	while (bytes && got > 0 && *len < (size_t)about.st_size) {
		got = read(fd, bytes + *len, (size_t)about.st_size - *len);
		*len += got > 0 ? (size_t)got : 0;
	}
	if (bytes && got < 0) {
		free(bytes);
		bytes = NULL;
	}
	close(fd);
	if (bytes)
		bytes[*len] = '\0';
	return bytes;
}

static bool
begins_like_a_report(const char *bytes, size_t len)
{
	static const char start[] = "{\"schema\":\"porchlight.report/";

	return len >= sizeof(start) - 1 && memcmp(bytes, start, sizeof(start) - 1) == 0;
}

static const char *
text_at(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static bool
is_whole(const json_t *root)
{
	static const char *const lists[] = {
	    "devices", "destinations", "episodes", "findings", "gaps"};
	const char *schema = text_at(root, "schema");

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (!json_is_array(json_object_get(root, lists[i])))
			return false;
	return schema && strcmp(schema, REPORT_SCHEMA) == 0 &&
	       json_is_object(json_object_get(root, "run")) &&
	       json_is_object(json_object_get(root, "summary"));
}

struct report *
report_parse(const char *bytes, size_t len, bool *damaged, struct porch_error *error)
{
	struct report *report = calloc(1, sizeof(*report));
	json_error_t why;

	*damaged = begins_like_a_report(bytes, len);
	if (!report)
		return fail(error, "", -1, "out of memory");
	report->root = json_loadb(bytes, len, JSON_REJECT_DUPLICATES, &why);
	if (report->root && is_whole(report->root))
		return report;
	if (!report->root)
		fail(error, "", why.position, "line %d: %s", why.line, why.text);
	else
		fail(error, "", -1, "is no report of porchlight");
	report_free(report);
	return NULL;
}

/* The folder of a path: what stands before its last slash, or the current one. */
static void
folder_of(const char *path, char *folder, size_t size)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		snprintf(folder, size, ".");
	else
		snprintf(folder, size, "%.*s", (int)(slash - path > 0 ? slash - path : 1), path);
}

static bool
ends_in(const char *text, const char *end)
{
	size_t len = strlen(text), more = strlen(end);

	return len >= more && strcmp(text + len - more, end) == 0;
}

struct report *
report_read(const char *path, bool *damaged, struct porch_error *error)
{
	char folder[REPORT_PATH], file[REPORT_PATH + 16];
	bool page = ends_in(path, ".html"), whole;
	struct report *report = NULL;
	struct stat about;
	const char *name;
	char *bytes;
	size_t len;

	*damaged = false;
	if (strlen(path) >= sizeof(folder))
		return fail(error, path, -1, "the path is too long");
	whole = stat(path, &about) == 0 && S_ISDIR(about.st_mode);
	if (whole)
		snprintf(folder, sizeof(folder), "%s", path);
	else
		folder_of(path, folder, sizeof(folder));
	if (whole || page)
		snprintf(file, sizeof(file), "%s/report.json", folder);
	else
		snprintf(file, sizeof(file), "%s", path);
	bytes = report_read_file(file, &len);
	if (!bytes)
		return fail(error, file, -1, "cannot be read: %s", strerror(errno));
	report = report_parse(bytes, len, damaged, error);
	free(bytes);
	if (!report) {
		snprintf(error->file, sizeof(error->file), "%.*s", (int)sizeof(error->file) - 1,
		    file);
		return NULL;
	}
	snprintf(report->folder, sizeof(report->folder), "%s", folder);
	name = strrchr(file, '/') ? strrchr(file, '/') + 1 : file;
	snprintf(report->file, sizeof(report->file), "%.*s", (int)sizeof(report->file) - 1, name);
	report->whole = whole || page;
	return report;
}

/* What was written, in memory. */
struct kept {
	char *bytes;
	size_t len, room;
	bool failed;
};

static void
keep(const void *bytes, size_t len, void *user)
{
	struct kept *kept = user;

	if (len > kept->room - kept->len) {
		size_t room = 2 * (kept->len + len);
		char *more = realloc(kept->bytes, room);

		kept->failed |= !more;
		if (!more)
			return;
		kept->bytes = more;
		kept->room = room;
	}
	memcpy(kept->bytes + kept->len, bytes, len);
	kept->len += len;
}

struct report *
report_of(const struct porch_document *doc)
{
	const struct sink_style style = {.columns = 0};
	struct report *report = NULL;
	struct porch_error error;
	struct kept kept = {0};
	struct writer writer;
	bool damaged;

	writer_init(&writer, WRITER_NOWHERE);
	writer.tee = keep;
	writer.user = &kept;
	sink_json.document(&writer, doc, &style);
	writer_flush(&writer);
	if (!kept.failed)
		report = report_parse(kept.bytes, kept.len, &damaged, &error);
	free(kept.bytes);
	return report;
}

void
report_free(struct report *report)
{
	if (!report)
		return;
	json_decref(report->root);
	free(report);
}

static const json_t *
run_of(const struct report *report)
{
	return json_object_get(report->root, "run");
}

const char *
report_version(const struct report *report)
{
	return text_at(run_of(report), "version");
}

const char *
report_library(const struct report *report, const char *name)
{
	return text_at(json_object_get(run_of(report), "libraries"), name);
}

const char *
report_rules(const struct report *report)
{
	return text_at(json_object_get(run_of(report), "rules"), "sha256");
}

const char *
report_hash(const struct report *report)
{
	return text_at(report->root, "sha256");
}

const char *
report_redaction(const struct report *report)
{
	return text_at(json_object_get(run_of(report), "redaction"), "level");
}

size_t
report_input_count(const struct report *report)
{
	return json_array_size(json_object_get(run_of(report), "inputs"));
}

void
report_input(const struct report *report, size_t index, const char **path, const char **sha256)
{
	const json_t *inputs = json_object_get(run_of(report), "inputs");
	const json_t *input = json_array_get(inputs, index);

	*path = text_at(input, "path");
	*sha256 = text_at(input, "sha256");
}

bool
report_options(const struct report *report, report_option_fn *each, void *user)
{
	json_t *options = json_object_get(run_of(report), "options"), *value, *item;
	const char *name;
	size_t i;

	if (!json_is_object(options))
		return false;
	json_object_foreach(options, name, value)
	{
		if (json_is_true(value)) {
			each(name, NULL, user);
			continue;
		}
		if (!json_is_array(value))
			return false;
		json_array_foreach(value, i, item)
		{
			if (!json_is_string(item))
				return false;
			each(name, json_string_value(item), user);
		}
	}
	return true;
}
