/* SPDX-License-Identifier: Apache-2.0 */
#include "home/inside.h"

#include <stdlib.h>
#include <string.h>

#include "base/sieve.h"
#include "base/table.h"
#include "parse/ndp.h"

#define CLAIMS_DEFAULT 4096

/* Prefixes that may lie inside a home: wider ones are a provider's or a mistake. */
#define ADVERTISED_WIDEST    48
#define ADVERTISED_NARROWEST 64
#define LEASED_WIDEST        16

#define SUBNET   64 /* bits of a public IPv6 network, as gateway evidence counts them */
#define EVIDENCE 4  /* sources of one MAC kept as evidence that it is a gateway */

#define ARP_REQUEST 1
#define ARP_REPLY   2

/* A public address a MAC claimed; the whole row is its key. */
struct claim {
	struct addr addr;
	struct mac mac;
};

/* Who last said that an address is its own; private ones too, for DHCP's router. */
struct neighbour {
	struct addr addr;
	struct mac mac; /* zero: nobody yet */
	bool router;    /* DHCP named it */
};

/*
 * Who sent from an address in an advertised prefix: for links that do not name the
 * receiver.  A gateway's copy of a device's packet does not take the device's place.
 */
struct sender {
	struct addr addr;
	struct mac mac;
};

/* Why a MAC may be a gateway.  The sources are judged when asked: a claim may follow. */
struct witness {
	struct mac mac;
	bool router; /* it sent a router advertisement, or has the address of DHCP's router */
	uint8_t source_count;
	uint8_t subnet_count;
	struct addr sources[EVIDENCE]; /* public IPv4 addresses */
	struct addr subnets[EVIDENCE]; /* public IPv6 networks */
};

struct network {
	struct prefix prefix;
	bool advertised; /* by a router or DHCP; else only the network of a claimed address */
};

struct inside {
	const struct prefix *home;
	size_t home_count;
	struct table *claims;
	struct sieve claimed; /* addresses that somebody claimed */
	struct table *neighbours;
	struct table *senders;
	struct table *witnesses;
	struct table *networks;
	struct claim last_source; /* whose evidence is the latest: its next packet adds nothing */
	uint8_t length[2][129];   /* prefix lengths ever told, IPv4 and IPv6 */
	uint8_t lengths[2];
	bool advertised[2];  /* one of them was advertised */
	uint32_t changes[2]; /* of what answers follow from */
	bool seen_any;
};

static void
has_changed(struct inside *inside, bool ipv6)
{
	inside->changes[ipv6]++;
}

/* Which MAC is a gateway matters where addresses of an advertised prefix are asked about. */
static void
gateways_have_changed(struct inside *inside)
{
	for (unsigned ipv6 = 0; ipv6 < 2; ipv6++)
		inside->changes[ipv6] += inside->advertised[ipv6];
}

static void
forget(void *entry, void *user)
{
	(void)entry;
	has_changed(user, false);
	has_changed(user, true);
}

static void
forget_witness(void *entry, void *user)
{
	(void)entry;
	gateways_have_changed(user);
}

struct inside *
inside_new(const struct inside_options *options)
{
	size_t max = options->max_claims ? options->max_claims : CLAIMS_DEFAULT;
	uint64_t seed = options->seed;
	struct inside *i = calloc(1, sizeof(*i));

	if (!i)
		return NULL;
	i->home = options->home;
	i->home_count = options->home_count;
	i->claims = table_new(max, sizeof(struct claim), sizeof(struct claim), seed);
	i->neighbours = table_new(max, sizeof(struct neighbour), sizeof(struct addr), seed);
	i->senders = table_new(max, sizeof(struct sender), sizeof(struct addr), seed);
	i->witnesses = table_new(max, sizeof(struct witness), sizeof(struct mac), seed);
	i->networks = table_new(max, sizeof(struct network), sizeof(struct prefix), seed);
	if (!i->claims || !i->neighbours || !i->senders || !i->witnesses || !i->networks) {
		inside_free(i);
		return NULL;
	}
	table_on_leave(i->claims, forget, i);
	table_on_leave(i->neighbours, forget, i);
	table_on_leave(i->networks, forget, i);
	table_on_leave(i->senders, forget_witness, i);
	table_on_leave(i->witnesses, forget_witness, i);
	return i;
}

void
inside_set_home(struct inside *inside, const struct prefix *home, size_t count)
{
	inside->home = home;
	inside->home_count = count;
	has_changed(inside, false);
	has_changed(inside, true);
}

