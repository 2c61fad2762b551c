/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WATCH_H
#define WATCH_H

#include <porchlight/engine.h>
#include <porchlight/event.h>

#include "base/arena.h"
#include "base/frame.h"
#include "engine.h"

/*
 * Watching a network: the corridor while frames keep coming.  It owns an engine and tells
 * events of what changes.  Records are judged by the code that judges a replay, one device at
 * a time: what is told is what a replay of the frames so far would say, and watch_document()
 * after watch_finish() is what a replay of all of them says.
 *
 * Only frames change what is known; watch_tick() but looks at it and tells.  So a result does
 * not depend on when it is called.
 */
struct watch;
struct keeper;

struct watch_setup {
	const struct porch_rules *rules;
	const struct porch_options *options; /* copied; what they point to outlives the watch */
	struct keeper *keeper;               /* runs what advises; NULL: this process does */
	const char *interfaces;              /* told as the input's path */
	uint64_t boot;                       /* names this run */
	int64_t start;                       /* packet time */
	/* Seconds that the reader's clock is ahead of UTC at a time, with user NULL; NULL: UTC.
	 * What "today" is follows it. */
	int32_t (*zone_offset)(int64_t time, void *user);
	unsigned scale; /* tables for a small router, so many times; 0: once.  8 is a replay's */
	/*
	 * Whether the device or receiver of that identifier was seen in an earlier run, since when
	 * is known_since.  NULL: nobody remembers, and what comes in the first hour is not new.
	 */
	bool (*known)(uint64_t id, void *user);
	int64_t known_since;
	/*
	 * A frame that says whose an address is, or of a device that is watched by now: its first
	 * bytes, which have to be kept to prove what is told (see engine_kept).  Or NULL.
	 */
	void (*keep)(const struct frame *frame, size_t bytes, void *user);
	void *keep_user;
	/* Called from all functions below that take no const watch, and never from within itself.
	 */
	void (*tell)(const struct porch_event *event, void *user);
	void *user;
};

/* Tells the run.  NULL fills *error: wrong options, rules that lack a number, no memory. */
struct watch *watch_new(const struct watch_setup *setup, struct porch_error *error);
void watch_free(struct watch *watch);

/*
 * What earlier runs measured since watch_midnight(): the state's sums of today go on from there.
 * At most once, before the first frame.
 */
void watch_remember(struct watch *watch, const struct porch_document *doc);
/* When the day that is now began. */
int64_t watch_midnight(const struct watch *watch);

void watch_frame(struct watch *watch, const struct frame *frame);
/* Looks at what frames changed, and tells it.  now: packet time; at least four times a second. */
void watch_tick(struct watch *watch, int64_t now);

/* Nothing could be seen from start to end.  The reason is copied. */
void watch_gap(struct watch *watch, int64_t start, int64_t end, const char *reason);
/* Frames that the source lost. */
void watch_dropped(struct watch *watch, uint64_t frames);
/* A frame that was delivered and is left out, such as the copy that another interface shows. */
void watch_filtered(struct watch *watch);
/* An interface that is watched, as it is now. */
void watch_interface(struct watch *watch, const char *name, bool up);
/* This machine's own addresses: mirrors that are sent there are opened.  Copied. */
void watch_capture_hosts(struct watch *watch, const struct addr *hosts, size_t count);
/* What cannot be seen here, as one sentence for the state and the input; copied.  At most 16. */
void watch_limit(struct watch *watch, const char *sentence);
/* Bytes that an interface counted and the capture did not show, since the last time; 0 says that
 * somebody looks. */
void watch_unobserved(struct watch *watch, uint64_t bytes);

/*
 * From now on other rules and options; all or nothing: false fills *error and changes nothing.
 * Both are lent as in the setup; the old rules may be freed after it returns true.
 */
bool watch_reload(struct watch *watch, const struct porch_rules *rules,
    const struct porch_options *options, struct porch_error *error);
/* Names a device; "" takes the name away.  False when none has that id or names are used up. */
bool watch_label(struct watch *watch, uint64_t device, const char *name);
/* "expected", "wrong" or "none": what the user says of an episode.  False when none has that id. */
bool watch_mark(struct watch *watch, uint64_t episode, const char *mark);

/* What is told of what was watched so far; texts live in the arena. */
struct porch_input watch_input(const struct watch *watch, struct arena *arena);
/*
 * The result so far (see engine_snapshot()), with the episodes that are kept, and those that
 * are open as if they ended now, `open` set.  Good until the watch goes on.
 */
bool watch_snapshot(struct watch *watch, struct engine_result *so_far);
void watch_snapshot_free(struct engine_result *so_far);
/*
 * Whoever stores has the closed episodes of watched devices that were told so far: memory may
 * drop them.  They stay in the sums of devices, receivers and the verdict, as they were judged
 * last; documents have them no more, and findings are not told in the end.
 */
void watch_stored(struct watch *watch);

/* All of this run so far; NULL when out of memory.  Freed with porch_document_free(). */
struct porch_document *watch_document(struct watch *watch);
/* Closes what is open, and tells the end: run, findings, summary.  Then only watch_document(),
 * watch_snapshot() and watch_free() may follow. */
void watch_finish(struct watch *watch);

#endif
