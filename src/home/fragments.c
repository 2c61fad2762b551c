/* SPDX-License-Identifier: Apache-2.0 */
#include "home/fragments.h"

#include <stdlib.h>
#include <string.h>

#include "base/table.h"

#define LIFETIME (30 * INT64_C(1000000)) /* what receivers wait at most for the rest */

/* No padding: the whole key is compared. */
struct key {
	struct addr source;
	struct addr target;
	uint8_t protocol; /* 0 for IPv6, whose fragments need not agree (RFC 8200, 4.5) */
	uint8_t zero;
	uint32_t id;
};

_Static_assert(sizeof(struct key) == 2 * sizeof(struct addr) + 2 + 4, "the key has no padding");

struct first {
	struct key key;
	int64_t time;
	uint16_t source_port;
	uint16_t target_port;
	uint8_t protocol;
	uint8_t icmp_type;
	uint8_t icmp_code;
	bool icmp_two_way;
};

struct fragments {
	struct table *firsts;
};

struct fragments *
fragments_new(size_t max, uint64_t seed)
{
	struct fragments *f = calloc(1, sizeof(*f));

	if (!f)
		return NULL;
	f->firsts = table_new(max, sizeof(struct first), sizeof(struct key), seed);
	if (!f->firsts) {
		fragments_free(f);
		return NULL;
	}
	return f;
}

void
fragments_free(struct fragments *fragments)
{
	if (!fragments)
		return;
	table_free(fragments->firsts);
	free(fragments);
}

static struct key
key_of(const struct packet *packet)
{
	struct key key;

	memset(&key, 0, sizeof(key));
	key.source = packet->source;
	key.target = packet->target;
	if (packet->source.family == 4)
		key.protocol = packet->protocol;
	key.id = packet->fragment_id;
	return key;
}

static void
learn(struct fragments *fragments, const struct packet *packet)
{
	struct key key = key_of(packet);
	bool created;
	struct first *first = table_see(fragments->firsts, &key, &created);

	if (!first)
		return;
	first->time = packet->time;
	first->source_port = packet->source_port;
	first->target_port = packet->target_port;
	first->protocol = packet->protocol;
	first->icmp_type = packet->icmp_type;
	first->icmp_code = packet->icmp_code;
	first->icmp_two_way = packet->icmp_two_way;
}

/* Packet time may step back, so the distance counts in both directions. */
static bool
alive(const struct first *first, int64_t now)
{
	if (now >= first->time)
		return (uint64_t)now - (uint64_t)first->time <= (uint64_t)LIFETIME;
	return (uint64_t)first->time - (uint64_t)now <= (uint64_t)LIFETIME;
}

static void
join(struct fragments *fragments, struct packet *packet)
{
	struct key key = key_of(packet);
	struct first *first = table_find(fragments->firsts, &key);

	if (!first)
		return;
	if (!alive(first, packet->time)) {
		table_drop(fragments->firsts, first);
		return;
	}
	packet->protocol = first->protocol;
	packet->source_port = first->source_port;
	packet->target_port = first->target_port;
	packet->icmp_type = first->icmp_type;
	packet->icmp_code = first->icmp_code;
	packet->icmp_two_way = first->icmp_two_way;
	packet->has_ports = true;
}

void
fragments_see(struct fragments *fragments, struct packet *packet)
{
	if (!packet->fragment)
		return;
	if (packet->later_fragment)
		join(fragments, packet);
	else if (packet->has_ports)
		learn(fragments, packet);
}

uint64_t
fragments_evicted(const struct fragments *fragments)
{
	return table_evicted(fragments->firsts);
}
