/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/colour.h"

/* How far a replay is. */
struct progress_state {
	const char *path;
	uint64_t bytes;
	uint64_t total;      /* 0: not known */
	int64_t packet_time; /* reached, or PORCH_NO_TIME; with the zone's offset in it */
	uint64_t elapsed;    /* microseconds */
};

/* One line of at most columns letters, without a newline.  Returns text. */
char *progress_line(const struct progress_state *state, unsigned columns, char *text, size_t size);

/* On a terminal one line that is drawn over, elsewhere one line for each 10 %. */
struct progress {
	enum { PROGRESS_OFF, PROGRESS_LINE, PROGRESS_STEPS } way;
	bool at_once; /* draw in the first second too */
	bool drawn;
	unsigned columns;
	unsigned step;                                    /* tenths told */
	int64_t begun;                                    /* monotonic, microseconds */
	int64_t last;                                     /* drawn then */
	int32_t (*zone_offset)(int64_t time, void *user); /* NULL: UTC */
};

void progress_begin(struct progress *progress, enum when when, bool is_terminal);
void progress_see(struct progress *progress, const struct progress_state *state);
/* Leaves no trace on a terminal. */
void progress_clear(struct progress *progress);

/* Whether now is the moment to draw, a fifth of a second after the last; for progress_see(). */
bool progress_due(const struct progress *progress, int64_t now);

#endif
