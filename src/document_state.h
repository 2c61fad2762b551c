/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCUMENT_STATE_H
#define DOCUMENT_STATE_H

#include "base/spool.h"
#include "document.h"
#include "judge/device.h"
#include "judge/floor.h"

/*
 * What the files of the document share: document_join.c gathers what captures showed,
 * document_records.c, document_episodes.c and document_run.c make records of it, document.c puts
 * them in order.
 */

#define ORDER(a, b)                                                                                \
	do {                                                                                       \
		if ((a) != (b))                                                                    \
			return (a) < (b) ? -1 : 1;                                                 \
	} while (0)

/* A list that grows; never on the way of a packet. */
struct list {
	void *item;
	size_t count, room;
};

/* A receiver of a device, from one row or several. */
struct receiver_row {
	uint64_t device, what;
	const struct destination *row;
	struct destination *own; /* the same where it may be changed; NULL: it is the result's */
	size_t order;            /* of coming, among equals */
	struct porch_destination *record; /* NULL until somebody asks */
};

struct device_row {
	uint64_t id;
	const struct device *device;
	struct device *own; /* the same where it may be changed; NULL: it is the result's */
	size_t order;
	struct device_traffic traffic;
	struct device_verdict verdict;
	struct porch_device *record;
};

/* Whose an episode is, and where it lies. */
struct episode_place {
	uint64_t device;
	uint64_t id; /* told apart from others with one five-tuple and time */
	const struct spool *from;
	size_t at;
	uint32_t input;
};

struct episode_row {
	uint64_t device;
	struct track_episode episode;
	uint32_t input;
};

/* Episodes that are known by their sums. */
struct sums_row {
	uint64_t device;
	struct porch_ledger_row ledger[PORCH_CONTENTS];
	struct device_traffic traffic;
};

struct document_builder {
	const struct porch_rules *rules;
	const struct porch_options *options;
	const struct document_census *census; /* or NULL */
	struct porch_bounds bounds;
	const uint64_t *known; /* or NULL */
	size_t known_count;
	struct arena *arena;
	struct arena *rows;     /* copies of receivers and texts, of results that do not stay */
	bool borrows;           /* results stay until the document is made */
	struct list devices;    /* of struct device_row, sorted by id once joined */
	struct list receivers;  /* of struct receiver_row, sorted by device and key once joined */
	struct spool *places;   /* of struct episode_place */
	struct spool *episodes; /* of struct track_episode, where results do not stay */
	struct list inputs;     /* of struct porch_input */
	struct list gaps;       /* of struct porch_gap */
	struct list sums;       /* of struct sums_row */
	struct floor_memo floors;
	struct model_places places_of_device; /* of features in the model "device" */
	struct model_places places_of_content;
	struct porch_counters counters;
	struct engine_folded folded;
	struct engine_advice advice;    /* of all captures together */
	const struct engine_past *past; /* of a network that is watched; or NULL */
	int64_t first, last, watched_us;
	bool any, seen_inside;
};

/* The arena of a document that document_finish() made. */
struct arena *document_own_arena(const struct porch_document *document);

/* The options that change the result, and the libraries; run's advice is there before. */
void document_tell_run(const struct porch_rules *rules, const struct porch_options *options,
    struct arena *arena, struct porch_run *run);
bool document_join_devices(struct document_builder *b); /* false when out of memory */
bool document_join_receivers(struct document_builder *b);
void document_sort_receivers(struct document_builder *b);
/* Receivers whose device left a full table join what that table folded. */
void document_fold_orphans(struct document_builder *b);
struct device_row *document_find_device(const struct document_builder *b, uint64_t id);
/*
 * The same for one receiver after the other, which are sorted as devices are: from the place where
 * the last one was found, 0 at first.
 */
struct device_row *document_next_device(const struct document_builder *b, size_t *place,
    uint64_t id);
struct receiver_row *document_find_receiver(const struct document_builder *b, uint64_t device,
    uint64_t what);
/* The i-th episode; false when it cannot be read. */
bool document_episode(const struct document_builder *b, size_t i, struct episode_row *row);
struct porch_device *document_device_records(struct document_builder *b, size_t *count);
void document_sum_receivers(struct document_builder *b);
void document_judge_devices(struct document_builder *b);
/*
 * The record of a receiver, judged when it is asked for first: most receivers are of devices that
 * are not told.  NULL when out of memory.
 */
struct porch_destination *document_record_of(const struct document_builder *b,
    struct receiver_row *receiver);
/* Uploads of the device that are smaller could be missed; -1 unknown. */
int64_t document_floor_of(struct document_builder *b, const struct porch_device *d);
/* What episodes show of their devices, before those are judged. */
void document_learn_traffic(struct document_builder *b);
/* Adds each to its device and receiver; false when one could not be read or judged. */
bool document_count_episodes(struct document_builder *b);
/* Those of watched devices, in order. */
bool document_tell_episodes(struct document_builder *b, struct porch_document *doc);

#endif
