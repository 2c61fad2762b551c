/* SPDX-License-Identifier: Apache-2.0 */
#include "words/catalogue.h"

#include <stdlib.h>
#include <string.h>

/* A catalogue that lacks a key, or has one too many, stops here. */
#define SAY(key, text)         HAS_##key,
#define PLURAL(key, one, many) HAS_##key,
enum german_keys {
#include "words/de.def"
	GERMAN_SAYINGS,
};
#undef SAY
#undef PLURAL
#define SAY(key, text)         _Static_assert(HAS_##key >= 0, "a translation");
#define PLURAL(key, one, many) _Static_assert(HAS_##key >= 0, "a translation");
#include "words/en.def"
#undef SAY
#undef PLURAL
_Static_assert((int)GERMAN_SAYINGS == (int)SAYINGS, "de.def has what en.def has");

#define SAY(key, text)         [SAY_##key] = {{(text), (text)}},
#define PLURAL(key, one, many) [SAY_##key] = {{(one), (many)}},
static const struct saying english[SAYINGS] = {
#include "words/en.def"
};
static const struct saying german[SAYINGS] = {
#include "words/de.def"
};
#undef SAY
#undef PLURAL

#define SAY(key, text)         #key,
#define PLURAL(key, one, many) #key,
static const char *const keys[SAYINGS + 1] = {
#include "words/en.def"
};
#undef SAY
#undef PLURAL

#define GLOSS(source, said) {(source), (said)},
static const struct gloss german_glosses[] = {
#include "words/de-glosses.def"
};
#undef GLOSS

#define COUNTRY(code, en, de) {#code, (en)},
static const struct gloss english_countries[] = {
#include "words/countries.def"
};
#undef COUNTRY
#define COUNTRY(code, en, de) {#code, (de)},
static const struct gloss german_countries[] = {
#include "words/countries.def"
};
#undef COUNTRY

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* Of English and German: one thing, and any other number of them. */
static unsigned
one_or_many(uint64_t count)
{
	return count == 1 ? 0 : 1;
}

const struct language language_english = {
    .code = "en",
    .direction = "ltr",
    .sayings = english,
    .countries = english_countries,
    .country_count = LENGTH(english_countries),
    .plural = one_or_many,
    .decimal = '.',
    .group = ",",
    .percent_space = "",
};

static const struct language language_german = {
    .code = "de",
    .direction = "ltr",
    .sayings = german,
    .glosses = german_glosses,
    .gloss_count = LENGTH(german_glosses),
    .countries = german_countries,
    .country_count = LENGTH(german_countries),
    .plural = one_or_many,
    .decimal = ',',
    .group = ".",
    .percent_space = "\xc2\xa0",
};

/* No language: what a page must stand when it is translated. */
static const struct language language_pseudo = {
    .code = "en-XB",
    .direction = "rtl",
    .sayings = english,
    .countries = english_countries,
    .country_count = LENGTH(english_countries),
    .plural = one_or_many,
    .decimal = '.',
    .group = ",",
    .percent_space = "",
    .stretched = true,
};

const struct language *
language_find(const char *code)
{
	static const struct language *const all[] = {
	    &language_english, &language_german, &language_pseudo};

	for (size_t i = 0; i < LENGTH(all); i++)
		if (strcmp(all[i]->code, code) == 0)
			return all[i];
	return NULL;
}

const char *
language_code(const struct language *language)
{
	return (language ? language : &language_english)->code;
}

const char *
language_direction(const struct language *language)
{
	return (language ? language : &language_english)->direction;
}

const char *
words_key(enum say key)
{
	return key < SAYINGS ? keys[key] : NULL;
}

enum say
words_find(const char *key)
{
	for (enum say i = 0; key && i < SAYINGS; i++)
		if (strcmp(keys[i], key) == 0)
			return i;
	return SAYINGS;
}

static const struct language *
language_of(const struct speaker *speaker)
{
	return speaker->language ? speaker->language : &language_english;
}

const char *
words_of(const struct speaker *speaker, enum say key)
{
	return language_of(speaker)->sayings[key].form[0];
}

static const char *
find_gloss(const struct gloss *list, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(list[i].english, text) == 0)
			return list[i].text;
	return NULL;
}

