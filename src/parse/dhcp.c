/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/dhcp.h"

#define MAGIC_COOKIE 0x63825363 /* RFC 2131, 3 */
#define ETHERNET     1
#define REQUEST      1
#define REPLY        2

#define SNAME_SIZE 64
#define FILE_SIZE  128

/* RFC 2132, and RFC 4702 for 81. */
enum option {
	OPTION_PAD = 0,
	OPTION_MASK = 1,
	OPTION_ROUTER = 3,
	OPTION_HOST_NAME = 12,
	OPTION_REQUESTED = 50,
	OPTION_LEASE = 51,
	OPTION_OVERLOAD = 52,
	OPTION_TYPE = 53,
	OPTION_SERVER = 54,
	OPTION_PARAMETERS = 55,
	OPTION_VENDOR_CLASS = 60,
	OPTION_CLIENT_FQDN = 81,
	OPTION_END = 255,
};

#define OVERLOAD_FILE  1
#define OVERLOAD_SNAME 2

#define FQDN_WIRE 0x04 /* the E bit */

/* The next address, or none for 0.0.0.0 and when there is none. */
static struct addr
read_addr(struct cursor *c)
{
	const uint8_t *bytes = cursor_take(c, 4);
	struct addr addr = {0};

	if (bytes)
		addr = addr_from_bytes(4, bytes);
	return addr_is_unspecified(&addr) ? (struct addr){0} : addr;
}

static void
keep_addr(struct addr *kept, struct cursor value)
{
	if (kept->family == 0)
		*kept = read_addr(&value);
}

static void
keep_text(struct cursor *kept, struct cursor value)
{
	if (!kept->at)
		*kept = value;
}

/* Leaves the mask out when its bits are not in one row. */
static void
note_mask(struct dhcp *dhcp, struct cursor value)
{
	uint32_t mask = cursor_be32(&value);
	uint8_t length = 0;

	if (value.short_read || dhcp->has_mask)
		return;
	for (; mask & 0x80000000; mask <<= 1)
		length++;
	dhcp->has_mask = mask == 0;
	dhcp->mask_length = dhcp->has_mask ? length : 0;
}

/* flags(1) rcodes(2) name (RFC 4702, 2). */
static void
note_fqdn(struct dhcp *dhcp, struct cursor value)
{
	uint8_t flags = cursor_u8(&value);

	cursor_take(&value, 2);
	if (value.short_read || dhcp->client_fqdn.at)
		return;
	dhcp->client_fqdn_wire = flags & FQDN_WIRE;
	dhcp->client_fqdn = value;
}

static void
note_text(struct dhcp *dhcp, uint8_t code, struct cursor value)
{
	switch (code) {
	case OPTION_HOST_NAME:
		keep_text(&dhcp->host_name, value);
		break;
	case OPTION_PARAMETERS:
		keep_text(&dhcp->parameters, value);
		break;
	case OPTION_VENDOR_CLASS:
		keep_text(&dhcp->vendor_class, value);
		break;
	case OPTION_CLIENT_FQDN:
		note_fqdn(dhcp, value);
		break;
	default:
		break;
	}
}

static void
note_option(struct dhcp *dhcp, uint8_t code, struct cursor value)
{
	switch (code) {
	case OPTION_MASK:
		note_mask(dhcp, value);
		break;
	case OPTION_ROUTER:
		keep_addr(&dhcp->router, value);
		break;
	case OPTION_REQUESTED:
		keep_addr(&dhcp->requested, value);
		break;
	case OPTION_SERVER:
		keep_addr(&dhcp->server, value);
		break;
	case OPTION_LEASE:
		if (dhcp->lease == 0)
			dhcp->lease = cursor_be32(&value);
		break;
	case OPTION_TYPE:
		if (dhcp->type == DHCP_BOOTP)
			dhcp->type = cursor_u8(&value);
		break;
	default:
		note_text(dhcp, code, value);
		break;
	}
}

/* Reads options up to "end"; *overload says which other fields hold more. */
static enum parse_result
read_options(struct cursor options, struct dhcp *dhcp, uint8_t *overload)
{
	for (;;) {
		uint8_t code = cursor_u8(&options);
		struct cursor value;

		if (options.short_read)
			return PARSE_SHORT;
		if (code == OPTION_END)
			return PARSE_OK;
		if (code == OPTION_PAD)
			continue;
		value = cursor_sub(&options, cursor_u8(&options));
		if (options.short_read)
			return PARSE_SHORT;
		if (code == OPTION_OVERLOAD)
			*overload = cursor_u8(&value);
		else
			note_option(dhcp, code, value);
	}
}

/* RFC 2131, 4.1: the file field comes first.  A field may end without "end". */
static void
read_overloaded(struct cursor sname, struct cursor file, uint8_t overload, struct dhcp *dhcp)
{
	uint8_t ignored = 0;

	if (overload & OVERLOAD_FILE)
		read_options(file, dhcp, &ignored);
	if (overload & OVERLOAD_SNAME)
		read_options(sname, dhcp, &ignored);
}

static void
read_hardware(struct cursor chaddr, uint8_t type, uint8_t length, struct dhcp *dhcp)
{
	const uint8_t *bytes = cursor_take(&chaddr, sizeof(dhcp->mac.bytes));

	dhcp->has_mac = bytes && type == ETHERNET && length == sizeof(dhcp->mac.bytes);
	if (dhcp->has_mac)
		memcpy(dhcp->mac.bytes, bytes, sizeof(dhcp->mac.bytes));
}

/*
 * op(1) htype(1) hlen(1) hops(1) xid(4) secs(2) flags(2) ciaddr(4) yiaddr(4) siaddr(4)
 * giaddr(4) chaddr(16) sname(64) file(128) cookie(4) options
 */
enum parse_result
dhcp_parse(struct cursor payload, struct dhcp *dhcp)
{
	size_t size = cursor_left(&payload);
	uint8_t op = cursor_u8(&payload);
	uint8_t type = cursor_u8(&payload);
	uint8_t length = cursor_u8(&payload);
	struct cursor sname, file;
	uint8_t overload = 0;
	enum parse_result result;

	*dhcp = (struct dhcp){0};
	if (size > 0 && op != REQUEST && op != REPLY)
		return PARSE_OTHER;
	cursor_take(&payload, 1);
	dhcp->reply = op == REPLY;
	dhcp->xid = cursor_be32(&payload);
	cursor_take(&payload, 2 + 2);
	dhcp->client = read_addr(&payload);
	dhcp->yours = read_addr(&payload);
	cursor_take(&payload, 4 + 4);
	read_hardware(cursor_sub(&payload, 16), type, length, dhcp);
	sname = cursor_sub(&payload, SNAME_SIZE);
	file = cursor_sub(&payload, FILE_SIZE);
	if (cursor_be32(&payload) != MAGIC_COOKIE && !payload.short_read)
		return PARSE_OTHER;
	if (payload.short_read)
		return PARSE_SHORT;
	result = read_options(payload, dhcp, &overload);
	read_overloaded(sname, file, overload, dhcp);
	return result;
}
