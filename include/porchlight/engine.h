/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORCHLIGHT_ENGINE_H
#define PORCHLIGHT_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <porchlight/error.h>
#include <porchlight/export.h>
#include <porchlight/record.h>
#include <porchlight/rules.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What changes a result.  Zero is every default; nothing is copied, all outlives the call. */
struct porch_options {
	const char *filter;      /* BPF, or NULL */
	const char *const *home; /* prefixes inside */
	size_t home_count;
	const char *const *devices; /* MAC or IP: watch it whatever it looks like */
	size_t device_count;
	const char *const *labels; /* "MAC|IP=NAME" */
	size_t label_count;
	const char *const *rules; /* paths of folders and lists that were asked for: only told */
	size_t rule_count;
	bool all_devices;
	int64_t since; /* PORCH_NO_TIME or packet time; packets before are filtered */
	int64_t until;
	bool use_since;
	bool use_until;
	bool mirror;
	bool dedup;
	bool join;
	bool follow; /* judge episodes while they go on too: tells when each was first known */
	/*
	 * The program that inspects flows (porchlight-dpi), run as a process of its own; NULL:
	 * nobody advises, which is told in the record of the run.
	 */
	const char *inspector;
	bool no_dpi;    /* do not run it */
	bool no_hashes; /* leave the SHA-256 of the inputs out, which costs more than the rest */
	/* Captures analysed side by side; where it is more than there are, each is read ahead. */
	unsigned jobs;      /* 0: one */
	uint64_t seed;      /* of the hash tables; never shows in a result */
	size_t max_flows;   /* 0: the default */
	size_t max_devices; /* 0: the default */
	/* Lent records as flows end, in the order of the inputs; NULL for none. */
	void (*flow)(const struct porch_flow *flow, void *user);
	/* Told at most five times a second while reading; NULL for none. */
	void (*progress)(uint64_t bytes, uint64_t total, int64_t packet_time, const char *path,
	    void *user);
	/* One line worth telling on standard error; NULL for none. */
	void (*warn)(const char *line, void *user);
	void *user;
};

/*
 * Analyses captures (files, folders, "-") and makes the document.  Returns NULL only for
 * a bad option (error->where is "--filter" or the like), for rules that lack a number it
 * needs (where is its name), or when out of memory (where is ""); an input that cannot be
 * read is told in its record (run.inputs[].error).  The document is freed with
 * porch_document_free.
 */
PORCH_EXPORT struct porch_document *porch_replay(const struct porch_rules *rules,
    const struct porch_options *options, const char *const *paths, size_t count,
    struct porch_error *error);
PORCH_EXPORT void porch_document_free(struct porch_document *document);

PORCH_EXPORT const char *porch_version(void);

#ifdef __cplusplus
}
#endif

#endif
