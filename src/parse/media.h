/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARSE_MEDIA_H
#define PARSE_MEDIA_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"
#include "parse/result.h"
#include "parse/rtp.h"

/* How packets of media lie in a byte stream. */
enum media_framing {
	MEDIA_INTERLEAVED, /* '$', channel, length (RFC 2326, 10.12), messages between them */
	MEDIA_LENGTH,      /* two bytes of length before each (RFC 4571) */
	MEDIA_WEBSOCKET,   /* binary frames, masked or not, each a packet, interleaved or not */
};

/* An RTP or RTCP packet found in a stream or datagram. */
struct media {
	bool control;     /* RTCP: rtp holds only the sender's ssrc */
	bool interleaved; /* it had a channel */
	uint8_t channel;
	uint64_t length; /* bytes of the packet, its own header counted */
	struct rtp rtp;  /* payload is empty where the bytes were masked */
};

/*
 * Takes frames from a stream (after any HTTP heads) up to and with the next one that
 * holds an RTP or RTCP packet, passing over others.  One packet is no proof: tell two by
 * rtp_follows().  PARSE_SHORT: the stream ends first; if the packet's header was there,
 * *media holds it and its length is not 0, and what was passed over was taken.
 * PARSE_OTHER: the stream goes on with what is no frame.  PARSE_MALFORMED: a frame that
 * contradicts its standard.
 */
enum parse_result media_next(struct cursor *stream, enum media_framing framing,
    struct media *media);

/*
 * Looks for one in a datagram that had on_wire bytes, whether or not all were captured: bare, in a
 * '$' frame that the datagram is exactly (some cameras keep RTSP's framing on UDP), or in TURN's
 * ChannelData, Send or Data indication (RFC 8656).  PARSE_OTHER: none of these, or cut.
 */
enum parse_result media_parse(struct cursor datagram, size_t on_wire, struct media *media);

#endif
