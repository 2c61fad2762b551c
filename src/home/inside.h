/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HOME_INSIDE_H
#define HOME_INSIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "parse/packet.h"

/*
 * What is inside the home, what is outside, and which MAC is a gateway.
 *
 * Inside by number: private, link-local, loopback, unspecified, multicast and broadcast
 * addresses, and the prefixes the user named.  Inside by evidence: a public address that
 * its MAC claimed, or one in an advertised prefix whose MAC is no gateway.  Sending IP
 * packets makes nothing inside: it can only show that a MAC fronts for others.
 *
 * An answer is from the evidence up to now and may change with the next packet.
 */
struct inside;

struct inside_options {
	const struct prefix *home; /* inside by the user's word; lent, outlives the table */
	size_t home_count;
	size_t max_claims; /* addresses claimed, MACs and prefixes, each; 0: the default */
	uint64_t seed;
};

/* Returns NULL when out of memory. */
struct inside *inside_new(const struct inside_options *options);
void inside_free(struct inside *inside);
/* Other prefixes by the user's word; lent likewise. */
void inside_set_home(struct inside *inside, const struct prefix *home, size_t count);

/* Learns from ARP, neighbour discovery and the addresses a MAC sends from. */
void inside_see(struct inside *inside, const struct packet *packet);

/*
 * Learns from a DHCPACK: its client may use address; router is a gateway as soon as ARP
 * or neighbour discovery has told its MAC.  A prefix_length of 0 is unknown; router is
 * NULL when there was none.
 */
void inside_learn_dhcp(struct inside *inside, const struct addr *address, uint8_t prefix_length,
    const struct mac *client, const struct addr *router);

/* mac is that end's own in the frame, NULL where the link has none. */
bool inside_has(const struct inside *inside, const struct addr *addr, const struct mac *mac);

/*
 * Counts whatever can change an answer about addresses of a family: while it stays, answers do,
 * and packets that were seen show nothing new.  Wraps.
 */
uint32_t inside_changes(const struct inside *inside, bool ipv6);
bool inside_is_gateway(const struct inside *inside, const struct mac *mac);

/*
 * Whether an address of the home sent or was sent to: unicast, inside, neither link-local
 * nor loopback.  While none has, the capture may have been taken outside the home.
 */
bool inside_seen_any(const struct inside *inside);

/* What full tables forgot. */
uint64_t inside_evicted(const struct inside *inside);

#endif
