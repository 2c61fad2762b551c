/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/stun.h"

#define FIRST_BYTE_MAX 3 /* RFC 7983, 7 */
#define MAGIC_COOKIE   0x2112a442
#define COOKIE_HIGH    (MAGIC_COOKIE >> 16)

#define FAMILY_IPV4 1
#define FAMILY_IPV6 2

#define CHANNEL_MIN    0x4000
#define CHANNEL_MAX    0x7fff
#define PADDING_MAX    3
#define CHANNEL_HEADER 4

/* IANA, "STUN Attributes". */
enum attribute {
	MAPPED_ADDRESS = 0x0001,
	USERNAME = 0x0006,
	ERROR_CODE = 0x0009,
	REFLECTED_FROM = 0x000b, /* the last that RFC 3489 has */
	XOR_PEER_ADDRESS = 0x0012,
	DATA = 0x0013,
	XOR_RELAYED_ADDRESS = 0x0016,
	XOR_MAPPED_ADDRESS = 0x0020,
	USE_CANDIDATE = 0x0025,
	SOFTWARE = 0x8022,
	ICE_CONTROLLED = 0x8029,
	ICE_CONTROLLING = 0x802a,
};

/* reserved(1) family(1) port(2) address(4 or 16) (RFC 8489, 14.1). */
static struct stun_address
read_address(struct cursor value)
{
	struct stun_address address = {0};
	uint8_t family;
	const uint8_t *bytes;

	cursor_take(&value, 1);
	family = cursor_u8(&value);
	address.port = cursor_be16(&value);
	if (family != FAMILY_IPV4 && family != FAMILY_IPV6)
		return (struct stun_address){0};
	bytes = cursor_take(&value, family == FAMILY_IPV4 ? 4 : 16);
	if (!bytes)
		return (struct stun_address){0};
	address.addr = addr_from_bytes(family == FAMILY_IPV4 ? 4 : 6, bytes);
	return address;
}

/* The same under the cookie and transaction id (RFC 8489, 14.2). */
static struct stun_address
read_xor_address(struct cursor value, const struct stun *stun)
{
	struct stun_address address = read_address(value);
	size_t size = addr_size(&address.addr);

	if (size == 0)
		return address;
	address.port ^= COOKIE_HIGH;
	for (size_t i = 0; i < size; i++)
		address.addr.bytes[i] ^= stun->transaction[i];
	return address;
}

static void
keep_address(struct stun_address *kept, struct stun_address address)
{
	if (kept->addr.family == 0)
		*kept = address;
}

/* reserved(2) class(1) number(1) reason (RFC 8489, 14.8). */
static uint16_t
read_error(struct cursor value)
{
	uint8_t hundreds, rest;

	cursor_take(&value, 2);
	hundreds = cursor_u8(&value) & 7;
	rest = cursor_u8(&value);
	if (value.short_read || hundreds < 3 || hundreds > 6 || rest > 99)
		return 0;
	return (uint16_t)(hundreds * 100 + rest);
}

static void
note_address(struct stun *stun, uint16_t type, struct cursor value)
{
	switch (type) {
	case XOR_MAPPED_ADDRESS:
		stun->mapped = read_xor_address(value, stun);
		break;
	case MAPPED_ADDRESS:
		keep_address(&stun->mapped, read_address(value));
		break;
	case XOR_PEER_ADDRESS:
		keep_address(&stun->peer, read_xor_address(value, stun));
		break;
	case XOR_RELAYED_ADDRESS:
		keep_address(&stun->relayed, read_xor_address(value, stun));
		break;
	default:
		break;
	}
}

static void
note_attribute(struct stun *stun, uint16_t type, struct cursor value)
{
	switch (type) {
	case USERNAME:
		stun->username = true;
		break;
	case ERROR_CODE:
		stun->error = read_error(value);
		break;
	case DATA:
		stun->data = value;
		break;
	case SOFTWARE:
		stun->software = value;
		break;
	case USE_CANDIDATE:
		stun->use_candidate = true;
		break;
	case ICE_CONTROLLED:
		stun->ice_controlled = true;
		break;
	case ICE_CONTROLLING:
		stun->ice_controlling = true;
		break;
	default:
		note_address(stun, type, value);
		break;
	}
}

