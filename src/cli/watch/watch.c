/* SPDX-License-Identifier: Apache-2.0 */
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/analysis.h"
#include "cli/commands.h"
#include "cli/say.h"
#include "crypto/crypto.h"
#include "document.h"
#include "parse/packet.h"
#include "source/live.h"

#define INTERFACES_MAX 16
#define WAIT_MS        100
#define BURST          1024 /* frames of one interface between looks at the others */

static volatile sig_atomic_t asked_to_end;

static void
ask_to_end(int number)
{
	(void)number;
	asked_to_end = 1;
}

/* Interfaces, and what was seen on them. */
struct watching {
	struct analysis analysis;
	struct live *live[INTERFACES_MAX];
	size_t count;
	struct prefix *home;
	struct engine *engine;
	uint64_t bytes;
	uint64_t told_dropped[INTERFACES_MAX];
};

static bool
open_interfaces(struct watching *w)
{
	const struct options *options = w->analysis.options;

	for (size_t i = 0; i < options->arguments.count; i++) {
		struct live_options how = {
		    .filter = options->engine.filter, .interface = (uint16_t)i};
		struct porch_error error = {.offset = -1};

		w->live[i] = live_open(options->arguments.item[i], &how, &error);
		if (!w->live[i]) {
			say_error(&error);
			w->analysis.outcome.no_input = true;
			return false;
		}
		w->count = i + 1;
	}
	return true;
}

static bool
open_engine(struct watching *w)
{
	const struct porch_options *o = &w->analysis.options->engine;
	struct engine_setup setup = {
	    .rules = w->analysis.rules,
	    .home_count = o->home_count,
	    .mirror = o->mirror,
	    .dedup = o->dedup,
	    .named = o->devices,
	    .named_count = o->device_count,
	};
	struct porch_error error = {.offset = -1};

	w->home = calloc(o->home_count + 1, sizeof(*w->home));
	for (size_t i = 0; w->home && i < o->home_count; i++)
		prefix_parse(o->home[i], &w->home[i]);
	setup.home = w->home;
	w->engine = w->home && crypto_init() ? engine_new(&setup, &error) : NULL;
	if (w->engine)
		return true;
	say_error(&error);
	w->analysis.outcome.bad_rules = error.where[0] != '\0';
	w->analysis.outcome.no_input = true;
	return false;
}

/* False when the interface is gone. */
static bool
take_frames(struct watching *w, struct live *live)
{
	struct porch_error error = {.offset = -1};
	struct frame frame;

	for (int i = 0; i < BURST; i++) {
		enum live_result result = live_next(live, &frame, &error);

		if (result == LIVE_NONE)
			return true;
		if (result == LIVE_ERROR) {
			say_error(&error);
			return false;
		}
		w->bytes += frame.on_wire;
		engine_frame(w->engine, &frame);
	}
	return true;
}

static void
listen(struct watching *w)
{
	struct pollfd wait[INTERFACES_MAX];
	bool there = true;

	for (size_t i = 0; i < w->count; i++)
		wait[i] = (struct pollfd){.fd = live_fd(w->live[i]), .events = POLLIN};
	while (!asked_to_end && there) {
		poll(wait, w->count, WAIT_MS);
		for (size_t i = 0; i < w->count; i++) {
			uint64_t dropped = live_stats(w->live[i]).dropped;

			engine_dropped(w->engine, dropped - w->told_dropped[i]);
			w->told_dropped[i] = dropped;
			there = take_frames(w, w->live[i]) && there;
		}
	}
	w->analysis.outcome.incomplete = !there;
}

static struct porch_input
input_record(const struct watching *w, const struct engine_result *result, struct arena *arena)
{
	const struct words *names = &w->analysis.options->arguments;
	const char **types = arena_alloc(arena, INTERFACES_MAX * sizeof(*types));
	const char *path = names->item[0];

	for (size_t i = 1; i < names->count; i++)
		path = arena_format(arena, "%s,%s", path, names->item[i]);
	for (size_t i = 0; types && i < w->count; i++)
		types[i] = packet_link_name(live_link_type(w->live[i]));
	return (struct porch_input){
	    .path = path,
	    .format = "live",
	    .link_types = {.item = types, .count = types && types[0] ? 1 : 0},
	    .packets = result->counters.received - result->counters.dropped,
	    .bytes = w->bytes,
	    .first = result->first,
	    .last = result->last,
	    .complete = !w->analysis.outcome.incomplete,
	    .error_offset = -1,
	};
}

static void
make_document(struct watching *w)
{
	struct analysis *analysis = &w->analysis;
	struct document_builder *builder =
	    document_builder_new(analysis->rules, &analysis->options->engine);
	struct engine_result result;

	engine_finish(w->engine, &result);
	if (builder) {
		struct porch_input input = input_record(w, &result, document_arena(builder));

		if (document_add(builder, &input, &result))
			analysis->doc = document_finish(builder);
	}
	document_builder_free(builder);
	if (!analysis->doc) {
		say("out of memory");
		analysis->outcome.no_input = true;
	}
}

static int
watch(const struct options *options)
{
	struct watching w = {.engine = NULL};
	struct writer writer;

	analysis_begin(&w.analysis, options);
	writer_init(&writer, STDOUT_FILENO);
	signal(SIGINT, ask_to_end);
	signal(SIGTERM, ask_to_end);
	if (analysis_prepare(&w.analysis) && open_interfaces(&w) && open_engine(&w)) {
		listen(&w);
		make_document(&w);
	}
	if (w.analysis.doc) {
		sink_find(options->sink)->document(&writer, w.analysis.doc, &w.analysis.style);
		analysis_finish_writer(&w.analysis, &writer);
	}
	engine_free(w.engine);
	for (size_t i = 0; i < w.count; i++)
		live_close(w.live[i]);
	free(w.home);
	analysis_free(&w.analysis);
	return (int)outcome_status(&w.analysis.outcome);
}

/* What this version does not do yet is refused, rather than passed over. */
static const char *
not_served(const struct options *o)
{
	const struct {
		bool asked;
		const char *option;
	} asked[] = {
	    {o->user != NULL, "--user"},
	    {o->history && strcmp(o->history, "none") != 0, "--history"},
	    {o->keep != NULL, "--keep"},
	    {o->page && strcmp(o->page, "none") != 0, "--page"},
	    {o->page_tls != NULL, "--page-tls"},
	    {o->mqtt.count > 0, "--mqtt"},
	    {o->webhook.count > 0, "--webhook"},
	    {o->exec.count > 0, "--exec"},
	    {o->output != NULL, "--output"},
	    {o->cooldown > 0, "--cooldown"},
	    {o->syslog, "--syslog"},
	    {o->digest, "--digest"},
	};

	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++)
		if (asked[i].asked)
			return asked[i].option;
	return NULL;
}

int
watch_main(int argc, char **argv)
{
	struct options options;
	int status;

	if (command_begin(&options, FOR_WATCH, "watch [options] INTERFACE...", argc, argv,
	        &status)) {
		const char *refused = not_served(&options);

		if (options.arguments.count == 0) {
			status = command_refuse("watch", "no interface was named");
		} else if (options.arguments.count > INTERFACES_MAX) {
			status = command_refuse("watch", "more than 16 interfaces");
		} else if (refused) {
			say("watch: %s is not served by this version", refused);
			status = EXIT_USAGE;
		} else {
			status = watch(&options);
		}
	}
	options_free(&options);
	return status;
}
