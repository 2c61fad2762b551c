/* SPDX-License-Identifier: Apache-2.0 */
#include "home/pending.h"

#include <string.h>

#include "base/pages.h"

/* Microseconds: as finely as episodes are measured, and 10 s of both directions fit. */
#define SLOT 250000

/* Slots lie in two lists through `next`: free ones, and taken ones in order of age. */
struct slot {
	uint32_t next, previous;
	struct pending pending;
};

struct pending_pool {
	uint32_t max;
	uint32_t used; /* slots ever taken: those above it are free and untouched */
	uint32_t free;
	uint32_t oldest, newest;
	int64_t since;      /* of the oldest */
	struct slot slot[]; /* handle 0 is nobody's */
};

struct pending_pool *
pending_pool_new(size_t max)
{
	struct pending_pool *pool;

	if (max == 0 || max >= UINT32_MAX / 2)
		return NULL;
	pool = pages_take(sizeof(*pool) + (max + 1) * sizeof(struct slot));
	if (pool)
		pool->max = (uint32_t)max;
	return pool;
}

void
pending_pool_free(struct pending_pool *pool)
{
	if (pool)
		pages_free(pool, sizeof(*pool) + ((size_t)pool->max + 1) * sizeof(struct slot));
}

static uint32_t
take_slot(struct pending_pool *pool)
{
	uint32_t handle = pool->free;

	if (handle)
		pool->free = pool->slot[handle].next;
	else if (pool->used < pool->max)
		handle = ++pool->used;
	return handle;
}

static void
begin_with(struct pending_pool *pool, uint32_t handle, int64_t since)
{
	pool->oldest = handle;
	pool->since = since;
}

uint32_t
pending_take(struct pending_pool *pool, const struct flow_key *flow, int64_t now)
{
	uint32_t handle = take_slot(pool);
	struct slot *slot = &pool->slot[handle];

	if (!handle)
		return 0;
	slot->next = 0;
	slot->previous = pool->newest;
	if (pool->newest)
		pool->slot[pool->newest].next = handle;
	else
		begin_with(pool, handle, now);
	pool->newest = handle;
	slot->pending.flow = *flow;
	slot->pending.since = now;
	slot->pending.names.count = 0;
	slot->pending.names.aliases = NULL;
	slot->pending.payload_packets = 0;
	slot->pending.payload_bytes = 0;
	slot->pending.hello = 0;
	slot->pending.has_first_seq = false;
	slot->pending.no_hello = false;
	slot->pending.packets = 0;
	return handle;
}

struct pending *
pending_at(struct pending_pool *pool, uint32_t handle)
{
	return &pool->slot[handle].pending;
}

void
pending_release(struct pending_pool *pool, uint32_t handle)
{
	struct slot *slot = &pool->slot[handle];

	if (slot->previous)
		pool->slot[slot->previous].next = slot->next;
	else
		begin_with(pool, slot->next, pool->slot[slot->next].pending.since);
	if (slot->next)
		pool->slot[slot->next].previous = slot->previous;
	else
		pool->newest = slot->previous;
	slot->next = pool->free;
	pool->free = handle;
}

bool
pending_has_before(const struct pending_pool *pool, int64_t time)
{
	return pool->oldest && pool->since < time;
}

struct pending *
pending_oldest(struct pending_pool *pool)
{
	return pool->oldest ? &pool->slot[pool->oldest].pending : NULL;
}

/* The last entry of a direction, or NULL. */
static struct pending_packet *
last_from(struct pending *pending, uint8_t sender)
{
	for (unsigned i = pending->packets; i-- > 0;)
		if (pending->packet[i].sender == sender)
			return &pending->packet[i];
	return NULL;
}

static void
take_in(struct pending_packet *into, const struct pending_packet *packet)
{
	into->bytes += packet->bytes;
	into->packets += packet->packets;
	into->overhead = into->overhead && packet->overhead;
	if (!packet->media)
		return;
	into->media = true;
	into->sequence = packet->sequence;
	into->ssrc = packet->ssrc;
}

/* The entry of the same direction and slot of time among the first `count`, or NULL. */
static struct pending_packet *
same_slot(struct pending *pending, unsigned count, const struct pending_packet *packet)
{
	for (unsigned i = count; i-- > 0;) {
		struct pending_packet *p = &pending->packet[i];

		if (p->time / SLOT != packet->time / SLOT)
			return NULL;
		if (p->sender == packet->sender)
			return p;
	}
	return NULL;
}

/* Packets of one direction and slot become one entry, at the time of the first. */
static void
compact(struct pending *pending)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < pending->packets; i++) {
		struct pending_packet *into = same_slot(pending, kept, &pending->packet[i]);

		if (into)
			take_in(into, &pending->packet[i]);
		else
			pending->packet[kept++] = pending->packet[i];
	}
	pending->packets = (uint16_t)kept;
}

/*
 * When places run out, entries join slot by slot: bytes and packets stay exact, and a
 * stream keeps its pace.  One place is kept for the other direction, so that nothing is
 * ever told as sent the other way.
 */
void
pending_add(struct pending *pending, const struct pending_packet *packet)
{
	struct pending_packet *last = NULL;

	if (pending->packets >= PENDING_PACKETS - 1)
		compact(pending);
	if (pending->packets >= PENDING_PACKETS - 1)
		last = last_from(pending, packet->sender);
	if (last)
		take_in(last, packet);
	else
		pending->packet[pending->packets++] = *packet;
}
