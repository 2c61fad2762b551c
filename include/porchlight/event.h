/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORCHLIGHT_EVENT_H
#define PORCHLIGHT_EVENT_H

#include <porchlight/record.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * What watching a network tells while it goes on.  An event lends its record for the one
 * call it is told in; the texts in it are as whoever wrote them, so each sink escapes them.
 */
enum porch_event_kind {
	PORCH_EVENT_RUN,
	PORCH_EVENT_DEVICE,
	PORCH_EVENT_DESTINATION,
	PORCH_EVENT_EPISODE,
	PORCH_EVENT_GAP,
	PORCH_EVENT_NOTICE,
	PORCH_EVENT_STATE,
	PORCH_EVENT_FINDING,
	PORCH_EVENT_SUMMARY,
};

/* Something that happened for the first time and that a person may want to hear at once. */
struct porch_notice {
	const char *kind; /* "new-device", "new-receiver", "tracker", "evidence-platform",
	                     "unsolicited-upload" */
	uint64_t device;
	uint64_t destination;     /* 0 when it is about none */
	uint64_t episode;         /* 0 when it is about none */
	const char *sentence;     /* English */
	struct porch_phrase said; /* the same, for other languages */
};

/* What goes on at one moment. */
enum porch_activity {
	PORCH_ACTIVITY_QUIET,
	PORCH_ACTIVITY_SENDING,     /* an upload with footage `yes` is open */
	PORCH_ACTIVITY_ENDED_MAYBE, /* one is, but nothing of its size went out for 3 s */
	PORCH_ACTIVITY_CANNOT_TELL, /* an open upload may hold footage or not */
	PORCH_ACTIVITY_BLIND,       /* no interface delivers frames; of the home, not of a device */
};

/* An upload in short. */
struct porch_upload {
	uint64_t id; /* of its episode */
	int64_t start;
	int64_t end; /* PORCH_NO_TIME while it is open */
	uint64_t bytes_up;
	enum porch_content content;
	enum porch_footage footage;
	struct porch_likelihood likelihood;
	const char *organisation;
	enum porch_party party;
	uint64_t destination; /* 0 while its name is not settled */
};

#define PORCH_RATES         4  /* bins of 250 ms: the last second */
#define PORCH_STATE_DEVICES 48 /* of which a state tells: a line stays below 64 KiB */

/* A watched device. */
struct porch_device_state {
	uint64_t id;
	const char *name; /* its label, else product, else host name, else MAC or address */
	enum porch_kind kind;
	const char *vendor_name;
	enum porch_activity activity;
	const char *sentence; /* English */
	uint64_t bytes_up_today;
	uint64_t footage_bytes_today;
	uint64_t footage_episodes_today;
	uint64_t rate_kbps[PORCH_RATES]; /* upload in each bin, oldest first */
	const struct porch_upload *open; /* or NULL */
	const struct porch_upload *last; /* the last ended with footage `yes`, or NULL */
};

struct porch_interface {
	const char *name;
	bool up;
};

/* The home at one moment.  Today is the day of packet time, in the zone that was asked for. */
struct porch_state {
	enum porch_activity activity;
	const char *sentence; /* English */
	int64_t watched_since;
	int64_t today_since;     /* of the sums of today: midnight, or when watching began later */
	uint64_t bytes_up_today; /* of watched devices */
	uint64_t footage_bytes_today;
	uint64_t footage_episodes_today;
	struct porch_counters counters;
	uint64_t gaps;
	uint32_t rules_rev;
	const char *rules_seen; /* the latest day of their sources, "2026-11-19", or NULL */
	const struct porch_interface *interfaces;
	size_t interface_count;
	struct porch_texts limits;                /* what cannot be seen or told, a sentence each */
	const struct porch_device_state *devices; /* those that send first, then by last_seen */
	size_t device_count;                      /* at most PORCH_STATE_DEVICES */
};

struct porch_event {
	enum porch_event_kind kind;
	uint64_t boot; /* names this run of the daemon */
	uint64_t
	    sequence; /* `event` in its line: from 1; 0 of a state, which nobody acknowledges */
	int64_t time; /* of packets */
	/* Of the kind's own name; an episode comes with its device, and with its destination
	 * once its name has settled. */
	const struct porch_run *run;
	const struct porch_device *device;
	const struct porch_destination *destination;
	const struct porch_episode *episode;
	const char *mark; /* what the user says of the episode: "expected", "wrong"; or NULL */
	const struct porch_gap *gap;
	const struct porch_notice *notice;
	const struct porch_state *state;
	const struct porch_finding *finding;
	const struct porch_summary *summary;
};

/* The word of the record for it: "episode", "quiet"; never NULL. */
PORCH_EXPORT const char *porch_event_word(enum porch_event_kind kind);
PORCH_EXPORT const char *porch_activity_word(enum porch_activity activity);

#ifdef __cplusplus
}
#endif

#endif
