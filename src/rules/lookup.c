/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/glob.h"
#include "base/host.h"
#include "rules/ruleset.h"

static bool
key_fits(const char *key, size_t len, const char *text)
{
	for (size_t i = 0; i < len; i++)
		if (key[i] != '?' && key[i] != text[i])
			return false;
	return true;
}

/* The label of host that the entry's region stands in. */
static const char *
region_label(const struct host_entry *entry, const char *host, size_t *len)
{
	const char *end = host + strlen(host), *at;

	for (unsigned i = 0;; i++) {
		for (at = end; at > host && at[-1] != '.';)
			at--;
		if (i == entry->label || at == host)
			break;
		end = at - 1;
	}
	*len = (size_t)(end - at);
	return at;
}

/* The longest region of the table that fits between what stands before and after it. */
static void
tell_region(const struct porch_rules *rules, const struct host_entry *entry, const char *host,
    struct receiver *found)
{
	const struct region_fact *table =
	    rules->facts.item[map_find(rules->regions, entry->table, strlen(entry->table))];
	size_t len, best = 0, head = entry->before_len;
	const char *label = region_label(entry, host, &len);

	if (len < head || memcmp(label, entry->before, head) != 0)
		return;
	for (size_t i = 0; i < table->places; i++) {
		const char *key = table->place[i].key;
		size_t size = strlen(key);

		if (size <= best || size > len - head || !key_fits(key, size, label + head) ||
		    !glob_matches(entry->after, entry->after_len, label + head + size,
		        len - head - size))
			continue;
		best = size;
		found->region = table->place[i].region;
		found->country = table->place[i].country;
		found->country_source = found->country ? "region-in-name" : NULL;
	}
}

void
ruleset_receiver(const struct porch_rules *rules, const struct host_entry *entry, const char *host,
    struct receiver *found)
{
	*found = entry->to->receiver;
	if (entry->table)
		tell_region(rules, entry, host, found);
}

bool
rules_host(const struct porch_rules *rules, const char *host, struct receiver *found)
{
	char name[HOST_TEXT];
	uint32_t at;

	if (!host_normalise(name, host))
		return false;
	at = host_index_find(rules->hosts, name);
	if (at == HOST_INDEX_NONE)
		return false;
	ruleset_receiver(rules, rules->host_entries.item[at], name, found);
	return true;
}

void
ruleset_owner(const struct owner *owner, struct receiver *found)
{
	if (owner->to)
		*found = owner->to->receiver;
	else
		*found = (struct receiver){.rule = owner->rows->rule};
	found->asn = owner->asn;
	if (!found->country && owner->country[0] && !found->anycast) {
		found->country = owner->country;
		found->country_source = "registration";
	}
}

bool
rules_address(const struct porch_rules *rules, const struct addr *addr, struct receiver *found)
{
	uint32_t at;
	bool known = lpm_find(rules->prefixes, addr, &at);

	if (known)
		ruleset_owner(rules->owners.item[at], found);
	return rules->geo.count == 0 ? known : ruleset_geo(rules, addr, known, found);
}

uint64_t
mac_head(const struct mac *mac, uint8_t bits)
{
	uint64_t whole = 0;

	for (size_t i = 0; i < sizeof(mac->bytes); i++)
		whole = whole << 8 | mac->bytes[i];
	return whole >> (48 - bits);
}

static int
compare_mac(const void *key, const void *member)
{
	const struct mac_prefix *a = key;
	const struct mac_entry *b = member;

	if (a->bits != b->prefix.bits)
		return a->bits < b->prefix.bits ? -1 : 1;
	return a->value < b->prefix.value ? -1 : a->value > b->prefix.value;
}

bool
rules_mac(const struct porch_rules *rules, const struct mac *mac, struct mac_match *found)
{
	static const uint8_t lengths[] = {36, 28, 24}; /* MA-S, MA-M, MA-L of the IEEE */

	if (mac_is_local(mac) || mac_is_group(mac))
		return false;
	for (size_t i = 0; i < sizeof(lengths); i++) {
		struct mac_prefix key = {.bits = lengths[i], .value = mac_head(mac, lengths[i])};
		const struct mac_entry *entry =
		    bsearch(&key, rules->mac, rules->macs, sizeof(*rules->mac), compare_mac);

		if (entry && entry->to)
			*found = entry->to->match;
		if (entry)
			return entry->to != NULL;
	}
	return false;
}

