/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_TRACK_STATE_H
#define JUDGE_TRACK_STATE_H

#include "base/table.h"
#include "judge/contacts.h"
#include "judge/media_table.h"
#include "judge/track.h"

/*
 * What the files of the track share: track.c takes packets in, track_rule.c keeps bins and
 * runs of them, and opens and closes by the rule.
 */

#define HEADERS     40   /* bytes of IPv4 and TCP */
#define PAYLOAD     1460 /* and what follows them at most in one frame */
#define SEGMENT_MAX 1514 /* bytes of an IP packet that one frame can carry */
#define SECOND_US   INT64_C(1000000)

struct track_key {
	struct device_key device;
	uint8_t zero; /* no padding in a key */
	uint64_t what;
};

/* Which packets of a bin are its outer ones: those over the edge size, else the small ones. */
enum outer { OUTER_NONE, OUTER_SMALL, OUTER_LARGE };

/*
 * The outer packets of a bin, one direction: the first and the last, with the sums before and
 * after.  The sums after are written down when they change: until then the track has them.
 */
struct edge {
	enum outer outer; /* none: nothing else means anything */
	int64_t first;
	int64_t last;
	struct track_sums before;
	struct track_sums after;
};

/* The bin that packets fall into now; what it holds is content, without overhead. */
struct bin {
	int64_t number;
	uint64_t up;
	uint64_t down;
	uint64_t messages;   /* of up, in packets over the edge size */
	bool good;           /* up has reached off */
	bool first_of_burst; /* and a second or more before it nothing had */
	bool good_down;      /* down has */
	bool talk;           /* down has reached the rate of talk */
	bool spoke[2];       /* a message went down, up */
	/* The edge that reaches to the last packet: the sums after it are those of now; or NULL. */
	struct edge *last;
	/* The edge that the open episode ends with; or NULL, and measured has the sums. */
	struct edge *end;
};

/* Where an episode would begin, or where one ended before. */
struct moment {
	int64_t time;
	struct track_sums sums;
};

/* Bins that reached off, one after the other but for a few. */
struct run {
	bool begun;
	int64_t first; /* numbers of bins */
	int64_t last;
	uint64_t bins;
	struct moment start;
};

/* Which bins are of one run: in a row; with less than a second between them; downloads. */
enum run_of { RUN_TIGHT, RUN_LOOSE, RUN_DOWN, RUNS };

/* The series that an episode may go on. */
struct series {
	uint64_t root; /* id of its first episode; 0 before any */
	int64_t start; /* of the last one */
	int64_t end;
	int64_t interval; /* between the starts of the last two, or 0 */
	uint64_t bytes;
};

/* What is known of one receiver of one device: constant memory, whatever it sends. */
struct track {
	struct track_key key;
	bool begun;            /* a packet was seen: bin and last mean something */
	bool had_good;         /* last_good means something */
	struct measured *open; /* its episode, or NULL */
	int64_t last;          /* time of the last packet */
	int64_t until;         /* before it lie the bin's packets, and late ones */
	int64_t last_good;     /* time of the last packet of content in a bin that reached off */
	int64_t slot;          /* number of the hundredth of a second of the last content up */
	uint64_t recent_up[4]; /* bytes of this bin and the three before it */
	struct track_sums now; /* up to here asked of every packet: kept together */
	struct bin bin;
	struct edge edge[2]; /* of the bin: down, up */
	struct run run[RUNS];
	struct series series;
};

/* An episode that is being measured: most receivers never have one, and few have one now. */
struct measured {
	struct track *track;
	struct track_episode episode;
	struct track_sums at_start;
	struct track_sums at_end; /* unless its bin has them */
	int64_t first_bin;
	struct flow_key listed;         /* the flow of its last packet */
	struct moment end_before[RUNS]; /* where it ended when a run began, which */
	bool has_end_before[RUNS];      /* began while it was open */
};

struct track_table {
	struct table *table;
	struct track_rule rule;
	size_t max;
	struct measured *open; /* the first `opens` are */
	size_t opens;
	struct contacts *contacts;
	struct media_table *media;
	uint64_t opened;
	int64_t next_tick;
	track_close_fn *close;
	void *close_user;
	track_bin_fn *on_bin;
	void *bin_user;
};

/* Packets a little out of order count as now: the sums stay exact, a bin never reopens. */
void track_enter_bin(struct track_table *tracks, struct track *t, int64_t time);
/* An empty one. */
void track_begin_bin(struct track *t, int64_t number);
/* The bin's edge reaches to the packet, if it is an outer one; the sums do not have it yet. */
void track_reach_edge(struct track *t, const struct track_packet *p, enum outer outer);
/* The bin has reached off with this packet, or before it: may open an episode. */
void track_reach_off(struct track_table *tracks, struct track *t, const struct track_packet *p);
void track_reach_off_down(struct track_table *tracks, struct track *t,
    const struct track_packet *p);
/*
 * The open episode reaches to the last packet of the edge, unless it does already: what goes on by
 * small packets has an edge that may lie before the end, and even before the start.
 */
void track_reach_end(struct track *t, struct edge *edge);
struct track_episode track_as_if_ended(const struct track *t);
/* Whether it is time, where that bin begins, to ask about the open episode. */
bool track_is_turn(const struct track *t, int64_t bin);
/* Asks whether the open episode is known as footage: a bin ended at due. */
void track_ask(struct track_table *tracks, struct track *t, int64_t due);
/* Nothing happens when none is open. */
void track_close(struct track_table *tracks, struct track *t, bool still_open);

#endif
