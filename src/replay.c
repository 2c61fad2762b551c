/* SPDX-License-Identifier: Apache-2.0 */
#include "replay_kept.h"
#include "replay_state.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/crypto.h"
#include "document.h"
#include "parse/packet.h"
#include "source/filter.h"

#define TELL_EVERY 8192 /* frames between looks at the progress */

static struct porch_error *
say(struct porch_error *error, const char *file, const char *text)
{
	memset(error, 0, sizeof(*error));
	error->offset = -1;
	snprintf(error->file, sizeof(error->file), "%s", file);
	snprintf(error->text, sizeof(error->text), "%s", text);
	return error;
}

static bool
read_home(struct replay *r, struct porch_error *error)
{
	const struct porch_options *o = r->options;

	r->home = calloc(o->home_count + 1, sizeof(*r->home));
	for (size_t i = 0; r->home && i < o->home_count; i++) {
		if (prefix_parse(o->home[i], &r->home[i]))
			continue;
		say(error, o->home[i], "is no address and no prefix");
		strcpy(error->where, "--home");
		return false;
	}
	return r->home != NULL;
}

/* Who a thread asks what flows look like; a process is not shared between threads. */
static struct dpi *
new_adviser(const struct replay *r)
{
	const struct porch_options *o = r->options;

	struct dpi *dpi = o->inspector && !o->no_dpi ? dpi_new(o->inspector, true) : NULL;

	if (dpi)
		dpi_keep(dpi, r->keeper);
	return dpi;
}

static struct engine *
new_engine(const struct replay *r, size_t index, struct dpi *dpi, struct porch_error *error)
{
	const struct porch_options *o = r->options;
	struct engine_setup setup = {
	    .rules = r->rules,
	    .home = r->home,
	    .home_count = o->home_count,
	    .mirror = o->mirror,
	    .dedup = o->dedup,
	    .seed = o->seed,
	    .sizes = {.flows = o->max_flows, .devices = o->max_devices},
	    .dpi = dpi,
	    .named = o->devices,
	    .named_count = o->device_count,
	    .follow = o->follow,
	    .input = (uint32_t)index,
	    .flow = o->flow,
	    .user = o->user,
	};
	struct engine *engine = engine_new(&setup, error);

	if (!engine && !error->text[0])
		say(error, "", "out of memory");
	return engine;
}

static bool
left_out(const struct porch_options *o, struct filter *filter, const struct frame *frame)
{
	if (o->use_since && frame->time < o->since)
		return true;
	if (o->use_until && frame->time >= o->until)
		return true;
	return filter && !filter_accepts(filter, frame);
}

static void
tell_progress(struct replay *r, struct source *source, uint64_t *before, const char *path,
    int64_t time)
{
	uint64_t now = source_consumed(source);

	if (!r->options->progress)
		return;
	pthread_mutex_lock(&r->lock);
	r->consumed += now - *before;
	r->options->progress(r->consumed, r->total, time, path, r->options->user);
	pthread_mutex_unlock(&r->lock);
	*before = now;
}

/* Pulls every frame of an open source through the engine. */
static void
pull(struct replay *r, struct source *source, struct engine *engine, struct filter *filter,
    const char *path)
{
	uint64_t told = 0, frames = 0;
	struct frame frame = {.time = 0};

	while (source_next(source, &frame) == SOURCE_FRAME) {
		if (left_out(r->options, filter, &frame))
			engine_filtered(engine);
		else
			engine_frame(engine, &frame);
		if (++frames % TELL_EVERY == 0)
			tell_progress(r, source, &told, path, frame.time);
	}
	tell_progress(r, source, &told, path, frame.time);
}

/*
 * Frames of link types that nothing here decodes are counted, but what they carried is not
 * known: the input is refused when it has no others, and incomplete when it has.
 */
static void
see_link_types(struct job *job)
{
	const struct source_facts *f = &job->facts;
	size_t unknown = 0, first = 0;

	for (size_t i = f->link_type_count; i-- > 0;) {
		if (packet_link_name(f->link_types[i]))
			continue;
		unknown++;
		first = i;
	}
	if (unknown == 0 || job->error.text[0])
		return;
	job->refused = unknown == f->link_type_count;
	say(&job->error, job->path, "");
	snprintf(job->error.text, sizeof(job->error.text),
	    "%s of link type %u, which is not supported",
	    job->refused ? "its frames are" : "some frames are", f->link_types[first]);
}

