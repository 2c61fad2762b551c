/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/host.h"
#include "rules/lists.h"
#include "rules/loading.h"

/* From facts to the tables that look-ups use. */

struct reader
index_reader(const struct fact *fact, struct porch_rules *rules, struct porch_error *error)
{
	struct reader reader = {.error = error, .pool = rules->pool, .path = fact->path};
	const char *id = strchr(fact->rule.id, '#');
	size_t len = id ? strlen(id + 1) : 0;

	if (len >= sizeof(reader.where))
		len = sizeof(reader.where) - 1;
	if (len > 0)
		memcpy(reader.where, id + 1, len);
	return reader;
}

static bool
find_vendor(struct porch_rules *rules, const char *id, const struct vendor **vendor)
{
	*vendor = id ? rules_vendor(rules, id) : NULL;
	return !id || *vendor;
}

/* "rms-{aws}.example": the region's place in the pattern; NULL, or what is wrong. */
static const char *
split_region(struct reader *r, const char *text, struct host_entry *entry)
{
	const char *open = strchr(text, '{'), *close = open ? strchr(open, '}') : NULL;
	size_t len = strlen(text);
	const char *label, *end;
	char *plain;

	entry->pattern = text;
	if (!open)
		return NULL;
	if (!close || close == open + 1 || strchr(close, '{'))
		return "one {table} of regions may stand in a label";
	for (label = open; label > text && label[-1] != '.';)
		label--;
	end = close + strcspn(close, ".");
	if (end - label > 255 || memchr(label, '*', (size_t)(open - label)) ||
	    memchr(label, '?', (size_t)(open - label)))
		return "no wildcard may stand before {table} in its label";
	entry->table = reader_copy(r, open + 1, (size_t)(close - open - 1));
	entry->before = label;
	entry->before_len = (uint8_t)(open - label);
	entry->after = close + 1;
	entry->after_len = (uint8_t)(end - close - 1);
	for (const char *dot = end; *dot; dot++)
		entry->label = (uint8_t)(entry->label + (*dot == '.'));
	plain = reader_copy(r, text, len);
	if (!plain || !entry->table)
		return "out of memory";
	plain[open - text] = '*';
	memmove(plain + (open - text) + 1, close + 1, strlen(close + 1) + 1);
	entry->pattern = plain;
	return NULL;
}

/* Patterns without a region say the same: they share one entry of their fact. */
static bool
keep_entry(struct porch_rules *rules, struct reader *r, struct receiver_fact *fact,
    const struct host_entry *like, uint32_t *at)
{
	struct host_entry *entry;

	*at = fact->plain_entry - 1;
	if (!like->table && fact->plain_entry > 0)
		return true;
	entry = reader_take(r, sizeof(*entry));
	if (!entry)
		return false;
	*entry = *like;
	*at = (uint32_t)rules->host_entries.count;
	if (!like->table)
		fact->plain_entry = *at + 1;
	return list_add(&rules->host_entries, entry) == 0 || reader_fail(r, "out of memory");
}

static bool
add_host(struct porch_rules *rules, struct reader *r, struct receiver_fact *fact, const char *text)
{
	struct host_entry entry = {.to = fact};
	uint32_t before = HOST_INDEX_NONE, at;
	const char *fault;

	fault = strlen(text) < HOST_TEXT ? split_region(r, text, &entry) : "a host is too long";
	if (!fault)
		fault = host_index_fault(entry.pattern);
	if (fault)
		return reader_fail(r, "host \"%.120s\": %s", text, fault);
	if (entry.table && map_find(rules->regions, entry.table, strlen(entry.table)) == MAP_NONE)
		return reader_fail(r, "host \"%.120s\": no regions \"%s\"", text, entry.table);
	if (!keep_entry(rules, r, fact, &entry, &at))
		return false;
	fault = host_index_add(rules->hosts, entry.pattern, at, &before);
	if (fault)
		return reader_fail(r, "host \"%.120s\": %s", text, fault);
	if (before != HOST_INDEX_NONE) {
		const struct host_entry *other = rules->host_entries.item[before];

		if (other->to->fact.folder == fact->fact.folder)
			return reader_fail(r, "host \"%.120s\": %.200s has it too", text,
			    other->to->fact.rule.id);
	}
	rules->listed[fact->receiver.role]++;
	return true;
}

uint32_t
index_owner(struct porch_rules *rules, struct reader *r, const struct owner *like)
{
	struct owner *owner;
	uint32_t at = map_find(rules->owner_ids, like, sizeof(*like));

	if (at != MAP_NONE)
		return at;
	owner = reader_take(r, sizeof(*owner));
	if (!owner)
		return MAP_NONE;
	memcpy(owner, like, sizeof(*owner)); /* with its padding: it is a key */
	at = (uint32_t)rules->owners.count;
	if (list_add(&rules->owners, owner) != 0 ||
	    map_put(rules->owner_ids, owner, sizeof(*owner), at) != 0) {
		reader_fail(r, "out of memory");
		return MAP_NONE;
	}
	return at;
}

