/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HOME_DEVICE_H
#define HOME_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

/*
 * Who it is: a MAC, or an address where there are no MACs, or both where one MAC
 * fronts for several devices (contract, "Inside and outside").
 */
struct device_key {
	struct mac mac;   /* zero where the capture has none */
	struct addr addr; /* none where the MAC says it all */
};

#define DEVICE_TEXT          64
#define DEVICE_HINTS         8
#define DEVICE_MAKERS        6
#define DEVICE_SITES         64
#define DEVICE_ORGANISATIONS 16

/* Something the device said of itself; kept raw, judged later. */
struct device_hint {
	uint8_t kind; /* enum hint_kind of rules/, as the engine passed it */
	char text[DEVICE_TEXT];
};

/* How often it asked for hosts of one maker. */
struct device_maker {
	const void *maker; /* identity only: a vendor of the ruleset */
	uint32_t asked;    /* names asked for or sent */
	uint32_t own;      /* of them: hosts that only such a device asks for */
	uint8_t own_kind;  /* enum porch_kind those hosts speak for */
};

/* What was seen of one device; opinions are made of it in judge/. */
struct device {
	struct device_key key;
	int64_t first_seen;
	int64_t last_seen;
	bool sent;             /* any packet from it was seen */
	uint8_t organisations; /* saturates as sites do */
	uint8_t hints;
	uint8_t makers;
	uint8_t sites;              /* saturates at DEVICE_SITES */
	uint32_t rendezvous;        /* packets to ports where P2P cameras meet their viewers */
	uint32_t rtsp_served;       /* packets it sent as an RTSP server */
	char hostname[DEVICE_TEXT]; /* DHCP's, else mDNS's */
	struct device_hint hint[DEVICE_HINTS];
	struct device_maker maker[DEVICE_MAKERS];
	uint32_t site[DEVICE_SITES]; /* hashes of distinct registrable domains it asked for */
	uint32_t organisation[DEVICE_ORGANISATIONS]; /* hashes of those it connected to */
};

struct device_key device_key_mac(const struct mac *mac);
struct device_key device_key_addr(const struct mac *mac, const struct addr *addr);

/* The identifier in records: from the MAC, else from MAC and address. */
uint64_t device_key_id(const struct device_key *key);

/* Keeps the first DEVICE_HINTS different ones. */
void device_add_hint(struct device *device, uint8_t kind, const char *text);
void device_add_site(struct device *device, uint32_t hash);
void device_add_organisation(struct device *device, uint32_t hash);
void device_add_maker(struct device *device, const void *maker, bool own, uint8_t own_kind);

/* Adds what was seen in another capture of the same device. */
void device_merge(struct device *into, const struct device *from);

#endif
