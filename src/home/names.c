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
	const char *host; /* among the texts, as aliases */
};

struct entry {
	struct key key;
	uint8_t count;
	struct known known[NAMES_MAX]; /* the one learned last first */
	const char *aliases;           /* of known[0]; NULL for none */
};

struct names {
	struct table *table;
	struct texts *texts; /* lent */
};

static void
leave(void *entry, void *user)
{
	struct entry *e = entry;
	struct names *names = user;

	for (unsigned i = 0; i < e->count; i++)
		texts_drop(names->texts, e->known[i].host);
	texts_drop(names->texts, e->aliases);
}

struct names *
names_new(size_t max, struct texts *texts, uint64_t seed)
{
	struct names *names = calloc(1, sizeof(*names));

	if (!names)
		return NULL;
	names->table = table_new(max, sizeof(struct entry), sizeof(struct key), seed);
	names->texts = texts;
	if (!names->table) {
		names_free(names);
		return NULL;
	}
	table_on_leave(names->table, leave, names);
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
	const char *kept;
	struct entry *e;
	unsigned place;
	bool created;

	if (strnlen(host, HOST_TEXT) == HOST_TEXT)
		return;
	kept = texts_keep(names->texts, host);
	if (!kept)
		return;
	e = table_see(names->table, &key, &created);
	place = place_of(e, host);
	if (place == e->count)
		e->count++;
	else
		texts_drop(names->texts, e->known[place].host);
	memmove(&e->known[1], &e->known[0], place * sizeof(e->known[0]));
	e->known[0].host = kept;
	e->known[0].expires = now + (int64_t)(ttl < TTL_MAX ? ttl : TTL_MAX) * SECOND;
	texts_drop(names->texts, e->aliases);
	e->aliases = texts_keep(names->texts, aliases);
}

/* Lists the names for which now lies before their end, moved by grace. */
static void
take(const struct entry *e, int64_t now, int64_t grace, struct bound_names *found)
{
	for (unsigned i = 0; i < e->count; i++) {
		if (e->known[i].expires + grace < now)
			continue;
		if (i == 0)
			found->aliases = e->aliases;
		found->host[found->count++] = e->known[i].host;
	}
}

void
names_find(const struct names *names, const struct device_key *device, const struct addr *remote,
    int64_t now, struct bound_names *found)
{
	struct key key = key_of(device, remote);
	const struct entry *e = table_find(names->table, &key);

	found->count = 0;
	found->expired = false;
	found->aliases = NULL;
	if (!e)
		return;
	take(e, now, 0, found);
	if (found->count > 0)
		return;
	take(e, now, GRACE, found);
	found->expired = found->count > 0;
}

void
names_hold(const struct bound_names *found)
{
	for (unsigned i = 0; i < found->count; i++)
		texts_hold(found->host[i]);
	texts_hold(found->aliases);
}

void
names_drop(struct names *names, const struct bound_names *held)
{
	for (unsigned i = 0; i < held->count; i++)
		texts_drop(names->texts, held->host[i]);
	texts_drop(names->texts, held->aliases);
}
