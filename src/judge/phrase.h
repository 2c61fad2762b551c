/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_PHRASE_H
#define JUDGE_PHRASE_H

#include "base/arena.h"
#include "words/words.h"

/* Sentences of records: kept as template and slots, and told in English. */

/* A copy whose slots live in the arena; names are borrowed.  No key when out of memory. */
struct porch_phrase phrase_keep(struct arena *arena, const struct porch_phrase *phrase);
/* The English text; NULL when out of memory. */
const char *phrase_text(struct arena *arena, const struct porch_phrase *phrase);

/* A slot for a device: its label, its own name, its maker and kind, or its address. */
struct porch_slot phrase_device(struct arena *arena, const char *name,
    const struct porch_device *device);
/* A slot for a receiver, who may be NULL: not settled. */
struct porch_slot phrase_receiver(struct arena *arena, const char *name,
    const struct porch_destination *to);

#endif
