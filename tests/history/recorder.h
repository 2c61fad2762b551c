/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_HISTORY_RECORDER_H
#define TESTS_HISTORY_RECORDER_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/spool.h"
#include "crypto/crypto.h"
#include "history.h"
#include "judge/track.h"
#include "source/source.h"

/* An engine whose result is kept in a history while frames come, as `watch` does. */
struct recorder {
	struct engine *engine;
	struct history *history;
	int64_t hour; /* of the frame before, or INT64_MIN */
	int64_t now;
	bool failed;
};

static inline void
recorder_add_open(const struct track_episode *episode, const struct track_pace *pace, void *user)
{
	struct track_episode open = *episode;

	(void)pace;
	open.open = true;
	spool_add(user, &open);
}

/* The result so far, with its open episodes. */
static inline bool
recorder_flush(struct recorder *r, int64_t now)
{
	struct engine_result so_far;
	struct track_episode one;
	struct spool *all = spool_new(sizeof(one), 1U << 24);
	bool fine;

	if (!all || !engine_snapshot(r->engine, NULL, &so_far))
		abort();
	for (size_t i = 0; i < so_far.episode_count; i++)
		if (!spool_get(so_far.episodes, i, &one) || !spool_add(all, &one))
			abort();
	engine_each_open(r->engine, recorder_add_open, all);
	so_far.episodes = all;
	so_far.episode_count = spool_count(all);
	fine = history_flush(r->history, &so_far, now);
	r->failed = r->failed || !fine;
	engine_snapshot_free(&so_far);
	spool_free(all);
	return fine;
}

static inline void
recorder_begin(struct recorder *r, struct history *history, const struct porch_rules *rules,
    const struct porch_options *o)
{
	struct engine_setup setup = {
	    .rules = rules,
	    .mirror = o->mirror,
	    .dedup = o->dedup,
	    .seed = o->seed,
	    .sizes = {.flows = o->max_flows, .devices = o->max_devices},
	    .named = o->devices,
	    .named_count = o->device_count,
	};
	struct porch_error error;

	*r = (struct recorder){.history = history, .hour = INT64_MIN};
	r->engine = crypto_init() ? engine_new(&setup, &error) : NULL;
	if (!r->engine)
		abort();
}

/* The hour before is stored before the first frame of the next one. */
static inline void
recorder_frame(struct recorder *r, const struct frame *frame)
{
	int64_t hour = frame->time / HISTORY_HOUR_US;

	if (r->hour != INT64_MIN && hour != r->hour)
		recorder_flush(r, r->now);
	r->hour = hour;
	r->now = frame->time;
	engine_frame(r->engine, frame);
}

static inline void
recorder_end(struct recorder *r)
{
	struct engine_result result;

	engine_finish(r->engine, &result);
	if (!history_flush(r->history, &result, r->now))
		r->failed = true;
	engine_free(r->engine);
}

/* Reads a capture, and stores what is known after every so many frames, 0 for never. */
static inline bool
recorder_read(struct recorder *r, const char *path, unsigned every)
{
	struct source_options options = {.no_hashes = true};
	struct porch_error error;
	struct source *source = source_open(path, &options, &error);
	unsigned frames = 0, next = every;
	struct frame frame;

	if (!source)
		return false;
	while (source_next(source, &frame) == SOURCE_FRAME) {
		recorder_frame(r, &frame);
		if (every && ++frames >= next) {
			recorder_flush(r, r->now);
			next += every / 2 + (unsigned)(frame.time % (int64_t)every);
		}
	}
	for (size_t i = 0; source_comment(source, i); i++)
		engine_comment(r->engine, source_comment(source, i));
	engine_dropped(r->engine, source_facts(source)->dropped);
	engine_odd_times(r->engine, source_facts(source)->odd_times);
	source_close(source);
	return true;
}

#endif
