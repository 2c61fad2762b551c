/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SCORE_SCORE_H
#define SCORE_SCORE_H

#include <porchlight/record.h>

#include "base/arena.h"
#include "score/tally.h"
#include "score/truth.h"

/*
 * Verdicts against labels: who was right, how often, and how often nobody knew.  Three
 * questions are asked of every episode of a labelled device: was it footage, what content,
 * which shape.  "Cannot tell" is neither right nor wrong: it lowers the coverage.
 */

/* Metadata and firmware are told by the byte, over a device and its receiver. */
struct score_bytes {
	uint64_t told;     /* in the ledgers of labelled devices */
	uint64_t labelled; /* in the labels */
	uint64_t right;    /* of each device and receiver, the lesser of the two */
};

struct score_maker {
	const char *maker; /* "unknown" where a label names none */
	struct score_tally footage;
	struct score_tally content; /* all classes together */
	struct score_tally shape;   /* the same */
};

#define SCORE_SHAPES 4

#define SCORE_NONE SIZE_MAX

/* A label and the episode that answers it, whatever it says; either may be SCORE_NONE. */
struct score_case {
	size_t label;
	size_t episode;
	size_t device; /* index into the labelled devices */
};

struct score {
	size_t labels;
	size_t episodes;          /* of labelled devices */
	size_t left_out;          /* of others, or passed over: nothing is known of them */
	size_t devices_never_met; /* labelled, and not in the captures */
	struct score_tally footage;
	struct score_tally content[PORCH_CONTENTS]; /* video, picture, audio and files */
	struct score_tally shape[SCORE_SHAPES];
	struct score_bytes bytes[PORCH_CONTENTS]; /* metadata and firmware */
	struct score_maker *maker;                /* by name */
	size_t makers;
	int16_t macro_footage; /* mean F1 of the makers that have one; else PORCH_NO_CHANCE */
	/*
	 * Counts by labelled content (unknown: no label) and told content (unknown: cannot
	 * tell; background: no episode).
	 */
	uint64_t confusion[PORCH_CONTENTS][PORCH_CONTENTS];
	struct score_spread start; /* microseconds */
	struct score_spread end;
	struct score_spread known;     /* microseconds from the labelled start until told */
	struct score_spread bytes_off; /* millionths of the labelled bytes */
	struct score_case *cases;      /* by label, then episodes without one */
	size_t case_count;
};

/* Whether a content is scored episode by episode: all but metadata and firmware. */
bool score_one_by_one(enum porch_content content);
/* Bytes as counts, so that the shares of a tally hold for them. */
struct score_tally score_bytes_tally(const struct score_bytes *bytes);
/* The words of content; beside them "no-label", "unsure" (cannot tell) and "untold". */
const char *score_row_word(int row);
const char *score_column_word(int column);

/* What it gives lives in the arena; NULL when out of memory. */
const struct score *score_compare(const struct porch_document *doc, const struct truth *truth,
    struct arena *arena);

#endif
