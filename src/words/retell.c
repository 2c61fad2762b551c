/* SPDX-License-Identifier: Apache-2.0 */

/* Records speak English; their readers may not.  What was said by a form is known by it again. */

#include <stdio.h>
#include <string.h>

#include "words/catalogue.h"

#define SLOTS 4   /* of a form */
#define PIECE 256 /* bytes that a slot was filled with */

struct caught {
	const char *name; /* of the slot, in its form */
	size_t name_len;
	const char *text;
	size_t len;
};

struct catch
{
	struct caught slot[SLOTS];
	size_t count;
};

/* What records tell as limits of what can be seen. */
static const enum say limits[] = {SAY_INTERFACE_NONE, SAY_INTERFACE_ABSENT, SAY_INTERFACE_DOWN,
    SAY_INTERFACE_NO_CARRIER, SAY_INTERFACE_LINK, SAY_INTERFACE_LOOPBACK, SAY_RIGHTS_NONE,
    SAY_SIDE_INTERNET, SAY_SIDE_PERHAPS, SAY_SIDE_PUBLIC, SAY_BRIDGE_PORT, SAY_WIFI_GUEST,
    SAY_WIFI_POINT, SAY_CUTS_HARDWARE, SAY_CUTS_SOFTWARE, SAY_CUTS_PORT, SAY_CUTS_MODULE,
    SAY_CUTS_NOW, SAY_COUNTERS_APART, SAY_COUNTERS_AHEAD, SAY_TRAFFIC_OWN, SAY_TRAFFIC_QUIET,
    SAY_DIRECTIONS_UP, SAY_DIRECTIONS_DOWN, SAY_MERGING, SAY_CLOCK_BEFORE, SAY_CLOCK_FREE,
    SAY_RULES_OLD, SAY_RULES_NONE, SAY_INSPECTION_NONE, SAY_INSPECTION_DEFECTS,
    SAY_CONFINEMENT_SECCOMP, SAY_CONFINEMENT_LANDLOCK, SAY_CONFINEMENT_NONE, SAY_MEMORY_SHORT,
    SAY_HISTORY_NOT, SAY_HISTORY_MEMORY, SAY_HISTORY_SMALL, SAY_ADVICE_NONE, SAY_ADVICE_STOPPED,
    SAY_ADVICE_ABSENT, SAY_ADVICE_LOST,
    /* and what fills their slots */
    SAY_DAYS, SAY_CUTS_CONNECTIONS};

/* Whether a text is that form with its slots filled, none of them with nothing. */
static bool
reads_as(const char *form, const char *text, struct catch *catch)
{
	size_t plain = strcspn(form, "{"), count = catch->count;
	struct caught *slot = &catch->slot[count];

	if (strncmp(form, text, plain) != 0)
		return false;
	if (!form[plain])
		return !text[plain];
	if (count == SLOTS)
		return false;
	slot->name = form + plain + 1;
	slot->name_len = strcspn(slot->name, "}");
	slot->text = text + plain;
	for (slot->len = 1; slot->text[slot->len - 1]; slot->len++) {
		catch->count = count + 1;
		if (reads_as(slot->name + slot->name_len + 1, slot->text + slot->len, catch))
			return true;
	}
	return false;
}

static bool
caught_by(const char *form, const char *text, struct catch *catch)
{
	catch->count = 0;
	return reads_as(form, text, catch);
}

/* The language's form of what was said; NULL when it was said by none. */
static const char *
form_of(const struct language *language, const char *text, struct catch *catch)
{
	for (size_t i = 0; i < language->gloss_count; i++)
		if (caught_by(language->glosses[i].english, text, catch))
			return language->glosses[i].text;
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		for (size_t n = 0; n < FORMS; n++)
			if (caught_by(language_english.sayings[limits[i]].form[n], text, catch))
				return language->sayings[limits[i]].form[n];
	return NULL;
}

static void retell(const struct language *language, const char *form, const struct catch *catch,
    struct text *out);

/* What a slot was filled with may have been said by a form too. */
static void
retell_slot(const struct language *language, const struct caught *slot, struct text *out)
{
	char piece[PIECE];
	struct catch inner;
	const char *form;

	if (slot->len >= sizeof(piece)) {
		text_bytes(out, slot->text, slot->len);
		return;
	}
	snprintf(piece, sizeof(piece), "%.*s", (int)slot->len, slot->text);
	form = form_of(language, piece, &inner);
	if (form)
		retell(language, form, &inner, out);
	else
		text_add(out, piece);
}

static void
retell(const struct language *language, const char *form, const struct catch *catch,
    struct text *out)
{
	while (*form) {
		size_t plain = strcspn(form, "{");
		const char *name = form + plain + 1;

		text_bytes(out, form, plain);
		if (!form[plain])
			return;
		for (size_t i = 0; i < catch->count; i++)
			if (catch->slot[i].name_len == strcspn(name, "}") &&
			    strncmp(catch->slot[i].name, name, catch->slot[i].name_len) == 0)
				retell_slot(language, &catch->slot[i], out);
		form = name + strcspn(name, "}") + 1;
	}
}

bool
words_retell(const struct speaker *speaker, const char *english, struct text *out)
{
	const struct language *language = speaker->language ? speaker->language : &language_english;
	struct catch catch;
	const char *form = language->glosses ? form_of(language, english, &catch) : NULL;

	if (form)
		retell(language, form, &catch, out);
	else
		text_add(out, english);
	return form || !language->glosses;
}
