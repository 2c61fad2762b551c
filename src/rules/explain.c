/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/explain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/glob.h"
#include "base/host.h"
#include "rules/geo.h"
#include "rules/ruleset.h"

#define MATCHES 256 /* of one query; a name has few */

struct candidate {
	struct rule rule;
	char pattern[HOST_TEXT + 4];
	unsigned rank; /* more is more specific */
	bool won;
};

struct candidates {
	const struct porch_rules *rules;
	struct candidate *item;
	size_t count;
	uint32_t winner;
};

static struct candidate *
add(struct candidates *c, const struct rule *rule, const char *pattern)
{
	struct candidate *one;

	if (c->count == MATCHES)
		return NULL;
	one = &c->item[c->count++];
	*one = (struct candidate){.rule = *rule};
	snprintf(one->pattern, sizeof(one->pattern), "%s", pattern);
	return one;
}

static unsigned
labels_of(const char *pattern)
{
	unsigned labels = pattern[0] == '.' ? 0 : 1;

	for (; *pattern; pattern++)
		labels += *pattern == '.';
	return labels;
}

static void
see_host(uint32_t value, const char *pattern, void *user)
{
	struct candidates *c = user;
	const struct host_entry *entry = c->rules->host_entries.item[value];
	struct candidate *one = add(c, &entry->to->fact.rule, pattern);

	if (!one)
		return;
	one->rank = labels_of(pattern) << 16 | (unsigned)(pattern[0] != '.') << 15 |
	            (unsigned)glob_literals(pattern, strlen(pattern));
	one->won = value == c->winner;
}

static void
see_prefix(const struct prefix *prefix, uint32_t value, void *user)
{
	struct candidates *c = user;
	const struct owner *owner = c->rules->owners.item[value];
	char text[ADDR_TEXT], whole[ADDR_TEXT + 8];
	struct candidate *one;

	snprintf(whole, sizeof(whole), "%s/%u", addr_format(&prefix->addr, text),
	    (unsigned)prefix->length);
	one = add(c, owner->to ? &owner->to->fact.rule : &owner->rows->rule, whole);
	if (!one)
		return;
	one->rank = prefix->length;
	one->won = c->count == 1; /* told from the longest */
}

/*
 * Address databases fill in what the rules do not say.  Where no rule has a prefix, the winner is
 * the rule of the network they lead to, else the database itself.
 */
static void
see_geo(struct candidates *c, const struct addr *addr, const struct explanation *e)
{
	bool won = c->count > 0;

	for (size_t i = c->rules->geo.count; i-- > 0;) {
		const struct geo_file *file = c->rules->geo.item[i];
		char text[ADDR_TEXT], whole[ADDR_TEXT + 8];
		struct geo_answer answer;
		struct candidate *one;

		if (!geo_find(file, addr, &answer))
			continue;
		snprintf(whole, sizeof(whole), "%s/%u", addr_format(&answer.network.addr, text),
		    (unsigned)answer.network.length);
		if (!won && geo_rule(file)->id != e->receiver.rule.id) {
			one = add(c, &e->receiver.rule, whole);
			won = one && (one->won = true);
		}
		one = add(c, geo_rule(file), whole);
		if (one && !won)
			won = one->won = true;
	}
}

static void
see_mac(struct candidates *c, const struct mac *mac)
{
	for (size_t i = 0; i < c->rules->macs; i++) {
		const struct mac_entry *entry = &c->rules->mac[i];
		char text[MAC_TEXT];
		struct candidate *one;

		if (!entry->to || mac_head(mac, entry->prefix.bits) != entry->prefix.value)
			continue;
		mac_format(mac, text);
		text[entry->prefix.bits / 4 + (entry->prefix.bits / 4 - 1) / 2] = '\0';
		one = add(c, &entry->to->fact.rule, text);
		if (one)
			one->rank = entry->prefix.bits;
	}
}

static int
by_rank(const void *left, const void *right)
{
	const struct candidate *a = left, *b = right;

	if (a->won != b->won)
		return a->won ? -1 : 1;
	if (a->rank != b->rank)
		return a->rank > b->rank ? -1 : 1;
	return strcmp(a->rule.id, b->rule.id);
}

static void
tell(struct candidates *c, void (*match)(const struct explain_match *match, void *user), void *user)
{
	qsort(c->item, c->count, sizeof(*c->item), by_rank);
	for (size_t i = 1; i < c->count; i++)
		c->item[i].won = c->item[i].won && !c->item[0].won; /* one pattern of a rule */
	for (size_t i = 0; match && i < c->count; i++) {
		struct explain_match one = {
		    .rule = c->item[i].rule, .pattern = c->item[i].pattern, .won = c->item[i].won};

		match(&one, user);
	}
}

static void
explain_mac(struct candidates *c, const struct mac *mac, struct explanation *e)
{
	e->kind = QUERY_MAC;
	e->found = rules_mac(c->rules, mac, &e->mac);
	e->vendor = e->found ? e->mac.vendor : NULL;
	if (!mac_is_local(mac) && !mac_is_group(mac))
		see_mac(c, mac);
	for (size_t i = 0; i < c->count; i++)
		c->item[i].won = e->found && c->item[i].rule.id == e->mac.rule.id;
}

static void
explain_address(struct candidates *c, const struct addr *addr, struct explanation *e)
{
	e->kind = QUERY_ADDRESS;
	e->found = rules_address(c->rules, addr, &e->receiver);
	lpm_each(c->rules->prefixes, addr, see_prefix, c);
	see_geo(c, addr, e);
}

static void
explain_host(struct candidates *c, const char *host, struct explanation *e)
{
	e->kind = QUERY_HOST;
	c->winner = host_index_find(c->rules->hosts, host);
	e->found = rules_host(c->rules, host, &e->receiver);
	host_index_each(c->rules->hosts, host, see_host, c);
}

bool
rules_query(const struct porch_rules *rules, const char *query, const struct vendor *device_vendor,
    struct explanation *explanation, void (*match)(const struct explain_match *match, void *user),
    void *user)
{
	struct candidates c = {.rules = rules};
	char host[HOST_TEXT];
	struct addr addr;
	struct mac mac;
	bool known = true;

	*explanation = (struct explanation){.receiver = {.asn = -1}};
	c.item = calloc(MATCHES, sizeof(*c.item));
	if (!c.item)
		return false;
	if (mac_parse(query, &mac))
		explain_mac(&c, &mac, explanation);
	else if (addr_parse(query, &addr))
		explain_address(&c, &addr, explanation);
	else if (host_normalise(host, query))
		explain_host(&c, host, explanation);
	else
		known = false;
	if (explanation->receiver.vendor)
		explanation->vendor = explanation->receiver.vendor;
	if (device_vendor && explanation->found && explanation->kind != QUERY_MAC)
		explanation->party = rules_party(&explanation->receiver, device_vendor);
	tell(&c, match, user);
	free(c.item);
	return known;
}

const char *
query_kind_word(enum query_kind kind)
{
	static const char *const words[] = {"host", "address", "mac"};

	return words[kind];
}

const char *
rule_status_word(enum rule_status status)
{
	static const char *const words[] = {"stable", "test", "experimental"};

	return words[status];
}
