/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_PAGE_HTML_H
#define SINK_PAGE_HTML_H

#include <stdint.h>

#include "sink/writer.h"
#include "words/words.h"

/*
 * Writes HTML and the SVG within it.  Markup is a string literal of this program, or it does
 * not compile; every other text is escaped, in elements and in quoted attributes alike.
 */
struct html {
	struct writer *w;
	struct speaker speaker;
};

#define markup(h, literal) html_markup((h), "" literal "", sizeof(literal) - 1)

/* Escaped; controls, bidi marks and what is no UTF-8 as \xNN. */
void html_text(struct html *h, const char *text);
/* The same as <bdi>: a name keeps its direction of writing to itself. */
void html_name(struct html *h, const char *text);
/* The first characters of a name, and an ellipsis for the rest. */
void html_short(struct html *h, const char *text, size_t columns);
/* Digits, as attributes want them; tenths are one decimal: 125 is 12.5. */
void html_u64(struct html *h, uint64_t number);
void html_tenths(struct html *h, int64_t tenths);
/* An episode's, destination's or device's identifier. */
void html_id(struct html *h, char letter, uint64_t id);

/* A phrase where elements may stand; names in it are <bdi>. */
void html_say(struct html *h, const struct porch_phrase *phrase);
/* A phrase in a quoted attribute, or within <title> and SVG text. */
void html_label(struct html *h, const struct porch_phrase *phrase);
/* A saying without slots; where elements may stand, and in attributes. */
void word(struct html *h, enum say key);
/* What a rule or record says in English; marked as English where there is no translation. */
void html_gloss(struct html *h, const char *english);

#define say(h, key, ...)                                                                           \
	do {                                                                                       \
		const struct porch_phrase said_ = PHRASE(key, __VA_ARGS__);                        \
		html_say((h), &said_);                                                             \
	} while (0)
#define label(h, key, ...)                                                                         \
	do {                                                                                       \
		const struct porch_phrase said_ = PHRASE(key, __VA_ARGS__);                        \
		html_label((h), &said_);                                                           \
	} while (0)

/* Numbers for people, and counted things in their plural form. */
void html_count(struct html *h, enum say key, uint64_t count);
void html_bytes(struct html *h, uint64_t bytes);
void html_number(struct html *h, uint64_t number);
void html_duration(struct html *h, uint64_t micros);

/* A row of a list of terms: what is named, then what is said of it. */
void html_row_begin(struct html *h, enum say name);
void html_row_end(struct html *h);

void html_markup(struct html *h, const char *literal, size_t len);

#endif
