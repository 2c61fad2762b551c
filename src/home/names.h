/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HOME_NAMES_H
#define HOME_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "home/device.h"
#include "home/flow.h"

#define NAMES_MAX    4
#define ALIASES_TEXT 384

/*
 * Which host did this device mean when it contacted that address?  Names come from the
 * DNS answers that device received; two cameras that share a CDN address have often asked
 * for different hosts.  A full table forgets the answer learned longest ago.
 */
struct names;

/* What the answers say of one address at one moment. */
struct bound_names {
	uint8_t count; /* names that could be meant: live ones, else expired */
	bool expired;  /* past their TTL, by up to 24 h */
	char host[NAMES_MAX][HOST_TEXT];
	char aliases[ALIASES_TEXT]; /* of host[0]: the CNAME chain, blank separated */
};

struct names *names_new(size_t max, uint64_t seed);
void names_free(struct names *names);
uint64_t names_evicted(const struct names *names);

/* host: as asked, lower case; aliases: blank separated, may be "". ttl in seconds. */
void names_learn(struct names *names, const struct device_key *device, const struct addr *remote,
    const char *host, const char *aliases, uint32_t ttl, int64_t now);

/* count 0 when nothing is known. */
void names_find(const struct names *names, const struct device_key *device,
    const struct addr *remote, int64_t now, struct bound_names *found);

#endif
