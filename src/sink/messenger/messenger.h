/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_MESSENGER_MESSENGER_H
#define SINK_MESSENGER_MESSENGER_H

#include <stdbool.h>
#include <stdint.h>

#include "sink/messenger/setup.h"

/*
 * The process that tells others: reads what the counting process says, line by line, never a
 * packet, and hands it to each outlet of the setup.  One loop; nothing in it waits for a
 * receiver, so that the counting process never does.
 */
struct messenger;

struct messenger_world {
	const struct messenger_setup *setup; /* lent, as all else here */
	const char *site;                    /* names this installation in ids */
	int events;                          /* non-blocking; its end is the end */
	int runner;                          /* who runs commands (hook.h), or -1 */
	int signals;                         /* a signalfd of HUP and TERM, or -1 */
	int64_t (*clock)(void);              /* monotonic, microseconds */
};

/* Opens all outlets.  NULL, with error->text, when one cannot be. */
struct messenger *messenger_new(const struct messenger_world *world, struct porch_error *error);
/*
 * Until the lines end and all was delivered, or MESSENGER_GRACE after the end; returns whether
 * all was.
 */
bool messenger_run_on(struct messenger *messenger);
void messenger_free(struct messenger *messenger);

#define MESSENGER_GRACE INT64_C(5000000) /* microseconds */

#endif
