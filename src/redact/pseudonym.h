/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REDACT_PSEUDONYM_H
#define REDACT_PSEUDONYM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "rules/rules.h"

/*
 * What stands in place of addresses, MACs and labels of names.  Everything follows from a
 * key: whoever lacks it cannot go back, and with the same key the same comes out again.
 * Equal stays equal, different stays different as far as there is room for it.
 *
 * Inside addresses are scrambled below their private prefix (RFC 1918, RFC 4193) so that what
 * shared a network still does (after Xu et al., "Prefix-preserving IP address
 * anonymization", ICNP 2002).  Addresses of others go to the ranges for benchmarks,
 * 198.18.0.0/15 (RFC 2544) and 2001:2::/48 (RFC 5180), unless a name or the rules know them.
 */
struct pseudonyms;

#define PSEUDONYM_KEY 32

/*
 * At most max addresses and as many MACs are remembered (0: 131,072); the one used longest ago
 * goes first.  The rules outlive the pseudonyms.  NULL when out of memory.
 */
struct pseudonyms *pseudonyms_new(const uint8_t key[static PSEUDONYM_KEY],
    const struct porch_rules *rules, size_t max);
void pseudonyms_free(struct pseudonyms *p);

/* This public address had a name: it stays. */
void pseudonyms_keep(struct pseudonyms *p, const struct addr *addr);
/* This public address is the home's own: it never stays, whatever else is said of it. */
void pseudonyms_ours(struct pseudonyms *p, const struct addr *addr);
/* So is every address of this IPv6 network of 64 bits. */
void pseudonyms_ours_network(struct pseudonyms *p, const struct addr *addr);
bool pseudonyms_is_ours(const struct pseudonyms *p, const struct addr *addr);

struct addr pseudonym_addr(struct pseudonyms *p, const struct addr *addr);
/* The network alone (its first 64 bits) of an IPv6 address, the rest as it was. */
struct addr pseudonym_network(struct pseudonyms *p, const struct addr *addr);
/* Keeps the maker's prefix; group and zero MACs stay, but for those made of an address. */
struct mac pseudonym_mac(struct pseudonyms *p, const struct mac *mac);
/* len lower-case letters in place of a label, whatever its case; len is at most 63. */
void pseudonym_label(struct pseudonyms *p, const char *label, size_t len, char *out);
/* A number that follows from these bytes and says nothing of them. */
uint64_t pseudonym_number(struct pseudonyms *p, const void *bytes, size_t len);

/* Addresses that had to share a pseudonym because the ranges are full. */
uint64_t pseudonyms_shared(const struct pseudonyms *p);

#endif
