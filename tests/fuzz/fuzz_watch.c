/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "load_rules.h"
#include "read_all.h"
#include "sink/event.h"
#include "sink/sink.h"
#include "watch.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#define PLAN 16 /* bytes at the start that say what happens between frames */

/* Loaded once; libFuzzer hands nothing else from Initialize to TestOneInput. */
static struct porch_rules *rules, *others;

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	rules = load_rules(SOURCE_DIR "/rules");
	others = load_rules(SOURCE_DIR "/tests/judge/rules");
	return 0;
}

struct run {
	struct watch *watch;
	struct porch_options options;
	struct writer writer; /* to nowhere: lines are written all the same */
	uint64_t sequence, device, episode;
	size_t line;
	bool odd; /* something happened that no replay knows of */
};

static void
measure(const void *bytes, size_t len, void *user)
{
	struct run *run = user;

	(void)bytes;
	run->line += len;
}

static void
note_event(const struct porch_event *event, void *user)
{
	struct run *run = user;

	must(event->kind == PORCH_EVENT_STATE || event->sequence == ++run->sequence);
	if (event->kind == PORCH_EVENT_EPISODE) {
		must(event->device && event->device->id == event->episode->device);
		must(event->episode->end >= event->episode->start);
		run->episode = event->episode->id;
	}
	if (event->kind == PORCH_EVENT_DEVICE)
		run->device = event->device->id;
	run->line = 0;
	event_line(&run->writer, event);
	writer_flush(&run->writer);
	must(run->line < 65536);
}

static void
happen(struct run *run, uint8_t what, int64_t now)
{
	struct porch_error error;

	switch (what & 15) {
	case 1:
		watch_gap(run->watch, now, now + what, "a gap");
		break;
	case 2:
		watch_stored(run->watch);
		break;
	case 3:
		watch_label(run->watch, run->device, what & 16 ? "" : "name");
		break;
	case 4:
		watch_mark(run->watch, run->episode, what & 16 ? "none" : "wrong");
		break;
	case 5:
		run->options.all_devices = !run->options.all_devices;
		watch_reload(run->watch, what & 16 ? rules : others, &run->options, &error);
		break;
	case 6:
		watch_interface(run->watch, "eth0", what & 16);
		break;
	case 7:
		watch_dropped(run->watch, what);
		break;
	default:
		return;
	}
	run->odd = true;
}

static void
sum_of_replay(const uint8_t *bytes, size_t len, const struct porch_options *options,
    char sum[static SHA256_TEXT])
{
	char name[64];
	const char *path = name;
	struct porch_error error;
	struct porch_document *doc;
	FILE *file;

	snprintf(name, sizeof(name), "/tmp/porchlight-fuzz-watch-%ld", (long)getpid());
	file = fopen(name, "wb");
	must(file != NULL);
	must(fwrite(bytes, 1, len, file) == len && fclose(file) == 0);
	doc = porch_replay(rules, options, &path, 1, &error);
	unlink(name);
	must(doc != NULL);
	doc->run.input_count = 0;
	doc->run.counters.odd_times = 0;
	must(report_sum(doc, sum));
	porch_document_free(doc);
}

/* After the end: what was watched is what a replay of it says. */
static void
compare(struct run *run, const uint8_t *bytes, size_t len)
{
	char watched[SHA256_TEXT], replayed[SHA256_TEXT];
	struct porch_document *doc = watch_document(run->watch);

	must(doc != NULL);
	if (!run->odd) {
		doc->run.input_count = 0;
		must(report_sum(doc, watched));
		sum_of_replay(bytes, len, &run->options, replayed);
		must(strcmp(watched, replayed) == 0);
	}
	porch_document_free(doc);
}

/* The first bytes say what happens between frames; the rest is a capture. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct source_options quick = {.no_hashes = true};
	struct run run = {.options = {.no_dpi = true, .no_hashes = true, .all_devices = true}};
	struct watch_setup setup = {.rules = rules,
	    .options = &run.options,
	    .boot = 1,
	    .scale = 8,
	    .tell = note_event,
	    .user = &run};
	struct porch_error error;
	struct source *source;
	struct frame frame;
	size_t frames = 0;

	if (len <= PLAN)
		return 0;
	source = source_open_memory(bytes + PLAN, len - PLAN, "fuzz", &quick, &error);
	if (!source)
		return 0;
	writer_init(&run.writer, WRITER_NOWHERE);
	run.writer.tee = measure;
	run.writer.user = &run;
	run.watch = watch_new(&setup, &error);
	while (run.watch && source_next(source, &frame) == SOURCE_FRAME) {
		watch_frame(run.watch, &frame);
		if (frames++ % 4 == 0)
			watch_tick(run.watch, frame.time);
		happen(&run, bytes[frames % PLAN], frame.time);
	}
	if (run.watch && frames > 0) {
		watch_dropped(run.watch, source_facts(source)->dropped);
		watch_finish(run.watch);
		compare(&run, bytes + PLAN, len - PLAN);
	}
	watch_free(run.watch);
	source_close(source);
	return 0;
}
