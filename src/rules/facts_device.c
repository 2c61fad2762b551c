/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/loading.h"

#include <string.h>

/* Facts about devices: MAC prefixes, what they say of themselves, and telling ports. */

#define WEIGHT_DEFAULT 1000 /* milli-logits */

static const char *const hint_keys[] = {"dhcp_hostname", "dhcp_vendor_class", "mdns", "ssdp", NULL};

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "02:00:5e", "02:00:5e:1" or "02:00:5e:12:3": four bits a digit. */
static bool
parse_mac_prefix(const char *text, struct mac_prefix *prefix)
{
	*prefix = (struct mac_prefix){0};
	for (size_t i = 0; text[i]; i++) {
		int digit = hex_digit(text[i]);

		if (i % 3 == 2 ? text[i] != ':' : digit < 0)
			return false;
		if (i > 13)
			return false;
		if (i % 3 == 2)
			continue;
		prefix->value = prefix->value << 4 | (uint64_t)digit;
		prefix->bits = (uint8_t)(prefix->bits + 4);
	}
	return prefix->bits == 24 || prefix->bits == 28 || prefix->bits == 36;
}

static bool
load_mac(struct loading *l, json_t *object)
{
	static const char *const keys[] = {FACT_KEYS, "mac", "scope", "kind", NULL};
	static const char *const scopes[] = {"cameras", "vendor-wide", "shared-module", NULL};
	struct mac_fact *fact = reader_take(&l->reader, sizeof(*fact));
	struct reader *r = &l->reader;
	struct porch_texts texts = {0};
	unsigned scope = 0, kind = PORCH_KIND_UNKNOWN;
	struct mac_prefix *prefix;

	if (!fact || !reader_keys(r, object, keys) ||
	    !loading_fact(l, object, FACT_MAC, &fact->fact) ||
	    !reader_texts(r, object, "mac", true, &texts) ||
	    !reader_word(r, object, "scope", true, scopes, &scope) ||
	    !reader_word(r, object, "kind", false, loading_kinds, &kind))
		return false;
	prefix = reader_take(r, texts.count * sizeof(*prefix));
	for (size_t i = 0; prefix && i < texts.count; i++) {
		if (!parse_mac_prefix(texts.item[i], &prefix[i]))
			return reader_fail(r, "mac[%zu]: no prefix of 24, 28 or 36 bits", i);
		if (prefix[i].value >> (prefix[i].bits - 8) & 3)
			return reader_fail(r, "mac[%zu]: nobody owns a randomised or group prefix",
			    i);
	}
	fact->prefix = prefix;
	fact->prefixes = texts.count;
	fact->vendor_id = l->vendor_id;
	fact->match = (struct mac_match){
	    .rule = fact->fact.rule, .scope = (enum mac_scope)scope, .kind = (enum porch_kind)kind};
	return prefix != NULL;
}

static bool
load_hint(struct loading *l, json_t *object, enum hint_kind hint)
{
	const char *const keys[] = {FACT_KEYS, hint_keys[hint], "kind", "product", "weight", NULL};
	struct hint_fact *fact = reader_take(&l->reader, sizeof(*fact));
	int64_t weight = WEIGHT_DEFAULT;
	unsigned kind = PORCH_KIND_UNKNOWN;
	const char *product = NULL;

	if (!fact || !reader_keys(&l->reader, object, keys) ||
	    !loading_fact(l, object, FACT_HINT, &fact->fact) ||
	    !reader_texts(&l->reader, object, hint_keys[hint], true, &fact->globs) ||
	    !reader_word(&l->reader, object, "kind", false, loading_kinds, &kind) ||
	    !reader_text(&l->reader, object, "product", false, &product) ||
	    !reader_integer(&l->reader, object, "weight", false, -20000, 20000, &weight))
		return false;
	fact->hint = hint;
	fact->vendor_id = l->vendor_id;
	fact->match = (struct hint_match){.rule = fact->fact.rule,
	    .kind = (enum porch_kind)kind,
	    .product = product,
	    .weight = (int32_t)weight};
	return true;
}

bool
load_device(struct loading *l, json_t *object)
{
	if (!json_is_object(object))
		return reader_fail(&l->reader, "not an object");
	if (json_object_get(object, "mac") && !l->vendor_id)
		return reader_fail(&l->reader, "MAC prefixes belong in vendors/");
	if (json_object_get(object, "mac"))
		return load_mac(l, object);
	for (unsigned i = 0; hint_keys[i]; i++)
		if (json_object_get(object, hint_keys[i]))
			return load_hint(l, object, (enum hint_kind)i);
	return reader_fail(&l->reader, "a device fact has mac, dhcp_hostname, "
	                               "dhcp_vendor_class, mdns or ssdp");
}

static const uint16_t *
read_ports(struct reader *r, json_t *array)
{
	uint16_t *port = reader_take(r, json_array_size(array) * sizeof(*port));
	json_t *item;
	size_t i;

	if (!port)
		return NULL;
	json_array_foreach(array, i, item)
	{
		json_int_t value = json_integer_value(item);

		if (!json_is_integer(item) || value < 1 || value > 65535) {
			reader_fail(r, "ports[%zu]: no port", i);
			return NULL;
		}
		port[i] = (uint16_t)value;
	}
	return port;
}

bool
load_service(struct loading *l, json_t *object)
{
	static const char *const keys[] = {FACT_KEYS, "protocol", "ports", "service", NULL};
	static const char *const protocols[] = {"tcp", "udp", NULL};
	static const uint8_t numbers[] = {6, 17}; /* IANA protocol numbers */
	struct service_fact *fact = reader_take(&l->reader, sizeof(*fact));
	struct reader *r = &l->reader;
	unsigned protocol = 0;
	json_t *ports;

	if (!fact || !reader_keys(r, object, keys) ||
	    !loading_fact(l, object, FACT_SERVICE, &fact->fact) ||
	    !reader_word(r, object, "protocol", true, protocols, &protocol) ||
	    !reader_text(r, object, "service", true, &fact->match.service))
		return false;
	ports = reader_array(r, object, "ports");
	if (!ports)
		return reader_fail(r, "ports is missing");
	if (!reader_is_id(fact->match.service))
		return reader_fail(r, "service is not a word of a-z, 0-9, dot, hyphen");
	fact->port = read_ports(r, ports);
	fact->ports = json_array_size(ports);
	fact->protocol = numbers[protocol];
	fact->match.rule = fact->fact.rule;
	fact->vendor_id = l->vendor_id;
	return fact->port != NULL;
}
