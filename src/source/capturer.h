/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SOURCE_CAPTURER_H
#define SOURCE_CAPTURER_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <porchlight/error.h>

#include "source/clock.h"

struct belt;

/*
 * Listens to interfaces and hands what comes over through a belt, in order: frames with their
 * packet time, what was lost, what becomes of the interfaces and of the clock.  It looks into
 * no frame.  One that is not there yet, goes away or comes again is listened to as soon as it
 * can be.
 */
struct capturer;

#define CAPTURER_INTERFACES 16

struct capturer_options {
	const char *const *interfaces; /* lent; at most CAPTURER_INTERFACES */
	size_t count;
	const char *filter;       /* BPF, or NULL; lent */
	const struct addr *hosts; /* this machine's own; what becomes of them is handed over */
	size_t host_count;
	int kernel_bytes;          /* the kernel's buffer of each interface */
	const struct clock *clock; /* NULL: the machine's */
	/* One line that is worth telling; NULL for none. */
	void (*warn)(const char *line, void *user);
	void *user;
};

/* The belt is lent.  NULL fills *error: the kernel tells nothing of interfaces, or no memory. */
struct capturer *capturer_new(const struct capturer_options *options, struct belt *belt,
    struct porch_error *error);
void capturer_free(struct capturer *capturer);

/* How many of the interfaces are listened to now. */
size_t capturer_listening(const struct capturer *capturer);

/*
 * What to wait on with poll(), and for how many milliseconds at most; returns how many, at most
 * CAPTURER_INTERFACES + 1.
 */
size_t capturer_wait(const struct capturer *capturer, struct pollfd *wait, int *timeout);

/* Hands over what there is; it never blocks. */
void capturer_turn(struct capturer *capturer);

/* The last turn, which ends the belt; false while the belt has no room for it. */
bool capturer_finish(struct capturer *capturer);

#endif
