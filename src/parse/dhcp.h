/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARSE_DHCP_H
#define PARSE_DHCP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/cursor.h"
#include "parse/result.h"

/* The kind of message (RFC 2132, 9.6). */
enum dhcp_type {
	DHCP_BOOTP = 0, /* no option 53 */
	DHCP_DISCOVER = 1,
	DHCP_OFFER = 2,
	DHCP_REQUEST = 3,
	DHCP_DECLINE = 4,
	DHCP_ACK = 5,
	DHCP_NAK = 6,
	DHCP_RELEASE = 7,
	DHCP_INFORM = 8,
};

/*
 * A DHCPv4 message.  Addresses have family 0 where the message has none (or 0.0.0.0).
 * Text is lent from the payload, neither NUL-terminated nor checked; an absent option is
 * an empty cursor.
 */
struct dhcp {
	bool reply;   /* op: from a server */
	uint8_t type; /* enum dhcp_type, or what the wire says */
	uint32_t xid;
	struct addr client; /* ciaddr */
	struct addr yours;  /* yiaddr */
	struct mac mac;     /* chaddr, when has_mac */
	bool has_mac;       /* hardware type Ethernet, six bytes */
	bool has_mask;
	uint8_t mask_length; /* of the subnet mask, 0 to 32 */
	struct addr router;  /* the first one */
	struct addr requested;
	struct addr server;
	uint32_t lease;             /* seconds; 0 when absent */
	struct cursor host_name;    /* option 12 */
	struct cursor client_fqdn;  /* option 81, its name; as client_fqdn_wire says */
	bool client_fqdn_wire;      /* DNS wire format (RFC 4702, 2.1: E bit), else ASCII */
	struct cursor vendor_class; /* option 60 */
	struct cursor parameters;   /* option 55: one byte an option asked for */
};

/*
 * Reads a DHCP or BOOTP message (RFC 2131, 2; options RFC 2132, with "overload", 52).
 * Of an option that comes twice the first is kept; options joined over several
 * (RFC 3396) give their first part.  PARSE_OTHER: no magic cookie.  PARSE_SHORT: the
 * options end without "end" inside one; what was read before is kept in *dhcp.
 */
enum parse_result dhcp_parse(struct cursor payload, struct dhcp *dhcp);

#endif
