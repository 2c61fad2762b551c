/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HOME_NAMES_H
#define HOME_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/texts.h"
#include "home/device.h"
#include "home/flow.h"

#define NAMES_MAX    4
#define NAMES_TEXTS  (NAMES_MAX + 1) /* that one answer holds, and whoever holds its names */
#define ALIASES_TEXT 384

/*
 * Which host did this device mean when it contacted that address?  Names come from the
 * DNS answers that device received; two cameras that share a CDN address have often asked
 * for different hosts.  A full table forgets the answer learned longest ago.
 */
struct names;

/*
 * What the answers say of one address at one moment.  Lent until the next names_learn(), or while
 * it is held.
 */
struct bound_names {
	uint8_t count; /* names that could be meant: live ones, else expired */
	bool expired;  /* past their TTL, by up to 24 h */
	const char *host[NAMES_MAX];
	const char *aliases; /* of host[0]: the CNAME chain, blank separated; NULL for none */
};

/* The texts are lent; what names hold of them goes with them, not with names_free(). */
struct names *names_new(size_t max, struct texts *texts, uint64_t seed);
void names_free(struct names *names);
uint64_t names_evicted(const struct names *names);

/* host: as asked, lower case; aliases: blank separated, may be "". ttl in seconds. */
void names_learn(struct names *names, const struct device_key *device, const struct addr *remote,
    const char *host, const char *aliases, uint32_t ttl, int64_t now);

/* count 0 when nothing is known. */
void names_find(const struct names *names, const struct device_key *device,
    const struct addr *remote, int64_t now, struct bound_names *found);

/* What was found stays, whatever is learnt and forgotten meanwhile. */
void names_hold(const struct bound_names *found);
void names_drop(struct names *names, const struct bound_names *held);

#endif
