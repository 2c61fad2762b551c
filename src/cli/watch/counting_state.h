/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_WATCH_COUNTING_STATE_H
#define CLI_WATCH_COUNTING_STATE_H

#include "cli/analysis.h"
#include "cli/inspector.h"
#include "cli/watch/counting.h"
#include "cli/watch/keep.h"
#include "cli/watch/recording.h"
#include "cli/watch/teller.h"
#include "home/crossings.h"
#include "source/belt.h"
#include "source/capturer.h"
#include "watch.h"

/*
 * What the files of the process that counts share: counting.c begins, waits and ends,
 * counting_take.c takes what comes through the belt, reload.c reads rules and options anew.
 */

/* An interface, as what captures tells of it. */
struct eye {
	bool open;
	bool lost; /* it was seen, or waited for, and is not */
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
	struct watch *watch;
	struct teller teller;
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

/* Rules and options anew, all or nothing; says what came of it. */
void counting_reload(struct counting *c);

#endif
