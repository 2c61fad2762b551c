/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_REPORT_H
#define SINK_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <porchlight/error.h>
#include <porchlight/record.h>

/*
 * A report as it was written: report.json, or the folder it lies in with its manifest.  It
 * comes from anywhere, so it is read strictly: valid UTF-8 and JSON, no key twice, at most
 * 1 GiB.  All text is lent until report_free().
 */
struct report;

#define REPORT_SCHEMA "porchlight.report/1"

/*
 * path is a report.json, a folder with one, or the report.html beside one.  NULL fills *error;
 * *damaged tells that it began like a report of ours and does not go on like one.
 */
struct report *report_read(const char *path, bool *damaged, struct porch_error *error);
/* The same from memory, without a manifest. */
struct report *report_parse(const char *bytes, size_t len, bool *damaged,
    struct porch_error *error);
/* What a document would be written as.  NULL when out of memory. */
struct report *report_of(const struct porch_document *doc);
void report_free(struct report *report);

/* NULL where the report does not tell. */
const char *report_version(const struct report *report);
const char *report_library(const struct report *report, const char *name);
const char *report_rules(const struct report *report);
const char *report_hash(const struct report *report);
/* The level of its redaction; NULL when it is not redacted. */
const char *report_redaction(const struct report *report);

size_t report_input_count(const struct report *report);
/* Lent; either may be NULL. */
void report_input(const struct report *report, size_t index, const char **path,
    const char **sha256);

/*
 * Calls each for every value of every option the report tells; value is NULL for a switch.
 * False when what stands there are no options.
 */
typedef void report_option_fn(const char *name, const char *value, void *user);
bool report_options(const struct report *report, report_option_fn *each, void *user);

/* Where two things differ, and what they say: compact JSON, or NULL where nothing stands. */
struct report_difference {
	const char *where; /* "episodes[3].bytes_up", or a file */
	const char *told;
	const char *found;
};
typedef void report_difference_fn(const struct report_difference *difference, void *user);

/*
 * Compares all a report's hash covers, and that hash; returns how many differences there are.
 * Paths of inputs and versions of libraries may differ.
 */
size_t report_compare(const struct report *told, const struct report *found,
    report_difference_fn *each, void *user);

/* The comment by which captures that --keep made are known. */
#define REPORT_KEPT "porchlight kept this: addresses, look-ups, hellos and headers, no payload"

/* What a comparison with kept packets came to, in episodes of the report. */
struct report_kept {
	size_t equal;
	size_t missing; /* what is kept shows none of that id */
	size_t unsure;  /* measured the same and judged otherwise: what came before is not kept */
};

/*
 * Compares what was measured of each episode with a report of what was kept; returns how many
 * differences there are.
 */
size_t report_compare_kept(const struct report *told, const struct report *found,
    report_difference_fn *each, void *user, struct report_kept *kept);

/*
 * Compares the manifest, where there is one, with the files beside it and with the report.
 * False when there is none.
 */
bool report_check_manifest(const struct report *report, report_difference_fn *each, void *user,
    size_t *differences);
/* Names the files of the rules that the manifest tells otherwise than this run does. */
size_t report_compare_rules(const struct report *report, const struct porch_run *run,
    report_difference_fn *each, void *user);

#endif
