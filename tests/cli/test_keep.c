/* SPDX-License-Identifier: Apache-2.0 */
/* Packets kept while watching: what may stand after --keep, how files rotate, what they prove. */
#define _XOPEN_SOURCE 700 /* nftw */
#include "cli/watch/keep.h"

#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sink/report.h"
#include "source/source.h"
#include "tests/test.h"
#include "watch.h"

#define DAY    (INT64_C(86400) * 1000000)
#define MiB    (UINT64_C(1) << 20)
#define FILES  64
#define RULES  SOURCE_DIR "/rules"
#define CLIPS  SOURCE_DIR "/captures/lab/recordings/ring-doorbell-simulated-first.pcapng.zst"
#define MEMBER 4200

/* A folder of its own, and what lies in it in order of name. */
struct shelf {
	char folder[64];
	char path[FILES][MEMBER];
	size_t files;
	uint64_t bytes;
};

static int
remove_one(const char *path, const struct stat *about, int kind, struct FTW *place)
{
	(void)about;
	(void)kind;
	(void)place;
	return remove(path);
}

static void
shelf_new(struct shelf *s)
{
	memset(s, 0, sizeof(*s));
	strcpy(s->folder, "/tmp/porchlight-test-XXXXXX");
	assert_non_null(mkdtemp(s->folder));
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void
shelf_list(struct shelf *s)
{
	DIR *folder = opendir(s->folder);
	const struct dirent *entry;
	struct stat about;

	assert_non_null(folder);
	s->files = 0;
	s->bytes = 0;
	while ((entry = readdir(folder)) != NULL && s->files < FILES) {
		char *path = s->path[s->files];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, MEMBER, "%s/%s", s->folder, entry->d_name);
		assert_int_equal(stat(path, &about), 0);
		assert_int_equal(about.st_mode & 0777, 0600);
		s->bytes += (uint64_t)about.st_size;
		s->files++;
	}
	closedir(folder);
	qsort(s->path, s->files, MEMBER, by_name);
}

