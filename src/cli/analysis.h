/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_ANALYSIS_H
#define CLI_ANALYSIS_H

#include <stdbool.h>
#include <stddef.h>

#include <porchlight/engine.h>

#include "cli/exit.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "sink/sink.h"

/* A replay that a command line asked for, from the rules to the document. */
struct analysis {
	const struct options *options;
	struct sink_style style;
	struct outcome outcome;
	struct progress progress;
	struct porch_rules *rules;
	struct porch_document *doc; /* NULL when there is none to show */
	/* Lent flows as they end; NULL for none. */
	void (*flow)(const struct porch_flow *flow, void *user);
	void *user;
	bool no_hashes; /* nothing that is shown tells the SHA-256 of an input */
};

/* The options are borrowed until analysis_free(). */
void analysis_begin(struct analysis *analysis, const struct options *options);
/* Checks what needs a library to check, and loads the rules; false says why and sets outcome. */
bool analysis_prepare(struct analysis *analysis);
/*
 * Reads the captures, and says what was wrong with them.  The process is shut in from then
 * on (cli/confine.h): it opens no file but those that the options name.
 */
void analysis_run(struct analysis *analysis, const char *const *paths, size_t count);
/* A seed of hash tables: PORCHLIGHT_SEED, else one that nobody knows. */
uint64_t analysis_seed(void);
/* For a document that was made another way, or NULL and why: what analysis_run() does with it. */
void analysis_take(struct analysis *analysis, const struct porch_error *error);
/* Ends what was written for standard output; a failure is said and enters the outcome. */
void analysis_finish_writer(struct analysis *analysis, struct writer *writer);
void analysis_free(struct analysis *analysis);

#endif
