/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_WATCH_KEEP_H
#define CLI_WATCH_KEEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <porchlight/error.h>

#include "base/frame.h"

/*
 * Packets kept as proof of what was told (watch_setup.keep), in pcapng files that take each
 * other's place.  Payload is cut off; what is left is for `verify`.
 */
struct keep;

#define KEEP_PATH 4096

/* What --keep says. */
struct keep_options {
	char folder[KEEP_PATH];
	uint64_t bytes; /* of all files together */
	unsigned days;
};

/* DIR[:SIZE[:DAYS]]: bytes, or with k, M or G; false for another text. */
bool keep_read(const char *text, struct keep_options *options);

/*
 * How many files of packets lie in the folder, also of a watch that runs, which then begins
 * another; with `erase` they are removed.  *left: those that could not be.
 */
size_t keep_files(const char *folder, bool erase, size_t *left);

/* NULL fills *error. */
struct keep *keep_open(const struct keep_options *options, struct porch_error *error);
void keep_close(struct keep *keep);
/* Where it writes; lent. */
const char *keep_folder(const struct keep *keep);

/* The first bytes of a frame; one that cannot be written is counted. */
void keep_frame(struct keep *keep, const struct frame *frame, size_t bytes);
/*
 * now: packet time.  Every ten seconds of it what is buffered is written and what is too old
 * removed.  True, with a line to be told, when writing failed and had not before.
 */
bool keep_tick(struct keep *keep, int64_t now, char *line, size_t size);

#endif