static bool
add_prefixes(struct porch_rules *rules, struct reader *r, const struct receiver_fact *fact)
{
	struct owner owner;
	uint32_t value;

	memset(&owner, 0, sizeof(owner));
	owner.to = fact;
	owner.asn = fact->receiver.asn;
	value = index_owner(rules, r, &owner);
	for (size_t i = 0; value != MAP_NONE && i < fact->prefixes; i++)
		if (!lpm_add(rules->prefixes, &fact->prefix[i], value))
			return reader_fail(r, "out of memory");
	rules->listed[fact->receiver.role] += fact->prefixes;
	return value != MAP_NONE;
}

static bool
index_receiver(struct porch_rules *rules, struct reader *r, struct receiver_fact *fact)
{
	if (!find_vendor(rules, fact->vendor_id, &fact->receiver.vendor))
		return reader_fail(r, "no vendor \"%.60s\"", fact->vendor_id);
	if (fact->receiver.on_behalf_of && !rules_vendor(rules, fact->receiver.on_behalf_of))
		return reader_fail(r, "on_behalf_of: no vendor \"%.60s\"",
		    fact->receiver.on_behalf_of);
	for (size_t i = 0; i < fact->hosts.count; i++)
		if (!add_host(rules, r, fact, fact->hosts.item[i]))
			return false;
	return fact->prefixes == 0 || add_prefixes(rules, r, fact);
}

static bool
index_number(struct porch_rules *rules, struct reader *r, const char *name, size_t at,
    struct map *map)
{
	if (map_find(map, name, strlen(name)) != MAP_NONE) {
		const struct fact *other = rules->facts.item[map_find(map, name, strlen(name))];
		const struct fact *fact = rules->facts.item[at];

		if (other->folder == fact->folder)
			return reader_fail(r, "%.200s has the name too", other->rule.id);
	}
	return map_put(map, name, strlen(name), (uint32_t)at) == 0 ||
	       reader_fail(r, "out of memory");
}

/* Names that other facts refer to, before those. */
static bool
index_name(struct porch_rules *rules, struct reader *r, size_t at)
{
	const struct fact *fact = rules->facts.item[at];

	if (fact->kind == FACT_NUMBER)
		return index_number(rules, r, ((const struct number_fact *)fact)->name, at,
		    rules->numbers);
	if (fact->kind == FACT_REGION)
		return index_number(rules, r, ((const struct region_fact *)fact)->table, at,
		    rules->regions);
	if (fact->kind == FACT_ORGANISATION)
		return index_number(rules, r,
		    ((const struct organisation_fact *)fact)->organisation.name, at,
		    rules->organisations);
	return true;
}

static bool
index_fact(struct porch_rules *rules, struct reader *r, struct fact *fact)
{
	struct mac_fact *mac = (struct mac_fact *)fact;
	struct hint_fact *hint = (struct hint_fact *)fact;
	struct service_fact *service = (struct service_fact *)fact;

	switch (fact->kind) {
	case FACT_DESTINATION:
	case FACT_ADDRESS:
	case FACT_NETWORK:
		return index_receiver(rules, r, (struct receiver_fact *)fact);
	case FACT_MAC:
		rules->macs += mac->prefixes;
		return find_vendor(rules, mac->vendor_id, &mac->match.vendor);
	case FACT_HINT:
		return find_vendor(rules, hint->vendor_id, &hint->match.vendor);
	case FACT_ADVICE:
		return advice_index(rules, r, (const struct advice_fact *)fact);
	case FACT_SERVICE:
		rules->ports += service->ports;
		return find_vendor(rules, service->vendor_id, &service->match.vendor);
	default:
		return true;
	}
}

static bool
index_facts(struct porch_rules *rules, struct reader *r, struct porch_error *error)
{
	for (size_t pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < rules->facts.count; i++) {
			struct fact *fact = rules->facts.item[i];

			if (fact->dead)
				continue;
			*r = index_reader(fact, rules, error);
			if (pass == 0 ? !index_name(rules, r, i) : !index_fact(rules, r, fact))
				return false;
		}
	return true;
}

/* Terms go to the model that was kept, in the order of reading. */
static bool
index_terms(struct porch_rules *rules, struct reader *r)
{
	for (size_t m = 0; m < rules->models.count; m++) {
		struct model *model = rules->models.item[m];
		struct model_term *terms;
		size_t count = 0;

		for (size_t pass = 0; pass < 2; pass++) {
			terms = pass == 0 ? NULL : reader_take(r, (count + 1) * sizeof(*terms));
			if (pass == 1 && !terms)
				return false;
			count = 0;
			for (size_t i = 0; i < rules->facts.count; i++) {
				const struct term_fact *fact = rules->facts.item[i];

				if (fact->fact.kind != FACT_TERM || fact->fact.dead ||
				    fact->model != model)
					continue;
				if (terms)
					terms[count] = fact->term;
				count++;
			}
		}
		model->term = terms;
		model->terms = count;
	}
	return true;
}

