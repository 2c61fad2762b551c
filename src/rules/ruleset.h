/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULES_RULESET_H
#define RULES_RULESET_H

#include <libpsl.h>

#include "base/addr.h"
#include "base/lpm.h"
#include "crypto/hash.h"
#include "rules/advice.h"
#include "rules/context.h"
#include "rules/host_index.h"
#include "rules/model.h"
#include "rules/pool.h"
#include "rules/rules.h"

/* What a ruleset is made of: private to the room. */

#define FACTS_MAX 250000 /* in all folders together */

enum fact_kind {
	FACT_DESTINATION, /* hosts */
	FACT_ADDRESS,     /* prefixes */
	FACT_NETWORK,     /* autonomous systems */
	FACT_ROWS,        /* files of prefixes and their autonomous systems */
	FACT_MAC,
	FACT_HINT,
	FACT_SERVICE,
	FACT_REGION,
	FACT_ORGANISATION,
	FACT_TERM,
	FACT_NUMBER,
	FACT_STATEMENT,
	FACT_TEST,
	FACT_ADVICE,
	FACT_KINDS,
};

/* Every fact begins with this. */
struct fact {
	enum fact_kind kind;
	struct rule rule;
	const char *path; /* file as the user would name it */
	unsigned folder;
	bool dead; /* overridden by a later folder */
};

/* FACT_DESTINATION, FACT_ADDRESS and FACT_NETWORK. */
struct receiver_fact {
	struct fact fact;
	struct receiver receiver;
	const char *vendor_id; /* resolved when all files are read; or NULL */
	struct porch_texts hosts;
	uint32_t plain_entry; /* of its hosts that name no region: 1 + where it stands, or 0 */
	const struct prefix *prefix;
	size_t prefixes;
	const int64_t *asn;
	size_t asns;
	size_t listed; /* domains, when this is a user's list */
};

struct rows_fact {
	struct fact fact;
	struct porch_texts files;
};

struct mac_prefix {
	uint64_t value; /* of the first `bits` bits */
	uint8_t bits;   /* 24, 28 or 36 */
};

struct mac_fact {
	struct fact fact;
	struct mac_match match;
	const char *vendor_id;
	const struct mac_prefix *prefix;
	size_t prefixes;
};

struct hint_fact {
	struct fact fact;
	enum hint_kind hint;
	struct hint_match match;
	const char *vendor_id;
	struct porch_texts globs;
	const struct hint_fact *next; /* of its kind, in the order of reading; or NULL */
};

struct service_fact {
	struct fact fact;
	struct port_match match;
	const char *vendor_id;
	uint8_t protocol;
	const uint16_t *port;
	size_t ports;
};

struct region_fact {
	struct fact fact;
	const char *table;
	struct {
		const char *key; /* `?` stands for one character */
		const char *region;
		const char *country; /* or NULL */
	} * place;
	size_t places;
};

struct organisation_fact {
	struct fact fact;
	struct organisation organisation;
};

struct number_fact {
	struct fact fact;
	const char *name;
	int64_t value;
};

struct term_fact {
	struct fact fact;
	struct model *model;
	struct model_term term;
};

struct statement_fact {
	struct fact fact;
	const char *vendor_id;
	const char *id;
	struct statement statement;
	const char *withdraws; /* ids in the same file, or NULL */
	const char *superseded_by;
	const char *limit; /* of the file */
};

struct advice_fact {
	struct fact fact;
	struct advice_word word;
};

struct vendor_entry {
	struct vendor vendor;
	const char *path;
	unsigned folder;
};

/* What host patterns of a fact lead to, with the label that names a region. */
struct host_entry {
	const struct receiver_fact *to;
	const char *pattern; /* with `*` where the region stands */
	const char *table;   /* of regions, or NULL */
	const char *before;  /* text of the label before the region, not NUL-terminated */
	const char *after;   /* glob of the label after it, not NUL-terminated */
	uint8_t before_len;
	uint8_t after_len;
	uint8_t label; /* from the right, from 0 */
};

/* Whose an address is. */
struct owner {
	const struct receiver_fact *to; /* NULL when only its number is known */
	const struct fact *rows;        /* the file it came from; NULL for a fact of its own */
	int64_t asn;                    /* -1 unknown */
	char country[3];                /* of registration, or "" */
};

struct mac_entry {
	struct mac_prefix prefix;
	const struct mac_fact *to; /* NULL: makers disagree, so it tells nothing */
};

struct port_entry {
	uint8_t protocol;
	uint16_t port;
	const struct service_fact *first;
	struct port_match match;
};

struct porch_rules {
	struct pool *pool;
	char sha256[SHA256_TEXT];
	unsigned files;
	struct porch_rule_file *file; /* in the order of reading; NULL: no sums of each were made */
	size_t file_count;
	uint32_t rev;
	const char *seen;  /* the latest day a person looked; NULL: no fact has a source */
	struct list facts; /* struct fact *, in the order of reading */
	struct map *ids;   /* rule id -> index into facts */
	struct list vendors;
	struct map *vendor_ids; /* -> index into vendors */
	struct list models;     /* struct model * */
	struct list calibrations;
	struct map *numbers; /* -> index into facts */
	struct map *regions;
	struct map *organisations;
	struct list advice;       /* struct advice_word *, by bit */
	struct map *advice_names; /* -> bit */
	struct host_index *hosts;
	struct list host_entries;
	struct lpm *prefixes;
	struct list owners;
	struct map *owner_ids;
	struct map *networks; /* number of an autonomous system, int64_t -> index into facts */
	struct list geo;      /* struct geo_file *, in the order they were added */
	struct mac_entry *mac;
	size_t macs;
	struct port_entry *port;
	size_t ports;
	const struct hint_fact *hint[HINT_HINTS]; /* the first of each kind, or NULL */
	size_t listed[PORCH_PARTIES];             /* hosts and prefixes by role */
	size_t list_domains;                      /* that lines of lists named */
	psl_ctx_t *psl;                           /* NULL: there is none on this machine */
	bool psl_owned;
};

/* One file of a rule folder as it was read. */
struct rule_file {
	unsigned folder;
	const char *name; /* "vendors/ring.json", relative, with `/` */
	const char *path; /* as the user would name it */
	char *bytes;
	size_t len;
	bool list; /* a user's list of domains: not of a folder */
};

/*
 * Makes a ruleset of files in memory, in order of folder, then name.  NULL fills *error.
 * The files may be freed afterwards.
 */
struct porch_rules *ruleset_from_files(const struct rule_file *files, size_t count,
    struct porch_error *error);

/* What a host's entry says of it, with the region its name tells. */
void ruleset_receiver(const struct porch_rules *rules, const struct host_entry *entry,
    const char *host, struct receiver *found);
/* What an address's owner is, with what its row tells. */
void ruleset_owner(const struct owner *owner, struct receiver *found);
/*
 * Fills in what address databases say and the rules do not; known: whether the rules found
 * anything.  False when neither did.
 */
bool ruleset_geo(const struct porch_rules *rules, const struct addr *addr, bool known,
    struct receiver *found);
/* The fact about an autonomous system, or NULL. */
const struct receiver_fact *ruleset_network(const struct porch_rules *rules, int64_t asn);
/* The first `bits` bits of a MAC. */
uint64_t mac_head(const struct mac *mac, uint8_t bits);

#endif
