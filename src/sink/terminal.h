/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_TERMINAL_H
#define SINK_TERMINAL_H

#include "base/format.h"
#include "sink/digest.h"
#include "sink/layout.h"
#include "words/numbers.h"

/* What the two files of the summary share: terminal.c, and terminal_tables.c. */

#define COLUMNS    80
#define TEXT_WIDTH 78 /* of paragraphs */
#define INDENT     2
#define WORD_TEXT  64 /* a word of the catalogue */

struct terminal {
	struct writer *w;
	const struct sink_style *style;
	const struct porch_document *doc;
	const struct digest *digest;
	struct speaker speaker;
};

void terminal_devices(const struct terminal *page);
void terminal_receivers(const struct terminal *page);
void terminal_episodes(const struct terminal *page);

/* A phrase, or a word, as text in a buffer of the caller's. */
const char *terminal_say(const struct terminal *page, const struct porch_phrase *phrase, char *text,
    size_t size);
const char *terminal_word(const struct terminal *page, enum say key, char *text, size_t size);
/* "22:43". */
const char *terminal_clock(const struct civil *c, char text[static 8]);
enum say terminal_month(const struct civil *c);
/* As wide as the widest text so far, within bounds. */
size_t terminal_widen(size_t width, const char *text, size_t most);

#endif
