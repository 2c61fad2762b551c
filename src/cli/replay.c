/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <unistd.h>

#include "cli/analysis.h"
#include "cli/chart.h"
#include "cli/commands.h"
#include "cli/fail_on.h"
#include "cli/say.h"

/* Where a replay's result goes: standard output, and a folder if one was asked for. */
struct replay {
	struct analysis analysis;
	const struct sink_ops *sink;
	struct folder *folder;
	struct writer writer;
};

static void
tell_flow(const struct porch_flow *flow, void *user)
{
	struct replay *replay = user;

	if (replay->sink->flow)
		replay->sink->flow(&replay->writer, flow, &replay->analysis.style);
	if (replay->folder)
		folder_flow(replay->folder, flow);
}

static bool
open_folder(struct replay *replay)
{
	const char *path = replay->analysis.options->folder;
	struct porch_error error = {.offset = -1};

	if (!path)
		return true;
	replay->folder = folder_open(path, &error);
	if (replay->folder)
		return true;
	say_error(&error);
	replay->analysis.outcome.not_written = true;
	return false;
}

static void
say_folder(struct replay *replay)
{
	const struct sink_style *style = &replay->analysis.style;
	const struct speaker speaker = {.language = style->language, .ascii = !style->utf8};
	const struct porch_phrase phrase =
	    PHRASE(SAY_TERM_WROTE, NAMED("folder", replay->analysis.options->folder));
	char line[1024];
	struct text text = text_over(line, sizeof(line));

	words_add(&speaker, &phrase, &text);
	write_char(&replay->writer, '\n');
	write_escaped(&replay->writer, ESCAPE_TERMINAL, line);
	write_char(&replay->writer, '\n');
}

static void
finish_folder(struct replay *replay)
{
	struct analysis *analysis = &replay->analysis;
	struct porch_error error = {.offset = -1};

	if (!replay->folder)
		return;
	if (!folder_finish(replay->folder, analysis->doc, &analysis->style, &error)) {
		say_error(&error);
		analysis->outcome.not_written = true;
	} else if (replay->sink == &sink_terminal && !analysis->options->quiet) {
		say_folder(replay);
	}
	replay->folder = NULL;
}

static void
write_chart(struct replay *replay)
{
	struct analysis *analysis = &replay->analysis;
	const struct options *options = analysis->options;
	struct porch_error error = {.offset = -1};

	if (!options->chart ||
	    chart_write(options->output, analysis->doc, options->chart, &analysis->style, &error))
		return;
	say_error(&error);
	analysis->outcome.not_written = true;
}

static void
show(struct replay *replay)
{
	struct analysis *analysis = &replay->analysis;

	analysis->outcome.fail_on = fail_on_matches(analysis->options->fail_on, analysis->doc);
	replay->sink->document(&replay->writer, analysis->doc, &analysis->style);
	finish_folder(replay);
	write_chart(replay);
	analysis_finish_writer(analysis, &replay->writer);
}

static int
replay_captures(const struct options *options)
{
	struct replay replay = {.sink = sink_find(options->sink)};
	struct analysis *analysis = &replay.analysis;

	analysis_begin(analysis, options);
	writer_init(&replay.writer, STDOUT_FILENO);
	if (analysis_prepare(analysis) && open_folder(&replay)) {
		analysis->flow = options->flows ? tell_flow : NULL;
		analysis->user = &replay;
		analysis->no_hashes = !replay.sink->tells_hashes && !options->folder &&
		                      !options->chart; /* it shows the hash of the report */
		analysis_run(analysis, options->arguments.item, options->arguments.count);
		if (!analysis->outcome.no_input)
			show(&replay);
		if (replay.folder)
			folder_abandon(replay.folder);
	}
	analysis_free(analysis);
	return (int)outcome_status(&analysis->outcome);
}

int
replay_main(int argc, char **argv)
{
	struct options options;
	int status;

	if (command_begin(&options, FOR_REPLAY, "replay [options] CAPTURE...", argc, argv,
	        &status)) {
		if (options.arguments.count == 0)
			status = command_refuse("replay", "no capture was named");
		else if (options.output && !options.chart)
			status = command_refuse("replay", "-o needs --chart");
		else
			status = replay_captures(&options);
	}
	options_free(&options);
	return status;
}
