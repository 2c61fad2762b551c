/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HOME_PENDING_H
#define HOME_PENDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "home/flow.h"
#include "home/names.h"

#define PENDING_PACKETS 96
#define PENDING_CHUNK   8 /* most flows settle before they have more */

/*
 * What waits until a flow's name is settled: the names its remote address could have, and
 * the packets that the episode of its receiver has not seen yet (contract, destination).
 * The pool is taken at start; when it is full the flow that waits longest settles first.
 */
struct pending_pool;

/* One packet, or several of one direction when there are too many. */
struct pending_packet {
	int64_t time;
	uint64_t bytes;
	uint32_t packets;
	uint8_t sender; /* end of the flow: 0 or 1 */
	bool media;
	bool overhead;     /* no content: see struct heard */
	uint16_t sequence; /* of the RTP packet, when media */
	uint32_t ssrc;
};

struct pending {
	uint32_t flow; /* its place: see flow_table_at() */
	int64_t since;
	struct bound_names names; /* held by whoever asked for them */
	uint32_t payload_packets; /* from the originator */
	uint32_t payload_bytes;
	uint64_t hello;     /* slot of the hello reader */
	uint32_t first_seq; /* of the originator's first byte, when has_first_seq */
	bool has_first_seq;
	bool no_hello; /* what it sends is no hello */
	uint16_t packets;
	uint32_t chunk[PENDING_PACKETS / PENDING_CHUNK]; /* where they lie; 0: none taken yet */
};

struct pending_pool *pending_pool_new(size_t max);
void pending_pool_free(struct pending_pool *pool);

/* A handle above 0, or 0 when the pool is full: settle pending_oldest() first. */
uint32_t pending_take(struct pending_pool *pool, uint32_t flow, int64_t now);
struct pending *pending_at(struct pending_pool *pool, uint32_t handle);
void pending_release(struct pending_pool *pool, uint32_t handle);
/* The one taken longest ago, or NULL. */
struct pending *pending_oldest(struct pending_pool *pool);

/* Whether one was taken before that time: asked of every packet. */
bool pending_has_before(const struct pending_pool *pool, int64_t time);

void pending_add(struct pending_pool *pool, struct pending *pending,
    const struct pending_packet *packet);
/* The i-th that waits, below pending->packets. */
const struct pending_packet *pending_packet_at(const struct pending_pool *pool,
    const struct pending *pending, unsigned i);

#endif
