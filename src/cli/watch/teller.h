/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_WATCH_TELLER_H
#define CLI_WATCH_TELLER_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

#include <porchlight/event.h>

#include "cli/options.h"
#include "cli/watch/spout.h"
#include "sink/live_terminal.h"

/*
 * Where the events of a watch go: to standard output, as records or as lines for a person, and
 * as records to the processes that tell others.
 */

enum teller_reader { TELLER_OUTPUT, TELLER_MESSENGER, TELLER_PAGE, TELLER_READERS };

#define TELLER_LINE (64U << 10) /* a line is shorter */

struct teller {
	struct spout to[TELLER_READERS];
	bool records;                   /* on standard output */
	struct live_terminal *terminal; /* or lines there; NULL: neither */
	bool concludes;                 /* and no document follows: the last one is the verdict */
	struct writer writer;           /* fills line */
	char *line;
	size_t len;
	bool too_long;
	struct porch_counters counters; /* of the latest state */
	uint64_t told;                  /* events */
	uint64_t boot, sequence;        /* of the last of them */
	int64_t time;                   /* of the last event or state */
};

/* The sockets of those that tell others are lent; -1 where there is none. */
bool teller_open(struct teller *teller, const struct options *options, int messenger, int page);
/* Whether a person reads: no data was asked for, nor quiet. */
bool teller_greets(const struct teller *teller, const struct sink_style *style);
/* Lines for a person from now on, where one reads. */
bool teller_greet(struct teller *teller, const struct sink_style *style,
    const struct live_greeting *greeting);
void teller_close(struct teller *teller);

/* For struct watch_setup; user is the teller. */
void teller_tell(const struct porch_event *event, void *user);
/* To the page alone, as of the last event: what is known so far of what is told at the end. */
void teller_tell_page(struct teller *teller, struct porch_event *event);
bool teller_has_page(const struct teller *teller);

/* While it holds, nothing that is told goes out. */
void teller_hold(struct teller *teller, bool holds);

/* What to wait on; returns how many, at most TELLER_READERS. */
size_t teller_wait(const struct teller *teller, struct pollfd *wait);
void teller_flush(struct teller *teller);
/* At the end: waits for readers that are behind. */
void teller_drain(struct teller *teller);

/* Whether whoever reads standard output had enough of it. */
bool teller_unheard(const struct teller *teller);
/* One line on standard error: how many frames and events there were, and what was lost. */
void teller_say_counters(const struct teller *teller);

#endif
