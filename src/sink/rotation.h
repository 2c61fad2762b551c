/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_ROTATION_H
#define SINK_ROTATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <porchlight/error.h>

/*
 * Numbered files in a folder that together never pass a size and an age: the oldest go first.
 * Those of earlier runs count.  Names are PREFIX-NUMBER-TIME.SUFFIX, with the time of what a file
 * begins with; files are read by their owner only.
 */
struct rotation;

struct rotation_options {
	const char *prefix; /* lent */
	const char *suffix;
	uint64_t bytes; /* of all files together */
	int64_t age;    /* microseconds that a file's content may be old */
};

/*
 * Makes the folder when it is not there; its parent must be.  NULL fills *error.  Only this
 * needs the folder's path: what follows holds it open.
 */
struct rotation *rotation_open(const char *folder, const struct rotation_options *options,
    struct porch_error *error);
void rotation_close(struct rotation *rotation); /* writes what is buffered */

/*
 * Whether what comes at this time begins a file: there is none, or it is full or a day old.
 * Then a new one was begun, or none could be: the next answer tries again.
 */
bool rotation_turn(struct rotation *rotation, int64_t time);
/* False when there is no file, or it cannot take it: then the file is over. */
bool rotation_write(struct rotation *rotation, const void *bytes, size_t len);
/* Writes what is buffered; removes what is too old at now. */
void rotation_tick(struct rotation *rotation, int64_t now);

/*
 * Files of earlier runs and of one that goes on: counts them, and with `erase` removes them.  What
 * could not be read or removed is counted in *left.  Nothing is made.
 */
size_t rotation_files(const char *folder, const struct rotation_options *options, bool erase,
    size_t *left);

/* Of the last failure since the call before; 0 for none. */
int rotation_errno(struct rotation *rotation);

#endif
