/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENGINE_STATE_H
#define ENGINE_STATE_H

#include "engine.h"
#include "home/duplicates.h"
#include "home/fragments.h"
#include "home/listen.h"
#include "judge/device.h"

/*
 * What the files of the engine share: engine.c walks the corridor, engine_memory.c takes
 * and gives back, engine_ends.c knows who is at the ends of flows, engine_settle.c waits for names,
 * engine_advice.c asks what flows look like, engine_tell.c passes on what ends, engine_snapshot.c
 * tells what goes on as if it ended.
 */

#define GAPS_MAX   4096
#define CLAIMS_MAX 1024

/* What a redacted capture claims of a device; it speaks when the device was seen. */
struct engine_claim {
	struct device_key device;
	char rule[DEVICE_TEXT];
};

struct adviser;

/* The MAC behind an inside address, for links whose header has only the sender's. */
struct neighbour {
	struct addr addr;
	struct mac mac;
};

/* Where peers learn each other's address. */
enum introduction {
	INTRODUCTION_UNASKED,
	INTRODUCTION_NONE,
	INTRODUCTION_STUN,
	INTRODUCTION_RENDEZVOUS,
};

/* What a host says of whoever asks for it, kept because the same few are asked for all day. */
struct host_memo {
	char host[HOST_TEXT];
	uint32_t site;
	uint8_t kind;      /* enum porch_kind */
	bool own;          /* a host that only such a device asks for */
	const void *maker; /* or NULL */
};

#define HOST_MEMOS 512

/* What is thought of a device meanwhile, and why. */
struct watched_device {
	struct device_key key;
	struct device_traffic traffic; /* of episodes that ended */
	struct device_verdict verdict;
	int64_t judged; /* when, or PORCH_NO_TIME */
};

struct engine {
	struct engine_setup setup;
	struct addr capture_hosts[ENGINE_HOSTS];
	struct packet_options parsing;
	struct porch_counters count;
	struct inside *inside;
	struct fragments *fragments;
	struct splits *splits;
	struct table *neighbours;
	struct table *devices;
	uint32_t places; /* counts what leaves devices, splits and tracks */
	struct flow_table *flows;
	struct pending_pool *pending;
	struct listener listener;
	struct packet packet; /* the one at hand */
	struct heard heard;   /* what was heard in it */
	struct host_memo *memo;
	uint32_t memo_of[HOST_MEMOS]; /* the hash of its host; 0: there is nothing in it */
	uint8_t *introduces;          /* by UDP port: enum introduction, as far as it was asked */
	struct table *destinations;
	struct track_table *tracks;
	struct table *watched; /* of struct watched_device */
	struct duplicates *duplicates;
	struct adviser *adviser; /* NULL: nobody advises */
	struct engine_folded folded;
	struct spool *episodes; /* closed ones, of struct track_episode, in order of closing */
	struct porch_gap gap[GAPS_MAX];
	size_t gaps;
	struct engine_claim *claim; /* room for CLAIMS_MAX once there is one */
	size_t claims;
	int64_t forward_step_us;
	int64_t now; /* time of the last frame */
	int64_t first, last, watched_us;
	bool any;           /* a frame came */
	bool out_of_memory; /* an episode could not be kept */
};

struct device_key engine_key_of_end(const struct engine *e, const struct flow *flow, unsigned end);
bool engine_is_device_end(const struct flow *flow, unsigned end);
bool engine_has_destination(const struct flow *flow, unsigned end);
uint8_t engine_side_of(const struct engine *e, const struct flow *flow);
/* The same, from now on the flow's; true when it was another one. */
bool engine_set_side(const struct engine *e, struct flow *flow);
/* Fills in what is known of the ends of a flow, when something new is. */
void engine_know_ends(const struct engine *e, struct flow *flow);
/* Then, without asking whether something new is. */
struct device_key engine_key_of_known(const struct flow *flow, unsigned end);
/* Where tables have what belongs to an end: a place is good until something leaves one of them. */
struct flow_end *engine_places_of(const struct engine *e, struct flow *flow, unsigned end);
bool engine_has_heard(const struct engine *e, const struct flow *flow, unsigned sender,
    const struct packet *packet);
struct device *engine_device_of(struct engine *e, const struct device_key *key, int64_t time);
struct device *engine_device_at(struct engine *e, struct flow *flow, unsigned end, int64_t time);
struct destination *engine_destination_of(struct engine *e, struct flow *flow, unsigned end);
void engine_track(struct engine *e, struct flow *flow, const struct pending_packet *packet);
void engine_settle(struct engine *e, struct flow *flow);
void engine_settle_overdue(struct engine *e);
void engine_begin_flow(struct engine *e, struct flow *flow);
void engine_wait_for_name(struct engine *e, const struct packet *packet, struct flow *flow,
    unsigned sender, const struct pending_packet *counted, const struct heard *heard);
/* The numbers of the episode rule; false fills *error. */
bool engine_read_rule(const struct porch_rules *rules, struct track_rule *rule, int64_t *idle,
    int64_t *forward, struct porch_error *error);
struct adviser *adviser_new(struct engine *e, struct dpi *dpi);
void adviser_free(struct adviser *adviser);
void engine_advise(struct engine *e, const struct packet *packet, struct flow *flow,
    unsigned sender);
void engine_advise_end(struct engine *e, struct flow *flow);
void engine_advise_finish(struct engine *e);
/* What was advised so far, to the rows of a table of receivers. */
void engine_advise_result(const struct engine *e, struct table *destinations,
    struct engine_result *result);
uint64_t engine_evicted(const struct engine *e);
/* All of a result but its tables and what was advised; the lists are lent. */
struct engine_result engine_result_so_far(const struct engine *e);
/* When the process that advises was lost. */
const struct porch_gap *engine_losses(const struct engine *e, size_t *count);
/* Forgets what was advised. */
void engine_advise_forget(struct engine *e);
/* flow: NULL of what is no IP; awaits_name: it did when this packet came. */
void engine_keep(struct engine *e, const struct frame *frame, const struct packet *packet,
    const struct flow *flow, bool awaits_name);
void engine_fold_destination(void *entry, void *user);
void engine_fold(struct engine_folded *f, const struct destination *row);
void engine_apply_claims(struct engine *e);
void engine_end_flow(struct flow *flow, const char *why, void *user);
void engine_close_episode(const struct track_episode *episode, void *user);
void engine_learn_episode(struct engine *e, const struct track_episode *episode);
bool engine_knows_footage(const struct track_episode *episode, void *user);
/* Adds what an episode that ended shows of its device. */
void engine_see_traffic(const struct engine *e, const struct track_episode *episode,
    struct device_traffic *traffic);
/* *to and *record live in the arena's lifetime. */
void engine_judge_open(struct engine *e, const struct track_episode *episode, struct arena *arena,
    struct porch_destination *to, struct porch_episode *record);

#endif
