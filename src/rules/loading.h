/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULES_LOADING_H
#define RULES_LOADING_H

#include "rules/reader.h"
#include "rules/ruleset.h"

/* A file being read: what its facts inherit, and where they go. */
struct loading {
	struct reader reader;
	struct porch_rules *rules;
	const char *name; /* "vendors/ring.json" */
	unsigned folder;
	enum porch_party role;
	const char *vendor_id; /* or NULL */
	const char *organisation;
	const char *limit;
	bool shared;
	bool access;
	struct rule head; /* rev, status and source of the file; id is NULL */
};

/* What a fact of every section may hold. */
#define FACT_KEYS "id", "rev", "status", "source", "note"
/* What every file may hold. */
#define FILE_KEYS "$schema", "format", "rev", "status", "source", "reviewed", "note"

/* The parts of a file that all kinds share: format, rev, status, source, reviewed. */
bool loading_head(struct loading *l, json_t *root);
/* Reads id, rev, status and source of a fact, and adds it to the rules. */
bool loading_fact(struct loading *l, json_t *object, enum fact_kind kind, struct fact *fact);
/* Calls one() for every element of an array member that may be missing. */
bool loading_each(struct loading *l, json_t *root, const char *section,
    bool (*one)(struct loading *l, json_t *object));

/* One file of each kind; root has been parsed. */
bool load_facts(struct loading *l, json_t *root);
bool load_model(struct loading *l, json_t *root);
bool load_calibration(struct loading *l, json_t *root); /* of models/, by its key */
bool load_context(struct loading *l, json_t *root);
bool load_advice(struct loading *l, json_t *root);

/* One element of a section. */
bool load_destination(struct loading *l, json_t *object);
bool load_address(struct loading *l, json_t *object);
bool load_network(struct loading *l, json_t *object);
bool load_rows(struct loading *l, json_t *object);
bool load_region(struct loading *l, json_t *object);
bool load_device(struct loading *l, json_t *object);
bool load_service(struct loading *l, json_t *object);
bool load_test(struct loading *l, json_t *object);
bool load_organisation(struct loading *l, json_t *object);

/* When all files are read: resolves what refers to what, and builds the tables. */
bool index_build(struct porch_rules *rules, const struct rule_file *files, size_t count,
    struct porch_error *error);
/* Rows of prefixes; before that, the networks they belong to. */
bool index_rows(struct porch_rules *rules, const struct rule_file *files, size_t count,
    struct porch_error *error);
/* The value of an owner in the prefix table, made once; its padding is zero. MAP_NONE: failed. */
uint32_t index_owner(struct porch_rules *rules, struct reader *r, const struct owner *like);
/* Statements refer to each other within a vendor's context; see context.h. */
bool context_link(struct porch_rules *rules, struct reader *reader);
/* Gives a word of advice its bit, and makes its names known. */
bool advice_index(struct porch_rules *rules, struct reader *r, const struct advice_fact *fact);
/* A reader that complains about a fact. */
struct reader index_reader(const struct fact *fact, struct porch_rules *rules,
    struct porch_error *error);

extern const char *const loading_kinds[];   /* of devices, by enum porch_kind */
extern const char *const loading_parties[]; /* by enum porch_party */

#endif
