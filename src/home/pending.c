/* SPDX-License-Identifier: Apache-2.0 */
#include "home/pending.h"

#include <string.h>

#include "base/pages.h"

/* Microseconds: as finely as episodes are measured, and 10 s of both directions fit. */
#define SLOT 250000

#define CHUNKS (PENDING_PACKETS / PENDING_CHUNK) /* of one flow */

_Static_assert(CHUNKS *PENDING_CHUNK == PENDING_PACKETS, "packets fill whole chunks");

/* Slots lie in two lists through `next`: free ones, and taken ones in order of age. */
struct slot {
	uint32_t next, previous;
	struct pending pending;
};

/* Packets lie in chunks, so that of a pool made for the worst only what is used is touched. */
union chunk {
	uint32_t next; /* free one */
	struct pending_packet packet[PENDING_CHUNK];
};

struct pending_pool {
	uint32_t max;
	uint32_t used; /* slots ever taken: those above it are free and untouched */
	uint32_t free;
	uint32_t chunks_used;
	uint32_t free_chunk;
	uint32_t oldest, newest;
	int64_t since;      /* of the oldest */
	union chunk *chunk; /* as many as all slots can need; chunk 0 is nobody's */
	struct slot slot[]; /* handle 0 is nobody's */
};

static size_t
size_of_slots(size_t max)
{
	return sizeof(struct pending_pool) + (max + 1) * sizeof(struct slot);
}

static size_t
size_of_chunks(size_t max)
{
	return (max * CHUNKS + 1) * sizeof(union chunk);
}

struct pending_pool *
pending_pool_new(size_t max)
{
	struct pending_pool *pool;

	if (max == 0 || max >= UINT32_MAX / CHUNKS)
		return NULL;
	pool = pages_take(size_of_slots(max), 0);
	if (!pool)
		return NULL;
	pool->max = (uint32_t)max;
	pool->chunk = pages_take(size_of_chunks(max), 0);
	if (pool->chunk)
		return pool;
	pending_pool_free(pool);
	return NULL;
}

void
pending_pool_free(struct pending_pool *pool)
{
	if (!pool)
		return;
	pages_free(pool->chunk, size_of_chunks(pool->max));
	pages_free(pool, size_of_slots(pool->max));
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
pending_take(struct pending_pool *pool, uint32_t flow, int64_t now)
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
	slot->pending.flow = flow;
	slot->pending.since = now;
	slot->pending.names.count = 0;
	slot->pending.names.aliases = NULL;
	slot->pending.payload_packets = 0;
	slot->pending.payload_bytes = 0;
	slot->pending.hello = 0;
	slot->pending.has_first_seq = false;
	slot->pending.no_hello = false;
	slot->pending.packets = 0;
	memset(slot->pending.chunk, 0, sizeof(slot->pending.chunk));
	return handle;
}

struct pending *
pending_at(struct pending_pool *pool, uint32_t handle)
{
	return &pool->slot[handle].pending;
}

static void
release_chunks(struct pending_pool *pool, const struct pending *pending)
{
	for (unsigned i = 0; i < CHUNKS && pending->chunk[i]; i++) {
		pool->chunk[pending->chunk[i]].next = pool->free_chunk;
		pool->free_chunk = pending->chunk[i];
	}
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
	release_chunks(pool, &slot->pending);
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

/* The i-th place, below the number of those that were taken. */
static struct pending_packet *
place(const struct pending_pool *pool, const struct pending *pending, unsigned i)
{
	return &pool->chunk[pending->chunk[i / PENDING_CHUNK]].packet[i % PENDING_CHUNK];
}

const struct pending_packet *
pending_packet_at(const struct pending_pool *pool, const struct pending *pending, unsigned i)
{
	return place(pool, pending, i);
}

/* There is one: no flow takes more than its share. */
static uint32_t
take_chunk(struct pending_pool *pool)
{
	uint32_t chunk = pool->free_chunk;

	if (!chunk)
		return ++pool->chunks_used;
	pool->free_chunk = pool->chunk[chunk].next;
	return chunk;
}

/* A chunk that is empty since entries joined stays the flow's, and is filled again. */
static struct pending_packet *
next_place(struct pending_pool *pool, struct pending *pending)
{
	unsigned i = pending->packets++;
	uint32_t *chunk = &pending->chunk[i / PENDING_CHUNK];

	if (!*chunk)
		*chunk = take_chunk(pool);
	return place(pool, pending, i);
}

/* The last entry of a direction, or NULL. */
static struct pending_packet *
last_from(const struct pending_pool *pool, const struct pending *pending, uint8_t sender)
{
	for (unsigned i = pending->packets; i-- > 0;) {
		struct pending_packet *p = place(pool, pending, i);

		if (p->sender == sender)
			return p;
	}
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
same_slot(const struct pending_pool *pool, const struct pending *pending, unsigned count,
    const struct pending_packet *packet)
{
	for (unsigned i = count; i-- > 0;) {
		struct pending_packet *p = place(pool, pending, i);

		if (p->time / SLOT != packet->time / SLOT)
			return NULL;
		if (p->sender == packet->sender)
			return p;
	}
	return NULL;
}

/* Packets of one direction and slot become one entry, at the time of the first. */
static void
compact(const struct pending_pool *pool, struct pending *pending)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < pending->packets; i++) {
		const struct pending_packet *packet = place(pool, pending, i);
		struct pending_packet *into = same_slot(pool, pending, kept, packet);

		if (into)
			take_in(into, packet);
		else
			*place(pool, pending, kept++) = *packet;
	}
	pending->packets = (uint16_t)kept;
}

/*
 * When places run out, entries join slot by slot: bytes and packets stay exact, and a
 * stream keeps its pace.  One place is kept for the other direction, so that nothing is
 * ever told as sent the other way.
 */
void
pending_add(struct pending_pool *pool, struct pending *pending, const struct pending_packet *packet)
{
	struct pending_packet *last = NULL;

	if (pending->packets >= PENDING_PACKETS - 1)
		compact(pool, pending);
	if (pending->packets >= PENDING_PACKETS - 1)
		last = last_from(pool, pending, packet->sender);
	if (last)
		take_in(last, packet);
	else
		*next_place(pool, pending) = *packet;
}
