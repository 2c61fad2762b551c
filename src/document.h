/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCUMENT_H
#define DOCUMENT_H

#include <porchlight/engine.h>

#include "base/arena.h"
#include "base/format.h"
#include "engine.h"

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

/* Inputs are added in their order; result is NULL for one that could not be opened. */
bool document_add(struct document_builder *builder, const struct porch_input *input,
    const struct engine_result *result);

/* Takes the arena over: the builder is empty afterwards.  NULL when out of memory. */
struct porch_document *document_finish(struct document_builder *builder);
/* The same without findings, summary and contexts. */
struct porch_document *document_finish_records(struct document_builder *builder);

#endif
