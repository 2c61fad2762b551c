/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HOME_FRAGMENTS_H
#define HOME_FRAGMENTS_H

#include <stddef.h>
#include <stdint.h>

#include "parse/packet.h"

/*
 * Which flow a later IP fragment belongs to.  Only the first fragment of a datagram has
 * ports; the others carry the same source, target, protocol and identification, and
 * follow within seconds.  Nothing is put together again: only the ports are remembered,
 * for 30 s of packet time.
 */
struct fragments;

/* Returns NULL when out of memory or max is 0. */
struct fragments *fragments_new(size_t max, uint64_t seed);
void fragments_free(struct fragments *fragments);

/*
 * Learns from a first fragment; gives a later one the first one's ports, and has_ports,
 * when they are known.  Any other packet is left as it is.
 */
void fragments_see(struct fragments *fragments, struct packet *packet);

uint64_t fragments_evicted(const struct fragments *fragments);

#endif
