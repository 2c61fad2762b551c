/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_LABELS_H
#define SINK_LABELS_H

#include <porchlight/record.h>

#include "sink/writer.h"

/*
 * What a household said of uploads, as labels that `porchlight score` reads
 * (porchlight.truth/1).  An upload that is marked as expected was what it was told as; one that
 * is marked as wrong was not.  Nothing is said of others, so the labels are partial.
 */

struct mark {
	uint64_t episode;
	char word[12]; /* "expected", "wrong", or "none" */
};

/* Marks by episode; zero is none.  What is added last of an episode counts. */
struct marks {
	struct mark *item; /* owned */
	size_t count, room;
	bool out_of_memory;
};

/* A history_word_fn; user is the marks. */
void marks_add(uint64_t episode, const char *word, void *user);
/* "expected" or "wrong"; NULL for neither. */
const char *marks_find(const struct marks *marks, uint64_t episode);
void marks_free(struct marks *marks);

/* A line for each mark of an episode of the document: {"type": "mark", "episode", "mark"}. */
void marks_write(struct writer *w, const struct porch_document *doc, const struct marks *marks);

/*
 * The labels; how many marks could become none, because it was not told what the upload was or
 * to whom it went.
 */
size_t labels_write(struct writer *w, const struct porch_document *doc, const struct marks *marks);

#endif
