/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_WATCH_COUNTING_STATE_H
#define CLI_WATCH_COUNTING_STATE_H

#include "cli/analysis.h"
#include "cli/confine.h"
#include "cli/inspector.h"
#include "cli/watch/commands.h"
#include "cli/watch/counting.h"
#include "cli/watch/keep.h"
#include "cli/watch/recording.h"
#include "cli/watch/teller.h"
#include "history.h"
#include "home/crossings.h"
#include "source/belt.h"
#include "source/capturer.h"
#include "watch.h"

/*
 * What the files of the process that counts share: counting.c begins, waits and ends,
 * counting_take.c takes what comes through the belt, counting_history.c stores, reload.c reads
 * rules and options anew.
 */

/* An interface, as what captures tells of it. */
struct eye {
	bool open;
	bool lost;      /* it was seen, or waited for, and is not */
	bool passed_by; /* bytes that no capture shows were told */
	enum belt_reason reason;
	int64_t since;
};

struct counting {
	const struct counting_setup *setup;
	const struct options *options; /* in force: the setup's, or `newer` */
	struct options *newer;         /* owned; NULL: the setup's are in force */
	struct analysis analysis;      /* its rules are in force */
	struct porch_options engine;
	char *interfaces; /* as the input's path */
	char inspector[4096];
	struct inspector_keeper kept;
	struct confined confined;
	struct watch *watch;
	struct history *history; /* NULL: none is kept */
	int64_t stored;          /* when that was last done, packet time */
	int64_t began;           /* packet time */
	int64_t hour;            /* of packet time, since 1970 */
	bool ended_some;         /* an upload, and it is not stored yet */
	bool met;                /* a device that may have a name of an earlier run */
	struct command_lines commands;
	struct teller teller;
	int64_t conclude_at;      /* monotonic: when the page may be told what is known so far */
	uint64_t concluded_after; /* so many events it was told */
	bool forgot;              /* what was told, a day ago and without a history */
	struct recording recording;
	struct keep *keep;           /* NULL: no packets are kept */
	struct crossings *crossings; /* NULL for one interface */
	struct eye eye[CAPTURER_INTERFACES];
	int64_t now;    /* packet time that was reached */
	int64_t ticked; /* when the watch last looked */
	bool ended;     /* nothing comes any more */
	bool broken;    /* what came was no record */
};

/* Takes what waits, a burst at most; false when nothing does. */
bool counting_take(struct counting *c);
/* What is not seen at the end. */
void counting_close_eyes(struct counting *c);

/* What the engine is asked for: the command line's, and what this process adds. */
struct porch_options counting_engine(const struct counting *c, const struct options *options);

/* False, and says why, when what was asked for cannot be opened. */
bool counting_open_history(struct counting *c);
/* How many doorbells, cameras and hubs earlier runs saw lately. */
size_t counting_doorbells(struct counting *c);
/* Tells a new watch what earlier runs measured of today. */
void counting_remember(struct counting *c);
bool counting_known(uint64_t id, void *user);
void counting_name_devices(struct counting *c);
/* Stores what is new: when it is due, before an hour begins, and now. */
void counting_store_if_due(struct counting *c);
void counting_see_hour(struct counting *c, int64_t time);
void counting_store(struct counting *c);
/* Whether memory lets go of what the history has, or, where there is none, of what was told a day
 * after the beginning: no document is made of it in the end. */
bool counting_lets_go(const struct counting *c);

/* Tells the page the verdict so far, where no history has it for the page to read. */
void counting_conclude(struct counting *c);

/* Rules and options anew, all or nothing; says what came of it. */
void counting_reload(struct counting *c);

#endif
