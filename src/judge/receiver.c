/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/receiver.h"

#include <string.h>

#include "rules/model.h"

static int16_t
milli(const struct porch_rules *rules, const char *name)
{
	int64_t value;

	if (!rules_number(rules, name, &value, NULL) || value < 0 || value > 1000)
		return PORCH_NO_CHANCE;
	return (int16_t)value;
}

static bool
same_text(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

/* Whether the address's owner stands behind the name as well. */
static bool
owner_agrees(const struct receiver *named, const struct receiver *owner)
{
	return same_text(named->organisation, owner->organisation) ||
	       (named->vendor && named->vendor == owner->vendor);
}

/* Several live names label an organisation only if all of them say the same one. */
static bool
candidates_agree(const struct porch_rules *rules, const char *candidates, struct receiver *found)
{
	char host[HOST_TEXT];
	bool any = false;

	while (*candidates) {
		size_t length = strcspn(candidates, " ");
		struct receiver one;

		if (length >= sizeof(host))
			return false;
		memcpy(host, candidates, length);
		host[length] = '\0';
		if (!rules_host(rules, host, &one) ||
		    (any && !same_text(one.organisation, found->organisation)))
			return false;
		*found = one;
		any = true;
		candidates += length + (candidates[length] == ' ');
	}
	return any;
}

static bool
is_claim(enum porch_name_source source)
{
	return source == PORCH_NAME_SNI || source == PORCH_NAME_QUIC_SNI ||
	       source == PORCH_NAME_HTTP_HOST;
}

/* How far a name that labelled the receiver can be trusted (contract, promise 6). */
static int16_t
name_confidence(const struct porch_rules *rules, const struct destination *row, bool agrees)
{
	if (is_claim((enum porch_name_source)row->name_source))
		return milli(rules,
		    agrees || row->dns_agrees ? "confidence.name_agreed" : "confidence.name_alone");
	if (row->name_source == PORCH_NAME_DNS)
		return milli(rules, agrees ? "confidence.name_agreed" : "confidence.look_up");
	return milli(rules, "confidence.look_up_expired");
}

static void
take_label(const struct receiver *from, const struct vendor *device_vendor,
    struct porch_destination *d)
{
	d->role = from->role;
	d->party = rules_party(from, device_vendor);
	d->organisation = from->organisation;
	d->on_behalf_of = from->on_behalf_of;
	d->purposes = from->purposes;
	d->rule = (struct porch_rule_ref){
	    .id = from->rule.id,
	    .rev = from->rule.rev,
	    .status = from->rule.status == RULE_STABLE ? "stable"
	              : from->rule.status == RULE_TEST ? "test"
	                                               : "experimental",
	    .source = from->rule.source_what,
	};
}

static void
take_place(const struct receiver *named, const struct receiver *owner, struct porch_destination *d)
{
	const struct receiver *place = named && named->country ? named : owner;

	d->asn = owner ? owner->asn : -1;
	if (named && named->region)
		d->region = named->region;
	else if (owner)
		d->region = owner->region;
	if (!place)
		return;
	d->country = place->country;
	d->country_source = place->country_source;
}

/* A port where servers are met, asked for names or for the time: nobody watches there. */
static bool
is_service(const struct porch_rules *rules, const struct destination *row)
{
	static const char *const service[] = {"rendezvous", "stun", "dns", "time"};
	struct port_match match;

	for (unsigned i = 0; i < row->ports; i++) {
		if (!rules_port(rules, IP_UDP, row->port[i], &match))
			continue;
		for (size_t s = 0; s < sizeof(service) / sizeof(service[0]); s++)
			if (strcmp(match.service, service[s]) == 0)
				return true;
	}
	return false;
}

/* In a prefix of a cloud, a hosting company, a CDN or a maker: no home of a viewer. */
static bool
serves_others(const struct receiver *owner)
{
	return owner->shared_network || owner->role == PORCH_PARTY_MAKER ||
	       owner->role == PORCH_PARTY_CLOUD || owner->vendor;
}

/*
 * A bare address is a peer only with positive evidence; without it, on a port that servers
 * use, or as a relay, it stays unknown.  Returns false where its owner says who it is.
 */
static bool
judge_bare(const struct porch_rules *rules, const struct destination *row,
    const struct receiver *owner, struct arena *arena, struct porch_destination *d)
{
	bool access = owner && owner->access_network;
	bool introduced = row->after_rendezvous || row->introduced || access;
	bool named = owner && !access && owner->role != PORCH_PARTY_UNKNOWN;
	enum porch_party *could_be;

	if (owner && serves_others(owner))
		return false;
	could_be = arena_alloc(arena, 2 * sizeof(*could_be));
	if (could_be) {
		could_be[0] = PORCH_PARTY_PEER;
		could_be[1] = PORCH_PARTY_RELAY;
	}
	d->could_be = could_be;
	d->could_be_count = could_be ? 2 : 0;
	if (!introduced || row->turn || row->stun_or_vpn_port || is_service(rules, row)) {
		d->could_be_count = named ? 0 : d->could_be_count;
		return !named;
	}
	d->party = d->role = PORCH_PARTY_PEER;
	d->confidence = milli(rules, "confidence.peer_introduced");
	if (row->introduced || access) {
		d->confidence = milli(rules, "confidence.peer_named");
		d->could_be_count = 0;
	}
	return true;
}

void
receiver_judge(const struct porch_rules *rules, const struct destination *row,
    const struct vendor *device_vendor, struct arena *arena, struct porch_destination *d)
{
	bool own_name = row->name && !row->contradicted && row->name_source != PORCH_NAME_ECH_OUTER;
	struct receiver named, owner;
	bool has_name, has_owner;

	d->asn = -1;
	d->confidence = PORCH_NO_CHANCE;
	if (row->local) {
		d->party = d->role = PORCH_PARTY_LOCAL;
		d->confidence = 1000;
		return;
	}
	has_owner = row->addresses > 0 && rules_address(rules, &row->address[0], &owner);
	has_name = own_name ? rules_host(rules, row->name, &named)
	                    : candidates_agree(rules, destination_text(row->candidates), &named);
	if (has_name) {
		take_label(&named, device_vendor, d);
		d->confidence = own_name ? name_confidence(rules, row,
		                               has_owner && owner_agrees(&named, &owner))
		                         : milli(rules, "confidence.candidates");
	} else {
		bool bare = !row->name && !row->candidates;

		if (bare && judge_bare(rules, row, has_owner ? &owner : NULL, arena, d))
			d->rule.id = NULL;
		else if (has_owner)
			take_label(&owner, device_vendor, d);
		if (d->party != PORCH_PARTY_PEER && has_owner && d->organisation)
			d->confidence = milli(rules, "confidence.owner");
	}
	take_place(has_name ? &named : NULL, has_owner ? &owner : NULL, d);
}

const char *
receiver_organisation(const struct porch_rules *rules, const char *name, const struct addr *remote)
{
	struct receiver found;

	if (name[0] && rules_host(rules, name, &found) && found.organisation)
		return found.organisation;
	return rules_address(rules, remote, &found) ? found.organisation : NULL;
}
