/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WORDS_CATALOGUE_H
#define WORDS_CATALOGUE_H

#include "words/words.h"

#define FORMS 2

/* One entry: its forms by language_plural(), the same text in each where it has but one. */
struct saying {
	const char *form[FORMS];
};

/* A text of a rule or a record, and what it is in this language. */
struct gloss {
	const char *english;
	const char *text;
};

struct language {
	const char *code;
	const char *direction;
	const struct saying *sayings; /* by enum say */
	const struct gloss *glosses;  /* NULL where English is understood as it is */
	size_t gloss_count;
	const struct gloss *countries; /* by code, in order of it */
	size_t country_count;
	unsigned (*plural)(uint64_t count); /* which form */
	char decimal;
	const char *group;         /* between groups of three digits */
	const char *percent_space; /* before the sign, in print */
	bool stretched;
};

/* What is said when no language was asked for. */
extern const struct language language_english;

#endif
