/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/rules_explain.h"

#include "base/addr.h"

/* The answer, whatever was asked; NULL and -1 are "not known". */
struct answer {
	const char *query;
	const char *kind;
	const char *vendor;
	const char *organisation;
	const char *role;
	const char *party;
	struct porch_texts purposes;
	const char *region;
	const char *country;
	const char *country_source;
	int64_t asn;
	bool matched;
	struct rule rule;
};

static const char *
status_word(enum rule_status status)
{
	static const char *const words[] = {
	    [RULE_STABLE] = "stable", [RULE_TEST] = "test", [RULE_EXPERIMENTAL] = "experimental"};

	return words[status];
}

static void
answer_receiver(struct answer *answer, const struct receiver *receiver,
    const struct vendor *device_vendor)
{
	answer->matched = true;
	answer->rule = receiver->rule;
	answer->vendor = receiver->vendor ? receiver->vendor->id : receiver->on_behalf_of;
	answer->organisation = receiver->organisation;
	answer->role = porch_party_word(receiver->role);
	if (device_vendor)
		answer->party = porch_party_word(rules_party(receiver, device_vendor));
	answer->purposes = receiver->purposes;
	answer->region = receiver->region;
	answer->country = receiver->country;
	answer->country_source = receiver->country_source;
	answer->asn = receiver->asn;
}

static void
answer_mac(struct answer *answer, const struct porch_rules *rules, const struct mac *mac)
{
	struct mac_match match;

	answer->kind = "mac";
	if (!rules_mac(rules, mac, &match))
		return;
	answer->matched = true;
	answer->rule = match.rule;
	answer->vendor = match.vendor ? match.vendor->id : NULL;
	answer->organisation = match.vendor ? match.vendor->organisation : NULL;
}

static struct answer
ask(const struct porch_rules *rules, const char *query, const struct vendor *device_vendor)
{
	struct answer answer = {.query = query, .kind = "host", .asn = -1};
	struct receiver receiver;
	struct addr addr;
	struct mac mac;
	bool found;

	if (mac_parse(query, &mac)) {
		answer_mac(&answer, rules, &mac);
		return answer;
	}
	if (addr_parse(query, &addr)) {
		answer.kind = "address";
		found = rules_address(rules, &addr, &receiver);
	} else {
		found = rules_host(rules, query, &receiver);
	}
	answer.role = porch_party_word(PORCH_PARTY_UNKNOWN);
	if (device_vendor)
		answer.party = answer.role;
	if (found)
		answer_receiver(&answer, &receiver, device_vendor);
	return answer;
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
json_answer(struct writer *w, const struct answer *answer)
{
	write_text(w, "{\n");
	json_text(w, "query", answer->query);
	json_text(w, "kind", answer->kind);
	json_text(w, "vendor", answer->vendor);
	json_text(w, "organisation", answer->organisation);
	json_text(w, "role", answer->role);
	json_text(w, "party", answer->party);
	write_text(w, "  \"purposes\": [");
	for (size_t i = 0; i < answer->purposes.count; i++) {
		write_text(w, i ? ", " : "");
		json_value(w, answer->purposes.item[i]);
	}
	write_text(w, "],\n");
	json_text(w, "region", answer->region);
	json_text(w, "country", answer->country);
	json_text(w, "country_source", answer->country_source);
	if (answer->asn >= 0)
		writef(w, "  \"asn\": %lld,\n", (long long)answer->asn);
	else
		write_text(w, "  \"asn\": null,\n");
	write_text(w, "  \"matches\": [");
	if (answer->matched) {
		write_text(w, "{\"rule\": ");
		json_value(w, answer->rule.id);
		writef(w, ", \"rev\": %u, \"status\": ", answer->rule.rev);
		json_value(w, status_word(answer->rule.status));
		write_text(w, ", \"source\": ");
		json_value(w, answer->rule.source_what);
		write_text(w, ", \"won\": true}");
	}
	write_text(w, "]\n}\n");
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
plain_answer(struct writer *w, const struct answer *answer)
{
	write_escaped(w, ESCAPE_TERMINAL, answer->query);
	if (!answer->matched) {
		write_text(w, ": no rule speaks of it.\n");
		return;
	}
	write_char(w, '\n');
	plain_text(w, "kind", answer->kind);
	plain_text(w, "vendor", answer->vendor);
	plain_text(w, "organisation", answer->organisation);
	plain_text(w, "role", answer->role);
	plain_text(w, "party", answer->party);
	for (size_t i = 0; i < answer->purposes.count; i++)
		plain_text(w, i ? "" : "purposes", answer->purposes.item[i]);
	plain_text(w, "region", answer->region);
	plain_text(w, "country", answer->country);
	plain_text(w, "known by", answer->country_source);
	if (answer->asn >= 0)
		writef(w, "  %-13s %lld\n", "asn", (long long)answer->asn);
	plain_text(w, "rule", answer->rule.id);
	writef(w, "  %-13s %u, %s\n", "revision", answer->rule.rev,
	    status_word(answer->rule.status));
	plain_text(w, "source", answer->rule.source_what);
	plain_text(w, "seen", answer->rule.source_seen);
}

void
rules_explain(struct writer *w, const struct porch_rules *rules, const char *query,
    const struct vendor *device_vendor, bool json)
{
	struct answer answer = ask(rules, query, device_vendor);

	if (json)
		json_answer(w, &answer);
	else
		plain_answer(w, &answer);
}