static int
compare_macs(const void *left, const void *right)
{
	const struct mac_entry *a = left, *b = right;

	if (a->prefix.bits != b->prefix.bits)
		return a->prefix.bits < b->prefix.bits ? -1 : 1;
	return a->prefix.value < b->prefix.value ? -1 : a->prefix.value > b->prefix.value;
}

/* One entry for each prefix: a later folder's, none if one folder gives it to several. */
static void
settle_macs(struct porch_rules *rules)
{
	size_t kept = 0, from = 0;

	while (from < rules->macs) {
		struct mac_entry entry = rules->mac[from];
		size_t i = from + 1;

		for (; i < rules->macs && compare_macs(&entry, &rules->mac[i]) == 0; i++) {
			const struct mac_fact *other = rules->mac[i].to;

			if (!entry.to || other->fact.folder > entry.to->fact.folder)
				entry.to = other;
			else if (other->fact.folder == entry.to->fact.folder &&
			         other->match.vendor != entry.to->match.vendor)
				entry.to = NULL;
		}
		rules->mac[kept++] = entry;
		from = i;
	}
	rules->macs = kept;
}

static bool
index_macs(struct porch_rules *rules, struct reader *r)
{
	size_t count = 0;

	rules->mac = calloc(rules->macs + 1, sizeof(*rules->mac));
	if (!rules->mac)
		return reader_fail(r, "out of memory");
	for (size_t i = 0; i < rules->facts.count; i++) {
		const struct mac_fact *fact = rules->facts.item[i];

		if (fact->fact.kind != FACT_MAC || fact->fact.dead)
			continue;
		for (size_t p = 0; p < fact->prefixes; p++)
			rules->mac[count++] =
			    (struct mac_entry){.prefix = fact->prefix[p], .to = fact};
	}
	qsort(rules->mac, count, sizeof(*rules->mac), compare_macs);
	settle_macs(rules);
	return true;
}

static int
compare_ports(const void *left, const void *right)
{
	const struct port_entry *a = left, *b = right;

	if (a->protocol != b->protocol)
		return a->protocol < b->protocol ? -1 : 1;
	if (a->port != b->port)
		return a->port < b->port ? -1 : 1;
	return strcmp(a->match.rule.id, b->match.rule.id);
}

/* What holds for all makers goes before one maker's; several makers make it nobody's. */
static void
settle_ports(struct porch_rules *rules)
{
	size_t kept = 0;

	for (size_t i = 0; i < rules->ports; i++) {
		struct port_entry *last = kept > 0 ? &rules->port[kept - 1] : NULL;
		const struct port_entry *next = &rules->port[i];

		if (!last || last->protocol != next->protocol || last->port != next->port) {
			rules->port[kept++] = *next;
		} else if (!next->match.vendor && last->first->match.vendor) {
			*last = *next;
		} else if (next->match.vendor && last->first->match.vendor &&
		           next->match.vendor != last->match.vendor) {
			last->match.vendor = NULL;
		}
	}
	rules->ports = kept;
}

static bool
index_ports(struct porch_rules *rules, struct reader *r)
{
	size_t count = 0;

	rules->port = calloc(rules->ports + 1, sizeof(*rules->port));
	if (!rules->port)
		return reader_fail(r, "out of memory");
	for (size_t i = 0; i < rules->facts.count; i++) {
		const struct service_fact *fact = rules->facts.item[i];

		if (fact->fact.kind != FACT_SERVICE || fact->fact.dead)
			continue;
		for (size_t p = 0; p < fact->ports; p++)
			rules->port[count++] = (struct port_entry){.protocol = fact->protocol,
			    .port = fact->port[p],
			    .first = fact,
			    .match = fact->match};
	}
	qsort(rules->port, count, sizeof(*rules->port), compare_ports);
	settle_ports(rules);
	return true;
}

static void
index_hints(struct porch_rules *rules)
{
	for (size_t i = rules->facts.count; i-- > 0;) {
		struct hint_fact *fact = rules->facts.item[i];

		if (fact->fact.kind != FACT_HINT || fact->fact.dead)
			continue;
		fact->next = rules->hint[fact->hint];
		rules->hint[fact->hint] = fact;
	}
}

bool
index_build(struct porch_rules *rules, const struct rule_file *files, size_t count,
    struct porch_error *error)
{
	struct reader reader = {.error = error, .pool = rules->pool, .path = ""};

	if (!index_facts(rules, &reader, error) || !index_lists(rules, files, count, error) ||
	    !index_rows(rules, files, count, error) || !context_link(rules, &reader))
		return false;
	lpm_seal(rules->prefixes);
	index_hints(rules);
	return index_terms(rules, &reader) && index_macs(rules, &reader) &&
	       index_ports(rules, &reader);
}