static void
shelf_free(struct shelf *s)
{
	nftw(s->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static struct keep *
open_keep(const struct shelf *s, uint64_t bytes, unsigned days)
{
	struct keep_options options = {.bytes = bytes, .days = days};
	struct porch_error error;
	struct keep *keep;

	strcpy(options.folder, s->folder);
	keep = keep_open(&options, &error);
	if (!keep)
		fail_msg("%s: %s", error.file, error.text);
	return keep;
}

static void
a_folder_may_be_followed_by_a_size_and_days(void **state)
{
	static const struct {
		const char *text;
		bool valid;
		const char *folder;
		uint64_t bytes;
		unsigned days;
	} rows[] = {
	    {"/var/kept", true, "/var/kept", 256 * MiB, 30},
	    {"kept:64M", true, "kept", 64 * MiB, 30},
	    {"kept:2G:7", true, "kept", 2048 * MiB, 7},
	    {"kept:1048576:365", true, "kept", MiB, 365},
	    {"a:b/c", true, "a:b/c", 256 * MiB, 30},
	    {"a:b:64M", true, "a:b", 64 * MiB, 30},
	    {"kept:", false, "", 0, 0},
	    {"kept:1k", false, "", 0, 0},
	    {"kept:64M:0", false, "", 0, 0},
	    {":64M", false, "", 0, 0},
	    {"", false, "", 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct keep_options options;

		if (keep_read(rows[i].text, &options) != rows[i].valid)
			fail_msg("%s", rows[i].text);
		if (!rows[i].valid)
			continue;
		assert_string_equal(options.folder, rows[i].folder);
		assert_int_equal(options.bytes, rows[i].bytes);
		assert_int_equal(options.days, rows[i].days);
	}
}

/* Writes frames of a kilobyte, so far apart. */
static void
keep_frames(struct keep *keep, int count, int64_t from, int64_t apart)
{
	static const uint8_t bytes[1000] = {1, 2, 3};

	for (int i = 0; i < count; i++) {
		const struct frame frame = {.time = from + i * apart,
		    .bytes = bytes,
		    .captured = sizeof(bytes),
		    .on_wire = 1400,
		    .link_type = 1};

		keep_frame(keep, &frame, sizeof(bytes));
	}
}

static void
files_never_pass_their_size_and_the_oldest_go_first(void **state)
{
	struct shelf s;
	struct keep *keep;
	char line[256], newest[MEMBER];

	(void)state;
	shelf_new(&s);
	keep = open_keep(&s, 2 * MiB, 30);
	keep_frames(keep, 1000, DAY, 1000);
	assert_false(keep_tick(keep, DAY, line, sizeof(line)));
	shelf_list(&s);
	assert_true(s.files > 4);
	strcpy(newest, s.path[s.files - 1]);
	keep_close(keep);
	keep = open_keep(&s, 2 * MiB, 30); /* a restart: those from before count */
	keep_frames(keep, 5000, 2 * DAY, 1000);
	keep_close(keep);
	shelf_list(&s);
	assert_true(s.bytes <= 2 * MiB && s.bytes > MiB);
	assert_true(strcmp(newest, s.path[0]) < 0);
	shelf_free(&s);
}

static void
what_is_older_than_its_days_goes(void **state)
{
	struct shelf s;
	struct keep *keep;
	char line[256];

	(void)state;
	shelf_new(&s);
	keep = open_keep(&s, 64 * MiB, 3);
	keep_frames(keep, 10, DAY, DAY); /* one file a day */
	keep_tick(keep, 10 * DAY, line, sizeof(line));
	shelf_list(&s);
	assert_int_equal(s.files, 4);
	keep_close(keep);
	shelf_free(&s);
}

static void
a_folder_that_vanishes_is_told_once(void **state)
{
	struct shelf s;
	struct keep *keep;
	char line[256];

	(void)state;
	shelf_new(&s);
	keep = open_keep(&s, 64 * MiB, 3);
	shelf_free(&s);
	keep_frames(keep, 1, DAY, 1);
	assert_true(keep_tick(keep, DAY, line, sizeof(line)));
	assert_non_null(strstr(line, "cannot be kept"));
	keep_frames(keep, 1, DAY, 1);
	assert_false(keep_tick(keep, DAY, line, sizeof(line)));
	keep_close(keep);
}

static void
keep_it(const struct frame *frame, size_t bytes, void *user)
{
	assert_true(bytes <= frame->captured);
	keep_frame(user, frame, bytes);
}

static void
pass_over(const struct porch_event *event, void *user)
{
	(void)event;
	(void)user;
}

/* What watching this recording keeps. */
static void
watch_recording(const struct porch_rules *rules, const struct porch_options *options,
    struct keep *keep)
{
	struct watch_setup setup = {.rules = rules,
	    .options = options,
	    .interfaces = "lab0",
	    .tell = pass_over,
	    .keep = keep_it,
	    .keep_user = keep};
	struct porch_error error;
	struct source *source = source_open(CLIPS, NULL, &error);
	struct watch *watch;
	struct frame frame;

	assert_non_null(source);
	source_next(source, &frame);
	setup.start = frame.time;
	watch = watch_new(&setup, &error);
	assert_non_null(watch);
	do {
		watch_frame(watch, &frame);
		watch_tick(watch, frame.time);
	} while (source_next(source, &frame) == SOURCE_FRAME);
	watch_finish(watch);
	watch_free(watch);
	source_close(source);
}

static struct report *
report_from(const struct porch_rules *rules, const struct porch_options *options,
    const char *const *path, size_t count, uint64_t *bytes)
{
	struct porch_error error;
	struct porch_document *doc = porch_replay(rules, options, path, count, &error);
	struct report *report;

	assert_non_null(doc);
	*bytes = doc->run.inputs[0].bytes;
	report = report_of(doc);
	porch_document_free(doc);
	assert_non_null(report);
	return report;
}

static void
differs(const struct report_difference *difference, void *user)
{
	(void)user;
	print_message("%s: told %s, found %s\n", difference->where, difference->told,
	    difference->found);
}

static void
what_is_kept_proves_the_episodes_from_when_their_device_was_watched(void **state)
{
	const char *folders[] = {RULES}, *whole[] = {CLIPS}, *kept[FILES];
	struct porch_options options = {.all_devices = true, .join = true};
	struct report *told, *found;
	struct report_kept result;
	struct porch_error error;
	struct porch_rules *rules = porch_rules_load(folders, 1, &error);
	struct shelf s;
	struct keep *keep;
	uint64_t bytes;

	(void)state;
	shelf_new(&s);
	keep = open_keep(&s, 64 * MiB, 30);
	watch_recording(rules, &(struct porch_options){.jobs = 1}, keep);
	keep_close(keep);
	shelf_list(&s);
	for (size_t i = 0; i < s.files; i++)
		kept[i] = s.path[i];
	found = report_from(rules, &options, kept, s.files, &bytes);
	assert_true(s.bytes * 5 < bytes); /* on the wire it was many times as much */
	told = report_from(rules, &(struct porch_options){.jobs = 1}, whole, 1, &bytes);
	assert_int_equal(report_compare_kept(told, found, differs, NULL, &result), 0);
	assert_true(result.equal > 0 && result.equal >= result.missing + result.unsure);
	print_message("%zu equal, %zu missing, %zu unsure\n", result.equal, result.missing,
	    result.unsure);
	report_free(told);
	report_free(found);
	porch_rules_free(rules);
	shelf_free(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_folder_may_be_followed_by_a_size_and_days),
	    cmocka_unit_test(files_never_pass_their_size_and_the_oldest_go_first),
	    cmocka_unit_test(what_is_older_than_its_days_goes),
	    cmocka_unit_test(a_folder_that_vanishes_is_told_once),
	    cmocka_unit_test(what_is_kept_proves_the_episodes_from_when_their_device_was_watched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
