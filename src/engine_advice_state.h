/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENGINE_ADVICE_STATE_H
#define ENGINE_ADVICE_STATE_H

#include "engine_state.h"

/*
 * What the files of advice share: engine_advice.c gathers flows and asks about them,
 * engine_answers.c keeps what was answered.
 */

#define GATHERED    (WIRE_SLOTS / 2) /* flows whose first packets are kept at a time */
#define FLOWS_EACH  16               /* of one receiver: more tell nothing new */
#define LOSSES_MOST 64

/* What both ends say in the clear before they keep it to themselves. */
enum talk { TALK_UNREAD, TALK_HELLO, TALK_ANSWERED };

/* A flow whose first packets are being gathered. */
struct gathered {
	uint64_t fed;  /* when last, by packets; 0: free */
	uint32_t flow; /* its place: see flow_table_at() */
	uint8_t slot;
	uint8_t talk;    /* enum talk */
	uint8_t greeter; /* the end that said hello */
	bool cut;        /* a packet was, when it was captured */
	bool partial;    /* not all of a packet is kept: it was cut, or is long */
	bool settled;    /* its name was known when it was last looked whether to ask */
	uint32_t hello;  /* where in the stream it was said */
};

/* Whose advice an answer is. */
struct asked {
	struct destination_key end[2];
	uint64_t row[2];     /* number of the advice_row; 0: that end is no device */
	uint16_t alike;      /* or that of all who say the same, at this place; else 0 */
	const char *we_read; /* our own parsers' word for it, or NULL */
};

/* What is known of flows that are answered alike whoever sends them.  None makes room. */
struct alike {
	uint64_t key;
	struct advice advice;
};

/* What is known of one receiver. */
struct advice_row {
	struct destination_key key;
	uint64_t number; /* of making: a row that left and came back is another one */
	uint32_t asked;
	uint32_t kind[FLOWS_EACH];  /* of each flow that was asked about */
	uint16_t alike[FLOWS_EACH]; /* where its answer lies; 0: here */
	struct advice advice;
};

struct adviser {
	struct dpi *dpi;
	struct gathered gathered[GATHERED];
	struct asked asked[WIRE_SLOTS];
	struct table *rows;
	struct table *alike;
	uint64_t rows_made, fed;
	bool wanted; /* there was something to ask */
	struct porch_gap loss[LOSSES_MOST];
	size_t losses;
	struct engine_advice sum;
};

#endif