/* Reads one file into an engine; the file may turn out to be none. */
static void
read_input(struct replay *r, struct job *job, struct engine *engine)
{
	struct source_options options = {
	    .no_hashes = r->options->no_hashes,
	    .ahead = r->options->jobs > r->jobs, /* a core would have nothing to do */
	};
	struct porch_error unused;
	struct filter *filter = NULL;
	struct source *source = source_open(job->path, &options, &job->error);

	if (!source)
		return;
	if (r->options->filter)
		filter = filter_new(r->options->filter, &unused);
	job->opened = true;
	job->error.text[0] = '\0';
	pull(r, source, engine, filter, job->path);
	for (size_t i = 0; source_comment(source, i); i++)
		engine_comment(engine, source_comment(source, i));
	if (source_error(source)->text[0])
		job->error = *source_error(source);
	job->facts = *source_facts(source);
	see_link_types(job);
	engine_dropped(engine, job->facts.dropped);
	engine_odd_times(engine, job->facts.odd_times);
	filter_free(filter);
	source_close(source);
}

static void
run_job(struct replay *r, size_t index, struct dpi *dpi)
{
	struct job *job = &r->job[index];

	job->engine = new_engine(r, index, dpi, &job->error);
	if (!job->engine)
		return;
	read_input(r, job, job->engine);
	if (!job->opened)
		return;
	engine_finish(job->engine, &job->result);
	engine_rest(job->engine);
	job->has_result = true;
}

static struct porch_input
input_record(const struct job *job, struct arena *arena)
{
	const struct source_facts *f = &job->facts;
	const char **types = arena_alloc(arena, SOURCE_LINK_TYPES * sizeof(*types));
	struct porch_input input = {
	    .path = arena_text(arena, job->path),
	    .first = PORCH_NO_TIME,
	    .last = PORCH_NO_TIME,
	    .error_offset = -1,
	};

	if (job->error.text[0]) {
		input.error = arena_text(arena, job->error.text);
		input.error_offset = job->error.offset;
	}
	if (!job->opened)
		return input;
	for (size_t i = 0; types && i < f->link_type_count; i++) {
		const char *name = packet_link_name(f->link_types[i]);

		types[i] = name ? name : arena_format(arena, "linktype-%u", f->link_types[i]);
	}
	input.link_types =
	    (struct porch_texts){.item = types, .count = types ? f->link_type_count : 0};
	input.format = job->refused ? NULL : f->format;
	input.sha256 = f->sha256[0] ? arena_text(arena, f->sha256) : NULL;
	input.content_sha256 = f->content_sha256[0] ? arena_text(arena, f->content_sha256) : NULL;
	input.packets = f->packets;
	input.bytes = f->bytes;
	input.first = f->first;
	input.last = f->last;
	input.complete = f->complete && !job->refused;
	return input;
}

static bool
take_result(struct replay *r, struct document_builder *builder, struct job *job)
{
	struct porch_input input = input_record(job, document_arena(builder));
	bool ok = document_add(builder, &input, job->has_result ? &job->result : NULL);

	if (!r->one_result) {
		engine_free(job->engine);
		job->engine = NULL;
	}
	return ok;
}

static void *
work(void *user)
{
	struct replay *r = user;
	size_t ahead = r->options->jobs;
	struct dpi *dpi = new_adviser(r);

	pthread_mutex_lock(&r->lock);
	for (;;) {
		size_t mine;

		while (r->next < r->jobs && r->next >= r->added + ahead && !r->failed)
			pthread_cond_wait(&r->moved, &r->lock);
		if (r->next >= r->jobs || r->failed)
			break;
		mine = r->next++;
		pthread_mutex_unlock(&r->lock);
		run_job(r, mine, dpi);
		pthread_mutex_lock(&r->lock);
		r->job[mine].done = true;
		pthread_cond_broadcast(&r->moved);
	}
	pthread_mutex_unlock(&r->lock);
	dpi_free(dpi);
	return NULL;
}

/* Takes results over in the order of the inputs, whatever order they come in. */
static bool
collect(struct replay *r, struct document_builder *builder)
{
	bool ok = true;

	pthread_mutex_lock(&r->lock);
	for (size_t i = 0; ok && i < r->jobs; i++) {
		while (!r->job[i].done)
			pthread_cond_wait(&r->moved, &r->lock);
		pthread_mutex_unlock(&r->lock);
		ok = take_result(r, builder, &r->job[i]);
		pthread_mutex_lock(&r->lock);
		r->added = i + 1;
		r->failed = !ok;
		pthread_cond_broadcast(&r->moved);
	}
	pthread_mutex_unlock(&r->lock);
	return ok;
}

