/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULES_EXPLAIN_H
#define RULES_EXPLAIN_H

#include <stdbool.h>

#include "rules/rules.h"

enum query_kind { QUERY_HOST, QUERY_ADDRESS, QUERY_MAC };

/* One fact that fits a query, as it was written: "rms-*.example", "192.0.2.0/24", "02:00:5e". */
struct explain_match {
	struct rule rule;
	const char *pattern; /* lent for the call */
	bool won;
};

/* What the rules say of a host, an address or a MAC. */
struct explanation {
	enum query_kind kind;
	bool found;
	struct receiver receiver; /* of a host or an address; all unknown when nothing was found */
	struct mac_match mac;     /* of a MAC, when found */
	const struct vendor *vendor; /* whose device or service it is, or NULL */
	enum porch_party party;      /* relative to the device's maker; UNKNOWN without one */
};

/*
 * Explains a query, telling every match: the winner first, then the others from the most
 * specific, between equals by rule id.  device_vendor may be NULL.  False when the query is
 * neither an address, nor a MAC, nor a host name.
 */
bool rules_query(const struct porch_rules *rules, const char *query,
    const struct vendor *device_vendor, struct explanation *explanation,
    void (*match)(const struct explain_match *match, void *user), void *user);

/* "host", "address" or "mac". */
const char *query_kind_word(enum query_kind kind);
/* "stable", "test" or "experimental". */
const char *rule_status_word(enum rule_status status);

/* A fact as `rules list` tells it. */
struct listed_fact {
	struct rule rule;
	const char *kind; /* "destination", "address", "network", "mac", ... */
	const char *what; /* its first pattern, prefix, port or name; lent for the call */
	size_t count;     /* of patterns, prefixes, ports */
	const struct vendor *vendor; /* or NULL */
	const char *organisation;    /* or NULL */
	enum porch_party role;       /* UNKNOWN for what is no receiver */
};

/* Every fact that is in force, in the order of reading: folder, file, place in it. */
void rules_each(const struct porch_rules *rules,
    void (*each)(const struct listed_fact *fact, void *user), void *user);

#endif
