/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/analysis.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "cli/confine.h"
#include "cli/inspector.h"
#include "cli/rules_open.h"
#include "cli/say.h"
#include "cli/screen.h"
#include "cli/values.h"
#include "document_redact.h"
#include "replay_kept.h"
#include "source/filter.h"

void
analysis_begin(struct analysis *analysis, const struct options *options)
{
	*analysis = (struct analysis){.options = options, .style = screen_style(options)};
}

static bool
filter_is_good(const char *bpf)
{
	struct porch_error error = {.offset = -1};
	struct filter *filter;

	if (!bpf)
		return true;
	filter = filter_new(bpf, &error);
	if (!filter)
		say("--filter: %s", error.text);
	filter_free(filter);
	return filter != NULL;
}

bool
analysis_prepare(struct analysis *analysis)
{
	const char *seed = getenv("PORCHLIGHT_SEED");
	struct porch_error error;
	uint64_t number;

	if (seed && !value_seed(seed, &number)) {
		say("PORCHLIGHT_SEED: expected a number, not '%s'", seed);
		analysis->outcome.usage = true;
	} else if (!filter_is_good(analysis->options->engine.filter)) {
		analysis->outcome.usage = true;
	} else {
		analysis->rules = rules_open(analysis->options, &error);
		analysis->outcome.bad_rules = !analysis->rules;
		if (!analysis->rules)
			say_error(&error);
	}
	return analysis->rules != NULL;
}

/* Of the hash tables only: whoever sends packets cannot know which keys collide. */
uint64_t
analysis_seed(void)
{
	const char *said = getenv("PORCHLIGHT_SEED");
	uint64_t seed = (uint64_t)getpid();

	if (said && value_seed(said, &seed))
		return seed;
	if (getrandom(&seed, sizeof(seed), 0) != (ssize_t)sizeof(seed))
		seed ^= (uint64_t)(uintptr_t)&seed;
	return seed;
}

/* As many captures side by side as there are cores. */
static unsigned
cores(void)
{
	long online = sysconf(_SC_NPROCESSORS_ONLN);

	return online < 1 ? 1 : online > JOBS_MAX ? JOBS_MAX : (unsigned)online;
}

static void
see_flow(const struct porch_flow *flow, void *user)
{
	struct analysis *analysis = user;

	analysis->flow(flow, analysis->user);
}

static void
see_progress(uint64_t bytes, uint64_t total, int64_t packet_time, const char *path, void *user)
{
	struct analysis *analysis = user;
	struct progress_state state = {
	    .path = path ? path : "",
	    .bytes = bytes,
	    .total = total,
	    .packet_time = packet_time,
	};

	progress_see(&analysis->progress, &state);
}

static void
see_warning(const char *line, void *user)
{
	struct analysis *analysis = user;

	progress_clear(&analysis->progress);
	say("%s", line);
}

/* One line for each input that was not read whole. */
static void
say_inputs(const struct porch_run *run)
{
	for (size_t i = 0; i < run->input_count; i++) {
		const struct porch_input *input = &run->inputs[i];

		if (!input->error && !input->complete)
			say("%s: not read whole", input->path);
		else if (input->error && input->error_offset >= 0)
			say("%s: byte %lld: %s", input->path, (long long)input->error_offset,
			    input->error);
		else if (input->error)
			say("%s: %s", input->path, input->error);
	}
}

static void
begin_progress(struct analysis *analysis)
{
	enum when when = analysis->options->progress;

	if (when == WHEN_AUTO && analysis->options->quiet)
		when = WHEN_NEVER;
	progress_begin(&analysis->progress, when, isatty(STDERR_FILENO) == 1);
	analysis->progress.zone_offset = analysis->style.zone_offset;
}

/* Why there is no document: the place tells an option, a number of the rules, or memory. */
static void
blame(struct outcome *outcome, const struct porch_error *error)
{
	outcome->no_input = true;
	if (strncmp(error->where, "--", 2) == 0)
		outcome->usage = true;
	else if (error->where[0])
		outcome->bad_rules = true;
}

/* The hash of what it was binds a redacted report to the one it was made of. */
static void
redact(struct analysis *analysis)
{
	enum porch_redaction level = analysis->options->redact;
	char sum[SHA256_TEXT];

	if (level == PORCH_REDACT_NONE ||
	    (report_sum(analysis->doc, sum) &&
	        document_redact(analysis->doc, analysis->rules, level, sum)))
		return;
	say("out of memory");
	porch_document_free(analysis->doc);
	analysis->doc = NULL;
	analysis->outcome.not_written = true;
}

/*
 * From here on hostile bytes are read, so this process is shut in.  What inspects is run by
 * another from now on; where there can be none, advice is worth more.
 */
static void
shut_in(const struct analysis *analysis, const char *inspector, const char *const *paths,
    size_t count, struct inspector_keeper *kept)
{
	const struct confine confine = {
	    .inputs = paths,
	    .input_count = count,
	    .folder = analysis->options->folder,
	    .file = analysis->options->output,
	};
	struct confined unused;

	*kept = (struct inspector_keeper){.keeper = NULL};
	if (!inspector || inspector_keep(kept, inspector))
		confine_enter(&confine, &unused);
}

void
analysis_run(struct analysis *analysis, const char *const *paths, size_t count)
{
	struct porch_options engine = analysis->options->engine;
	struct inspector_keeper kept;
	char inspector[4096];
	struct porch_error error = {.offset = -1};

	engine.seed = analysis_seed();
	if (engine.jobs == 0)
		engine.jobs = cores();
	engine.no_hashes = engine.no_hashes || analysis->no_hashes;
	engine.inspector =
	    !engine.no_dpi && inspector_find(inspector, sizeof(inspector)) ? inspector : NULL;
	engine.flow = analysis->flow ? see_flow : NULL;
	engine.progress = see_progress;
	engine.warn = see_warning;
	engine.user = analysis;
	begin_progress(analysis);
	shut_in(analysis, engine.inspector, paths, count, &kept);
	analysis->doc = replay_kept(analysis->rules, &engine, kept.keeper, paths, count, &error);
	inspector_release(&kept);
	progress_clear(&analysis->progress);
	analysis_take(analysis, &error);
}

void
analysis_take(struct analysis *analysis, const struct porch_error *error)
{
	if (!analysis->doc) {
		say_error(error);
		blame(&analysis->outcome, error);
		return;
	}
	say_inputs(&analysis->doc->run);
	redact(analysis);
	if (analysis->doc)
		outcome_see_run(&analysis->outcome, &analysis->doc->run);
	else
		analysis->outcome.no_input = true;
}

void
analysis_finish_writer(struct analysis *analysis, struct writer *writer)
{
	switch (writer_finish(writer)) {
	case WRITER_DONE:
		break;
	case WRITER_PIPE_CLOSED:
		analysis->outcome.pipe_closed = true;
		break;
	case WRITER_FAILED:
		say("standard output: %s", strerror(writer->error));
		analysis->outcome.not_written = true;
		break;
	}
}

void
analysis_free(struct analysis *analysis)
{
	porch_document_free(analysis->doc);
	porch_rules_free(analysis->rules);
}
