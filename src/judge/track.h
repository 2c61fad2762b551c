/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_TRACK_H
#define JUDGE_TRACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "home/device.h"
#include "home/flow.h"

#define TRACK_FLOWS   8
#define TRACK_SSRCS   4
#define TRACK_RATES   16    /* classes of rate that bins are counted in */
#define TRACK_SLOT_US 10000 /* finer than the pictures of video come */

/*
 * The rule of an episode; the numbers are rule data (rules/models/thresholds.json).  Rates
 * are in bytes of a bin.  A packet of mere overhead (see struct heard) counts among the
 * bytes between, but reaches no rate and is no edge.
 */
struct track_rule {
	int64_t bin_us;
	int64_t silence_us;
	uint64_t on_bytes;        /* opens */
	uint64_t off_bytes;       /* goes on */
	uint64_t message_bytes;   /* in packets over the edge size: opens by messages; 0 never */
	uint64_t sound_bins;      /* that reach off, nearly in a row: open by sound; 0 never */
	uint64_t sound_percent;   /* of the bins since the first of them */
	uint64_t download_bytes;  /* in a run of bins that reach off downwards: open; 0 never */
	uint64_t download_per_up; /* and at least so many times what went up */
	uint64_t talk_bytes;      /* down: sound comes back */
	uint32_t edge_bytes;      /* a start or end packet is larger */
	uint32_t full_bytes;      /* a packet at least this large is full-size */
	int64_t before_us;        /* how long before an episode something preceded it */
	int64_t sequence_us;      /* a pause after which the next is no part of a series */
	uint64_t series_bytes;    /* a member of a series is no smaller */
};

/* Running sums from the first packet to a receiver, or between two moments of it. */
struct track_sums {
	uint64_t bytes_up;
	uint64_t bytes_down;
	uint64_t packets_up;
	uint64_t packets_down;
	uint64_t content_up;   /* bytes up of packets with content */
	uint64_t content_down; /* the same down */
	uint64_t contents_up;  /* packets up with content */
	uint64_t segments_up;  /* the same, one that a card joined counted as its parts */
	uint64_t full_up;      /* full-size ones of them */
	uint64_t media_up;     /* packets up that carry RTP, in the clear or SRTP */
	uint64_t media_down;
	uint64_t bins_up;   /* bins that reached off */
	uint64_t bursts;    /* runs of such bins, a second or more apart */
	uint64_t slots_up;  /* hundredths of a second in which content went up */
	uint64_t talk_bins; /* bins that reached the rate of talk, down */
};

enum track_opening {
	OPENED_BY_MESSAGE, /* the weakest: gives way to what comes after it */
	OPENED_BY_DOWNLOAD,
	OPENED_BY_SOUND,
	OPENED_BY_UPLOAD,
};

/* The last word with another receiver before an episode began. */
struct track_before {
	int64_t time;  /* PORCH_NO_TIME: none */
	uint64_t what; /* destination_what() */
};

/* An episode as measured; opinions are made of it later. */
struct track_episode {
	struct device_key device;
	struct addr inside; /* the device's address in the opening packet */
	uint64_t what;      /* destination_what() */
	uint64_t id;
	uint64_t ordinal;  /* of opening, in this capture */
	uint64_t sequence; /* id of the first of the series this one goes on; 0 none */
	int64_t start;
	int64_t end;
	int64_t known; /* when it was first known as footage, or PORCH_NO_TIME */
	struct track_sums sums;
	uint64_t peak_bin_up;
	uint64_t peak_second_up;          /* four bins in a row */
	uint32_t rate[TRACK_RATES];       /* bins by how much went up; see track_rate() */
	struct track_before message_up;   /* what the device said last before */
	struct track_before message_down; /* and what it was told */
	bool local;
	bool open;      /* still open when the input ended */
	bool continues; /* carries on an RTP stream that first went to another receiver */
	uint8_t opened; /* enum track_opening */
	uint8_t flows;
	struct flow_key flow[TRACK_FLOWS];
	uint8_t flow_originator[TRACK_FLOWS];
	uint32_t applications; /* bits of enum flow_application */
	uint8_t ssrcs;
	uint32_t ssrc[TRACK_SSRCS];
	bool after_rendezvous;
	bool introduced;
	uint16_t remote_port; /* of the opening packet */
};

/*
 * One packet on its way from or to a device, for the receiver `what`.  Who they are need not be
 * said where *place does: it is kept for them, 0 at first, until a receiver is forgotten.
 */
struct track_packet {
	const struct device_key *device;
	uint64_t what;
	const struct flow *flow;
	uint16_t *place; /* or NULL */
	int64_t time;
	uint64_t bytes;
	uint32_t packets;
	uint8_t inside_end;
	bool up;
	bool media;
	bool overhead;     /* unless it is media */
	uint16_t sequence; /* of RTP, when media */
	uint32_t ssrc;
};

struct track_table;
/* Lent for the call. */
typedef void track_close_fn(const struct track_episode *episode, void *user);
/* An open episode, as if it ended now; true when it is known as footage by now. */
typedef bool track_bin_fn(const struct track_episode *episode, void *user);
/* How an open episode goes on: its last packet in a bin that goes on with it; the number of the
 * bin that packets fell into last, and the bytes up of it and the three before, newest first. */
struct track_pace {
	int64_t last_good;
	int64_t bin;
	const uint64_t *recent_up;
};
typedef void track_open_fn(const struct track_episode *episode, const struct track_pace *pace,
    void *user);

struct track_table *track_table_new(size_t max, const struct track_rule *rule, uint64_t seed);
void track_table_free(struct track_table *tracks);
/* False, and nothing changes, when bins would be of another length. */
bool track_table_set_rule(struct track_table *tracks, const struct track_rule *rule);
void track_table_on_close(struct track_table *tracks, track_close_fn *close, void *user);
/*
 * Asked at the end of bins of open uploads, rarer the longer they last, until it says true.
 * Messages and downloads are not asked about.
 */
void track_table_on_bin(struct track_table *tracks, track_bin_fn *bin, void *user);

/* Time does not go back: a packet that is late has the time of the one before, from then on. */
void track_table_see(struct track_table *tracks, struct track_packet *packet);
/* Time goes on: ends what has been silent too long, and asks about bins that are over. */
void track_table_tick(struct track_table *tracks, int64_t now);
/* Lends every open episode as if it ended now, in no order that means anything. */
void track_table_each_open(const struct track_table *tracks, track_open_fn *open, void *user);
/*
 * Closes all: an episode whose silence is not over at now is told as open, unless it ended
 * for another reason (the clock stepped).
 */
void track_table_close_all(struct track_table *tracks, int64_t now, bool ended);
/* Whether what is known of a device's receivers is the last to make room. */
void track_table_keep(struct track_table *tracks, const struct device_key *device, bool keep);
/* Counts the receivers that are forgotten: see table_count_changes(). */
void track_table_count_places(struct track_table *tracks, uint32_t *changes);
uint64_t track_table_evicted(const struct track_table *tracks);

/* The class of rate of a bin: twice as many bytes are two classes on. */
unsigned track_rate(uint64_t bytes);

#endif
