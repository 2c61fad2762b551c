/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCUMENT_H
#define DOCUMENT_H

#include <porchlight/engine.h>

#include "base/arena.h"
#include "base/format.h"
#include "engine.h"
#include "judge/device.h"

/*
 * Joins what captures showed and has it judged: the records of one run.  Devices with one
 * MAC (else address) and receivers with one key become one record; sums add.
 */
struct document_builder;

/* Lent: rules, options and everything in them outlive the builder. */
struct document_builder *document_builder_new(const struct porch_rules *rules,
    const struct porch_options *options);
void document_builder_free(struct document_builder *builder);

/* Texts of the records live here; freed with the document. */
struct arena *document_arena(struct document_builder *builder);

/*
 * Inputs are added in their order; result is NULL for one that could not be opened.  What is past
 * of it is of one input at most, and lent until the document is finished.
 */
bool document_add(struct document_builder *builder, const struct porch_input *input,
    const struct engine_result *result);

/* Results stay as they are until the document is made: what is added is not copied. */
void document_borrow(struct document_builder *builder);

/*
 * Adds episodes of a device that are known by their sums only: what they count as (by enum
 * porch_content), and what they show of the device; or only that, of a time that is not told.
 */
bool document_add_sums(struct document_builder *builder, uint64_t device,
    const struct porch_ledger_row ledger[PORCH_CONTENTS], const struct device_traffic *traffic);

/*
 * Of a history: what the document tells of it, and the identifiers, in order, of receivers that it
 * knew before; NULL when it goes back no further.  Lent until the document is made.
 */
void document_bound(struct document_builder *builder, const struct porch_bounds *bounds,
    const uint64_t *known, size_t known_count);

/*
 * Instead of a document: who is watched, and what each episode counts as, for whoever keeps
 * sums.  Lent for the call; record is NULL for an episode that is in no ledger, and traffic is
 * what this episode alone shows.
 */
struct document_census {
	void (*device)(uint64_t device, bool watched, void *user);
	void (*episode)(const struct track_episode *episode, uint64_t device,
	    const struct porch_episode *record, const struct device_traffic *traffic, void *user);
	void *user;
};
/* The builder is of no use afterwards.  False when out of memory. */
bool document_take_census(struct document_builder *builder, const struct document_census *census);

/* Takes the arena over: the builder is empty afterwards.  NULL when out of memory. */
struct porch_document *document_finish(struct document_builder *builder);
/* The same without findings, summary and contexts. */
struct porch_document *document_finish_records(struct document_builder *builder);

#endif
