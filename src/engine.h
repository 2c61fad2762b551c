/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENGINE_H
#define ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <porchlight/record.h>

#include "base/frame.h"
#include "base/spool.h"
#include "base/table.h"
#include "dpi/dpi.h"
#include "home/destination.h"
#include "home/device.h"
#include "home/splits.h"
#include "judge/device.h"
#include "judge/track.h"
#include "rules/rules.h"

/*
 * The corridor: everything that is remembered of one capture.  Memory is taken whole by
 * engine_new(); what leaves a full table is counted and folded, so that sums stay exact.
 */
struct engine;

#define ENGINE_EPISODES (16U << 20) /* bytes of closed episodes that stay in memory */

#define ENGINE_HOSTS 32

/*
 * What of a frame would have to be kept to prove what is told of it: its first bytes, which
 * hold headers, look-ups and hellos.  Lent for the call.
 */
struct engine_kept {
	const struct frame *frame;
	size_t bytes;
	bool always;        /* it says whose an address is (ARP, NDP, DHCP) */
	uint64_t device[2]; /* else: the devices at its ends, 0 where there is none */
};

/* How many of each are remembered: what memory is taken for.  0: the default, of a replay. */
struct engine_sizes {
	size_t flows;
	size_t devices;
	size_t destinations;
	size_t tracks;     /* receivers whose uploads are followed */
	size_t names;      /* that were looked up */
	size_t pending;    /* flows that wait for their name */
	size_t hellos;     /* handshakes that are being put together */
	size_t neighbours; /* addresses whose MAC was heard */
};

struct engine_setup {
	const struct porch_rules *rules;
	const struct prefix *home;
	size_t home_count;
	bool mirror;
	const struct addr *capture_hosts; /* of a live capture: mirrors sent there are opened */
	size_t capture_host_count;        /* beyond ENGINE_HOSTS: only the first ones */
	bool dedup;
	uint64_t seed;
	struct engine_sizes sizes;
	const char *const *named; /* MAC or address as text: the user's devices */
	size_t named_count;
	struct dpi *dpi; /* lent; NULL: nobody advises */
	bool follow;     /* judge open episodes at the end of their bins */
	bool live;       /* what advises is not waited for: at most two seconds at the end */
	uint32_t input;  /* index told with flows */
	void (*flow)(const struct porch_flow *flow, void *user); /* or NULL */
	/* Takes closed episodes over: then none is in a result.  Lent for the call; or NULL. */
	void (*closed)(const struct track_episode *episode, void *user);
	void (*keep)(const struct engine_kept *kept, void *user); /* each frame; or NULL */
	void *user;
};

/* What left a full table of receivers. */
struct engine_folded {
	uint64_t rows;
	struct flow_count up, down;
	uint64_t bytes_local;
	int64_t first_seen, last_seen;
};

/* Who was asked what flows look like, and how it went. */
struct engine_advice {
	enum dpi_state state;
	struct wire_greeting greeting; /* its library is "" when none was heard of */
	uint64_t flows;                /* that an opinion was given on */
	uint64_t quarantined;
};

/* Episodes that are not kept any more, in sums; as they were judged when they were let go. */
struct past_device {
	uint64_t id;
	struct device_traffic traffic;
	struct porch_ledger_row ledger[PORCH_CONTENTS];
	bool footage; /* one of them was */
};
struct past_receiver {
	uint64_t id; /* destination_id() */
	uint64_t episodes;
	uint64_t footage_bytes_up;
};
struct engine_past {
	const struct table *devices;   /* of struct past_device */
	const struct table *receivers; /* of struct past_receiver */
	uint64_t episodes;
	/* Of those in the headline, and of those that cannot be told. */
	uint64_t footage_episodes, footage_bytes_up, footage_us, cannot_tell_episodes;
	uint64_t expected_low, expected_milli, expected_high; /* percent, thousandths, percent */
	struct porch_likelihood best; /* of the best supported one in the headline */
};

