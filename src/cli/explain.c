/* SPDX-License-Identifier: Apache-2.0 */
#include <unistd.h>

#include "cli/analysis.h"
#include "cli/commands.h"
#include "cli/say.h"

static int
explain_words(const struct options *options)
{
	struct analysis analysis;
	struct writer writer;

	analysis_begin(&analysis, options);
	writer_init(&writer, STDOUT_FILENO);
	if (!explain_topic(&writer, options->arguments.item[0], &analysis.style))
		return command_refuse("explain", "expected CAPTURE and ID, or limits, or words");
	analysis_finish_writer(&analysis, &writer);
	return (int)outcome_status(&analysis.outcome);
}

static void
explain_record(struct analysis *analysis, const char *id)
{
	struct writer writer;

	writer_init(&writer, STDOUT_FILENO);
	if (explain_id(&writer, analysis->doc, id, &analysis->style)) {
		analysis_finish_writer(analysis, &writer);
		return;
	}
	say("explain: no episode, destination, device or finding has the id %s", id);
	analysis->outcome.usage = true;
}

static int
explain_capture(const struct options *options)
{
	struct analysis analysis;

	analysis_begin(&analysis, options);
	analysis.no_hashes = true;
	if (analysis_prepare(&analysis)) {
		analysis_run(&analysis, options->arguments.item, 1);
		if (!analysis.outcome.no_input)
			explain_record(&analysis, options->arguments.item[1]);
	}
	analysis_free(&analysis);
	return (int)outcome_status(&analysis.outcome);
}

int
explain_main(int argc, char **argv)
{
	struct options options;
	int status;

	if (command_begin(&options, FOR_EXPLAIN, "explain [options] CAPTURE ID | limits | words",
	        argc, argv, &status)) {
		if (options.arguments.count == 1)
			status = explain_words(&options);
		else if (options.arguments.count == 2)
			status = explain_capture(&options);
		else
			status = command_refuse("explain", "expected CAPTURE and ID");
	}
	options_free(&options);
	return status;
}
