/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/loading.h"

#include <string.h>

/* The file of a maker, cloud, tracker, ...: its head, then its sections. */

static bool
is_country(const char *text)
{
	return strlen(text) == 2 && text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'A' &&
	       text[1] <= 'Z';
}

static struct vendor_entry *
vendor_of(struct loading *l, const char *id)
{
	struct porch_rules *rules = l->rules;
	uint32_t at = map_find(rules->vendor_ids, id, strlen(id));
	struct vendor_entry *entry;

	if (at != MAP_NONE)
		return rules->vendors.item[at];
	entry = reader_take(&l->reader, sizeof(*entry));
	if (!entry)
		return NULL;
	entry->vendor.id = id;
	entry->vendor.makes = PORCH_KIND_OTHER;
	entry->folder = UINT32_MAX;
	if (map_put(rules->vendor_ids, id, strlen(id), (uint32_t)rules->vendors.count) != 0 ||
	    list_add(&rules->vendors, entry) != 0) {
		reader_fail(&l->reader, "out of memory");
		return NULL;
	}
	return entry;
}

/* A later folder's file about a known vendor changes only what it says. */
static bool
load_vendor(struct loading *l, json_t *root)
{
	struct reader *r = &l->reader;
	struct vendor_entry *entry;
	unsigned makes;

	if (!reader_text(r, root, "vendor", true, &l->vendor_id))
		return false;
	if (!reader_is_id(l->vendor_id))
		return reader_fail(r, "vendor is not a word of a-z, 0-9, dot, hyphen");
	entry = vendor_of(l, l->vendor_id);
	if (!entry)
		return false;
	if (entry->folder == l->folder)
		return reader_fail(r, "the vendor has a file already: %.200s", entry->path);
	makes = entry->vendor.makes;
	if (!reader_text(r, root, "name", entry->folder == UINT32_MAX, &entry->vendor.name) ||
	    !reader_text(r, root, "organisation", false, &entry->vendor.organisation) ||
	    !reader_texts(r, root, "owners", false, &entry->vendor.owners) ||
	    !reader_word(r, root, "makes", false, loading_kinds, &makes))
		return false;
	entry->vendor.makes = (enum porch_kind)makes;
	if (!entry->vendor.organisation)
		entry->vendor.organisation = entry->vendor.name;
	entry->path = r->path;
	entry->folder = l->folder;
	l->organisation = entry->vendor.organisation;
	return true;
}

bool
load_organisation(struct loading *l, json_t *object)
{
	static const char *const keys[] = {FACT_KEYS, "name", "parent", "home", NULL};
	struct organisation_fact *fact = reader_take(&l->reader, sizeof(*fact));
	struct organisation *o = fact ? &fact->organisation : NULL;

	if (!fact || !reader_keys(&l->reader, object, keys) ||
	    !loading_fact(l, object, FACT_ORGANISATION, &fact->fact) ||
	    !reader_text(&l->reader, object, "name", true, &o->name) ||
	    !reader_text(&l->reader, object, "parent", false, &o->parent) ||
	    !reader_text(&l->reader, object, "home", false, &o->home))
		return false;
	if (o->home && !is_country(o->home))
		return reader_fail(&l->reader, "home is no country code of two capitals");
	o->rule = fact->fact.rule;
	return true;
}

bool
load_facts(struct loading *l, json_t *root)
{
	static const char *const keys[] = {FILE_KEYS, "vendor", "name", "organisation", "owners",
	    "makes", "party", "shared", "access", "device", "destination", "address", "network",
	    "rows", "service", "region", "organisations", "test", NULL};
	struct reader *r = &l->reader;
	unsigned role = l->role;

	if (!reader_keys(r, root, keys) || !loading_head(l, root))
		return false;
	if (l->role == PORCH_PARTY_MAKER) {
		if (!load_vendor(l, root))
			return false;
	} else if (json_object_get(root, "vendor") || json_object_get(root, "name") ||
	           json_object_get(root, "owners") || json_object_get(root, "makes")) {
		return reader_fail(r, "vendor, name, owners and makes belong in vendors/");
	}
	l->shared = l->role == PORCH_PARTY_CLOUD;
	if (!reader_text(r, root, "organisation", false, &l->organisation) ||
	    !reader_word(r, root, "party", false, loading_parties, &role) ||
	    !reader_flag(r, root, "shared", &l->shared) ||
	    !reader_flag(r, root, "access", &l->access))
		return false;
	l->role = (enum porch_party)role;
	return loading_each(l, root, "organisations", load_organisation) &&
	       loading_each(l, root, "device", load_device) &&
	       loading_each(l, root, "destination", load_destination) &&
	       loading_each(l, root, "address", load_address) &&
	       loading_each(l, root, "network", load_network) &&
	       loading_each(l, root, "rows", load_rows) &&
	       loading_each(l, root, "service", load_service) &&
	       loading_each(l, root, "region", load_region) &&
	       loading_each(l, root, "test", load_test);
}
