/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/geo_record.h"

#include <string.h>

#include "rules/mmdb.h"

enum meaning { COUNTRY, NUMBER, OPERATOR, USE, ANYCAST, HOSTING, MOBILE };

/*
 * Names of the fields as their publishers document them: GeoLite2, GeoIP2 and DB-IP (nested),
 * IPinfo, IPtoASN and IP2Location (flat).
 */
static const struct {
	const char *path;
	enum meaning meaning;
} fields[] = {
    {"country.iso_code", COUNTRY},
    {"country_code", COUNTRY},
    {"country", COUNTRY},
    {"autonomous_system_number", NUMBER},
    {"traits.autonomous_system_number", NUMBER},
    {"asn", NUMBER},
    {"autonomous_system_organization", OPERATOR},
    {"traits.autonomous_system_organization", OPERATOR},
    {"as_name", OPERATOR},
    {"name", OPERATOR},
    {"connection_type", USE},
    {"traits.connection_type", USE},
    {"user_type", USE},
    {"traits.user_type", USE},
    {"usage_type", USE},
    {"as_type", USE},
    {"type", USE},
    {"is_anycast", ANYCAST},
    {"traits.is_anycast", ANYCAST},
    {"anycast", ANYCAST},
    {"is_hosting_provider", HOSTING},
    {"traits.is_hosting_provider", HOSTING},
    {"is_hosting", HOSTING},
    {"hosting", HOSTING},
    {"is_mobile", MOBILE},
};

/* What connections and their users are called, whatever the case of the letters. */
static const struct {
	const char *word;
	bool hosting; /* else households or phones */
} uses[] = {
    {"cable/dsl", false},
    {"cellular", false},
    {"dialup", false},
    {"satellite", false},
    {"residential", false},
    {"isp", false},
    {"mob", false},
    {"isp/mob", false},
    {"hosting", true},
    {"content_delivery_network", true},
    {"consumer_privacy_network", true},
    {"cdn", true},
    {"dch", true},
};

/* Whether text is a word in any case of its letters, whatever the locale. */
static bool
is_word(const char *text, size_t len, const char *word)
{
	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (word[i] == '\0' || (c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c) != word[i])
			return false;
	}
	return word[len] == '\0';
}

/* "AS64500", "64500" or the number itself. */
static void
take_number(struct geo_record *r, const struct mmdb_leaf *leaf)
{
	uint64_t number = leaf->text ? 0 : leaf->number;
	size_t at = leaf->text && leaf->len > 2 && is_word(leaf->text, 2, "as") ? 2 : 0;

	for (; leaf->text && at < leaf->len && number <= UINT32_MAX; at++) {
		if (leaf->text[at] < '0' || leaf->text[at] > '9')
			return;
		number = number * 10 + (uint64_t)(leaf->text[at] - '0');
	}
	if (number > 0 && number <= UINT32_MAX)
		r->asn = (int64_t)number;
}

static void
take_country(struct geo_record *r, const struct mmdb_leaf *leaf)
{
	if (!leaf->text || leaf->len != 2)
		return; /* some files give the country's name in the field of that name */
	for (size_t i = 0; i < 2; i++)
		if (leaf->text[i] < 'A' || leaf->text[i] > 'Z')
			return;
	memcpy(r->country, leaf->text, 2);
}

static void
take_use(struct geo_record *r, const struct mmdb_leaf *leaf)
{
	for (size_t i = 0; leaf->text && i < sizeof(uses) / sizeof(uses[0]); i++) {
		if (!is_word(leaf->text, leaf->len, uses[i].word))
			continue;
		r->hosting |= uses[i].hosting;
		r->access |= !uses[i].hosting;
	}
}

/* Flags are also written as text: "true". */
static bool
is_set(const struct mmdb_leaf *leaf)
{
	if (leaf->text)
		return is_word(leaf->text, leaf->len, "true");
	return leaf->number == 1;
}

static void
take_field(struct geo_record *r, enum meaning meaning, const struct mmdb_leaf *leaf)
{
	switch (meaning) {
	case COUNTRY:
		take_country(r, leaf);
		break;
	case NUMBER:
		take_number(r, leaf);
		break;
	case OPERATOR:
		r->operator= leaf->text;
		r->operator_len = leaf->text ? leaf->len : 0;
		break;
	case USE:
		take_use(r, leaf);
		break;
	case ANYCAST:
		r->anycast |= is_set(leaf);
		break;
	case HOSTING:
		r->hosting |= is_set(leaf);
		break;
	case MOBILE:
		r->access |= is_set(leaf);
		break;
	}
}

static void
see_leaf(const struct mmdb_leaf *leaf, void *user)
{
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (strcmp(fields[i].path, leaf->path) == 0)
			take_field(user, fields[i].meaning, leaf);
}

bool
geo_record_read(struct geo_record *r, const uint8_t *section, size_t len, size_t offset,
    uint64_t *budget)
{
	*r = (struct geo_record){.asn = -1};
	if (!mmdb_walk(section, len, offset, budget, see_leaf, r))
		return false;
	if (r->asn < 0) /* a name that may be anything's */
		r->operator_len = 0;
	r->access = r->access && !r->hosting;
	return true;
}