void
inside_free(struct inside *inside)
{
	if (!inside)
		return;
	table_free(inside->claims);
	table_free(inside->neighbours);
	table_free(inside->senders);
	table_free(inside->witnesses);
	table_free(inside->networks);
	free(inside);
}

static bool
is_named(const struct inside *inside, const struct addr *addr)
{
	for (size_t i = 0; i < inside->home_count; i++)
		if (prefix_contains(&inside->home[i], addr))
			return true;
	return false;
}

static bool
is_special(const struct addr *addr)
{
	return addr_is_link_local(addr) || addr_is_multicast(addr) || addr_is_broadcast(addr) ||
	       addr_is_unspecified(addr) || addr_is_loopback(addr);
}

/* Inside whoever uses it.  Most that is asked about is private. */
static inline bool
inside_by_number(const struct inside *inside, const struct addr *addr)
{
	return addr_is_private(addr) || is_special(addr) || is_named(inside, addr);
}

/* Outside whoever claims it: carrier NAT (RFC 6598) and documentation. */
static bool
outside_by_number(const struct addr *addr)
{
	static const struct prefix outside[] = {
	    {{4, {100, 64}}, 10},            /* RFC 6598 */
	    {{4, {192, 0, 2}}, 24},          /* RFC 5737 */
	    {{4, {198, 51, 100}}, 24},       /* RFC 5737 */
	    {{4, {203, 0, 113}}, 24},        /* RFC 5737 */
	    {{6, {0x20, 1, 0xd, 0xb8}}, 32}, /* RFC 3849 */
	    {{6, {0x3f, 0xff}}, 20},         /* RFC 9637 */
	};

	for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++)
		if (prefix_contains(&outside[i], addr))
			return true;
	return false;
}

static bool
is_public(const struct inside *inside, const struct addr *addr)
{
	return addr->family != 0 && !inside_by_number(inside, addr);
}

static bool
is_sender(const struct mac *mac)
{
	return mac && !mac_is_zero(mac) && !mac_is_group(mac);
}

static void
length_learn(struct inside *inside, bool ipv6, uint8_t length)
{
	for (unsigned i = 0; i < inside->lengths[ipv6]; i++)
		if (inside->length[ipv6][i] == length)
			return;
	inside->length[ipv6][inside->lengths[ipv6]++] = length;
}

static void
network_learn(struct inside *inside, const struct addr *addr, uint8_t length, bool advertised)
{
	struct prefix prefix = prefix_of(addr, length);
	bool created;
	struct network *network = table_see(inside->networks, &prefix, &created);

	if (!network)
		return;
	if (created || network->advertised < advertised)
		has_changed(inside, addr->family == 6);
	network->advertised |= advertised;
	inside->advertised[addr->family == 6] |= advertised;
	length_learn(inside, addr->family == 6, length);
}

static bool
network_holds(const struct inside *inside, const struct addr *addr, bool advertised)
{
	bool ipv6 = addr->family == 6;

	for (unsigned i = 0; i < inside->lengths[ipv6]; i++) {
		struct prefix prefix = prefix_of(addr, inside->length[ipv6][i]);
		const struct network *network = table_find(inside->networks, &prefix);

		if (network && (network->advertised || !advertised))
			return true;
	}
	return false;
}

static bool
may_be_claimed(const struct inside *inside, const struct addr *addr)
{
	return sieve_may_have(&inside->claimed, addr, sizeof(*addr));
}

/* With no MAC: whether anybody claimed it. */
static bool
is_claimed(const struct inside *inside, const struct addr *addr, const struct mac *mac)
{
	const struct neighbour *neighbour;

	if (!may_be_claimed(inside, addr))
		return false;
	if (is_sender(mac)) {
		struct claim claim = {.addr = *addr, .mac = *mac};

		return table_find(inside->claims, &claim) != NULL;
	}
	neighbour = table_find(inside->neighbours, addr);
	return neighbour && !mac_is_zero(&neighbour->mac);
}

static struct witness *
witness_of(struct inside *inside, const struct mac *mac)
{
	bool created;

	inside->last_source = (struct claim){.addr = {.family = 0}};
	return table_see(inside->witnesses, mac, &created);
}

static bool
shows_gateway(const struct inside *inside, const struct witness *witness)
{
	unsigned subnets = 0;

	if (witness->router)
		return true;
	for (size_t i = 0; i < witness->source_count; i++)
		if (!is_claimed(inside, &witness->sources[i], &witness->mac))
			return true;
	for (size_t i = 0; i < witness->subnet_count; i++)
		subnets += !network_holds(inside, &witness->subnets[i], false);
	return subnets >= 2;
}

