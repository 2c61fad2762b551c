/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULES_GEO_H
#define RULES_GEO_H

#include <stdbool.h>
#include <stdint.h>

#include <porchlight/error.h>

#include "base/addr.h"
#include "rules/pool.h"
#include "rules/rules.h"

/*
 * An address database of the user's, in the MaxMind DB format.  Publishers name the same thing
 * differently (rules/geo_record.h).  Read whole once, so that what is
 * damaged is refused before anything is said by it; afterwards only read, by any thread.
 */
struct geo_file;

/* What one file says of an address.  All text is the file's own and lives as long. */
struct geo_answer {
	struct prefix network; /* the addresses it holds for */
	int64_t asn;           /* -1 unknown */
	const char *operator;  /* the name of that autonomous system's operator, or NULL */
	const char *country;   /* ISO 3166-1 alpha-2, or NULL */
	bool anycast;
	bool access; /* households and phones */
	bool hosting;
};

/* NULL fills *error.  Texts are taken from the pool. */
struct geo_file *geo_open(const char *path, struct pool *pool, struct porch_error *error);
void geo_close(struct geo_file *file);

/* False when it says nothing of the address. */
bool geo_find(const struct geo_file *file, const struct addr *addr, struct geo_answer *answer);

const struct porch_geo *geo_told(const struct geo_file *file);
/* "countries.mmdb#geo" and its like: what a verdict names as its rule. */
const struct rule *geo_rule(const struct geo_file *file);

#endif
