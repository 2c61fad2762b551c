/* SPDX-License-Identifier: Apache-2.0 */
#include "home/names.h"

#include <stdlib.h>
#include <string.h>

#include "base/table.h"

#define SECOND  INT64_C(1000000)
#define GRACE   (24 * 3600 * SECOND) /* contract: up to 24 h past its TTL */
#define TTL_MAX (7 * 24 * 3600)      /* RFC 8767, 4: no answer is worth more than a week */

struct key {
	struct device_key device;
	struct addr remote;
};

struct known {
	int64_t expires;
	char host[HOST_TEXT];
};

struct entry {
	struct key key;
	uint8_t count;
	struct known known[NAMES_MAX]; /* the one learned last first */
	char aliases[ALIASES_TEXT];    /* of known[0] */
};

struct names {
	struct table *table;
};

struct names *
names_new(size_t max, uint64_t seed)
{
	struct names *names = calloc(1, sizeof(*names));

	if (!names)
		return NULL;
	names->table = table_new(max, sizeof(struct entry), sizeof(struct key), seed);
	if (!names->table) {
		free(names);
		return NULL;
	}
	return names;
}

void
names_free(struct names *names)
{
	if (!names)
		return;
	table_free(names->table);
	free(names);
}

uint64_t
names_evicted(const struct names *names)
{
	return table_evicted(names->table);
}

static struct key
key_of(const struct device_key *device, const struct addr *remote)
{
	return (struct key){.device = *device, .remote = *remote};
}

/* Where host stands; the last place, to be overwritten, when it is new and all are taken. */
static unsigned
place_of(const struct entry *e, const char *host)
{
	for (unsigned i = 0; i < e->count; i++)
		if (strcmp(e->known[i].host, host) == 0)
			return i;
	return e->count < NAMES_MAX ? e->count : NAMES_MAX - 1;
}

void
names_learn(struct names *names, const struct device_key *device, const struct addr *remote,
    const char *host, const char *aliases, uint32_t ttl, int64_t now)
{
	struct key key = key_of(device, remote);
	size_t length = strnlen(host, HOST_TEXT);
	struct entry *e;
	unsigned place;
	bool created;

	if (length == 0 || length == HOST_TEXT)
		return;
	e = table_see(names->table, &key, &created);
	place = place_of(e, host);
	if (place == e->count)
		e->count++;
	memmove(&e->known[1], &e->known[0], place * sizeof(e->known[0]));
	memset(&e->known[0], 0, sizeof(e->known[0]));
	memcpy(e->known[0].host, host, length);
	e->known[0].expires = now + (int64_t)(ttl < TTL_MAX ? ttl : TTL_MAX) * SECOND;
	memset(e->aliases, 0, sizeof(e->aliases));
	memcpy(e->aliases, aliases, strnlen(aliases, sizeof(e->aliases) - 1));
}

/* Copies the names for which now lies before their end, moved by grace. */
static void
take(const struct entry *e, int64_t now, int64_t grace, struct bound_names *found)
{
	for (unsigned i = 0; i < e->count; i++) {
		if (e->known[i].expires + grace < now)
			continue;
		if (i == 0)
			memcpy(found->aliases, e->aliases, sizeof(found->aliases));
		memcpy(found->host[found->count++], e->known[i].host, HOST_TEXT);
	}
}

void
names_find(const struct names *names, const struct device_key *device, const struct addr *remote,
    int64_t now, struct bound_names *found)
{
	struct key key = key_of(device, remote);
	const struct entry *e = table_find(names->table, &key);

	memset(found, 0, sizeof(*found));
	if (!e)
		return;
	take(e, now, 0, found);
	if (found->count > 0)
		return;
	take(e, now, GRACE, found);
	found->expired = found->count > 0;
}
