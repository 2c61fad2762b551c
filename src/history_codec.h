/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HISTORY_CODEC_H
#define HISTORY_CODEC_H

#include "base/arena.h"
#include "base/bytes.h"
#include "document.h"
#include "engine.h"

/*
 * What a history holds, as bytes: what was measured, never what was thought of it.  Each kind
 * begins with its version; bytes of another one, or that make no sense, are refused.  What points
 * into a ruleset goes by its name there, so that a newer ruleset may read it.
 */

enum history_kind {
	HISTORY_SESSION = 1, /* one run: what was asked for, and what holds for all of it */
	HISTORY_HOUR,        /* frames, and what tables folded */
	HISTORY_DEVICE,
	HISTORY_RECEIVER, /* of a watched device, in one hour */
	HISTORY_REST,     /* all receivers of one end of another device, in one hour: sums */
	HISTORY_LEDGER,   /* its episodes that began in one hour: sums */
	HISTORY_EPISODE,  /* of a watched device */
	HISTORY_GAP,
	HISTORY_LABEL, /* a name that the user gave */
	HISTORY_MARK,  /* what the user says of an episode */
	HISTORY_KINDS,
};

#define HISTORY_BYTES 16384 /* at most, of any kind */
#define HISTORY_TEXT  64    /* a label, a mark */

struct history_session {
	int64_t start;
	int64_t first; /* frame, or PORCH_NO_TIME */
	int64_t last;  /* of the time that is covered */
	uint64_t boot;
	bool seen_inside;
	bool complete;
	bool inspector; /* somebody was there to advise */
	uint8_t advice; /* enum dpi_state */
	uint64_t bytes; /* on the wire, all layers */
	const char *library;
	const char *interfaces;
	struct porch_texts link_types;
	struct porch_coverage coverage;
	/* What was asked for, of what changes a result. */
	const char *filter; /* or NULL */
	struct porch_texts home, devices, labels;
	bool all_devices, mirror, dedup, no_dpi;
};

/* Sums, so that rows of several hours add up. */
struct history_hour {
	struct porch_counters counters;
	struct engine_folded folded;
	uint64_t advice_flows, advice_quarantined;
	int64_t watched_us;
	int64_t first, last;
};

struct history_receiver {
	struct destination row; /* its sums are those of the hour; its texts are lent */
	bool split;             /* its MAC fronts for several devices */
	uint64_t order;         /* of the last change, among the receivers of a session */
};

/* Where the texts of a receiver lie that was read. */
struct history_names {
	char name[HOST_TEXT];
	char aliases[ALIASES_TEXT];
	char candidates[ALIASES_TEXT];
};

/* Receivers that are not told apart: outside the home, and inside. */
struct history_rest {
	struct mac mac;
	struct addr inside;
	bool split;
	struct destination outside, local; /* only sums, times and advice */
};

struct history_ledger {
	struct mac mac;
	struct addr inside;
	struct porch_ledger_row row[PORCH_CONTENTS];
	struct device_traffic traffic; /* its counts of episodes only */
};

struct history_gap {
	struct porch_gap gap;
	uint64_t index; /* in which it was told, in its session */
};

/* What a user said. */
struct history_word {
	uint64_t id; /* of a device or an episode */
	char text[HISTORY_TEXT];
};

void history_write_session(struct bytes *bytes, const struct history_session *session);
void history_write_hour(struct bytes *bytes, const struct history_hour *hour);
void history_write_device(struct bytes *bytes, const struct device *device);
void history_write_receiver(struct bytes *bytes, const struct porch_rules *rules,
    const struct history_receiver *receiver);
void history_write_rest(struct bytes *bytes, const struct porch_rules *rules,
    const struct history_rest *rest);
void history_write_ledger(struct bytes *bytes, const struct history_ledger *ledger);
void history_write_episode(struct bytes *bytes, const struct track_episode *episode);
void history_write_gap(struct bytes *bytes, const struct history_gap *gap);
void history_write_word(struct bytes *bytes, const struct history_word *word);

/* False, with *to undefined, for what none of the above wrote.  Texts live in the arena. */
bool history_read_session(struct cursor c, struct arena *arena, struct history_session *to);
bool history_read_hour(struct cursor c, struct history_hour *to);
bool history_read_device(struct cursor c, const struct porch_rules *rules, struct device *to);
bool history_read_receiver(struct cursor c, const struct porch_rules *rules,
    struct history_names *names, struct history_receiver *to);
bool history_read_rest(struct cursor c, const struct porch_rules *rules, struct history_rest *to);
bool history_read_ledger(struct cursor c, struct history_ledger *to);
bool history_read_episode(struct cursor c, struct track_episode *to);
bool history_read_gap(struct cursor c, struct arena *arena, struct history_gap *to);
bool history_read_word(struct cursor c, struct history_word *to);

#endif
