/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_TEXTS_H
#define BASE_TEXTS_H

#include <stddef.h>
#include <stdint.h>

/*
 * Texts kept once, however many hold them: the same few names and fingerprints belong to
 * thousands of flows.  Memory is taken by texts_new() and touched as it is needed.
 */
struct texts;

#define TEXTS_LONGEST 383 /* a chain of names */

/*
 * At most max texts of each size, so that max holders never find it full.  Returns NULL when
 * out of memory or when max is 0.
 */
struct texts *texts_new(size_t max, uint64_t seed);
void texts_free(struct texts *texts);

/*
 * One more holder of this text, at most TEXTS_LONGEST bytes.  Lent until as many drops;
 * NULL for "", for a longer text, and when there is no room.
 */
const char *texts_keep(struct texts *texts, const char *text);
/* One more holder of a text that has one, without a look-up; NULL for NULL. */
const char *texts_hold(const char *text);
void texts_drop(struct texts *texts, const char *text); /* as texts_keep() gave it */

size_t texts_count(const struct texts *texts);

#endif
