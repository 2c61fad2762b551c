/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/rtp.h"

#define VERSION         2
#define SEQUENCE_WINDOW 64 /* packets that may be missing between two of one stream */
#define PARTS_MAX       64 /* of a compound; RFC 3550's have two to five */

#define SENDER_REPORT   200
#define RECEIVER_REPORT 201

enum parse_result
rtp_parse(struct cursor datagram, struct rtp *rtp)
{
	size_t size = cursor_left(&datagram);
	uint8_t first = cursor_u8(&datagram);
	uint8_t second = cursor_u8(&datagram);

	*rtp = (struct rtp){0};
	if ((size > 0 && first >> 6 != VERSION) || mux_is_rtcp(second))
		return PARSE_OTHER;
	rtp->padding = first & 0x20;
	rtp->extension = first & 0x10;
	rtp->csrc_count = first & 0x0f;
	rtp->marker = second & 0x80;
	rtp->payload_type = second & 0x7f;
	rtp->sequence = cursor_be16(&datagram);
	rtp->timestamp = cursor_be32(&datagram);
	rtp->ssrc = cursor_be32(&datagram);
	cursor_take(&datagram, (size_t)rtp->csrc_count * 4);
	if (rtp->extension) {
		rtp->extension_profile = cursor_be16(&datagram);
		cursor_take(&datagram, (size_t)cursor_be16(&datagram) * 4);
	}
	if (datagram.short_read)
		return PARSE_SHORT;
	rtp->payload = datagram;
	return PARSE_OK;
}

bool
rtp_follows(const struct rtp *earlier, const struct rtp *later)
{
	uint16_t ahead = (uint16_t)(later->sequence - earlier->sequence);

	return earlier->ssrc == later->ssrc && earlier->payload_type == later->payload_type &&
	       ahead >= 1 && ahead <= SEQUENCE_WINDOW;
}

/* Takes one packet of a compound: version, padding and count(1) type(1) length(2). */
static enum parse_result
next_part(struct cursor *compound, uint8_t *type, struct cursor *body)
{
	struct cursor c = *compound;
	uint8_t first = cursor_u8(&c);
	size_t words;

	*type = cursor_u8(&c);
	words = cursor_be16(&c);
	*body = cursor_sub(&c, words * 4);
	if (cursor_left(compound) > 0 && first >> 6 != VERSION)
		return PARSE_OTHER;
	if (cursor_left(compound) > 1 && !mux_is_rtcp(*type))
		return PARSE_OTHER;
	if (c.short_read)
		return PARSE_SHORT;
	if ((*type == SENDER_REPORT && words < 6) || (*type == RECEIVER_REPORT && words < 1))
		return PARSE_MALFORMED;
	*compound = c;
	return PARSE_OK;
}

enum parse_result
rtcp_parse(struct cursor datagram, struct rtcp *rtcp)
{
	struct cursor body;
	uint8_t type;
	enum parse_result result;

	*rtcp = (struct rtcp){0};
	result = next_part(&datagram, &rtcp->type, &body);
	if (result != PARSE_OK)
		return result;
	rtcp->has_ssrc = cursor_left(&body) >= 4;
	if (rtcp->has_ssrc)
		rtcp->ssrc = cursor_be32(&body);
	rtcp->parts = 1;
	while (cursor_left(&datagram) > 0 && rtcp->parts < PARTS_MAX &&
	       next_part(&datagram, &type, &body) == PARSE_OK)
		rtcp->parts++;
	rtcp->whole = cursor_left(&datagram) == 0;
	return PARSE_OK;
}
