/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WORDS_NUMBERS_H
#define WORDS_NUMBERS_H

#include "words/words.h"

/* Numbers and times as a language writes them. */

#define WORDS_NUMBER 96 /* the longest of them */

/* What a slot that is neither a name nor a word holds. */
void words_number(const struct speaker *speaker, const struct porch_slot *slot,
    char text[static WORDS_NUMBER]);

/* The moment on the speaker's clock. */
struct civil words_civil(const struct speaker *speaker, int64_t time);
/* "23 November 2026, 16:40–17:02", "9–15 November 2026": without the zone. */
void words_period(const struct speaker *speaker, int64_t first, int64_t last,
    char text[static WORDS_NUMBER]);
/* "Sun 15 Nov, 22:43". */
void words_stamp(const struct speaker *speaker, int64_t time, char text[static WORDS_NUMBER]);
/* "Sun 15". */
void words_day(const struct speaker *speaker, int64_t time, char text[static WORDS_NUMBER]);
/* "22:43:09". */
void words_clock(const struct speaker *speaker, int64_t time, char text[static WORDS_NUMBER]);

#endif