/* What one capture showed; borrowed from the engine. */
struct engine_result {
	const struct table *devices;      /* of struct device */
	const struct table *destinations; /* of struct destination */
	const struct splits *splits;
	const struct spool *episodes; /* of struct track_episode, in order of closing */
	size_t episode_count;
	const struct engine_past *past; /* NULL: all are there */
	const struct porch_gap *gaps;
	size_t gap_count;
	const struct porch_gap *losses; /* of the process that advises */
	size_t loss_count;
	struct engine_advice advice;
	struct porch_counters counters;
	struct engine_folded folded;
	int64_t first, last; /* PORCH_NO_TIME without frames */
	int64_t watched_us;  /* first to last, without clock steps */
	bool seen_inside;    /* an inside address sent or received */
	bool out_of_memory;  /* an episode is missing: the result must not be told */
	bool lent;           /* the tables are the engine's own: no snapshot */
};

/* NULL when out of memory or when the rules lack a number it needs (then error says which). */
struct engine *engine_new(const struct engine_setup *setup, struct porch_error *error);
void engine_free(struct engine *engine);
/* Whether the rules have every number that engine_new() needs; else error says which they lack. */
bool engine_rules_suffice(const struct porch_rules *rules, struct porch_error *error);

/* Copies them: the capturing host's own addresses, when they may have changed. */
void engine_capture_hosts(struct engine *engine, const struct addr *hosts, size_t count);

void engine_frame(struct engine *engine, const struct frame *frame);
/* A frame that the user's filter or times leave out. */
void engine_filtered(struct engine *engine);
/* A hole between joined files, or frames the source lost. */
void engine_gap(struct engine *engine, int64_t start, int64_t end, const char *reason);
void engine_dropped(struct engine *engine, uint64_t frames);
void engine_odd_times(struct engine *engine, uint64_t frames);

/*
 * From now on other rules, home, mirror, dedup and named devices, as in setup; the rest of it is
 * passed over.  False fills *error and changes nothing.
 */
bool engine_reload(struct engine *engine, const struct engine_setup *setup,
    struct porch_error *error);

/*
 * A comment of the capture.  One that redact/ wrote claims that what a device said of itself
 * matched a rule; all others are passed over.
 */
void engine_comment(struct engine *engine, const char *comment);

/* For setups that follow.  Lent for the call: an open episode by what is known of it so far, and
 * its receiver. */
typedef void engine_open_fn(const struct porch_episode *episode, const struct porch_destination *to,
    void *user);
void engine_open_episodes(struct engine *engine, engine_open_fn *tell, void *user);

/* Lends every open episode, unjudged, in no order that means anything. */
void engine_each_open(struct engine *engine, track_open_fn *each, void *user);

/*
 * The result so far: what ended, and what goes on as if it ended now.  Nothing ends by it.
 * Counts of flows whose name is not settled are left out, as they belong to no receiver yet:
 * so sums only ever grow.  With only, the identifier of a device, the tables hold just that
 * one and its receivers.  Episodes that are open are not in it (see engine_each_open()).
 * The tables are copies, freed with engine_snapshot_free(); the rest is lent until the engine
 * goes on.  False when out of memory.
 */
bool engine_snapshot(struct engine *engine, const uint64_t *only, struct engine_result *result);
void engine_snapshot_free(struct engine_result *result);

/*
 * Whether what is known of a device, of its receivers and uploads is the last to make room in
 * full tables.  What comes to be known later is not meant: say it again.
 */
void engine_hold(struct engine *engine, uint64_t device, bool hold);

/* Ends all flows and episodes.  The result is good until engine_free(). */
void engine_finish(struct engine *engine, struct engine_result *result);

/* After engine_finish(): gives back all memory but that of the result. */
void engine_rest(struct engine *engine);

/* Who an end of the home is, by what is known of its MAC. */
struct device_key engine_device_key(const struct splits *splits, const struct mac *mac,
    const struct addr *inside);

#endif
