/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/analysis.h"
#include "cli/commands.h"
#include "cli/say.h"
#include "cli/score_show.h"
#include "rules/reader.h"

/* The whole file, NUL-ended, or NULL with errno set; *len tells one byte more than is read. */
static char *
read_labels(const char *path, size_t *len)
{
	FILE *file = fopen(path, "rb");
	char *bytes = file ? malloc(READER_BYTES + 2) : NULL;
	bool failed = false;

	if (bytes) {
		*len = fread(bytes, 1, READER_BYTES + 1, file);
		failed = ferror(file) != 0;
	}
	if (file)
		fclose(file);
	if (!failed)
		return bytes;
	errno = EIO;
	free(bytes);
	return NULL;
}

static bool
add_labels(struct truth *truth, const char *path)
{
	struct porch_error error = {.offset = -1};
	size_t len = 0;
	char *bytes = read_labels(path, &len);
	bool fine;

	if (!bytes) {
		say("%s: %s", path, strerror(errno));
		return false;
	}
	fine = truth_add(truth, path, bytes, len, &error);
	free(bytes);
	if (!fine)
		say_error(&error);
	return fine;
}

static struct truth *
open_truth(const struct words *paths)
{
	struct truth *truth = truth_new();

	for (size_t i = 0; truth && i < paths->count; i++) {
		if (add_labels(truth, paths->item[i]))
			continue;
		truth_free(truth);
		return NULL;
	}
	return truth;
}

static void
show(struct analysis *analysis, const struct truth *truth)
{
	const struct options *options = analysis->options;
	struct arena *arena = arena_new();
	struct scored scored = {.doc = analysis->doc, .truth = truth};
	struct writer writer;

	if (arena)
		scored.score = score_compare(analysis->doc, truth, arena);
	if (!scored.score) {
		say("score: out of memory");
		analysis->outcome.no_input = true;
		arena_free(arena);
		return;
	}
	writer_init(&writer, STDOUT_FILENO);
	if (options->features)
		score_show_features(&writer, &scored);
	else if (options->sink_option)
		score_show_json(&writer, &scored);
	else
		score_show_table(&writer, &scored, options->quiet);
	analysis_finish_writer(analysis, &writer);
	arena_free(arena);
}

/* Of every device, told or not: a camera that is not recognised must not go uncounted. */
static int
score_captures(const struct options *options)
{
	struct options all = *options;
	struct truth *truth = open_truth(&options->truths);
	struct analysis analysis;

	if (!truth)
		return EXIT_NO_RESULT;
	all.engine.all_devices = true;
	all.engine.follow = true;
	analysis_begin(&analysis, &all);
	if (analysis_prepare(&analysis)) {
		analysis_run(&analysis, options->arguments.item, options->arguments.count);
		if (!analysis.outcome.no_input)
			show(&analysis, truth);
	}
	analysis_free(&analysis);
	truth_free(truth);
	return (int)outcome_status(&analysis.outcome);
}

int
score_main(int argc, char **argv)
{
	struct options options;
	int status;

	if (command_begin(&options, FOR_SCORE, "score [options] --truth FILE CAPTURE...", argc,
	        argv, &status)) {
		if (options.truths.count == 0)
			status = command_refuse("score", "--truth FILE is missing");
		else if (options.arguments.count == 0)
			status = command_refuse("score", "no capture was named");
		else
			status = score_captures(&options);
	}
	options_free(&options);
	return status;
}