static bool
classic_knows(uint16_t type)
{
	return (type >= MAPPED_ADDRESS && type <= REFLECTED_FROM) || type == SOFTWARE;
}

/* Each attribute: type(2) length(2) value, padded to four bytes; apps forget it on the last. */
static enum parse_result
read_attributes(struct cursor attributes, struct stun *stun)
{
	while (cursor_left(&attributes) > 0) {
		uint16_t type = cursor_be16(&attributes);
		uint16_t length = cursor_be16(&attributes);
		struct cursor value = cursor_sub(&attributes, length);

		if (attributes.short_read)
			return PARSE_SHORT;
		cursor_sub_clamped(&attributes, (4u - length % 4u) % 4u);
		if (stun->classic && !classic_knows(type))
			return PARSE_OTHER;
		note_attribute(stun, type, value);
	}
	return PARSE_OK;
}

/* The class's two bits lie between the method's twelve (RFC 8489, 5, figure 3). */
static void
split_type(uint16_t type, struct stun *stun)
{
	stun->class = (enum stun_class)((type >> 7 & 2) | (type >> 4 & 1));
	stun->method = (uint16_t)((type & 0x000f) | (type >> 1 & 0x0070) | (type >> 2 & 0x0f80));
}

/* Without the cookie, everything else has to be right (RFC 3489, 11). */
static enum parse_result
classic_attributes(struct cursor rest, uint16_t length, struct stun *stun)
{
	if (stun->method != STUN_BINDING || stun->class == STUN_INDICATION || length % 4 != 0 ||
	    cursor_left(&rest) > length)
		return PARSE_OTHER;
	if (cursor_left(&rest) < length)
		return PARSE_SHORT;
	return read_attributes(rest, stun) == PARSE_OK ? PARSE_OK : PARSE_OTHER;
}

/* Of a message whose length is believed, a cut attribute is an error unless all is cut. */
static enum parse_result
cookie_attributes(struct cursor rest, uint16_t length, struct stun *stun)
{
	struct cursor attributes = cursor_sub_clamped(&rest, length);
	bool cut = cursor_left(&attributes) < length;
	enum parse_result result;

	stun->after = rest;
	result = read_attributes(attributes, stun);
	if (cut)
		return PARSE_SHORT;
	return result == PARSE_SHORT ? PARSE_MALFORMED : result;
}

/* type(2) length(2) cookie(4) transaction(12) attributes */
enum parse_result
stun_parse(struct cursor datagram, struct stun *stun)
{
	uint8_t first = 0;
	uint16_t type, length;
	struct cursor peeked;
	const uint8_t *transaction;

	*stun = (struct stun){0};
	if (cursor_peek(&datagram, 0, &first) && first > FIRST_BYTE_MAX)
		return PARSE_OTHER;
	type = cursor_be16(&datagram);
	length = cursor_be16(&datagram);
	peeked = datagram;
	stun->classic = cursor_be32(&peeked) != MAGIC_COOKIE;
	transaction = cursor_take(&datagram, sizeof(stun->transaction));
	if (!transaction)
		return PARSE_SHORT;
	memcpy(stun->transaction, transaction, sizeof(stun->transaction));
	split_type(type, stun);
	return stun->classic ? classic_attributes(datagram, length, stun)
	                     : cookie_attributes(datagram, length, stun);
}

bool
stun_channel_data(struct cursor datagram, size_t on_wire, uint16_t *channel, struct cursor *data,
    size_t *length)
{
	uint16_t number = cursor_be16(&datagram);
	size_t told = cursor_be16(&datagram);

	if (datagram.short_read || number < CHANNEL_MIN || number > CHANNEL_MAX ||
	    on_wire < CHANNEL_HEADER + told || on_wire - CHANNEL_HEADER - told > PADDING_MAX)
		return false;
	*channel = number;
	*data = cursor_sub_clamped(&datagram, told);
	*length = told;
	return true;
}
