/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/analysis.h"
#include "cli/commands.h"
#include "cli/deliver.h"

static void
tell_flow(const struct porch_flow *flow, void *user)
{
	struct delivery *to = user;

	if (to->sink->flow)
		to->sink->flow(&to->writer, flow, &to->analysis->style);
	if (to->folder)
		folder_flow(to->folder, flow);
}

static int
replay_captures(const struct options *options)
{
	struct analysis analysis;
	struct delivery to;

	analysis_begin(&analysis, options);
	if (analysis_prepare(&analysis) && deliver_begin(&to, &analysis)) {
		analysis.flow = options->flows ? tell_flow : NULL;
		analysis.user = &to;
		analysis.no_hashes = !to.sink->tells_hashes && !options->folder &&
		                     !options->chart; /* it shows the hash of the report */
		analysis_run(&analysis, options->arguments.item, options->arguments.count);
		if (!analysis.outcome.no_input)
			deliver(&to);
		deliver_end(&to);
	}
	analysis_free(&analysis);
	return (int)outcome_status(&analysis.outcome);
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
