/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/rules_explain.h"

#include "rules/explain.h"

/* The question and its answer; matches are told one by one as they are written. */
struct telling {
	struct writer *w;
	struct explanation e;
	const char *query;
	const char *vendor;
	const char *organisation;
	const char *role;
	const char *party;
	size_t matches;
	size_t winners;
};

static void
count_match(const struct explain_match *match, void *user)
{
	struct telling *t = user;

	t->matches++;
	t->winners += match->won;
}

/* A rented service that carries a maker's things is the maker's. */
static void
ask(struct telling *t, const struct porch_rules *rules, const struct vendor *device_vendor)
{
	rules_query(rules, t->query, device_vendor, &t->e, count_match, t);
	t->vendor = t->e.vendor ? t->e.vendor->id : t->e.receiver.on_behalf_of;
	if (t->e.kind == QUERY_MAC) {
		t->organisation = t->e.vendor ? t->e.vendor->organisation : NULL;
		return;
	}
	t->organisation = t->e.receiver.organisation;
	t->role = porch_party_word(t->e.receiver.role);
	if (device_vendor)
		t->party = porch_party_word(t->e.party);
}

static void
json_value(struct writer *w, const char *value)
{
	if (!value) {
		write_text(w, "null");
		return;
	}
	write_char(w, '"');
	write_escaped(w, ESCAPE_JSON, value);
	write_char(w, '"');
}

static void
json_text(struct writer *w, const char *name, const char *value)
{
	writef(w, "  \"%s\": ", name);
	json_value(w, value);
	write_text(w, ",\n");
}

static void
json_match(const struct explain_match *match, void *user)
{
	struct telling *t = user;
	struct writer *w = t->w;

	write_text(w, t->matches++ ? ",\n    {\"rule\": " : "\n    {\"rule\": ");
	json_value(w, match->rule.id);
	writef(w, ", \"rev\": %u, \"status\": ", match->rule.rev);
	json_value(w, rule_status_word(match->rule.status));
	write_text(w, ", \"source\": ");
	json_value(w, match->rule.source_what);
	writef(w, ", \"won\": %s}", match->won ? "true" : "false");
}

static void
json_answer(struct telling *t)
{
	const struct receiver *receiver = &t->e.receiver;
	struct writer *w = t->w;

	write_text(w, "{\n");
	json_text(w, "query", t->query);
	json_text(w, "kind", query_kind_word(t->e.kind));
	json_text(w, "vendor", t->vendor);
	json_text(w, "organisation", t->organisation);
	json_text(w, "role", t->role);
	json_text(w, "party", t->party);
	write_text(w, "  \"purposes\": [");
	for (size_t i = 0; i < receiver->purposes.count; i++) {
		write_text(w, i ? ", " : "");
		json_value(w, receiver->purposes.item[i]);
	}
	write_text(w, "],\n");
	json_text(w, "region", receiver->region);
	json_text(w, "country", receiver->country);
	json_text(w, "country_source", receiver->country_source);
	if (receiver->asn >= 0)
		writef(w, "  \"asn\": %lld,\n", (long long)receiver->asn);
	else
		write_text(w, "  \"asn\": null,\n");
	write_text(w, "  \"matches\": [");
}

static void
plain_text(struct writer *w, const char *name, const char *value)
{
	if (!value)
		return;
	writef(w, "  %-13s ", name);
	write_escaped(w, ESCAPE_TERMINAL, value);
	write_char(w, '\n');
}

static void
plain_match(const struct explain_match *match, void *user)
{
	struct telling *t = user;
	struct writer *w = t->w;

	writef(w, "\n  %-13s ", match->won ? "won" : "also fits");
	write_escaped(w, ESCAPE_TERMINAL, match->pattern);
	write_char(w, '\n');
	plain_text(w, "rule", match->rule.id);
	writef(w, "  %-13s %u, %s\n", "revision", match->rule.rev,
	    rule_status_word(match->rule.status));
	writef(w, "  %-13s %s: ", "source", match->rule.source_kind);
	write_escaped(w, ESCAPE_TERMINAL, match->rule.source_what);
	write_char(w, '\n');
	plain_text(w, "seen", match->rule.source_seen);
}

/* How the winner was told from the others, or why there is none. */
static void
plain_why(const struct telling *t)
{
	static const char *const why[] = {
	    [QUERY_HOST] = "The most specific pattern wins: more labels, then a whole name over a\n"
	                   "  suffix, then more literal labels, then more literal characters.\n",
	    [QUERY_ADDRESS] = "The longest prefix wins.\n",
	    [QUERY_MAC] = "The longest prefix wins.\n",
	};

	if (t->winners == 0)
		write_text(t->w,
		    "\n  None won: makers share the longest prefix, so it tells none.\n");
	else if (t->matches > 1)
		writef(t->w, "\n  %s", why[t->e.kind]);
}

static void
plain_answer(struct telling *t)
{
	const struct receiver *receiver = &t->e.receiver;
	struct writer *w = t->w;

	write_escaped(w, ESCAPE_TERMINAL, t->query);
	if (t->matches == 0) {
		write_text(w, ": no rule speaks of it.\n");
		return;
	}
	write_char(w, '\n');
	plain_text(w, "kind", query_kind_word(t->e.kind));
	plain_text(w, "vendor", t->vendor);
	plain_text(w, "organisation", t->organisation);
	plain_text(w, "role", t->role);
	plain_text(w, "party", t->party);
	for (size_t i = 0; i < receiver->purposes.count; i++)
		plain_text(w, i ? "" : "purposes", receiver->purposes.item[i]);
	plain_text(w, "region", receiver->region);
	plain_text(w, "country", receiver->country);
	plain_text(w, "known by", receiver->country_source);
	if (receiver->asn >= 0)
		writef(w, "  %-13s %lld\n", "asn", (long long)receiver->asn);
}

void
rules_explain(struct writer *w, const struct porch_rules *rules, const char *query,
    const struct vendor *device_vendor, bool json)
{
	struct telling t = {.w = w, .query = query};
	struct explanation again;

	ask(&t, rules, device_vendor);
	if (json) {
		json_answer(&t);
		t.matches = 0;
		rules_query(rules, query, NULL, &again, json_match, &t);
		write_text(w, t.matches ? "\n  ]\n}\n" : "]\n}\n");
		return;
	}
	plain_answer(&t);
	if (t.matches > 0) {
		rules_query(rules, query, NULL, &again, plain_match, &t);
		plain_why(&t);
	}
}
