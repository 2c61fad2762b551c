/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORCHLIGHT_RULES_H
#define PORCHLIGHT_RULES_H

#include <stdbool.h>
#include <stddef.h>

#include <porchlight/error.h>
#include <porchlight/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/* An immutable set of rules; it outlives every engine that uses it. */
struct porch_rules;

/*
 * Loads rule folders in order; a fact in a later folder overrides an earlier one with the
 * same id.  All or nothing: NULL fills *error with file, JSON path and reason.
 */
PORCH_EXPORT struct porch_rules *porch_rules_load(const char *const *folders, size_t count,
    struct porch_error *error);
/*
 * Adds an address database in the MaxMind DB format, which fills in what the rules do not say
 * of an address; of two, the later one holds.  Before the rules are used.  False, with nothing
 * changed, fills *error.
 */
PORCH_EXPORT bool porch_rules_add_geo(struct porch_rules *rules, const char *path,
    struct porch_error *error);
PORCH_EXPORT void porch_rules_free(struct porch_rules *rules);

/* SHA-256 over relative names and contents of the files, as 64 hex digits. */
PORCH_EXPORT const char *porch_rules_sha256(const struct porch_rules *rules);
PORCH_EXPORT unsigned porch_rules_files(const struct porch_rules *rules);

#ifdef __cplusplus
}
#endif

#endif
