/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DPI_DPI_H
#define DPI_DPI_H

#include <stdbool.h>
#include <stdint.h>

#include "dpi/wire.h"

/*
 * Asks an inspection library what a flow is.  The library lives in a process of its own,
 * which may die at any packet: it is started again and asked again, and what it answers
 * is only ever advice.  Nothing here waits for packets, and no number depends on it.
 *
 * The first packets of a flow are gathered in a slot and asked about together; answers
 * come in the order of asking.  So the result does not depend on when they come:
 * whoever takes them may not let it, either.
 *
 * After a death what was outstanding is asked again from its first slice, one flow at a
 * time.  A flow that was alone outstanding when the process died of its own fault twice
 * is quarantined: it gets no advice.
 */
struct dpi;
struct keeper;

enum dpi_state {
	DPI_IDLE,    /* nobody was asked yet */
	DPI_ADVISES, /* the process has said who it is */
	DPI_NONE,    /* no program, or no library in it */
	DPI_STOPPED, /* given up: it died too often */
};

struct dpi_advice {
	unsigned slot;                      /* of dpi_begin(); free again */
	bool quarantined;                   /* no opinion, and there will be none */
	const struct wire_opinion *opinion; /* NULL when there is none; lent for the call */
};

/* The process was lost.  Costs advice at most; reason lives for ever. */
struct dpi_loss {
	const char *reason;
	bool quarantines; /* the flow it was alone with gets no advice */
};

struct dpi_listener {
	void (*advise)(const struct dpi_advice *advice, void *user); /* once for every slot asked */
	void (*lose)(const struct dpi_loss *loss, void *user);
	void *user;
};

/*
 * program: what to run.  wait: a full house is waited for (a replay); without it a flow
 * that finds no room gets no advice (a live network).  NULL when out of memory.
 */
struct dpi *dpi_new(const char *program, bool wait);
void dpi_free(struct dpi *dpi);
/* From now on the keeper, which is lent, runs its program: whoever asks may start none. */
void dpi_keep(struct dpi *dpi, struct keeper *keeper);

/*
 * From now on answers go there; what is outstanding is forgotten, the process stays.  A
 * new capture begins: what was given up is tried again.
 */
void dpi_listen(struct dpi *dpi, const struct dpi_listener *listener);

/* A slot for a new flow; -1 when there is none.  At most half of all slots may be begun. */
int dpi_begin(struct dpi *dpi);
/* False when the slot is full: it has WIRE_SLICES. */
bool dpi_add(struct dpi *dpi, unsigned slot, const struct wire_slice *slice);
unsigned dpi_slices(const struct dpi *dpi, unsigned slot);
/* Ends what dpi_begin() began: without an answer, or with. */
void dpi_drop(struct dpi *dpi, unsigned slot);
void dpi_ask(struct dpi *dpi, unsigned slot, const struct wire_question *flow);

/* Takes what was answered by now; without a wait. */
void dpi_poll(struct dpi *dpi);
/*
 * A live network's watchdog: two seconds (microseconds of now) without progress while
 * something is outstanding end the process.
 */
void dpi_tick(struct dpi *dpi, int64_t now);
/* Waits until nothing is outstanding, and until what was started has said who it is. */
void dpi_finish(struct dpi *dpi);
/* The same for at most so many tenths of a second; what is outstanding then gets no advice. */
void dpi_finish_within(struct dpi *dpi, unsigned tenths);

enum dpi_state dpi_state(const struct dpi *dpi);
/* What it said of itself; NULL before, or when it has no library. */
const struct wire_greeting *dpi_greeting(const struct dpi *dpi);

/* Starts it only to hear its greeting; false when it says none. */
bool dpi_greet(const char *program, struct wire_greeting *greeting);

/* What is known against a version, as one sentence; NULL when nothing is. */
const char *dpi_known_defects(const char *version);

#endif
