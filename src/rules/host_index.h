/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULES_HOST_INDEX_H
#define RULES_HOST_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Host patterns and the most specific one that matches a host.
 *
 * "media.example.com" matches that host; ".example.com" it and all below;
 * "cam-*.example.com" a host whose first label fits, `*` any run of characters and `?`
 * one, never across a dot; ".cam.*.example.com" all below such names.  More labels win
 * over fewer, a whole name over a suffix, a literal label over a wildcard, more literal
 * characters over fewer; then the order of the patterns' texts decides.
 *
 * A tree of labels from the right: a look-up follows the literal child and at most
 * HOST_INDEX_WILD wildcards a node, a pattern holds at most HOST_INDEX_STARS of them.
 */
struct host_index;

#define HOST_INDEX_NONE   UINT32_MAX
#define HOST_INDEX_LABELS 16 /* in a pattern */
#define HOST_INDEX_STARS  3  /* labels with wildcards in a pattern */
#define HOST_INDEX_WILD   64 /* different wildcard labels under one name */

struct host_index *host_index_new(void); /* NULL when out of memory */
void host_index_free(struct host_index *index);

/* NULL when the pattern is well formed, else what is wrong with it. */
const char *host_index_fault(const char *pattern);

/*
 * Adds a well formed pattern, with any value but HOST_INDEX_NONE.  *before gets the value it
 * replaces, or HOST_INDEX_NONE.  NULL, or what is wrong.
 */
const char *host_index_add(struct host_index *index, const char *pattern, uint32_t value,
    uint32_t *before);

/* Whether just this pattern was added. */
bool host_index_has(const struct host_index *index, const char *pattern);

/* host in normal form (base/host.h). */
uint32_t host_index_find(const struct host_index *index, const char *host);
/* Every match, in no promised order; the pattern is lent for the call. */
void host_index_each(const struct host_index *index, const char *host,
    void (*each)(uint32_t value, const char *pattern, void *user), void *user);
size_t host_index_count(const struct host_index *index);

#endif
