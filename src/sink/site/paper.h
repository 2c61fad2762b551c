/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_SITE_PAPER_H
#define SINK_SITE_PAPER_H

#include "sink/writer.h"

/* A text of any length that a writer fills; whoever takes it frees it. */
struct paper {
	struct writer w;
	char *text;
	size_t len;
	size_t size;
	bool failed;
};

void paper_begin(struct paper *paper);
/* The text, with a NUL after it; NULL when out of memory.  *len may be NULL. */
char *paper_take(struct paper *paper, size_t *len);

#endif
