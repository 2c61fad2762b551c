/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WORDS_WORDS_H
#define WORDS_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <porchlight/record.h>

#include "base/text.h"

/*
 * Every sentence a person reads, in every language: en.def, de.def, one catalogue each.  A
 * template has slots by name ("{device}"); what fills them comes from the model, and each
 * language writes numbers, times and plurals its own way.  "{Device}" begins with a capital.
 * A key that a catalogue lacks does not compile.
 */
enum say {
#define SAY(key, text)         SAY_##key,
#define PLURAL(key, one, many) SAY_##key,
#include "words/en.def"
#undef SAY
#undef PLURAL
	SAYINGS,
};

struct language;

/* "en", "de", or "en-XB": English stretched and mirrored, to test pages with.  NULL: none. */
const struct language *language_find(const char *code);
/* The code, and the direction of writing: "ltr" or "rtl". */
const char *language_code(const struct language *language);
const char *language_direction(const struct language *language);

/* Who speaks, and how.  Zero is plain English in UTC, as in every record. */
struct speaker {
	const struct language *language; /* NULL: English */
	bool typographic;                /* en dashes, spaces that do not break, digits in groups */
	bool ascii;                      /* umlauts as two letters, straight quotes */
	bool days;                       /* dates are redacted: times are days from 1, and hours */
	const char *zone;                /* NULL: UTC */
	int32_t (*zone_offset)(int64_t time, void *user);
	void *zone_user;
};

/* What a piece of a sentence is, so that a sink can tell a name from the words around it. */
enum piece {
	PIECE_WORDS,  /* of the catalogue */
	PIECE_NUMBER, /* and times: characters this file chose */
	PIECE_NAME,   /* whatever a device or a rule wrote: to be escaped */
};
typedef void words_out(enum piece piece, const char *text, size_t len, void *user);

/* Fills a slot; the text of a name is lent. */
#define NAMED(slot, value)                                                                         \
	{                                                                                          \
		.name = (slot), .kind = PORCH_SLOT_NAME, .text = (value)                           \
	}
#define BYTES(slot, value)                                                                         \
	{                                                                                          \
		.name = (slot), .kind = PORCH_SLOT_BYTES, .number = (value)                        \
	}
#define NUMBER(slot, value)                                                                        \
	{                                                                                          \
		.name = (slot), .kind = PORCH_SLOT_NUMBER, .number = (value)                       \
	}
#define TENTHS(slot, value)                                                                        \
	{                                                                                          \
		.name = (slot), .kind = PORCH_SLOT_TENTHS, .number = (value)                       \
	}
#define LASTED(slot, value)                                                                        \
	{                                                                                          \
		.name = (slot), .kind = PORCH_SLOT_DURATION, .number = (value)                     \
	}
#define MOMENT(slot, value)                                                                        \
	{                                                                                          \
		.name = (slot), .kind = PORCH_SLOT_MOMENT, .number = (uint64_t)(value)             \
	}
#define RANGE(slot, low, high)                                                                     \
	{                                                                                          \
		.name = (slot), .kind = PORCH_SLOT_RANGE, .number = (uint64_t)(low) << 32 | (high) \
	}
#define WORD(slot, key)                                                                            \
	{                                                                                          \
		.name = (slot), .kind = PORCH_SLOT_WORD, .text = words_key(key)                    \
	}
#define COUNT(slot, key, value)                                                                    \
	{                                                                                          \
		.name = (slot), .kind = PORCH_SLOT_COUNT, .text = words_key(key),                  \
		.number = (value)                                                                  \
	}
#define NO_SLOT                                                                                    \
	{                                                                                          \
		.name = NULL                                                                       \
	}

/* A phrase over slots that end with NO_SLOT. */
#define PHRASE(said, ...)                                                                          \
	(struct porch_phrase)                                                                      \
	{                                                                                          \
		.key = words_key(said), .slots = (const struct porch_slot[])                       \
		{                                                                                  \
			__VA_ARGS__, NO_SLOT                                                       \
		}                                                                                  \
	}

/* The name of a key, and the key of a name; SAYINGS when there is none. */
const char *words_key(enum say key);
enum say words_find(const char *key);

/* The keys of what records tell in words. */
enum say say_content(enum porch_content content);
enum say say_kind(enum porch_kind kind);
enum say say_party(enum porch_party party);
enum say say_strength(enum porch_strength strength);
/* The likelihood word of a record, or SAYINGS for NULL and what is none. */
enum say say_likelihood(const char *word);

/* The six bands, the surest first: what each word means in percent. */
#define LIKELIHOOD_BANDS 6
struct likelihood_band {
	enum say word;
	uint8_t low, high;
};
extern const struct likelihood_band likelihood_bands[LIKELIHOOD_BANDS];

/* Says a phrase in pieces. */
void words_say(const struct speaker *speaker, const struct porch_phrase *phrase, words_out *out,
    void *user);
/* The same, into a text. */
void words_add(const struct speaker *speaker, const struct porch_phrase *phrase, struct text *text);
/* A saying without slots; good as long as the catalogue. */
const char *words_of(const struct speaker *speaker, enum say key);

/*
 * What a rule or a record says in English, in the speaker's language; NULL when the catalogue
 * has no translation of that text.  English is its own.
 */
const char *words_gloss(const struct speaker *speaker, const char *english);
/*
 * The same of what was said with names and numbers in it, as a record's limits and the reasons of
 * its gaps are.  False when it is not known how it was said: then what is added is the English.
 */
bool words_retell(const struct speaker *speaker, const char *english, struct text *out);
/* The name of a country by its ISO 3166-1 code; the code itself when it is not known. */
const char *words_country(const struct speaker *speaker, const char *code);

#endif
