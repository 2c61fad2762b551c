/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SCORE_SHEET_H
#define SCORE_SHEET_H

#include <porchlight/record.h>

#include "base/arena.h"
#include "score/match.h"
#include "score/truth.h"

/*
 * Labels and episodes side by side: whose each episode is, to whom it went, and which label
 * it could answer.  All of it lives in the arena.
 */
struct sheet {
	const struct porch_document *doc;
	const struct truth_device *device;
	size_t devices;
	const struct truth_label *label;
	size_t labels;
	size_t *who;                         /* by episode: the labelled device, or MATCH_NONE */
	const struct porch_destination **to; /* by episode; NULL when it is not known */
	bool *footage;                       /* by episode: told as footage */
	bool *spoken_of;                     /* by episode: labels say what it was, or was not */
	bool *met;                           /* by labelled device: it is in the document */
	struct candidate *candidate;
	size_t candidates;
	struct matching matching; /* of the question that was asked last */
};

/* False when out of memory. */
bool sheet_lay(struct sheet *sheet, const struct porch_document *doc, const struct truth *truth,
    struct arena *arena);

/* The labelled device that a record is about, or MATCH_NONE: by address, else by MAC. */
size_t sheet_device(const struct sheet *sheet, const struct porch_device *device);
/* Whether a label's receiver is this one: by name, candidate name or address. */
bool sheet_receiver(const struct porch_destination *destination, const char *to);

/*
 * Whether an episode that answers no label is a case: one of a labelled device that left
 * the home.  What stays inside never enters the headline, so that labels may pass it over; those
 * that are partial may pass over all.
 */
bool sheet_counts(const struct sheet *sheet, size_t episode);

/* Forgets the matching, so that another question can be asked. */
void sheet_clear(struct sheet *sheet);

#endif
