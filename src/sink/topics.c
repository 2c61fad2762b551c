/* SPDX-License-Identifier: Apache-2.0 */

/* `explain limits` and `explain words`: what cannot be seen, and what the words mean. */

#include <string.h>

#include "sink/layout.h"
#include "sink/sink.h"

#define WIDTH 78
#define LABEL 22

struct topic {
	struct writer *w;
	struct speaker speaker;
};

static void
show_entry(const struct topic *t, const char *name, const char *text)
{
	char line[LABEL * 4 + 1];
	struct text out = text_over(line, sizeof(line));
	const char *at = name;

	/* The label in the speaker's letters, then blanks to the column of the text. */
	while (*at)
		text_char(&out, *at++);
	while (utf8_columns(line) < LABEL)
		text_char(&out, ' ');
	writef(t->w, "  %s  ", line);
	write_paragraph(t->w, text, LABEL + 4, LABEL + 4, WIDTH);
}

static const char *
spoken(const struct topic *t, enum say key, char *text, size_t size)
{
	const struct porch_phrase phrase = {.key = words_key(key)};
	struct text out = text_over(text, size);

	words_add(&t->speaker, &phrase, &out);
	return text;
}

/* Pairs of a word and its text, as the catalogue orders them. */
static void
show_pairs(const struct topic *t, enum say first, enum say last)
{
	char name[LABEL * 4], text[1024];

	for (enum say key = first; key <= last; key += 2)
		show_entry(t, spoken(t, key, name, sizeof(name)),
		    spoken(t, key + 1, text, sizeof(text)));
}

static void
show_bands(const struct topic *t)
{
	for (size_t i = 0; i < LIKELIHOOD_BANDS; i++) {
		const struct likelihood_band *band = &likelihood_bands[i];
		const struct porch_phrase range =
		    PHRASE(SAY_BAND, RANGE("range", band->low, band->high));
		char name[LABEL * 4], text[64];
		struct text out = text_over(text, sizeof(text));

		words_add(&t->speaker, &range, &out);
		show_entry(t, spoken(t, band->word, name, sizeof(name)), text);
	}
}

static void
show_title(const struct topic *t, enum say key)
{
	char text[256];

	writef(t->w, "%s\n\n", spoken(t, key, text, sizeof(text)));
}

static void
show_words(const struct topic *t)
{
	static const enum say strengths[][2] = {{SAY_STRENGTH_STRONG, SAY_STRENGTH_STRONG_MEANS},
	    {SAY_STRENGTH_MODERATE, SAY_STRENGTH_MODERATE_MEANS},
	    {SAY_STRENGTH_LIMITED, SAY_STRENGTH_LIMITED_MEANS}};
	char text[1024], name[LABEL * 4];

	show_title(t, SAY_TOPIC_LIKELIHOOD);
	show_bands(t);
	write_text(t->w, "\n  ");
	write_paragraph(t->w, spoken(t, SAY_UNCALIBRATED, text, sizeof(text)), 2, 2, WIDTH);
	write_char(t->w, '\n');
	show_title(t, SAY_TOPIC_STRENGTH);
	for (size_t i = 0; i < 3; i++)
		show_entry(t, spoken(t, strengths[i][0], name, sizeof(name)),
		    spoken(t, strengths[i][1], text, sizeof(text)));
	write_char(t->w, '\n');
	show_title(t, SAY_TOPIC_WORDS);
	show_pairs(t, SAY_WORD_UPLOAD, SAY_WORD_DISPLAY_FILTER);
}

bool
explain_topic(struct writer *w, const char *topic, const struct sink_style *style)
{
	const struct topic t = {
	    .w = w, .speaker = {.language = style->language, .ascii = !style->utf8}};

	if (strcmp(topic, "limits") == 0) {
		show_title(&t, SAY_TOPIC_LIMITS);
		show_pairs(&t, SAY_CANNOT_CONTENT, SAY_CANNOT_DROPPED_PACKETS);
		return true;
	}
	if (strcmp(topic, "words") != 0)
		return false;
	show_words(&t);
	return true;
}
