/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "rules/explain.h"
#include "rules/ruleset.h"

#define WHAT_TEXT 256

static const char *const kinds[FACT_KINDS] = {"destination", "address", "network", "rows", "mac",
    "hint", "service", "region", "organisation", "term", "number", "statement", "test", "advice"};

static void
list_receiver(const struct receiver_fact *fact, struct listed_fact *listed, char *text)
{
	char addr[ADDR_TEXT];

	listed->vendor = fact->receiver.vendor;
	listed->organisation = fact->receiver.organisation;
	listed->role = fact->receiver.role;
	listed->count = fact->hosts.count + fact->prefixes + fact->asns + fact->listed;
	if (fact->hosts.count > 0)
		listed->what = fact->hosts.item[0];
	else if (fact->prefixes > 0)
		snprintf(text, WHAT_TEXT, "%s/%u", addr_format(&fact->prefix->addr, addr),
		    (unsigned)fact->prefix->length);
	else if (fact->asns > 0)
		snprintf(text, WHAT_TEXT, "AS%" PRId64, fact->asn[0]);
}

static void
list_mac(const struct mac_fact *fact, struct listed_fact *listed, char *text)
{
	uint8_t bits = fact->prefix->bits;
	struct mac mac = {{0}};
	uint64_t whole = fact->prefix->value << (48 - bits);

	for (size_t i = 0; i < sizeof(mac.bytes); i++)
		mac.bytes[i] = (uint8_t)(whole >> (40 - 8 * i));
	mac_format(&mac, text);
	text[bits / 4 + (bits / 4 - 1) / 2] = '\0';
	listed->vendor = fact->match.vendor;
	listed->count = fact->prefixes;
}

static void
list_service(const struct service_fact *fact, struct listed_fact *listed, char *text)
{
	snprintf(text, WHAT_TEXT, "%s %u %.100s", fact->protocol == 6 ? "tcp" : "udp",
	    (unsigned)fact->port[0], fact->match.service);
	listed->vendor = fact->match.vendor;
	listed->count = fact->ports;
}

static void
list_fact(const struct fact *fact, struct listed_fact *listed, char *text)
{
	const struct hint_fact *hint = (const struct hint_fact *)fact;

	switch (fact->kind) {
	case FACT_DESTINATION:
	case FACT_ADDRESS:
	case FACT_NETWORK:
		list_receiver((const struct receiver_fact *)fact, listed, text);
		break;
	case FACT_MAC:
		list_mac((const struct mac_fact *)fact, listed, text);
		break;
	case FACT_SERVICE:
		list_service((const struct service_fact *)fact, listed, text);
		break;
	case FACT_HINT:
		listed->vendor = hint->match.vendor;
		listed->what = hint->globs.item[0];
		listed->count = hint->globs.count;
		break;
	case FACT_STATEMENT:
		listed->what = ((const struct statement_fact *)fact)->statement.text;
		break;
	case FACT_ORGANISATION:
		listed->what = ((const struct organisation_fact *)fact)->organisation.name;
		break;
	default:
		break;
	}
}

void
rules_each(const struct porch_rules *rules,
    void (*each)(const struct listed_fact *fact, void *user), void *user)
{
	for (size_t i = 0; i < rules->facts.count; i++) {
		const struct fact *fact = rules->facts.item[i];
		const char *id = strchr(fact->rule.id, '#');
		char text[WHAT_TEXT] = "";
		struct listed_fact listed = {
		    .rule = fact->rule, .kind = kinds[fact->kind], .what = text, .count = 1};

		if (fact->dead)
			continue;
		snprintf(text, sizeof(text), "%.200s", id ? id + 1 : "");
		list_fact(fact, &listed, text);
		each(&listed, user);
	}
}
