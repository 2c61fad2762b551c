/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULES_LISTS_H
#define RULES_LISTS_H

#include <stdbool.h>

#include <porchlight/error.h>

#include "rules/reader.h"
#include "rules/ruleset.h"

#define LIST_DOMAINS 200000 /* in all lists together */

/*
 * Lists of domains that a user names in place of a folder, as hosts files
 * ("0.0.0.0 ads.example": that host), one domain a line ("ads.example": it and all below)
 * or ||ads.example^ (the same).  Each is a tracker by a rule of its own, whose source is the
 * file.  Among patterns of different hosts the most specific wins, as ever; a rule's own
 * pattern goes before the same one of a list, and an earlier list's before a later one's.
 * A host below a maker's own suffix stays that maker's: its role is tracker, but a device of
 * that maker speaks to its maker.
 *
 * Reads them after the rules' own hosts are known.
 */
bool index_lists(struct porch_rules *rules, const struct rule_file *files, size_t count,
    struct porch_error *error);

/*
 * Reads the lines of such a list, telling each as a host pattern that is good for the call;
 * false when a line is wrong (the reader says which) or when one was not taken.
 */
bool list_lines(struct reader *reader, const char *bytes, size_t size,
    bool (*take)(const char *pattern, void *user), void *user);

#endif
