/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SOURCE_LINKS_H
#define SOURCE_LINKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"

/*
 * What becomes of network interfaces, as the kernel tells it (rtnetlink(7)).  libpcap does not:
 * a handle says nothing when its interface goes down, and stays dead when one of the same name
 * comes again.
 */
struct links;

#define LINK_NAME 16 /* IFNAMSIZ */

struct link {
	char name[LINK_NAME];
	int index; /* another one: not the same interface any more */
	bool there;
	bool up;      /* by its owner's will (IFF_UP) */
	bool carrier; /* what it is connected to is there (IFF_RUNNING) */
};

/* NULL when the kernel tells nobody, which errno says. */
struct links *links_open(void);
void links_close(struct links *links);
/* To wait on with poll(). */
int links_fd(const struct links *links);

/*
 * Calls each for what changed, in order; lent for the call.  False when some of it was lost:
 * look at every interface anew.
 */
typedef void link_fn(const struct link *link, void *user);
/* An address that this machine got, or has no more; loopback left out. */
typedef void address_fn(const struct addr *addr, bool there, void *user);
bool links_next(struct links *links, link_fn *each, address_fn *address, void *user);

/* Messages of the kernel in one buffer; what is not whole is passed over. */
void links_read(const uint8_t *bytes, size_t len, link_fn *each, void *user);
void links_read_addresses(const uint8_t *bytes, size_t len, address_fn *each, void *user);

/* What an interface is now; without that name in the system, there is false. */
struct link links_look(const struct links *links, const char *name);

#endif