static bool
run_side_by_side(struct replay *r, struct document_builder *builder, size_t threads)
{
	pthread_t *thread = calloc(threads, sizeof(*thread));
	size_t started = 0;
	bool ok = false;

	while (thread && started < threads && pthread_create(&thread[started], NULL, work, r) == 0)
		started++;
	if (started > 0)
		ok = collect(r, builder);
	for (size_t i = 0; i < started; i++)
		pthread_join(thread[i], NULL);
	free(thread);
	return ok;
}

static bool
run_one_by_one(struct replay *r, struct document_builder *builder)
{
	struct dpi *dpi = new_adviser(r);
	bool ok = true;

	for (size_t i = 0; ok && i < r->jobs; i++) {
		run_job(r, i, dpi);
		ok = take_result(r, builder, &r->job[i]);
	}
	dpi_free(dpi);
	return ok;
}

/* --join: the files are parts of one recording; what lies between them is a hole. */
static bool
run_joined(struct replay *r, struct document_builder *builder, struct porch_error *error)
{
	struct dpi *dpi = new_adviser(r);
	struct engine *engine = r->joined = new_engine(r, 0, dpi, error);
	struct engine_result result;
	int64_t last = PORCH_NO_TIME;
	bool ok = engine != NULL, any = false;

	for (size_t i = 0; ok && i < r->jobs; i++) {
		struct job *job = &r->job[i];

		if (last != PORCH_NO_TIME && job->has_first && job->first > last)
			engine_gap(engine, last, job->first, "hole between joined files");
		read_input(r, job, engine);
		if (job->opened && job->facts.last != PORCH_NO_TIME)
			last = job->facts.last;
		any = any || job->opened;
	}
	if (ok) {
		engine_finish(engine, &result);
		engine_rest(engine);
	}
	for (size_t i = 0; ok && i < r->jobs; i++) {
		struct porch_input input = input_record(&r->job[i], document_arena(builder));
		bool carries = any && i == r->jobs - 1;

		ok = document_add(builder, &input, carries ? &result : NULL);
	}
	dpi_free(dpi);
	return ok;
}

static struct porch_document *
run(struct replay *r, struct porch_error *error)
{
	struct document_builder *builder = document_builder_new(r->rules, r->options);
	struct porch_document *document = NULL;
	unsigned jobs = r->options->flow ? 1 : r->options->jobs;
	bool ok = builder != NULL;

	r->one_result = r->options->join || r->jobs == 1;
	if (ok && r->one_result)
		document_borrow(builder);
	if (ok && r->options->join)
		ok = run_joined(r, builder, error);
	else if (ok && jobs > 1 && r->jobs > 1)
		ok = run_side_by_side(r, builder, jobs < r->jobs ? jobs : r->jobs);
	else if (ok)
		ok = run_one_by_one(r, builder);
	if (ok)
		document = document_finish(builder);
	for (size_t i = 0; i < r->jobs; i++)
		engine_free(r->job[i].engine);
	engine_free(r->joined);
	document_builder_free(builder);
	if (!document && !error->text[0])
		say(error, "", "out of memory");
	return document;
}

static bool
filter_is_good(const struct porch_options *o, struct porch_error *error)
{
	struct filter *filter;

	if (!o->filter)
		return true;
	filter = filter_new(o->filter, error);
	if (!filter)
		strcpy(error->where, "--filter");
	filter_free(filter);
	return filter != NULL;
}

struct porch_document *
porch_replay(const struct porch_rules *rules, const struct porch_options *options,
    const char *const *paths, size_t count, struct porch_error *error)
{
	return replay_kept(rules, options, NULL, paths, count, error);
}

struct porch_document *
replay_kept(const struct porch_rules *rules, const struct porch_options *options,
    struct keeper *keeper, const char *const *paths, size_t count, struct porch_error *error)
{
	struct replay r = {.rules = rules, .options = options, .keeper = keeper};
	struct porch_document *document = NULL;
	struct inputs *inputs = NULL;

	memset(error, 0, sizeof(*error));
	error->offset = -1;
	if (!crypto_init() || !filter_is_good(options, error) || !read_home(&r, error) ||
	    !engine_rules_suffice(rules, error) || !(inputs = inputs_new(paths, count, error)) ||
	    !replay_list_inputs(&r, inputs)) {
		inputs_free(inputs);
		free(r.home);
		return NULL;
	}
	replay_order_inputs(&r);
	if (options->progress)
		replay_sum_sizes(&r);
	pthread_mutex_init(&r.lock, NULL);
	pthread_cond_init(&r.moved, NULL);
	document = run(&r, error);
	pthread_cond_destroy(&r.moved);
	pthread_mutex_destroy(&r.lock);
	inputs_free(inputs);
	free(r.job);
	free(r.home);
	return document;
}
