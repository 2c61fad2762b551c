/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULES_CONTEXT_H
#define RULES_CONTEXT_H

#include <stddef.h>

#include "rules/rules.h"

/*
 * What was said in public about a maker: never measured here, always with its date and
 * source, and never without what withdrew or changed it.
 */
struct statement {
	struct rule rule;
	const char *stated;  /* "2019", "2019-08" or "2019-08-21" */
	const char *said_by; /* NULL when the source itself says it */
	const char *text;
	const char *quote;                     /* verbatim words, or NULL */
	const char *answer_of_the_maker;       /* or NULL */
	const struct statement *superseded_by; /* or NULL */
	const struct statement *withdraws;     /* or NULL */
};

/*
 * The index-th statement about a vendor, oldest first; NULL past the last.  Every one of
 * them must be shown, or none.
 */
const struct statement *rules_statement(const struct porch_rules *rules,
    const struct vendor *vendor, size_t index);
/* What holds wherever statements about this vendor are shown; NULL when there are none. */
const char *rules_statement_limit(const struct porch_rules *rules, const struct vendor *vendor);

#endif
