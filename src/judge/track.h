/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_TRACK_H
#define JUDGE_TRACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "home/device.h"
#include "home/flow.h"

#define TRACK_FLOWS 8
#define TRACK_SSRCS 4

/* The rule of an episode; the numbers are rule data (rules/models/thresholds.json). */
struct track_rule {
	int64_t bin_us;
	int64_t silence_us;
	uint64_t on_bytes;   /* in one bin: opens */
	uint64_t off_bytes;  /* in one bin: goes on */
	uint32_t edge_bytes; /* a start or end packet is larger */
	uint32_t full_bytes; /* a packet at least this large is full-size */
};

/* Running sums from the first packet to a receiver, or between two moments of it. */
struct track_sums {
	uint64_t bytes_up;
	uint64_t bytes_down;
	uint64_t packets_up;
	uint64_t packets_down;
	uint64_t full_up;  /* full-size packets up */
	uint64_t media_up; /* packets up that carry RTP, in the clear or SRTP */
	uint64_t media_down;
	uint64_t bins_up; /* bins that reached off */
	uint64_t bursts;  /* runs of such bins, a second or more apart */
};

/* An episode as measured; opinions are made of it later. */
struct track_episode {
	struct device_key device;
	struct addr inside; /* the device's address in the opening packet */
	uint64_t what;      /* destination_what() */
	uint64_t id;
	uint64_t ordinal; /* of opening, in this capture */
	int64_t start;
	int64_t end;
	struct track_sums sums;
	uint64_t peak_bin_up;
	uint64_t peak_second_up; /* four bins in a row */
	bool local;
	bool open; /* still open when the input ended */
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

/* One packet on its way from or to a device, for the receiver `what`. */
struct track_packet {
	const struct device_key *device;
	const struct flow *flow;
	uint64_t what;
	int64_t time;
	uint64_t bytes;
	uint32_t packets;
	uint8_t inside_end;
	bool up;
	bool media;
};

struct track_table;
/* Lent for the call. */
typedef void track_close_fn(const struct track_episode *episode, void *user);

struct track_table *track_table_new(size_t max, const struct track_rule *rule, uint64_t seed);
void track_table_free(struct track_table *tracks);
void track_table_on_close(struct track_table *tracks, track_close_fn *close, void *user);

void track_table_see(struct track_table *tracks, const struct track_packet *packet);
/*
 * Closes all: an episode whose silence is not over at now is told as open, unless it ended
 * for another reason (the clock stepped).
 */
void track_table_close_all(struct track_table *tracks, int64_t now, bool ended);
uint64_t track_table_evicted(const struct track_table *tracks);

#endif
