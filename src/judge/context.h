/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JUDGE_CONTEXT_H
#define JUDGE_CONTEXT_H

#include <porchlight/record.h>

#include "base/arena.h"
#include "rules/rules.h"

/*
 * Adds what the rules say was said in public about the makers of watched devices.  False
 * when out of memory.
 */
bool contexts_make(const struct porch_rules *rules, struct arena *arena,
    struct porch_document *document);

#endif
