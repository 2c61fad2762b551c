/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SCORE_TRUTH_H
#define SCORE_TRUTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <porchlight/error.h>
#include <porchlight/record.h>

/*
 * Labels: what devices really sent in a capture, and when (porchlight.truth/1, the manual
 * page's LABELS).  They come from whoever made the capture, so that reading them is strict:
 * a missing key, a word that is none, an end before its start is an error that says where.
 * Keys of their own (a scenario, a note) are passed over.
 */
struct truth;

/* A device that labels speak of; one that is listed and has none sent nothing. */
struct truth_device {
	const char *id; /* MAC or address, in its one spelling */
	enum porch_kind kind;
	const char *maker; /* a rule's vendor id, or NULL */
	bool partial;      /* labels speak of some of its uploads, and not of others */
};

struct truth_label {
	size_t device; /* index into the devices */
	enum porch_content content;
	enum porch_shape shape;
	int64_t start; /* first packet that carries content */
	int64_t end;   /* last such packet */
	uint64_t bytes;
	const char *to; /* host name or address, in its one spelling */
};

/* NULL when out of memory. */
struct truth *truth_new(void);
void truth_free(struct truth *truth);

/*
 * Adds the labels of one file; a device that an earlier file listed is the same one.  False
 * fills *error with path, JSON path and reason, and then the labels are of no use.
 */
bool truth_add(struct truth *truth, const char *path, const char *bytes, size_t len,
    struct porch_error *error);

/* Owned by truth; good until the next truth_add(). */
const struct truth_device *truth_devices(const struct truth *truth, size_t *count);
const struct truth_label *truth_labels(const struct truth *truth, size_t *count);
/* What was told of an upload and was wrong. */
const struct truth_label *truth_wrongs(const struct truth *truth, size_t *count);

#endif
