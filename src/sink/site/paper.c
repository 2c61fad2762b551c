/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/site/paper.h"

#include <stdlib.h>
#include <string.h>

#define FIRST 8192
#define MOST  ((size_t)8 * 1024 * 1024) /* no answer is longer */

static void
add(const void *bytes, size_t len, void *user)
{
	struct paper *paper = user;
	size_t size = paper->size ? paper->size : FIRST;
	char *text;

	while (size < paper->len + len + 1 && size < MOST)
		size *= 2;
	if (paper->failed || size < paper->len + len + 1) {
		paper->failed = true;
		return;
	}
	text = size == paper->size ? paper->text : realloc(paper->text, size);
	if (!text) {
		paper->failed = true;
		return;
	}
	paper->text = text;
	paper->size = size;
	memcpy(paper->text + paper->len, bytes, len);
	paper->len += len;
	paper->text[paper->len] = '\0';
}

void
paper_begin(struct paper *paper)
{
	paper->text = NULL;
	paper->len = paper->size = 0;
	paper->failed = false;
	writer_init(&paper->w, WRITER_NOWHERE);
	paper->w.tee = add;
	paper->w.user = paper;
}

char *
paper_take(struct paper *paper, size_t *len)
{
	char *text;

	writer_flush(&paper->w);
	if (!paper->text && !paper->failed)
		add("", 0, paper);
	text = paper->failed || paper->w.error ? NULL : paper->text;
	if (!text)
		free(paper->text);
	if (len)
		*len = paper->len;
	paper->text = NULL;
	return text;
}
