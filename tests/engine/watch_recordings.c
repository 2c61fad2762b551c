/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Watches captures as if they were on the wire and compares what comes of it with a replay.
 * usage: watch_recordings [--lines] CAPTURE...
 * --lines: what was told goes to standard output, one record a line.
 * Exit status: 0 equal, 1 not, 2 wrong usage.
 */
#include <porchlight/engine.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/frame.h"
#include "sink/event.h"
#include "sink/sink.h"
#include "source/source.h"
#include "watch.h"

#define TICK 250000

/* The last that was told of an episode, and when it was first told as footage. */
struct last {
	struct porch_episode episode;
	int64_t known;
};

#define EPISODES_MOST 16384
#define DELAYS        16 /* of classes of half a second */

/* What was told, and whether it holds together. */
struct told {
	struct last *last;
	size_t lasts;
	unsigned delay[DELAYS];
	uint64_t sequence, episodes, open, states, notices;
	struct writer *lines; /* or NULL */
	bool bad, ended;
};

static void
complain(struct told *t, const char *what)
{
	fprintf(stderr, "  event %llu: %s\n", (unsigned long long)t->sequence, what);
	t->bad = true;
}

static struct last *
last_of(struct told *t, uint64_t id)
{
	for (size_t i = t->lasts; i-- > 0;)
		if (t->last[i].episode.id == id)
			return &t->last[i];
	if (t->lasts == EPISODES_MOST)
		return NULL;
	t->last[t->lasts] = (struct last){.episode.id = id, .known = INT64_MIN};
	return &t->last[t->lasts++];
}

static void
see_episode(struct told *t, const struct porch_event *event)
{
	const struct porch_episode *e = event->episode;
	struct last *last = last_of(t, e->id);

	t->episodes++;
	t->open += e->open;
	if (!event->device || !event->device->watched || event->device->id != e->device)
		complain(t, "an episode without its watched device");
	if (event->destination && event->destination->id != e->destination)
		complain(t, "an episode with another receiver");
	if (e->end < e->start)
		complain(t, "an episode that ends before it begins");
	if (!last)
		return;
	if (e->footage == PORCH_FOOTAGE_YES && last->known == INT64_MIN) {
		int64_t late = (event->time - e->start) / 500000;

		last->known = event->time;
		t->delay[late < 0 ? 0 : late < DELAYS ? late : DELAYS - 1]++;
	}
	last->episode = *e;
}

/* What was told last of each episode is what the document says of it. */
static void
see_document(struct told *t, const struct porch_document *doc)
{
	for (size_t i = 0; i < doc->episode_count; i++) {
		const struct porch_episode *a = &doc->episodes[i];
		const struct porch_episode *b = &last_of(t, a->id)->episode;

		if (a->start != b->start || a->end != b->end || a->bytes_up != b->bytes_up ||
		    a->content != b->content || a->footage != b->footage ||
		    a->destination != b->destination || a->open != b->open) {
			fprintf(stderr, "  e%016llx\n", (unsigned long long)a->id);
			complain(t, "the last that was told of an episode is not what it was");
		}
	}
}

static void
see_event(const struct porch_event *event, void *user)
{
	struct told *t = user;

	if (t->lines)
		event_line(t->lines, event);
	if (event->kind == PORCH_EVENT_STATE) {
		t->states++;
		return;
	}
	if (event->sequence != ++t->sequence)
		complain(t, "not the next number");
	if (event->kind == PORCH_EVENT_EPISODE)
		see_episode(t, event);
	t->notices += event->kind == PORCH_EVENT_NOTICE;
	t->ended = t->ended || event->kind == PORCH_EVENT_SUMMARY;
}

/* All that a sink writes; the caller frees it. */
static char *
as_json(struct porch_document *doc)
{
	struct sink_style style = {.columns = 80};
	struct porch_input input = doc->run.inputs[0];
	struct writer *writer = malloc(sizeof(*writer));
	FILE *file = tmpfile();
	char *text;
	long size;

	input.path = input.format = "as it was watched";
	doc->run.inputs = &input;
	writer_init(writer, fileno(file));
	sink_json.document(writer, doc, &style);
	writer_finish(writer);
	free(writer);
	fseek(file, 0, SEEK_END);
	size = ftell(file);
	rewind(file);
	text = calloc(1, (size_t)size + 1);
	if (fread(text, 1, (size_t)size, file) != (size_t)size)
		text[0] = '\0';
	fclose(file);
	return text;
}

static struct porch_document *
watched(const struct porch_rules *rules, const struct porch_options *options, const char *path,
    struct told *told)
{
	struct source_options quick = {.no_hashes = true};
	struct porch_document *doc = NULL;
	struct porch_error error;
	struct source *source = source_open(path, &quick, &error);
	struct watch_setup setup = {.rules = rules,
	    .options = options,
	    .boot = 1,
	    .scale = 8,
	    .tell = see_event,
	    .user = told};
	struct frame frame;
	struct watch *watch = NULL;
	int64_t tick = INT64_MIN;

