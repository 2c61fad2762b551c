/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HOME_DESTINATION_H
#define HOME_DESTINATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/table.h"
#include "home/advice.h"
#include "home/flow.h"
#include "home/names.h"

#define DESTINATION_ADDRESSES 8
#define DESTINATION_PORTS     8

/* As `what`: not one receiver but several that are not told apart; flows says how many. */
#define DESTINATION_REST       0
#define DESTINATION_REST_LOCAL 1

/* Bits of destination.transports. */
#define TRANSPORT_TCP    1U
#define TRANSPORT_UDP    2U
#define TRANSPORT_ICMP   4U
#define TRANSPORT_ICMPV6 8U
#define TRANSPORT_OTHER  16U

/*
 * One receiver of one end of the home.  Rows are kept per MAC and address, so that a MAC
 * found to front for several devices can still be told apart; records join the rows of a
 * device.
 */
struct destination_key {
	struct mac mac;
	struct addr inside; /* the device's own address */
	uint8_t zero;       /* no padding in a key */
	uint64_t what;      /* of the name, else of the remote address */
};

struct destination {
	struct destination_key key;
	bool local;
	bool dns_agrees;
	bool contradicted;
	bool after_rendezvous;
	bool introduced;
	bool turn;             /* a relay, whatever its port */
	bool stun_or_vpn_port; /* spoke to port 443, 3478 or 4500 */
	uint8_t name_source;
	uint8_t addresses;
	uint8_t ports;
	uint16_t transports;              /* bit 0 tcp, 1 udp, 2 icmp, 3 icmpv6, 4 other */
	uint32_t applications;            /* bit of enum flow_application */
	uint16_t port[DESTINATION_PORTS]; /* the remote side's, ascending, the lowest ones */
	struct addr address[DESTINATION_ADDRESSES];
	struct flow_count up;
	struct flow_count down;
	int64_t first_seen;
	int64_t last_seen;
	uint64_t flows;
	struct advice advice;
	/* Lent by whoever owns the row; NULL for none. */
	const char *name;
	const char *aliases;
	const char *candidates; /* blank separated; NULL when at most one name */
};

/* One of those texts for who reads it: "" for none. */
static inline const char *
destination_text(const char *text)
{
	return text ? text : "";
}

/* Identifies a receiver: by name, else by address. */
uint64_t destination_what(const char *name, const struct addr *remote);

/* The identifier in records, of a receiver of the device with that identifier. */
uint64_t destination_id(uint64_t device, uint64_t what);

/* The key of the row for this end (0 or 1) of a settled flow. */
struct destination_key destination_key_of(const struct flow *flow, unsigned inside_end);

/* Adds a flow's counts, as seen from its inside end. */
void destination_add_flow(struct destination *row, const struct flow *flow, unsigned inside_end);
/* Adds the counts and facts of another row for the same receiver; its texts stay lent. */
void destination_merge(struct destination *into, const struct destination *from);

#endif
