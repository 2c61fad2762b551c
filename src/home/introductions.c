/* SPDX-License-Identifier: Apache-2.0 */
#include "home/introductions.h"

#include <stdlib.h>

#include "base/table.h"

#define WINDOW (120 * INT64_C(1000000)) /* contract, `peer` (a) */

struct key {
	struct addr addr;
	uint8_t named; /* 1: an address that STUN named; 0: an address and port that met a server */
	uint8_t port[2];
};

struct entry {
	struct key key;
	int64_t time;
};

struct introductions {
	struct table *table;
};

struct introductions *
introductions_new(size_t max, uint64_t seed)
{
	struct introductions *i = calloc(1, sizeof(*i));

	if (!i)
		return NULL;
	i->table = table_new(max, sizeof(struct entry), sizeof(struct key), seed);
	if (!i->table) {
		free(i);
		return NULL;
	}
	return i;
}

void
introductions_free(struct introductions *i)
{
	if (!i)
		return;
	table_free(i->table);
	free(i);
}

static struct key
key_of_port(const struct addr *addr, uint16_t port)
{
	return (struct key){.addr = *addr, .port = {(uint8_t)(port >> 8), (uint8_t)port}};
}

static struct key
key_of_named(const struct addr *addr)
{
	return (struct key){.addr = *addr, .named = 1};
}

static void
remember(struct introductions *i, const struct key *key, int64_t now)
{
	bool created;
	struct entry *e = table_see(i->table, key, &created);

	e->time = now;
}

static bool
recalls(const struct introductions *i, const struct key *key, int64_t now)
{
	const struct entry *e = table_find(i->table, key);

	return e && now - e->time <= WINDOW;
}

void
introductions_met(struct introductions *i, const struct addr *local, uint16_t port, int64_t now)
{
	struct key key = key_of_port(local, port);

	remember(i, &key, now);
}

void
introductions_named(struct introductions *i, const struct addr *remote, int64_t now)
{
	struct key key = key_of_named(remote);

	remember(i, &key, now);
}

bool
introductions_has_met(const struct introductions *i, const struct addr *local, uint16_t port,
    int64_t now)
{
	struct key key = key_of_port(local, port);

	return recalls(i, &key, now);
}

bool
introductions_has_named(const struct introductions *i, const struct addr *remote, int64_t now)
{
	struct key key = key_of_named(remote);

	return recalls(i, &key, now);
}

uint64_t
introductions_evicted(const struct introductions *i)
{
	return table_evicted(i->table);
}
