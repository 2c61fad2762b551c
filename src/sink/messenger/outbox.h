/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_MESSENGER_OUTBOX_H
#define SINK_MESSENGER_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <porchlight/error.h>

/*
 * What waits to be delivered by one outlet, in order.  It lies in a few files of a folder
 * (0600), is appended to, and survives a kill at any moment: an item that was cut is not
 * there.  Files whose items are all delivered go, and an outbox without waiting items holds no
 * text of any.  Beyond its bound the oldest items go first, a file of them at a time, counted.
 *
 * Without a folder, and while a disk is full, items wait in memory, at most OUTBOX_MEMORY.
 */
struct outbox;

#define OUTBOX_ITEM_MAX 65536
#define OUTBOX_MEMORY   (1U << 20) /* bytes */

struct outbox_setup {
	const char *folder; /* there already; NULL: in memory */
	const char *name;   /* of the outlet: letters, digits, - */
	uint64_t bound;     /* bytes on disk */
	int64_t keep;       /* microseconds after which an item is given up; 0: never */
};

struct outbox_item {
	uint64_t number;   /* rising */
	uint64_t device;   /* 0 for none */
	const char *bytes; /* lent until the next call; a NUL follows */
	size_t len;
};

/* NULL, with error->text, when the folder cannot be used or memory is out. */
struct outbox *outbox_open(const struct outbox_setup *setup, struct porch_error *error);
void outbox_free(struct outbox *outbox);

/* now: microseconds; any clock, as long as it is always the same.  False: it is lost, counted. */
bool outbox_add(struct outbox *outbox, uint64_t device, const char *bytes, size_t len, int64_t now);
/* The next item in order; false when there is none yet. */
bool outbox_next(struct outbox *outbox, struct outbox_item *item);
/* Goes back to the first that is not done, as after a lost connection. */
void outbox_rewind(struct outbox *outbox);
/* All up to this number are delivered. */
void outbox_done(struct outbox *outbox, uint64_t number);
/* Puts on disk what was added since, and gives up what is too old. */
void outbox_tick(struct outbox *outbox, int64_t now);

uint64_t outbox_waiting(const struct outbox *outbox);
/* Items that were never delivered: bound, age, or no room anywhere; over restarts too. */
uint64_t outbox_lost(const struct outbox *outbox);
/* How many of them the receiver was not told of; and that it was told of so many. */
uint64_t outbox_lost_untold(const struct outbox *outbox);
void outbox_lost_told(struct outbox *outbox, uint64_t count);
/* Whether a disk takes what is added. */
bool outbox_on_disk(const struct outbox *outbox);

/*
 * Erases what waits in a folder, of one device or (0) all of it, whichever outlet it was for;
 * a process that uses the outbox meanwhile notices.  False when something could not be erased.
 */
bool outbox_forget(const char *folder, uint64_t device);

#endif