	while (source && source_next(source, &frame) == SOURCE_FRAME) {
		if (!watch) {
			setup.start = frame.time;
			setup.interfaces = "recording";
			watch = watch_new(&setup, &error);
		}
		if (frame.time >= tick || frame.time < tick - 4 * TICK) {
			watch_tick(watch, frame.time);
			tick = frame.time + TICK;
		}
		watch_frame(watch, &frame);
	}
	if (watch) {
		watch_dropped(watch, source_facts(source)->dropped);
		watch_finish(watch);
		doc = watch_document(watch);
	}
	watch_free(watch);
	source_close(source);
	return doc;
}

/* How the record of a live input can differ: files have an end, and odd times. */
static void
take_over_facts(struct porch_document *live, const struct porch_document *replayed)
{
	static struct porch_input input;

	input = live->run.inputs[0];
	input.complete = replayed->run.inputs[0].complete;
	input.error = replayed->run.inputs[0].error;
	input.error_offset = replayed->run.inputs[0].error_offset;
	input.link_types = replayed->run.inputs[0].link_types;
	live->run.inputs = &input;
	live->run.counters.odd_times = replayed->run.counters.odd_times;
}

static bool
differs(const char *path, const char *a, const char *b)
{
	size_t at = 0, from;

	if (strcmp(a, b) == 0)
		return false;
	while (a[at] && a[at] == b[at])
		at++;
	from = at < 200 ? 0 : at - 200;
	fprintf(stderr, "%s: at %zu\n  watched  ...%.300s\n  replayed ...%.300s\n", path, at,
	    a + from, b + from);
	return true;
}

static bool
is_equal(const struct porch_rules *rules, const char *path, struct writer *lines,
    unsigned total[static DELAYS])
{
	struct porch_options options = {.no_dpi = true, .no_hashes = true};
	struct porch_error error;
	struct porch_document *replayed = porch_replay(rules, &options, &path, 1, &error);
	struct told told = {.lines = lines, .last = calloc(EPISODES_MOST, sizeof(struct last))};
	struct porch_document *live = watched(rules, &options, path, &told);
	bool equal = false;

	if (!live && replayed && replayed->run.counters.received == 0) {
		equal = true; /* nothing to watch */
	} else if (live && replayed) {
		char *a, *b;

		see_document(&told, live);
		take_over_facts(live, replayed);
		a = as_json(live);
		b = as_json(replayed);
		equal = !differs(path, a, b) && !told.bad && told.ended;
		free(a);
		free(b);
	}
	fprintf(stderr, "%s: %s; %llu events, %llu of episodes, %llu of open ones, %llu notices\n",
	    path, equal ? "equal" : "DIFFERS", (unsigned long long)told.sequence,
	    (unsigned long long)told.episodes, (unsigned long long)told.open,
	    (unsigned long long)told.notices);
	for (unsigned i = 0; i < DELAYS; i++)
		total[i] += told.delay[i];
	free(told.last);
	porch_document_free(live);
	porch_document_free(replayed);
	return equal;
}

/* How long after its start footage was told as such. */
static void
tell_delays(const unsigned delay[static DELAYS])
{
	unsigned all = 0, so_far = 0;

	for (unsigned i = 0; i < DELAYS; i++)
		all += delay[i];
	for (unsigned i = 0; i < DELAYS && all > 0; i++) {
		so_far += delay[i];
		if (i != 0 && i != 2 && i != 7 && i != DELAYS - 1)
			continue;
		fprintf(stderr, "known as footage within %u.%u s: %u %% of %u\n", (i + 1) / 2,
		    (i + 1) % 2 * 5, so_far * 100 / all, all);
	}
}

int
main(int argc, char **argv)
{
	const char *folder = SOURCE_DIR "/rules";
	bool lines = argc > 1 && strcmp(argv[1], "--lines") == 0, fine = true;
	struct porch_error error;
	struct porch_rules *rules = porch_rules_load(&folder, 1, &error);
	static struct writer writer;
	unsigned delay[DELAYS] = {0};

	if (argc < 2 + lines || !rules) {
		fprintf(stderr, "usage: watch_recordings [--lines] CAPTURE...\n");
		return 2;
	}
	writer_init(&writer, STDOUT_FILENO);
	for (int i = 1 + lines; i < argc; i++)
		fine = is_equal(rules, argv[i], lines ? &writer : NULL, delay) && fine;
	tell_delays(delay);
	fine = writer_finish(&writer) == WRITER_DONE && fine;
	porch_rules_free(rules);
	return fine ? 0 : 1;
}
