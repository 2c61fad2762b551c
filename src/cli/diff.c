/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <unistd.h>

#include "cli/analysis.h"
#include "cli/commands.h"
#include "cli/say.h"
#include "sink/difference.h"

static struct report *
open_report(const char *path)
{
	struct porch_error error = {.offset = -1};
	bool damaged;
	struct report *report = report_read(path, &damaged, &error);

	if (!report)
		say_error(&error);
	return report;
}

static int
diff_reports(const struct options *options)
{
	struct report *before = open_report(options->arguments.item[0]);
	struct report *after = open_report(options->arguments.item[1]);
	struct analysis analysis;
	struct writer writer;

	analysis_begin(&analysis, options);
	analysis.outcome.no_input = !before || !after;
	writer_init(&writer, STDOUT_FILENO);
	if (before && after) {
		if (strcmp(options->sink, "json") == 0)
			difference_json(&writer, before, after);
		else
			difference_text(&writer, before, after);
		analysis_finish_writer(&analysis, &writer);
	}
	report_free(before);
	report_free(after);
	return (int)outcome_status(&analysis.outcome);
}

int
diff_main(int argc, char **argv)
{
	struct options options;
	int status;

	if (command_begin(&options, FOR_DIFF, "diff [options] REPORT REPORT", argc, argv,
	        &status)) {
		if (options.arguments.count != 2)
			status = command_refuse("diff", "expected two reports");
		else
			status = diff_reports(&options);
	}
	options_free(&options);
	return status;
}
