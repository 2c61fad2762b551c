/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_LIVE_TERMINAL_H
#define SINK_LIVE_TERMINAL_H

#include <porchlight/event.h>

#include "sink/sink.h"

/*
 * What a person at a terminal reads while a network is watched: a line for each upload that may
 * hold footage, and sentences for the rest.  Nothing is allocated.
 */
#define LIVE_REMEMBERED 64

struct live_greeting {
	const char *interfaces; /* "br-lan", "br-lan, eth1" */
	size_t known;           /* doorbells of earlier runs; 0 also when nobody remembers */
	const char *page;       /* the live page's address, or NULL */
	int64_t start;          /* packet time */
};

/* An upload that has its line; so that it gets no second one for nothing. */
struct live_line {
	uint64_t id;
	bool ended;
	enum porch_content content;
	enum porch_footage footage;
};

struct live_terminal {
	struct writer *w;
	struct sink_style style;
	int64_t start;
	bool advised; /* what to do when nothing is seen */
	struct live_line line[LIVE_REMEMBERED];
	size_t lines;                  /* ever */
	uint64_t met[LIVE_REMEMBERED]; /* devices */
	size_t mets;
};

/* Says what is watched.  The writer is lent; whoever owns it flushes it. */
void live_terminal_begin(struct live_terminal *terminal, struct writer *w,
    const struct sink_style *style, const struct live_greeting *greeting);
void live_terminal_event(struct live_terminal *terminal, const struct porch_event *event);

#endif
