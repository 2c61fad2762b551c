/* SPDX-License-Identifier: Apache-2.0 */

/*
 * usage: record_history RULES HISTORY CAPTURE EVERY [START]
 * Keeps a history of a capture that comes again and again, an hour later each time, and does what
 * it is told on standard input, a line at a time; each is answered by a line:
 *
 *   feed N      N frames more, stored after every EVERY of them
 *   flush       stores
 *   tick DAYS   so many days later, it looks after what is kept
 *   end         ends all that is open, and stores that too
 *
 * `told ID` is an episode that is stored, closed and of a watched device: nothing may lose it.
 * What a history says in a warning comes as `warned ...`.
 */
#include <inttypes.h>

#include "base/pile.h"
#include "document.h"
#include "tests/history/recorder.h"

#define DAY (24 * HISTORY_HOUR_US)

struct recording {
	struct recorder r;
	const char *path;
	struct source *source;
	unsigned every, since_flush;
	int64_t shift, last;
	struct pile told; /* of uint64_t: ids */
	const struct porch_rules *rules;
	const struct porch_options *options;
};

static void
warned(const char *line, void *user)
{
	(void)user;
	printf("warned %s\n", line);
	fflush(stdout);
}

/* The next frame; the capture begins anew when it has ended. */
static void
next_frame(struct recording *rec, struct frame *frame)
{
	struct source_options options = {.no_hashes = true};
	struct porch_error error;

	while (!rec->source || source_next(rec->source, frame) != SOURCE_FRAME) {
		if (rec->source) {
			rec->shift = rec->last + HISTORY_HOUR_US - source_facts(rec->source)->first;
			source_close(rec->source);
		}
		rec->source = source_open(rec->path, &options, &error);
		if (!rec->source)
			abort();
	}
	frame->time += rec->shift;
	rec->last = frame->time;
}

static bool
is_told(const struct recording *rec, uint64_t id)
{
	const uint64_t *told = rec->told.item;

	for (size_t i = 0; i < rec->told.count; i++)
		if (told[i] == id)
			return true;
	return false;
}

static void
tell_one(struct recording *rec, uint64_t id)
{
	uint64_t *told;

	if (is_told(rec, id))
		return;
	told = pile_add(&rec->told, sizeof(*told));
	if (!told)
		abort();
	*told = id;
	printf("told e%016" PRIx64 "\n", id);
}

/* Says which episodes are stored now; the document of a replay would tell them. */
static void
tell(struct recording *rec)
{
	struct document_builder *builder = document_builder_new(rec->rules, rec->options);
	struct porch_input input = {.first = 0};
	struct porch_document *doc;
	struct engine_result so_far;

	if (!builder || !engine_snapshot(rec->r.engine, NULL, &so_far) ||
	    !document_add(builder, &input, &so_far) || !(doc = document_finish(builder)))
		abort();
	for (size_t i = 0; i < doc->episode_count; i++)
		tell_one(rec, doc->episodes[i].id);
	fflush(stdout);
	porch_document_free(doc);
	document_builder_free(builder);
	engine_snapshot_free(&so_far);
}

static bool
flush(struct recording *rec)
{
	rec->since_flush = 0;
	if (!recorder_flush(&rec->r, rec->r.now))
		return false;
	tell(rec);
	return true;
}

static void
feed(struct recording *rec, unsigned long frames)
{
	struct frame frame;

	while (frames-- > 0) {
		next_frame(rec, &frame);
		recorder_frame(&rec->r, &frame);
		if (++rec->since_flush >= rec->every)
			flush(rec);
	}
	printf("fed\n");
}

static void
obey(struct recording *rec, const char *line)
{
	unsigned long number = strtoul(line + strcspn(line, " "), NULL, 10);

	if (strncmp(line, "feed ", 5) == 0) {
		feed(rec, number);
	} else if (strncmp(line, "tick ", 5) == 0) {
		history_tick(rec->r.history, rec->r.now + (int64_t)number * DAY);
		printf("ticked\n");
	} else if (strncmp(line, "flush", 5) == 0) {
		printf("%s\n", flush(rec) ? "stored" : "failed");
	} else if (strncmp(line, "end", 3) == 0) {
		recorder_end(&rec->r);
		rec->r.engine = NULL;
		printf("ended\n");
	}
	fflush(stdout);
}

int
main(int argc, char **argv)
{
	struct porch_options options = {.seed = 7};
	struct history_setup setup = {.options = &options, .warn = warned};
	struct recording rec = {.options = &options};
	struct porch_error error;
	char line[128];

	if (argc < 5)
		return 2;
	rec.rules = setup.rules = porch_rules_load((const char *const *)&argv[1], 1, &error);
	setup.path = argv[2];
	rec.path = argv[3];
	rec.every = (unsigned)strtoul(argv[4], NULL, 10);
	recorder_begin(&rec.r, history_open(&setup, &error), rec.rules, &options);
	if (!rec.r.history) {
		printf("refused %s: %s\n", error.file, error.text);
		return 1;
	}
	history_begin(rec.r.history, "lan", argc > 5 ? strtoll(argv[5], NULL, 10) : 0, 1);
	printf("ready\n");
	fflush(stdout);
	while (rec.r.engine && fgets(line, sizeof(line), stdin))
		obey(&rec, line);
	pile_free(&rec.told);
	engine_free(rec.r.engine);
	source_close(rec.source);
	history_close(rec.r.history);
	porch_rules_free((struct porch_rules *)(uintptr_t)rec.rules);
	return 0;
}
