/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/context.h"

#include <string.h>

#include "rules/loading.h"

static bool
load_statement(struct loading *l, json_t *object)
{
	static const char *const keys[] = {FACT_KEYS, "stated", "said_by", "text", "quote",
	    "answer_of_the_maker", "superseded_by", "withdraws", NULL};
	struct statement_fact *fact = reader_take(&l->reader, sizeof(*fact));
	struct statement *s = fact ? &fact->statement : NULL;
	struct reader *r = &l->reader;

	if (!fact || !reader_keys(r, object, keys) ||
	    !loading_fact(l, object, FACT_STATEMENT, &fact->fact) ||
	    !reader_text(r, object, "stated", true, &s->stated) ||
	    !reader_text(r, object, "said_by", false, &s->said_by) ||
	    !reader_text(r, object, "text", true, &s->text) ||
	    !reader_text(r, object, "quote", false, &s->quote) ||
	    !reader_text(r, object, "answer_of_the_maker", false, &s->answer_of_the_maker) ||
	    !reader_text(r, object, "superseded_by", false, &fact->superseded_by) ||
	    !reader_text(r, object, "withdraws", false, &fact->withdraws))
		return false;
	if (!json_object_get(object, "superseded_by"))
		return reader_fail(r, "superseded_by is missing: null when nothing changed it");
	if (!reader_is_date(s->stated))
		return reader_fail(r, "stated is no day (\"2019-08-21\"), month or year");
	s->rule = fact->fact.rule;
	fact->vendor_id = l->vendor_id;
	fact->limit = l->limit;
	fact->id = strchr(s->rule.id, '#') + 1;
	return true;
}

bool
load_context(struct loading *l, json_t *root)
{
	static const char *const keys[] = {FILE_KEYS, "vendor", "limit", "statement", NULL};

	return reader_keys(&l->reader, root, keys) && loading_head(l, root) &&
	       reader_text(&l->reader, root, "vendor", true, &l->vendor_id) &&
	       reader_text(&l->reader, root, "limit", true, &l->limit) &&
	       loading_each(l, root, "statement", load_statement);
}

static struct statement_fact *
statement_at(const struct porch_rules *rules, size_t i)
{
	struct fact *fact = rules->facts.item[i];

	return fact->kind == FACT_STATEMENT && !fact->dead ? (struct statement_fact *)fact : NULL;
}

static struct statement_fact *
find_statement(const struct porch_rules *rules, const char *vendor, const char *id)
{
	for (size_t i = 0; i < rules->facts.count; i++) {
		struct statement_fact *fact = statement_at(rules, i);

		if (fact && strcmp(fact->vendor_id, vendor) == 0 && strcmp(fact->id, id) == 0)
			return fact;
	}
	return NULL;
}

/* What withdraws a statement, and what is withdrawn, must each say so. */
static bool
link_statement(struct porch_rules *rules, struct statement_fact *fact, struct reader *r)
{
	struct statement_fact *other;

	if (fact->superseded_by) {
		other = find_statement(rules, fact->vendor_id, fact->superseded_by);
		if (!other || other == fact)
			return reader_fail(r, "superseded_by names no other statement");
		if (strcmp(other->statement.stated, fact->statement.stated) < 0)
			return reader_fail(r, "superseded_by names an older statement");
		fact->statement.superseded_by = &other->statement;
	}
	if (fact->withdraws) {
		other = find_statement(rules, fact->vendor_id, fact->withdraws);
		if (!other || other == fact)
			return reader_fail(r, "withdraws names no other statement");
		if (!other->superseded_by || strcmp(other->superseded_by, fact->id) != 0)
			return reader_fail(r, "\"%s\" was withdrawn and does not say so",
			    other->id);
		fact->statement.withdraws = &other->statement;
	}
	return true;
}

bool
context_link(struct porch_rules *rules, struct reader *reader)
{
	struct porch_error *error = reader->error;

	for (size_t i = 0; i < rules->facts.count; i++) {
		struct statement_fact *fact = statement_at(rules, i);

		if (!fact)
			continue;
		*reader = index_reader(&fact->fact, rules, error);
		if (map_find(rules->vendor_ids, fact->vendor_id, strlen(fact->vendor_id)) ==
		    MAP_NONE)
			return reader_fail(reader, "no vendor \"%.60s\"", fact->vendor_id);
		if (!link_statement(rules, fact, reader))
			return false;
	}
	return true;
}

/* Older first; between equals, as the file has them. */
static bool
comes_before(const struct statement_fact *a, const struct statement_fact *b)
{
	int order = strcmp(a->statement.stated, b->statement.stated);

	return order != 0 ? order < 0 : a < b;
}

const struct statement *
rules_statement(const struct porch_rules *rules, const struct vendor *vendor, size_t index)
{
	const struct statement_fact *last = NULL;

	for (size_t step = 0; step <= index; step++) {
		const struct statement_fact *next = NULL;

		for (size_t i = 0; i < rules->facts.count; i++) {
			const struct statement_fact *fact = statement_at(rules, i);

			if (!fact || strcmp(fact->vendor_id, vendor->id) != 0)
				continue;
			if ((!last || comes_before(last, fact)) &&
			    (!next || comes_before(fact, next)))
				next = fact;
		}
		if (!next)
			return NULL;
		last = next;
	}
	return &last->statement;
}

const char *
rules_statement_limit(const struct porch_rules *rules, const struct vendor *vendor)
{
	for (size_t i = 0; i < rules->facts.count; i++) {
		const struct statement_fact *fact = statement_at(rules, i);

		if (fact && strcmp(fact->vendor_id, vendor->id) == 0)
			return fact->limit;
	}
	return NULL;
}
