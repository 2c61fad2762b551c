/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/community_id.h"

#include <string.h>

#include "crypto/hash.h"

/* seed(2) address address protocol(1) 0(1) port(2) port(2): what the specification hashes. */
#define INPUT_MAX (2 + 16 + 16 + 2 + 4)
#define PAD       64 /* where base64's '=' lies behind its digits */

/* RFC 4648, 4; len of SHA-1 is 20, so the last group has two bytes. */
static void
base64_write(char *text, const uint8_t *bytes, size_t len)
{
	static const char digit[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";

	for (size_t i = 0; i < len; i += 3) {
		uint32_t group = (uint32_t)bytes[i] << 16;

		if (i + 1 < len)
			group |= (uint32_t)bytes[i + 1] << 8;
		if (i + 2 < len)
			group |= bytes[i + 2];
		*text++ = digit[group >> 18];
		*text++ = digit[group >> 12 & 63];
		*text++ = digit[i + 1 < len ? group >> 6 & 63 : PAD];
		*text++ = digit[i + 2 < len ? group & 63 : PAD];
	}
	*text = '\0';
}

/* Whether the ends already lie in order: the smaller address, then port, first. */
static bool
in_order(const struct community_tuple *tuple)
{
	int order = memcmp(tuple->source.bytes, tuple->target.bytes, sizeof(tuple->source.bytes));

	if (tuple->one_way || order != 0)
		return tuple->one_way || order < 0;
	return !tuple->has_ports || tuple->source_port <= tuple->target_port;
}

static size_t
put_u16(uint8_t *at, uint16_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
	return 2;
}

static size_t
put_addr(uint8_t *at, const struct addr *addr)
{
	memcpy(at, addr->bytes, addr_size(addr));
	return addr_size(addr);
}

bool
community_id(const struct community_tuple *tuple, char text[static COMMUNITY_ID_TEXT])
{
	bool keep = in_order(tuple);
	uint8_t input[INPUT_MAX];
	uint8_t sum[SHA1_SIZE];
	size_t len;

	text[0] = '\0';
	if (addr_size(&tuple->source) == 0 || tuple->source.family != tuple->target.family)
		return false;
	len = put_u16(input, 0); /* the seed */
	len += put_addr(input + len, keep ? &tuple->source : &tuple->target);
	len += put_addr(input + len, keep ? &tuple->target : &tuple->source);
	len += put_u16(input + len, (uint16_t)(tuple->protocol << 8));
	if (tuple->has_ports) {
		len += put_u16(input + len, keep ? tuple->source_port : tuple->target_port);
		len += put_u16(input + len, keep ? tuple->target_port : tuple->source_port);
	}
	if (!sha1_bytes(input, len, sum))
		return false;
	memcpy(text, "1:", 2);
	base64_write(text + 2, sum, sizeof(sum));
	return true;
}
