/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/loading.h"

#include <string.h>

/* Facts about who receives: hosts, prefixes, networks, and the regions in host names. */

#define RECEIVER_KEYS                                                                              \
	FACT_KEYS, "party", "organisation", "on_behalf_of", "purposes", "region", "country",       \
	    "device_kind", "side", "shared", "access", "anycast"

static const char *const purposes[] = {"footage", "picture", "audio", "signalling", "rendezvous",
    "relay", "telemetry", "firmware", "time", "names", "control", "push", "storage", "api",
    "certificates", "connectivity", "content", "web", NULL};

static bool
is_country(const char *text)
{
	return strlen(text) == 2 && text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'A' &&
	       text[1] <= 'Z';
}

static bool
check_purposes(struct reader *r, const struct porch_texts *texts)
{
	for (size_t i = 0; i < texts->count; i++) {
		const char *const *known = purposes;

		while (*known && strcmp(*known, texts->item[i]) != 0)
			known++;
		if (!*known)
			return reader_fail(r, "purposes[%zu]: unknown word \"%.60s\"", i,
			    texts->item[i]);
	}
	return true;
}

static bool
read_place(struct reader *r, json_t *object, struct receiver *to)
{
	if (!reader_text(r, object, "region", false, &to->region) ||
	    !reader_text(r, object, "country", false, &to->country))
		return false;
	if (to->country && !is_country(to->country))
		return reader_fail(r, "country is no code of two capitals");
	if (to->country)
		to->country_source = "rule";
	return true;
}

/* What the three sections share.  In a maker's file a rented cloud is on its behalf. */
static bool
read_receiver(struct loading *l, json_t *object, struct receiver_fact *fact)
{
	static const char *const sides[] = {"device", "app", "either", "unknown", NULL};
	struct reader *r = &l->reader;
	struct receiver *to = &fact->receiver;
	unsigned role = l->role, kind = PORCH_KIND_UNKNOWN, side;

	if (!reader_word(r, object, "party", false, loading_parties, &role))
		return false;
	*to = (struct receiver){.role = (enum porch_party)role, .asn = -1};
	to->shared_network = l->shared || to->role == PORCH_PARTY_CLOUD;
	to->access_network = l->access;
	if (l->role == to->role)
		to->organisation = l->organisation;
	if (l->vendor_id && to->role == PORCH_PARTY_MAKER)
		fact->vendor_id = l->vendor_id;
	if (l->vendor_id && to->role == PORCH_PARTY_CLOUD)
		to->on_behalf_of = l->vendor_id;
	if (!reader_text(r, object, "organisation", false, &to->organisation) ||
	    !reader_text(r, object, "on_behalf_of", false, &to->on_behalf_of) ||
	    !reader_texts(r, object, "purposes", false, &to->purposes) ||
	    !check_purposes(r, &to->purposes) || !read_place(r, object, to) ||
	    !reader_word(r, object, "device_kind", false, loading_kinds, &kind) ||
	    !reader_word(r, object, "side", false, sides, &side) ||
	    !reader_flag(r, object, "shared", &to->shared_network) ||
	    !reader_flag(r, object, "access", &to->access_network) ||
	    !reader_flag(r, object, "anycast", &to->anycast))
		return false;
	if (kind != PORCH_KIND_UNKNOWN)
		to->device_kind = loading_kinds[kind];
	to->rule = fact->fact.rule;
	return true;
}

bool
load_destination(struct loading *l, json_t *object)
{
	static const char *const keys[] = {RECEIVER_KEYS, "host", NULL};
	struct receiver_fact *fact = reader_take(&l->reader, sizeof(*fact));

	return fact && reader_keys(&l->reader, object, keys) &&
	       loading_fact(l, object, FACT_DESTINATION, &fact->fact) &&
	       read_receiver(l, object, fact) &&
	       reader_texts(&l->reader, object, "host", true, &fact->hosts);
}

static bool
read_prefixes(struct reader *r, json_t *object, struct receiver_fact *fact)
{
	struct porch_texts texts = {0};
	struct prefix *prefix;

	if (!reader_texts(r, object, "prefix", true, &texts))
		return false;
	prefix = reader_take(r, texts.count * sizeof(*prefix));
	for (size_t i = 0; prefix && i < texts.count; i++) {
		struct addr whole;
		char head[ADDR_TEXT + 4];

		if (!prefix_parse(texts.item[i], &prefix[i]))
			return reader_fail(r, "prefix[%zu]: no address prefix", i);
		strcpy(head, texts.item[i]);
		head[strcspn(head, "/")] = '\0';
		if (!addr_parse(head, &whole) || !addr_equal(&whole, &prefix[i].addr))
			return reader_fail(r, "prefix[%zu]: bits are set past its length", i);
	}
	fact->prefix = prefix;
	fact->prefixes = texts.count;
	return prefix != NULL;
}

