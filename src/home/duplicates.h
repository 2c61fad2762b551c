/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HOME_DUPLICATES_H
#define HOME_DUPLICATES_H

#include <stdbool.h>

#include "base/frame.h"

/*
 * Finds exact duplicates: the same frame twice within 10 ms, as a two-sided mirror or a
 * bridge captured together with its port makes them.  Constant memory.
 */
struct duplicates;

struct duplicates *duplicates_new(void);
void duplicates_free(struct duplicates *duplicates);

/* True when an equal frame was seen just before; remembers this one. */
bool duplicates_see(struct duplicates *duplicates, const struct frame *frame);

#endif