static void
router_learn(struct inside *inside, const struct mac *mac)
{
	struct witness *witness = is_sender(mac) ? witness_of(inside, mac) : NULL;

	if (!witness || witness->router)
		return;
	witness->router = true;
	gateways_have_changed(inside);
}

static void
claim_learn(struct inside *inside, const struct addr *addr, const struct mac *mac)
{
	struct claim claim = {.addr = *addr, .mac = *mac};
	struct neighbour *neighbour;
	bool created;

	if (!is_sender(mac) || addr->family == 0 || addr_is_unspecified(addr) ||
	    addr_is_multicast(addr) || addr_is_broadcast(addr))
		return;
	sieve_add(&inside->claimed, addr, sizeof(*addr));
	neighbour = table_see(inside->neighbours, addr, &created);
	if (neighbour) {
		if (mac_is_zero(&neighbour->mac))
			has_changed(inside, addr->family == 6);
		neighbour->mac = *mac;
		if (neighbour->router)
			router_learn(inside, mac);
	}
	if (!is_public(inside, addr))
		return;
	table_see(inside->claims, &claim, &created);
	if (created)
		has_changed(inside, addr->family == 6);
	if (addr->family == 6)
		network_learn(inside, addr, SUBNET, false);
}

/* A MAC speaks for itself only: one frame that names another's is no claim of either. */
static void
claim_see(struct inside *inside, const struct packet *packet, const struct addr *addr,
    const struct mac *named)
{
	const struct mac *mac = named ? named : &packet->source_mac;

	if (packet->has_macs && !mac_equal(mac, &packet->source_mac))
		return;
	claim_learn(inside, addr, mac);
}

static void
arp_see(struct inside *inside, const struct packet *packet)
{
	if (packet->arp_operation == ARP_REQUEST || packet->arp_operation == ARP_REPLY)
		claim_see(inside, packet, &packet->source, &packet->arp_sender_mac);
}

static void
advertisement_see(struct inside *inside, const struct packet *packet, const struct ndp *ndp)
{
	if (packet->has_macs)
		router_learn(inside, &packet->source_mac);
	else if (ndp->has_link_layer)
		router_learn(inside, &ndp->link_layer);
	for (size_t i = 0; i < ndp->prefix_count; i++) {
		const struct prefix *prefix = &ndp->prefixes[i].prefix;

		if (prefix->length >= ADVERTISED_WIDEST && prefix->length <= ADVERTISED_NARROWEST &&
		    is_public(inside, &prefix->addr))
			network_learn(inside, &prefix->addr, prefix->length, true);
	}
}

static void
ndp_see(struct inside *inside, const struct packet *packet)
{
	struct ndp ndp;
	enum parse_result result = ndp_parse(packet, &ndp);
	const struct mac *named = ndp.has_link_layer ? &ndp.link_layer : NULL;

	if (result != PARSE_OK && result != PARSE_SHORT)
		return;
	if (ndp.kind == NDP_ROUTER_ADVERTISEMENT)
		advertisement_see(inside, packet, &ndp);
	else if (ndp.kind == NDP_ADVERTISEMENT || ndp.probe)
		claim_see(inside, packet, &ndp.target, named);
	else
		claim_see(inside, packet, &packet->source, named);
}

/* Keeps addr among the evidence; the oldest makes room. */
static void
evidence_add(struct addr list[static EVIDENCE], uint8_t *count, const struct addr *addr)
{
	for (size_t i = 0; i < *count; i++)
		if (addr_equal(&list[i], addr))
			return;
	if (*count == EVIDENCE) {
		memmove(&list[0], &list[1], (EVIDENCE - 1) * sizeof(list[0]));
		(*count)--;
	}
	list[(*count)++] = *addr;
}

/* What a witness says changes answers only when it makes a gateway of its MAC, or none. */
static void
witness_add(struct inside *inside, const struct mac *mac, const struct addr *addr)
{
	struct witness *witness = witness_of(inside, mac);
	bool was;

	if (!witness)
		return;
	was = shows_gateway(inside, witness);
	if (addr->family == 6)
		evidence_add(witness->subnets, &witness->subnet_count, addr);
	else
		evidence_add(witness->sources, &witness->source_count, addr);
	if (shows_gateway(inside, witness) != was)
		gateways_have_changed(inside);
}

