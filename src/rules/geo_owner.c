/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "rules/geo.h"
#include "rules/ruleset.h"

/* What address databases add to what the rules know of an address. */

const struct receiver_fact *
ruleset_network(const struct porch_rules *rules, int64_t asn)
{
	uint32_t at = map_find(rules->networks, &asn, sizeof(asn));

	return at == MAP_NONE ? NULL : rules->facts.item[at];
}

/* All files' answers as one; where two say something, the later one holds. */
static const struct geo_file *
ask_all(const struct porch_rules *rules, const struct addr *addr, struct geo_answer *all)
{
	const struct geo_file *first = NULL;

	*all = (struct geo_answer){.asn = -1};
	for (size_t i = rules->geo.count; i-- > 0;) {
		struct geo_answer one;

		if (!geo_find(rules->geo.item[i], addr, &one))
			continue;
		if (!first)
			first = rules->geo.item[i];
		if (all->asn < 0) {
			all->asn = one.asn;
			all->operator= one.operator;
		}
		if (!all->country)
			all->country = one.country;
		all->anycast |= one.anycast;
		all->access |= one.access;
		all->hosting |= one.hosting;
	}
	return first;
}

/* Whoever announces the address: a network the rules know, or no more than a name. */
static void
take_operator(const struct porch_rules *rules, const struct geo_answer *all,
    const struct rule *rule, struct receiver *found)
{
	const struct receiver_fact *network = ruleset_network(rules, all->asn);
	struct owner owner = {.to = network, .asn = all->asn};

	if (network)
		ruleset_owner(&owner, found);
	else
		*found = (struct receiver){
		    .rule = *rule, .organisation = all->operator, .asn = all->asn };
}

/* A place that was measured goes before one that was registered; anycast has none. */
static void
take_country(const struct geo_answer *all, struct receiver *found)
{
	bool registered =
	    found->country_source && strcmp(found->country_source, "registration") == 0;

	found->anycast |= all->anycast;
	if (found->country && !registered)
		return;
	if (!found->anycast && !all->country)
		return;
	found->country = found->anycast ? NULL : all->country;
	found->country_source = found->country ? "geo" : NULL;
}

bool
ruleset_geo(const struct porch_rules *rules, const struct addr *addr, bool known,
    struct receiver *found)
{
	struct geo_answer all;
	const struct geo_file *first = ask_all(rules, addr, &all);

	if (!first)
		return known;
	if (!known || (found->role == PORCH_PARTY_UNKNOWN && found->asn < 0))
		take_operator(rules, &all, geo_rule(first), found);
	if (found->role == PORCH_PARTY_UNKNOWN) { /* no fact of the rules says what it is */
		if (!found->organisation && found->asn == all.asn)
			found->organisation = all.operator;
		found->shared_network |= all.hosting;
		found->access_network = all.access && !all.hosting;
	}
	take_country(&all, found);
	return true;
}

const struct porch_geo *
rules_geo(const struct porch_rules *rules, size_t index)
{
	return index < rules->geo.count ? geo_told(rules->geo.item[index]) : NULL;
}

bool
porch_rules_add_geo(struct porch_rules *rules, const char *path, struct porch_error *error)
{
	struct porch_error ignored;
	struct geo_file *file;

	if (!error)
		error = &ignored;
	file = geo_open(path, rules->pool, error);
	if (!file)
		return false;
	if (list_add(&rules->geo, file) == 0)
		return true;
	geo_close(file);
	*error = (struct porch_error){.offset = -1, .text = "out of memory"};
	return false;
}
