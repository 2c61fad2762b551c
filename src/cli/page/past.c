/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/page/past.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/day.h"
#include "cli/analysis.h"
#include "cli/history_file.h"
#include "cli/rules_open.h"
#include "dpi/landlock.h"
#include "sink/labels.h"

#define SECOND INT64_C(1000000)
#define DAY    (24 * 3600 * SECOND)
#define FOLDER PAST_FOLDER

bool
past_kept(const struct options *options)
{
	return options->history && strcmp(options->history, "none") != 0;
}

bool
past_sessions(const struct options *options, char path[static PAST_FOLDER])
{
	struct stat there;
	bool folder;
	int len;

	if (!past_kept(options))
		return false;
	folder = stat(options->history, &there) == 0 && S_ISDIR(there.st_mode);
	len =
	    snprintf(path, PAST_FOLDER, "%s%s.page", options->history, folder ? "/history.db" : "");
	return len > 0 && len < PAST_FOLDER;
}

/* Adds the folder a file lies in: SQLite makes files beside its own, which readers share. */
static void
add_folder(struct confine_path *files, size_t *count, const char *path, unsigned rights,
    char folder[static FOLDER])
{
	const char *slash = path ? strrchr(path, '/') : NULL;
	int len = slash ? (int)(slash - path) : 0;

	if (!path || !path[0] || *count == PAST_FILES || len >= FOLDER)
		return;
	snprintf(folder, FOLDER, "%.*s", slash ? (len > 0 ? len : 1) : 1, slash ? path : ".");
	files[(*count)++] = (struct confine_path){folder, rights};
}

static void
add_files(struct confine_path *files, size_t *count, const struct words *paths)
{
	for (size_t i = 0; i < paths->count && *count < PAST_FILES; i++)
		files[(*count)++] = (struct confine_path){paths->item[i], LANDLOCK_READ};
}

size_t
past_files(const struct options *options, struct past_folders *room,
    struct confine_path files[static PAST_FILES])
{
	size_t count = 0;

	if (!past_kept(options))
		return 0;
	add_folder(files, &count, options->history, LANDLOCK_READ | LANDLOCK_WRITE,
	    room->folder[0]);
	add_folder(files, &count, options->history_copy, LANDLOCK_READ, room->folder[1]);
	add_folder(files, &count, options->history_key, LANDLOCK_READ, room->folder[2]);
	if (rules_usual(room->folder[3], FOLDER))
		files[count++] = (struct confine_path){room->folder[3], LANDLOCK_READ};
	add_files(files, &count, &options->rules);
	add_files(files, &count, &options->geo);
	return count;
}

static int64_t
days_ago(unsigned days)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * SECOND - (int64_t)days * DAY;
}

static void
make_document(struct analysis *analysis, struct marks *marks)
{
	const struct options *options = analysis->options;
	struct history_setup setup = history_file(options);
	struct porch_error error = {.offset = -1};
	struct history *history;

	setup.read_only = true;
	setup.rules = analysis->rules;
	history = history_open(&setup, &error);
	if (history) {
		analysis->doc = history_document(history, &options->engine, &error);
		history_marks(history, marks_add, marks);
	}
	analysis_take(analysis, &error);
	history_close(history);
}

static void
write_work(const struct analysis *analysis, const struct marks *marks, enum site_work what,
    struct writer *w)
{
	switch (what) {
	case SITE_TODAY:
		marks_write(w, analysis->doc, marks);
		sink_ndjson.document(w, analysis->doc, &analysis->style);
		break;
	case SITE_LABELS:
		labels_write(w, analysis->doc, marks);
		break;
	case SITE_WEEKS:
		site_weeks(w, analysis->doc, &analysis->style);
		break;
	case SITE_REPORT_HTML:
		sink_html.document(w, analysis->doc, &analysis->style);
		break;
	case SITE_REPORT_JSON:
		sink_json.document(w, analysis->doc, &analysis->style);
		break;
	}
}

bool
past_write(const struct options *options, enum site_work what, unsigned days, struct writer *w)
{
	struct options recent = *options;
	struct marks marks = {.item = NULL};
	struct analysis analysis;
	bool made;

	recent.engine.use_since = true;
	analysis_begin(&analysis, &recent);
	recent.engine.since = what == SITE_TODAY
	                          ? day_begin(days_ago(0), analysis.style.zone_offset, NULL)
	                          : days_ago(days);
	if (analysis_prepare(&analysis))
		make_document(&analysis, &marks);
	made = analysis.doc != NULL && !marks.out_of_memory;
	if (made)
		write_work(&analysis, &marks, what, w);
	marks_free(&marks);
	analysis_free(&analysis);
	return made;
}