bool
load_address(struct loading *l, json_t *object)
{
	static const char *const keys[] = {RECEIVER_KEYS, "prefix", "asn", NULL};
	struct receiver_fact *fact = reader_take(&l->reader, sizeof(*fact));

	return fact && reader_keys(&l->reader, object, keys) &&
	       loading_fact(l, object, FACT_ADDRESS, &fact->fact) &&
	       read_receiver(l, object, fact) &&
	       reader_integer(&l->reader, object, "asn", false, 1, UINT32_MAX,
	           &fact->receiver.asn) &&
	       read_prefixes(&l->reader, object, fact);
}

static bool
read_asns(struct reader *r, json_t *object, struct receiver_fact *fact)
{
	json_t *array = reader_array(r, object, "asn"), *item;
	int64_t *asn;
	size_t i;

	if (!array)
		return reader_fail(r, "asn is missing");
	asn = reader_take(r, json_array_size(array) * sizeof(*asn));
	if (!asn)
		return false;
	json_array_foreach(array, i, item)
	{
		asn[i] = json_integer_value(item);
		if (!json_is_integer(item) || asn[i] < 1 || asn[i] > UINT32_MAX)
			return reader_fail(r, "asn[%zu]: no number of an autonomous system", i);
	}
	fact->asn = asn;
	fact->asns = json_array_size(array);
	return true;
}

bool
load_network(struct loading *l, json_t *object)
{
	static const char *const keys[] = {RECEIVER_KEYS, "asn", NULL};
	struct receiver_fact *fact = reader_take(&l->reader, sizeof(*fact));

	return fact && reader_keys(&l->reader, object, keys) &&
	       loading_fact(l, object, FACT_NETWORK, &fact->fact) &&
	       read_receiver(l, object, fact) && read_asns(&l->reader, object, fact);
}

bool
load_rows(struct loading *l, json_t *object)
{
	static const char *const keys[] = {FACT_KEYS, "files", NULL};
	struct rows_fact *fact = reader_take(&l->reader, sizeof(*fact));
	struct reader *r = &l->reader;

	if (!fact || !reader_keys(r, object, keys) ||
	    !loading_fact(l, object, FACT_ROWS, &fact->fact) ||
	    !reader_texts(r, object, "files", true, &fact->files))
		return false;
	for (size_t i = 0; i < fact->files.count; i++)
		if (fact->files.item[i][0] == '.' || strchr(fact->files.item[i], '/'))
			return reader_fail(r, "files[%zu]: not a file beside this one", i);
	return true;
}

/* {"us-east-1": "US", "e0??": {"region": "Europe", "country": null}} */
static bool
read_region(struct loading *l, struct region_fact *fact, size_t i, const char *key, json_t *value)
{
	static const char *const keys[] = {"region", "country", NULL};
	struct reader *r = &l->reader;
	size_t mark = reader_enter(r, key);

	fact->place[i].key = reader_copy(r, key, strlen(key));
	if (json_is_string(value)) {
		fact->place[i].country =
		    reader_copy(r, json_string_value(value), json_string_length(value));
		fact->place[i].region = strchr(key, '?') ? NULL : fact->place[i].key;
	} else if (!reader_keys(r, value, keys) ||
	           !reader_text(r, value, "region", false, &fact->place[i].region) ||
	           !reader_text(r, value, "country", false, &fact->place[i].country)) {
		return false;
	}
	if (fact->place[i].country && !is_country(fact->place[i].country))
		return reader_fail(r, "no country code of two capitals");
	if (strlen(key) == 0 || strlen(key) > 63)
		return reader_fail(r, "no label of a host name");
	reader_leave(r, mark);
	return !r->failed;
}

bool
load_region(struct loading *l, json_t *object)
{
	static const char *const keys[] = {FACT_KEYS, "places", NULL};
	struct region_fact *fact = reader_take(&l->reader, sizeof(*fact));
	struct reader *r = &l->reader;
	json_t *places, *value;
	const char *key;

	if (!fact || !reader_keys(r, object, keys) ||
	    !loading_fact(l, object, FACT_REGION, &fact->fact))
		return false;
	places = json_object_get(object, "places");
	if (!json_is_object(places) || json_object_size(places) > 256)
		return reader_fail(r, "places is no object of at most 256 labels");
	fact->table = strchr(fact->fact.rule.id, '#') + 1;
	fact->place = reader_take(r, (json_object_size(places) + 1) * sizeof(*fact->place));
	if (!fact->place)
		return false;
	json_object_foreach(places, key,
	    value) if (!read_region(l, fact, fact->places++, key, value)) return false;
	return true;
}