const char *
words_gloss(const struct speaker *speaker, const char *text)
{
	const struct language *language = language_of(speaker);

	return language->glosses ? find_gloss(language->glosses, language->gloss_count, text)
	                         : text;
}

const char *
words_country(const struct speaker *speaker, const char *code)
{
	const struct language *language = language_of(speaker);
	const char *name = find_gloss(language->countries, language->country_count, code);

	return name ? name : code;
}

enum say
say_content(enum porch_content content)
{
	static const enum say of[PORCH_CONTENTS] = {
	    [PORCH_CONTENT_UNKNOWN] = SAY_CONTENT_UNKNOWN,
	    [PORCH_CONTENT_VIDEO] = SAY_CONTENT_VIDEO,
	    [PORCH_CONTENT_PICTURE] = SAY_CONTENT_PICTURE,
	    [PORCH_CONTENT_AUDIO] = SAY_CONTENT_AUDIO,
	    [PORCH_CONTENT_MEDIA] = SAY_CONTENT_MEDIA,
	    [PORCH_CONTENT_METADATA] = SAY_CONTENT_METADATA,
	    [PORCH_CONTENT_FIRMWARE] = SAY_CONTENT_FIRMWARE,
	    [PORCH_CONTENT_FILES] = SAY_CONTENT_FILES,
	    [PORCH_CONTENT_BACKGROUND] = SAY_CONTENT_BACKGROUND,
	};

	return content < PORCH_CONTENTS ? of[content] : SAY_CONTENT_UNKNOWN;
}

enum say
say_kind(enum porch_kind kind)
{
	switch (kind) {
	case PORCH_KIND_DOORBELL:
		return SAY_KIND_DOORBELL;
	case PORCH_KIND_CAMERA:
		return SAY_KIND_CAMERA;
	case PORCH_KIND_HUB:
		return SAY_KIND_HUB;
	default:
		return SAY_KIND_DEVICE;
	}
}

enum say
say_party(enum porch_party party)
{
	static const enum say of[PORCH_PARTIES] = {
	    [PORCH_PARTY_UNKNOWN] = SAY_PARTY_UNKNOWN,
	    [PORCH_PARTY_MAKER] = SAY_PARTY_MAKER,
	    [PORCH_PARTY_CLOUD] = SAY_PARTY_CLOUD,
	    [PORCH_PARTY_TRACKER] = SAY_PARTY_TRACKER,
	    [PORCH_PARTY_EVIDENCE] = SAY_PARTY_EVIDENCE,
	    [PORCH_PARTY_PEER] = SAY_PARTY_PEER,
	    [PORCH_PARTY_UTILITY] = SAY_PARTY_UTILITY,
	    [PORCH_PARTY_OTHER] = SAY_PARTY_OTHER,
	    [PORCH_PARTY_LOCAL] = SAY_PARTY_LOCAL,
	    [PORCH_PARTY_RELAY] = SAY_PARTY_RELAY,
	};

	return party < PORCH_PARTIES ? of[party] : SAY_PARTY_UNKNOWN;
}

enum say
say_strength(enum porch_strength strength)
{
	return strength == PORCH_EVIDENCE_STRONG     ? SAY_STRENGTH_STRONG
	       : strength == PORCH_EVIDENCE_MODERATE ? SAY_STRENGTH_MODERATE
	                                             : SAY_STRENGTH_LIMITED;
}

const struct likelihood_band likelihood_bands[LIKELIHOOD_BANDS] = {
    {SAY_VIRTUALLY_CERTAIN, 99, 100},
    {SAY_VERY_LIKELY, 90, 99},
    {SAY_LIKELY, 66, 90},
    {SAY_AS_LIKELY_AS_NOT, 33, 66},
    {SAY_UNLIKELY, 10, 33},
    {SAY_VERY_UNLIKELY, 0, 10},
};

enum say
say_likelihood(const char *word)
{
	for (size_t i = 0; word && i < LIKELIHOOD_BANDS; i++)
		if (strcmp(english[likelihood_bands[i].word].form[0], word) == 0)
			return likelihood_bands[i].word;
	return SAYINGS;
}