/* A rule by its id, for what a redacted capture tells only by that. */
static bool
claimed_hint(const struct porch_rules *rules, const char *id, struct hint_match *found)
{
	uint32_t at = map_find(rules->ids, id, strlen(id));
	const struct hint_fact *fact = at == MAP_NONE ? NULL : rules->facts.item[at];

	if (!fact || fact->fact.kind != FACT_HINT || fact->fact.dead)
		return false;
	*found = fact->match;
	return true;
}

/* The hint with most literal characters; between equals the one read first. */
bool
rules_hint(const struct porch_rules *rules, enum hint_kind kind, const char *text,
    struct hint_match *found)
{
	size_t len = strlen(text), best = 0;
	bool any = false;

	if (kind == HINT_CLAIM)
		return claimed_hint(rules, text, found);
	for (const struct hint_fact *fact = rules->hint[kind]; fact; fact = fact->next) {
		for (size_t g = 0; g < fact->globs.count; g++) {
			const char *glob = fact->globs.item[g];
			size_t literals = glob_literals(glob, strlen(glob));

			if ((any && literals <= best) ||
			    !glob_matches(glob, strlen(glob), text, len))
				continue;
			*found = fact->match;
			best = literals;
			any = true;
		}
	}
	return any;
}

static int
compare_port(const void *key, const void *member)
{
	const struct port_entry *a = key, *b = member;

	if (a->protocol != b->protocol)
		return a->protocol < b->protocol ? -1 : 1;
	return (int)a->port - (int)b->port;
}

bool
rules_port(const struct porch_rules *rules, uint8_t protocol, uint16_t port,
    struct port_match *found)
{
	struct port_entry key = {.protocol = protocol, .port = port};
	const struct port_entry *entry =
	    bsearch(&key, rules->port, rules->ports, sizeof(*rules->port), compare_port);

	if (entry)
		*found = entry->match;
	return entry != NULL;
}

const char *
rules_registrable(const struct porch_rules *rules, const char *host)
{
	const char *domain = rules->psl ? psl_registrable_domain(rules->psl, host) : NULL;

	return domain ? domain : host;
}

static bool
owns(const struct vendor *vendor, const char *name)
{
	for (size_t i = 0; name && i < vendor->owners.count; i++)
		if (strcmp(vendor->owners.item[i], name) == 0)
			return true;
	return false;
}

/* An owner's advertising business, resolvers and the like keep their own party. */
enum porch_party
rules_party(const struct receiver *receiver, const struct vendor *device_vendor)
{
	enum porch_party role = receiver->role;
	const char *behalf = receiver->on_behalf_of;

	if (device_vendor && receiver->vendor == device_vendor)
		return PORCH_PARTY_MAKER;
	if (role != PORCH_PARTY_MAKER && role != PORCH_PARTY_CLOUD && role != PORCH_PARTY_OTHER)
		return role;
	if (device_vendor && (!behalf || strcmp(behalf, device_vendor->id) == 0) &&
	    (owns(device_vendor, receiver->organisation) ||
	        (receiver->vendor && owns(device_vendor, receiver->vendor->id))))
		return PORCH_PARTY_MAKER;
	return role == PORCH_PARTY_MAKER ? PORCH_PARTY_OTHER : role;
}

const struct vendor *
rules_vendor(const struct porch_rules *rules, const char *id)
{
	uint32_t at = map_find(rules->vendor_ids, id, strlen(id));
	const struct vendor_entry *entry = at == MAP_NONE ? NULL : rules->vendors.item[at];

	return entry ? &entry->vendor : NULL;
}

const struct vendor *
rules_vendor_at(const struct porch_rules *rules, size_t index)
{
	const struct vendor_entry *entry;

	if (index >= rules->vendors.count)
		return NULL;
	entry = rules->vendors.item[index];
	return &entry->vendor;
}

const struct organisation *
rules_organisation(const struct porch_rules *rules, const char *name)
{
	uint32_t at = map_find(rules->organisations, name, strlen(name));
	const struct organisation_fact *fact;

	if (at == MAP_NONE)
		return NULL;
	fact = rules->facts.item[at];
	return &fact->organisation;
}

size_t
rules_list_size(const struct porch_rules *rules, enum porch_party role)
{
	return role < PORCH_PARTIES ? rules->listed[role] : 0;
}
