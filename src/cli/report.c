/* SPDX-License-Identifier: Apache-2.0 */
#include <unistd.h>

#include "cli/analysis.h"
#include "cli/commands.h"
#include "cli/deliver.h"
#include "cli/history_file.h"
#include "cli/say.h"
#include "sink/labels.h"

/* --last counts back from the last moment that is recorded, so that it says the same tomorrow. */
static bool
take_last(struct history *history, int64_t last, struct porch_options *engine)
{
	int64_t first, end;

	if (last == 0)
		return true;
	if (!history_span(history, &first, &end))
		return false;
	engine->use_since = true;
	engine->since = end - last;
	return true;
}

static void
make_document(struct analysis *analysis, struct marks *marks)
{
	struct history_setup setup = history_file(analysis->options);
	struct porch_options engine = analysis->options->engine;
	struct porch_error error;
	struct history *history;

	setup.rules = analysis->rules;
	setup.read_only = true;
	history = history_open(&setup, &error);
	if (history && take_last(history, analysis->options->last, &engine))
		analysis->doc = history_document(history, &engine, &error);
	else if (history)
		error = (struct porch_error){.text = "nothing is recorded yet", .offset = -1};
	if (history && marks && !history_marks(history, marks_add, marks))
		marks->out_of_memory = true;
	analysis_take(analysis, &error);
	history_close(history);
}

/* Standard output is labels: what was marked on the page. */
static void
show_marks(struct analysis *analysis, const struct marks *marks)
{
	struct writer writer;
	size_t left_out;

	if (marks->out_of_memory) {
		say("the marks could not be read");
		analysis->outcome.no_input = true;
		return;
	}
	writer_init(&writer, STDOUT_FILENO);
	left_out = labels_write(&writer, analysis->doc, marks);
	analysis_finish_writer(analysis, &writer);
	if (left_out > 0)
		say("%zu marks are no labels: it was not told what was sent, or to whom", left_out);
}

static int
report_marks(const struct options *options)
{
	struct marks marks = {.item = NULL};
	struct analysis analysis;

	analysis_begin(&analysis, options);
	if (analysis_prepare(&analysis)) {
		make_document(&analysis, &marks);
		if (!analysis.outcome.no_input)
			show_marks(&analysis, &marks);
	}
	marks_free(&marks);
	analysis_free(&analysis);
	return (int)outcome_status(&analysis.outcome);
}

static int
report(const struct options *options)
{
	struct analysis analysis;
	struct delivery to;

	analysis_begin(&analysis, options);
	if (analysis_prepare(&analysis) && deliver_begin(&to, &analysis)) {
		make_document(&analysis, NULL);
		if (!analysis.outcome.no_input)
			deliver(&to);
		deliver_end(&to);
	}
	analysis_free(&analysis);
	return (int)outcome_status(&analysis.outcome);
}

int
report_main(int argc, char **argv)
{
	struct options options;
	int status;

	if (command_begin(&options, FOR_REPORT, "report [options]", argc, argv, &status)) {
		if (options.arguments.count > 0)
			status = command_refuse("report", "takes no argument; see --history");
		else if (options.last && options.engine.use_since)
			status = command_refuse("report", "only one of --last and --since");
		else if (options.output && !options.chart)
			status = command_refuse("report", "-o needs --chart");
		else if (options.marks && (options.sink_option || options.folder || options.chart ||
		                              options.redact != PORCH_REDACT_NONE))
			status = command_refuse("report",
			    "--marks goes with no other output, and with no --redact");
		else if (options.marks)
			status = report_marks(&options);
		else
			status = report(&options);
	}
	options_free(&options);
	return status;
}
