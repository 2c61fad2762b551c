/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HOME_INTRODUCTIONS_H
#define HOME_INTRODUCTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

/*
 * What makes a bare address a probable peer (contract, party): which local UDP ports
 * spoke to a rendezvous or STUN server, and which addresses STUN has named.  Both are
 * remembered for 120 s of packet time.
 */
struct introductions;

struct introductions *introductions_new(size_t max, uint64_t seed);
void introductions_free(struct introductions *introductions);

void introductions_met(struct introductions *introductions, const struct addr *local, uint16_t port,
    int64_t now);
void introductions_named(struct introductions *introductions, const struct addr *remote,
    int64_t now);

bool introductions_has_met(const struct introductions *introductions, const struct addr *local,
    uint16_t port, int64_t now);
bool introductions_has_named(const struct introductions *introductions, const struct addr *remote,
    int64_t now);
uint64_t introductions_evicted(const struct introductions *introductions);

#endif
