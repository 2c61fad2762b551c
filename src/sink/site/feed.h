/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_SITE_FEED_H
#define SINK_SITE_FEED_H

#include <porchlight/event.h>

#include "sink/site/shelf.h"
#include "sink/site/trace.h"

/*
 * What the page knows: the lines of the process that counts (sink/event.h), read one by one.
 * Records are kept as they were told, the newest of each; the state as the page shows it.
 * Texts are as devices chose them, and cut to their room.
 */

#define FEED_NAME    128
#define FEED_LIMITS  8
#define FEED_TOLD    256 /* events that a reader who was away can still be told */
#define FEED_MARKS   64  /* remembered until the records have them */
#define FEED_DEVICES PORCH_STATE_DEVICES

struct live_upload {
	bool there;
	uint64_t id;
	int64_t start;
	int64_t end;
	uint64_t bytes_up;
	enum porch_content content;
	enum porch_footage footage;
	struct porch_likelihood likelihood; /* its word is one of the six, or NULL */
	char organisation[FEED_NAME];       /* "" for none */
	enum porch_party party;
	uint64_t destination; /* 0 while its name is not settled */
};

struct live_device {
	uint64_t id;
	char name[FEED_NAME];
	enum porch_kind kind;
	enum porch_activity activity;
	uint64_t bytes_up_today;
	uint64_t footage_bytes_today;
	uint64_t footage_episodes_today;
	uint64_t kbps; /* in the last second */
	struct live_upload open;
	struct live_upload last;
};

struct live_state {
	int64_t time; /* PORCH_NO_TIME: none was told yet */
	enum porch_activity activity;
	int64_t watched_since;
	int64_t today_since; /* of the sums of today */
	uint64_t bytes_up_today;
	uint64_t footage_bytes_today;
	uint64_t footage_episodes_today;
	uint64_t gaps;
	uint64_t rules_rev;
	uint64_t dropped;
	uint64_t received;
	uint64_t processed;
	uint64_t undecoded;
	uint64_t filtered;
	uint64_t deduplicated;
	char limits[FEED_LIMITS][FEED_NAME * 2]; /* English, as records have them */
	size_t limit_count;
	struct live_device devices[FEED_DEVICES];
	size_t device_count;
};

/* What the page shows of a record; each kind of record has its own. */
struct about_device {
	char name[FEED_NAME];
	bool watched;
};

struct about_destination {
	uint64_t device;
	char name[FEED_NAME]; /* of the host, or its first address; "" for none */
	char organisation[FEED_NAME];
	char country[4];
	enum porch_party party;
	uint64_t bytes_up;
	uint64_t footage_bytes_up;
	bool folded;
};

struct about_episode {
	uint64_t device;
	uint64_t destination;
	int64_t start;
	int64_t end;
	uint64_t bytes_up;
	enum porch_content content;
	enum porch_footage footage;
	struct porch_likelihood likelihood;
	bool live_view;
	bool open;
	char mark[12]; /* "expected", "wrong", or "" */
};

struct about_gap {
	int64_t start;
	int64_t end;
	char reason[FEED_NAME];
};

struct about_notice {
	int64_t time;
	char kind[24];
	uint64_t device;
	uint64_t destination;
};

enum shelf_kind {
	SHELF_DEVICES,
	SHELF_DESTINATIONS,
	SHELF_EPISODES,
	SHELF_FINDINGS,
	SHELF_GAPS,
	SHELF_NOTICES,
	SHELF_ONE_RUN,
	SHELF_ONE_SUMMARY,
	SHELVES,
};

/* One event, for whoever listens. */
struct told {
	uint64_t number;    /* from 1, within this boot */
	const char *type;   /* "episode", "device", "notice", "gap" */
	const char *record; /* one line, without its end */
};

struct feed;

/* Returns NULL when out of memory. */
struct feed *feed_new(void);
void feed_free(struct feed *feed);

enum feed_change {
	FEED_NOTHING, /* a line that is none of ours; it changed nothing */
	FEED_STATE,
	FEED_RECORD,
};

/* Reads one line. */
enum feed_change feed_line(struct feed *feed, const char *line, size_t len);

const struct live_state *feed_state(const struct feed *feed);
/* The state's record as it was told, or NULL. */
const char *feed_state_record(const struct feed *feed);
/* The run of the daemon the records are of; "" before the first line. */
const char *feed_boot(const struct feed *feed);
const struct shelf *feed_shelf(const struct feed *feed, enum shelf_kind kind);
const struct traces *feed_traces(const struct feed *feed);

/* What a history has of today, its records and marks, a line each; beginning lets go of the last.
 */
void feed_past_begin(struct feed *feed);
void feed_past_line(struct feed *feed, const char *line, size_t len);
/* Its records; what this run tells too is in both.  Of most there is but the short form. */
const struct shelf *feed_past(const struct feed *feed, enum shelf_kind kind);
/* Where the verdict and its findings are: in the history when it was read, else in what was told.
 */
const struct shelf *feed_concluded(const struct feed *feed, enum shelf_kind kind);

/* What somebody here called an upload: "expected", "wrong", "none"; NULL for nothing. */
const char *feed_mark(const struct feed *feed, uint64_t episode);
void feed_set_mark(struct feed *feed, uint64_t episode, const char *mark);

/* The number the newest event has, 0 for none. */
uint64_t feed_newest(const struct feed *feed);
/* The first event after a number that is still known; false when there is none.  Lent until
   the next line. */
bool feed_after(const struct feed *feed, uint64_t number, struct told *told);
/* Where to go on for a reader that was told this id last: "BOOT-NUMBER". */
uint64_t feed_resume(const struct feed *feed, const char *last_id);

#endif
