/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/rules_export.h"

#include <unistd.h>

#include "cli/analysis.h"
#include "cli/commands.h"
#include "cli/say.h"
#include "cli/subject.h"
#include "sink/mud.h"

static void
show(struct analysis *analysis)
{
	const char *subject = analysis->options->mud;
	const struct porch_device *device = document_subject(analysis->doc, subject);
	struct writer writer;

	if (!device) {
		say("--mud: no device %s was seen", subject);
		analysis->outcome.usage = true;
		return;
	}
	writer_init(&writer, STDOUT_FILENO);
	write_mud(&writer, analysis->doc, device);
	analysis_finish_writer(analysis, &writer);
}

int
rules_export(const struct options *options)
{
	struct options all = *options;
	struct analysis analysis;

	if (!options->mud || options->arguments.count < 2)
		return command_refuse("rules", "export needs --mud DEVICE and a capture");
	all.engine.all_devices = true;
	analysis_begin(&analysis, &all);
	if (analysis_prepare(&analysis)) {
		analysis_run(&analysis, options->arguments.item + 1, options->arguments.count - 1);
		if (!analysis.outcome.no_input)
			show(&analysis);
	}
	analysis_free(&analysis);
	return (int)outcome_status(&analysis.outcome);
}
