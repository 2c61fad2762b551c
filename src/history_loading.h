/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HISTORY_LOADING_H
#define HISTORY_LOADING_H

#include "document.h"
#include "history_state.h"

/*
 * A document on its way from the store: history_load.c reads rows and makes results of them,
 * history_join.c says what several sessions are together.
 */

struct loaded_session {
	uint64_t number;
	size_t count[HISTORY_KINDS];
	bool has_facts;
	struct history_session facts;
	struct history_hour sums;
	struct table *devices, *receivers; /* of struct device, struct history_receiver */
	struct table *rests;               /* of struct loaded_rest */
	struct table *destinations;        /* of struct destination, in order */
	struct splits *splits;
	struct spool *episodes;
	struct pile told_gaps; /* of struct history_gap */
	struct pile gaps;      /* of struct porch_gap, in order */
	struct pile ledgers;   /* of struct history_ledger */
	/* What is not told, but says what devices are, and whom they knew. */
	struct table *elsewhere; /* of struct history_receiver */
	struct pile shown;       /* of struct loaded_traffic */
};

struct loaded_rest {
	struct end_key key;
	struct history_rest rest;
};

/* What an end did outside the time that is told. */
struct loaded_traffic {
	struct end_key key;
	struct device_traffic traffic;
};

struct loading {
	struct history *h;
	struct document_builder *builder;
	struct arena *arena;
	struct arena *names; /* of receivers */
	struct porch_options options;
	struct pile sessions;       /* of struct loaded_session, by number */
	struct pile labels;         /* of struct history_word */
	struct pile known;          /* of uint64_t: ids of receivers that were seen before */
	bool knows;                 /* a session goes back before */
	int64_t since, until;       /* whole hours, or STORE_NO_TIME */
	struct device_traffic lost; /* where there is no memory */
	bool failed;
};

void loading_free_session(struct loaded_session *s);
/*
 * Sessions that the report does not speak of, and what is left of removed ones, go; what they
 * know of devices stays with the others.
 */
bool loading_leave_out(struct loading *l);
/* Has the builder know the bounds, and which receivers were known before them. */
bool loading_bound(struct loading *l);
/* Has the builder know what devices did outside the time that is told. */
bool loading_add_shown(struct loading *l, const struct loaded_session *s);
/* Gaps in the order in which they were told, after the one since the session before. */
bool loading_add_gaps(struct loading *l);
bool loading_add_labels(struct loading *l);
/* What the sessions were asked for, beside what is asked for now. */
bool loading_join_options(struct loading *l);

#endif
