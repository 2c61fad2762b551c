/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARSE_RTP_H
#define PARSE_RTP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"
#include "parse/result.h"

/* An RTP packet (RFC 3550, 5.1).  One packet alone proves nothing: see rtp_follows(). */
struct rtp {
	bool padding;
	bool extension;
	bool marker;
	uint8_t csrc_count;
	uint8_t payload_type; /* 0 to 127 */
	uint16_t sequence;
	uint32_t timestamp;
	uint32_t ssrc;
	uint16_t extension_profile; /* 0xBEDE and 0x100x: RFC 8285; 0 without extension */
	struct cursor payload;      /* with its padding: SRTP hides how long that is */
};

/*
 * PARSE_OTHER: the version is not 2, or it is RTCP by RFC 5761, 4.  PARSE_SHORT: cut inside
 * the header, its list of sources or its extension.  SRTP reads as RTP: its header is clear.
 */
enum parse_result rtp_parse(struct cursor datagram, struct rtp *rtp);

/*
 * Whether later, of the same flow and direction, continues earlier: same SSRC and payload
 * type, sequence 1 to 64 ahead, modulo 2^16.
 */
bool rtp_follows(const struct rtp *earlier, const struct rtp *later);

/* An RTCP packet, compound or reduced-size (RFC 3550, 6.1; RFC 5506). */
struct rtcp {
	uint8_t type;  /* of the first part: 192 to 223; sender report 200, receiver report 201 */
	uint8_t parts; /* packets in the compound, as far as they could be walked */
	bool has_ssrc;
	uint32_t ssrc; /* of the first part's sender */
	bool whole;    /* the walk ended exactly at the end: clear RTCP */
};

/*
 * PARSE_OK: the first part is whole and well.  PARSE_MALFORMED: a sender or receiver report
 * too short to be one.  SRTCP reads as RTCP, but after its first
 * part is not walked to a meaningful end (whole is false).  PARSE_OTHER: version not 2, or
 * a type outside 192 to 223.
 */
enum parse_result rtcp_parse(struct cursor datagram, struct rtcp *rtcp);

/* What a datagram on a shared port may be, by its first byte (RFC 7983, 7; RFC 9443). */
enum mux_kind {
	MUX_NONE,         /* none of these, or empty */
	MUX_STUN,         /* 0 to 3 */
	MUX_ZRTP,         /* 16 to 19 */
	MUX_DTLS,         /* 20 to 63 */
	MUX_TURN_CHANNEL, /* 64 to 79; QUIC's short header begins so too (RFC 9443) */
	MUX_QUIC,         /* 80 to 127, 192 to 255 */
	MUX_RTP,          /* 128 to 191, and the second byte is no RTCP type */
	MUX_RTCP,         /* 128 to 191, and the second byte is 192 to 223 (RFC 5761, 4) */
};

/* Whether this second byte makes it RTCP where RTP may be, too. */
static inline bool
mux_is_rtcp(uint8_t second)
{
	return second >= 192 && second <= 223;
}

static inline enum mux_kind
mux_classify(struct cursor datagram)
{
	uint8_t first, second;

	if (!cursor_peek(&datagram, 0, &first))
		return MUX_NONE;
	if (first >= 128 && first <= 191)
		return cursor_peek(&datagram, 1, &second) && mux_is_rtcp(second) ? MUX_RTCP
		                                                                 : MUX_RTP;
	if (first >= 80)
		return MUX_QUIC;
	if (first >= 64)
		return MUX_TURN_CHANNEL;
	if (first >= 20)
		return MUX_DTLS;
	if (first >= 16)
		return MUX_ZRTP;
	return first <= 3 ? MUX_STUN : MUX_NONE;
}

#endif
