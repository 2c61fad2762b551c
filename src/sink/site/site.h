/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_SITE_SITE_H
#define SINK_SITE_SITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <porchlight/error.h>

#include "sink/sink.h"
#include "words/words.h"

/*
 * The live page: a server of one thread that no packet ever reaches.  It reads the lines of the
 * process that counts and writes commands to it; it opens nothing but the temporary file of a
 * report, which a process of its own makes.
 */

enum site_work {
	SITE_TODAY,       /* what was kept since midnight: lines of marks, then of records */
	SITE_WEEKS,       /* the strips of the last weeks, as HTML of the page */
	SITE_REPORT_HTML, /* report.html, and report.json */
	SITE_REPORT_JSON,
	SITE_LABELS, /* what was marked, as labels for `porchlight score` */
};

struct site_setup {
	int listener; /* listens; the site's from now on, as is the next */
	int lines;    /* a socket: records in (sink/event.h), commands out */
	int sessions; /* a file that sessions are kept in; -1: they end with this run */
	uint16_t port;
	bool token;       /* nobody sees the page without */
	const char *cert; /* PEM texts; NULL: no TLS */
	const char *key;
	const char *address; /* for the link that is shown where a token is needed */
	struct speaker speaker;
	const char *version;
	/*
	 * Writes what is asked, of so many days until now, or NULL where no history is kept.  It
	 * runs in a process of its own that ends with it; false is told to whoever asked.
	 */
	bool (*work)(enum site_work work, unsigned days, struct writer *w, void *user);
	void *user;
	/* Called once all is open, before the first request is read; or NULL. */
	void (*ready)(void *user);
};

/* What SITE_WEEKS asks for, of a document of those weeks. */
void site_weeks(struct writer *w, const struct porch_document *doc, const struct sink_style *style);

/* Serves until the lines end.  False fills *error: it never began. */
bool site_run(const struct site_setup *setup, struct porch_error *error);

/* Shows a link on a terminal: as text, and as a QR code where the library is there. */
void site_show_link(struct writer *w, const char *link);

#endif
