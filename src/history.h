/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HISTORY_H
#define HISTORY_H

#include <porchlight/engine.h>

#include "engine.h"

/*
 * What was measured, kept on disk, so that a report can be made of it later: by the code that
 * judges a replay, with the rules of that day.  A session is one run of `watch`; it is told as
 * one input, and what lies between two is a gap.
 *
 * Of watched devices receivers are kept by the hour and episodes one by one; of all others the
 * device, and sums.  Everything is sealed with a key in a file apart (store/store.h).
 */
struct history;

#define HISTORY_DAYS    30
#define HISTORY_BUDGET  (UINT64_C(64) << 20)
#define HISTORY_HOUR_US INT64_C(3600000000)

struct history_setup {
	const char *path;      /* a file, or a folder that holds history.db */
	const char *key;       /* file; NULL: beside copy, else path, ".key" after its name */
	const char *copy;      /* file that is kept up to date, for a path in memory; or NULL */
	unsigned copy_minutes; /* how often; 0: 60 */
	unsigned days;         /* 0: HISTORY_DAYS */
	uint64_t budget;       /* bytes on disk: then the oldest goes first; 0: HISTORY_BUDGET */
	bool read_only;        /* for reports: nothing is written */
	bool must_be_there;    /* for changes: nothing is created */
	const struct porch_rules *rules;     /* lent, as all that follows; NULL: only to forget */
	const struct porch_options *options; /* of the watch; NULL where nothing is flushed */
	/* One line for standard error, such as that the disk is full; NULL for none. */
	void (*warn)(const char *line, void *user);
	void *user;
};

/* NULL fills error. */
struct history *history_open(const struct history_setup *setup, struct porch_error *error);
void history_close(struct history *h);

/* A session begins; interfaces are told as the input's path.  False when it cannot be stored. */
bool history_begin(struct history *h, const char *interfaces, int64_t start, uint64_t boot);
/* What is told of the session's input beside its path: link types, bytes, whether it is complete.
 */
void history_input(struct history *h, const struct porch_input *input);
/* From now on others; the old ones may be freed afterwards. */
void history_change(struct history *h, const struct porch_rules *rules,
    const struct porch_options *options);

/*
 * Stores what is new since the last time, in one commit: so_far is of the whole session, but may
 * lack closed episodes of watched devices that an earlier call has stored.  Open ones are written
 * over when they are closed.  On failure it is kept in mind, warned of once, and all of it is
 * stored by a later call; then nothing of what is not stored may be dropped.  now: packet time.
 */
bool history_flush(struct history *h, const struct engine_result *so_far, int64_t now);
/* Removes what is too old, gives room back, and keeps the copy; at most once a minute of now. */
void history_tick(struct history *h, int64_t now);

/*
 * The document of what is kept, as a replay of the same frames has it.  options: as of a replay;
 * what the sessions were asked for (home, device, label, ...) is added.  With since and until,
 * episodes are those that began between them, and sums are those of the UTC hours that they lie
 * in.  NULL fills error.
 */
struct porch_document *history_document(struct history *h, const struct porch_options *options,
    struct porch_error *error);

/* From the beginning of the first session to the last moment that is covered; false when empty. */
bool history_span(struct history *h, int64_t *first, int64_t *last);

/*
 * How many doorbells, cameras and hubs were seen since then, by what each said and sent; what went
 * to whom is not looked at.
 */
size_t history_doorbells(struct history *h, int64_t since);

/* A name for a device, "" for none; what the user says of an episode. */
bool history_label(struct history *h, uint64_t device, const char *name);
bool history_mark(struct history *h, uint64_t episode, const char *mark, int64_t now);
/* All that was said. */
typedef void history_word_fn(uint64_t id, const char *text, void *user);
bool history_labels(struct history *h, history_word_fn *each, void *user);
bool history_marks(struct history *h, history_word_fn *each, void *user);

/* Whether an earlier session saw the device or receiver of that id; and since when it is known. */
bool history_knew(struct history *h, uint64_t id);
int64_t history_known_since(struct history *h); /* PORCH_NO_TIME: nothing is */

/*
 * Erases a device, or everything (device 0), also while a watch goes on; *rows tells how many rows
 * that were.  False fills error: then some may be left.
 */
bool history_forget(struct history *h, uint64_t device, uint64_t *rows, struct porch_error *error);

#endif
