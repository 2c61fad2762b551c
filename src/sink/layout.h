/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_LAYOUT_H
#define SINK_LAYOUT_H

#include "sink/sink.h"

/* Columns, paragraphs and colour on a terminal. */

#define LINE_MAX_BYTES 2048

enum paint {
	PAINT_NONE,
	PAINT_BOLD,  /* the verdict */
	PAINT_AMBER, /* footage */
};

enum align { ALIGN_LEFT, ALIGN_RIGHT };

/* One line under construction; trailing spaces are never written. */
struct line {
	struct writer *w;
	const struct sink_style *style;
	size_t spaces; /* owed before the next cell */
};

struct line line_over(struct writer *w, const struct sink_style *style, size_t indent);
/* A cell of width columns, escaped, cut with an ellipsis when it is wider; then a gap of two. */
void line_cell(struct line *line, const char *text, size_t width, enum align align,
    enum paint paint);
void line_end(struct line *line);

/*
 * Words of text, escaped, wrapped at width columns.  The first line stands at column `at`
 * already; the others are indented by `indent`.
 */
void write_paragraph(struct writer *w, const char *text, size_t at, size_t indent, size_t width);

/* A sentence on one line, escaped; with UTF-8, "(90-99%)" has an en dash. */
void write_sentence(struct writer *w, const struct sink_style *style, const char *text,
    enum paint paint);

#endif
