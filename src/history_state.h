/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HISTORY_STATE_H
#define HISTORY_STATE_H

#include "base/pile.h"
#include "base/table.h"
#include "history.h"
#include "history_codec.h"
#include "store/store.h"

/*
 * What the files of the history share: history.c opens and closes.  history_flush.c stores what is
 * new with history_tables.c and history_ends.c, after history_census.c has counted who is watched;
 * history_rows.c finds and adds up rows.  history_load.c makes results of them again, and
 * history_words.c keeps what users say.  history_doorbells.c counts.  history_room.c removes.
 */

#define HISTORY_RECEIVERS 4096 /* of watched devices; more are told as one */
#define HISTORY_DEVICES   4096
#define HISTORY_ENDS      4096
#define HISTORY_OPEN      4096

/* What was stored of a receiver of a watched device. */
struct receiver_state {
	struct destination_key key;
	uint64_t device;
	bool local;
	struct flow_count up, down;
	uint64_t flows;
	uint32_t advised, quarantined;
	int64_t first_seen, last_seen;
	uint64_t facts; /* sum over the rest of it */
	uint64_t order;
};

/* One end of the home; no padding. */
struct end_key {
	struct mac mac;
	struct addr inside;
	uint8_t zero;
};

/* What was stored of the receivers of an end that are not told apart. */
struct end_state {
	struct end_key key;
	uint64_t device;
	struct destination outside, local;
	struct device_traffic gone; /* of counted episodes that memory has dropped since */
};

struct device_state {
	struct device_key key;
	uint64_t id;
	int64_t time; /* of its row */
	int64_t first_seen;
	uint64_t sum;        /* over its bytes */
	uint32_t generation; /* how often it left the tables and came back */
};

/* An episode whose row is there, but not its end. */
struct open_state {
	uint64_t ordinal;
	int64_t time;
};

/* An episode of a device that is not watched, as it was counted. */
struct counted {
	uint64_t ordinal;
	uint64_t device;
	struct end_key end;
	int64_t hour;
	bool in_ledger;
	uint8_t content;
	uint64_t bytes_up, bytes_down;
	struct device_traffic traffic;
};

/* Where a session stands in the store. */
struct history_now {
	struct history_hour sums;
	struct engine_folded kept; /* of what tables folded: has rows of its own here */
	int64_t session_time;      /* of its row */
	size_t gaps, losses;
	int64_t gap_end;
	uint64_t order;
};

struct history {
	struct history_setup setup;
	char path[4096]; /* of the setup */
	struct store *store;
	bool failing;
	bool has_facts;   /* a session began, if only in memory */
	uint64_t session; /* 0: it has no number yet */
	bool begun;       /* its row is there */
	bool forgetting;  /* rows of what was forgotten are taken for stored */
	bool forgot_all;
	struct history_session facts;
	struct arena *texts; /* of facts */
	struct table *receivers, *ends, *devices, *open;
	struct table *watched; /* of uint64_t: ids of devices that are told one by one */
	struct pile counted;   /* of struct counted, by ordinal */
	uint8_t *closed;       /* a bit for each ordinal whose episode is stored */
	size_t closed_bytes;
	struct history_now now;
	int64_t ticked, purged, copied;
	int64_t keep_until;       /* nothing is removed before */
	int64_t forgotten;        /* number of the last that is known */
	int64_t copied_forgotten; /* and of the last that the copy is without */
	uint64_t *known;          /* ids of earlier sessions, in order; NULL: not read yet */
	size_t known_count;
	int64_t known_since;
	uint8_t bytes[HISTORY_BYTES];
};

/* The start of the UTC hour. */
static inline int64_t
history_hour(int64_t time)
{
	int64_t hour = time / HISTORY_HOUR_US;

	return (hour - (time < 0 && time % HISTORY_HOUR_US != 0)) * HISTORY_HOUR_US;
}

/* history_rows.c: adding up. */
void history_add_hour(struct history_hour *to, const struct history_hour *from);
void history_add_receiver(struct history_receiver *to, const struct history_receiver *from);
void history_add_rest(struct history_rest *to, const struct history_rest *from);
void history_add_ledger(struct history_ledger *to, const struct history_ledger *from);

/* history_rows.c: rows of this session.  A sum is added to the row that is there. */
bool history_put_session(struct history *h, int64_t time);
bool history_put_hour(struct history *h, int64_t hour, const struct history_hour *part);
bool history_put_device(struct history *h, const struct device_state *state, uint64_t id,
    const struct device *device);
bool history_drop_device(struct history *h, const struct device_state *state);
bool history_put_receiver(struct history *h, int64_t hour, uint64_t device,
    const struct history_receiver *part);
bool history_put_rest(struct history *h, int64_t hour, uint64_t device,
    const struct history_rest *part);
bool history_put_ledger(struct history *h, int64_t hour, uint64_t device,
    const struct history_ledger *part);
bool history_put_episode(struct history *h, uint64_t device, const struct track_episode *episode);
bool history_drop_episode(struct history *h, uint64_t ordinal, int64_t time);
bool history_put_gap(struct history *h, size_t index, const struct porch_gap *gap);
bool history_drop_rest_of(struct history *h, uint64_t device);

/* history_census.c: what a result says of watched devices and of the episodes of others. */
struct census {
	struct pile watched;  /* of uint64_t: ids of devices that are, in order */
	struct pile counted;  /* of struct counted, by ordinal: of devices that are not */
	struct pile ordinals; /* of uint64_t, in order: of all episodes there are */
	bool failed;
};
bool history_census(struct history *h, const struct engine_result *so_far, struct census *census);
void history_census_free(struct census *census);
bool census_watches(const struct census *census, uint64_t device);
bool census_has(const struct census *census, uint64_t ordinal);

/* What is stored, until its commit; then memory follows. */
struct flush {
	struct history *h;
	const struct engine_result *so_far;
	const struct census *census;
	int64_t hour;
	struct history_now now;
	struct table *ends;     /* of struct end_state, as they are now */
	struct pile receivers;  /* of struct receiver_state, stored now */
	struct pile devices;    /* of struct device_state, stored now */
	struct pile closed;     /* of uint64_t: ordinals */
	struct pile open;       /* of struct open_state */
	struct pile turned;     /* of uint64_t: devices that are watched from now on */
	struct pile begun_anew; /* of uint64_t: devices whose sums by end were removed */
};

/* history_tables.c; all return false when they cannot. */
bool flush_turned(struct flush *f);
bool flush_devices(struct flush *f);
bool flush_receivers(struct flush *f);
void flush_keep_receivers(struct flush *f);
/* history_ends.c */
void flush_add_to_end(struct flush *f, uint64_t device, const struct destination *row);
bool flush_ends(struct flush *f);
void flush_keep_ends(struct flush *f);
bool flush_ledger(struct flush *f);
/* history_flush.c */
bool flush_is_told(const struct flush *f, uint64_t device);
/* The first time that a part of a sum speaks of. */
int64_t flush_first(const struct flush *f, int64_t first, bool stored, int64_t stored_first);

/* history.c */
bool history_commit_session(struct history *h, int64_t now);
void history_fail(struct history *h, const char *doing);
bool history_recover(struct history *h);

#endif