/* A public source that its MAC has not claimed shows that the MAC fronts for others. */
static void
source_see(struct inside *inside, const struct packet *packet)
{
	const struct addr *source = &packet->source;
	struct claim claim = {.addr = *source, .mac = packet->source_mac};
	struct prefix subnet;

	if (memcmp(&claim, &inside->last_source, sizeof(claim)) == 0)
		return;
	if (!packet->has_macs || !is_sender(&packet->source_mac) || !is_public(inside, source))
		return;
	if (source->family == 4) {
		if (is_claimed(inside, source, &packet->source_mac))
			return;
		witness_add(inside, &packet->source_mac, source);
		inside->last_source = claim;
		return;
	}
	if (network_holds(inside, source, true)) {
		bool created;
		struct sender *sender = table_see(inside->senders, source, &created);

		if (sender && !mac_equal(&sender->mac, &packet->source_mac) &&
		    (created || inside_is_gateway(inside, &sender->mac))) {
			sender->mac = packet->source_mac;
			has_changed(inside, true);
		}
	}
	if (network_holds(inside, source, false))
		return;
	subnet = prefix_of(source, SUBNET);
	witness_add(inside, &packet->source_mac, &subnet.addr);
}

static bool
shows_home(const struct inside *inside, const struct addr *addr, const struct mac *mac)
{
	if (addr->family == 0 || addr_is_multicast(addr) || addr_is_broadcast(addr) ||
	    addr_is_unspecified(addr) || addr_is_loopback(addr) || addr_is_link_local(addr))
		return false;
	return inside_has(inside, addr, mac);
}

void
inside_see(struct inside *inside, const struct packet *packet)
{
	const struct mac *source_mac = packet->has_macs ? &packet->source_mac : NULL;
	const struct mac *target_mac = packet->has_macs ? &packet->target_mac : NULL;

	if (packet->network == NETWORK_ARP) {
		arp_see(inside, packet);
		target_mac = NULL; /* asked of all, or the asker's */
	} else if (packet->network == NETWORK_IP) {
		if (packet->protocol == IP_ICMPV6)
			ndp_see(inside, packet);
		source_see(inside, packet);
	}
	if (!inside->seen_any)
		inside->seen_any = shows_home(inside, &packet->source, source_mac) ||
		                   shows_home(inside, &packet->target, target_mac);
}

void
inside_learn_dhcp(struct inside *inside, const struct addr *address, uint8_t prefix_length,
    const struct mac *client, const struct addr *router)
{
	struct neighbour *neighbour;
	bool created;

	claim_learn(inside, address, client);
	if (address->family == 4 && prefix_length >= LEASED_WIDEST && prefix_length <= 32 &&
	    is_public(inside, address))
		network_learn(inside, address, prefix_length, true);
	if (!router || router->family == 0 || addr_is_unspecified(router))
		return;
	neighbour = table_see(inside->neighbours, router, &created);
	if (!neighbour)
		return;
	neighbour->router = true;
	router_learn(inside, &neighbour->mac);
}

uint32_t
inside_changes(const struct inside *inside, bool ipv6)
{
	return inside->changes[ipv6];
}

bool
inside_is_gateway(const struct inside *inside, const struct mac *mac)
{
	const struct witness *witness = table_find(inside->witnesses, mac);

	return witness && shows_gateway(inside, witness);
}

bool
inside_has(const struct inside *inside, const struct addr *addr, const struct mac *mac)
{
	if (addr->family == 0)
		return false;
	if (inside_by_number(inside, addr))
		return true;
	if (!may_be_claimed(inside, addr) && inside->lengths[addr->family == 6] == 0)
		return false; /* nor is anything advertised: most are asked no more */
	if (outside_by_number(addr))
		return false;
	if (is_claimed(inside, addr, mac))
		return true;
	if (!network_holds(inside, addr, true))
		return false;
	if (!is_sender(mac)) {
		const struct sender *sender = table_find(inside->senders, addr);

		mac = sender ? &sender->mac : NULL;
	}
	return mac && !inside_is_gateway(inside, mac);
}

bool
inside_seen_any(const struct inside *inside)
{
	return inside->seen_any;
}

uint64_t
inside_evicted(const struct inside *inside)
{
	return table_evicted(inside->claims) + table_evicted(inside->neighbours) +
	       table_evicted(inside->senders) + table_evicted(inside->witnesses) +
	       table_evicted(inside->networks);
}
