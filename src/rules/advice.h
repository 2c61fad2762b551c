/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULES_ADVICE_H
#define RULES_ADVICE_H

#include "rules/rules.h"

/*
 * What an inspection library's names mean, in words that stay the same whatever it calls
 * them: rules/advice.json.  Those names stand there and nowhere else.
 */
#define ADVICE_WORDS 128 /* at most; so many bits tell which were heard */

/* What whoever uses an application is, or hides. */
enum advice_use {
	ADVICE_USE_NONE,
	ADVICE_USE_CALL,      /* calls and meetings */
	ADVICE_USE_CONSOLE,   /* games */
	ADVICE_USE_STREAMING, /* plays films and music */
	ADVICE_USE_PHONE,     /* applications of phones */
	ADVICE_USE_COMPUTER,  /* applications of computers */
	ADVICE_USE_HIDDEN,    /* VPN and onion routing: anything may travel in it */
	ADVICE_USES,
};

struct advice_word {
	struct rule rule;
	const char *word;        /* "rtp", "zoom" */
	bool protocol;           /* told among a receiver's protocols */
	struct porch_texts fits; /* other words that one flow may have beside it */
	enum advice_use use;
	struct porch_texts names; /* the library's, of any of its versions */
};

/* NULL when the rules do not know the name.  *bit tells the word apart from others. */
const struct advice_word *rules_advice(const struct porch_rules *rules, const char *name,
    unsigned *bit);
/* NULL past the last. */
const struct advice_word *rules_advice_at(const struct porch_rules *rules, unsigned bit);

/* Whether one flow may be both: the word itself, or one that fits it. */
bool advice_fits(const struct advice_word *word, const char *other);

const char *advice_use_word(enum advice_use use); /* NULL for none */

#endif
