/* SPDX-License-Identifier: Apache-2.0 */
#include "parse/media.h"

#include "parse/rtsp.h"
#include "parse/stun.h"
#include "parse/websocket.h"

#define FRAMES_MAX 1024 /* passed over in one call */
#define LOOK       256  /* enough for a channel, an RTP header, sources and a usual extension */

/* Whether the packet's header says RTP or RTCP; length is the packet's on the wire. */
static bool
note_packet(struct cursor packet, uint64_t length, struct media *media)
{
	struct rtcp rtcp;

	if (mux_classify(packet) == MUX_RTP && rtp_parse(packet, &media->rtp) == PARSE_OK) {
		media->length = length;
		return true;
	}
	media->rtp = (struct rtp){0};
	/* The first part may be longer than what was looked at. */
	if (mux_classify(packet) != MUX_RTCP || rtcp_parse(packet, &rtcp) == PARSE_MALFORMED ||
	    cursor_left(&packet) < 8)
		return false;
	cursor_take(&packet, 4);
	media->control = true;
	media->rtp.ssrc = cursor_be32(&packet);
	media->length = length;
	return true;
}

static bool
note_interleaved(const struct rtsp_frame *frame, struct media *media)
{
	media->interleaved = true;
	media->channel = frame->channel;
	return note_packet(frame->packet, frame->length, media);
}

static enum parse_result
next_interleaved(struct cursor *stream, struct media *media, bool *found)
{
	struct rtsp_frame frame;
	enum parse_result result = rtsp_next_frame(stream, &frame);

	*found = result != PARSE_OTHER && note_interleaved(&frame, media);
	return result;
}

static enum parse_result
next_length(struct cursor *stream, struct media *media, bool *found)
{
	struct cursor c = *stream;
	uint16_t length = cursor_be16(&c);
	struct cursor packet = cursor_sub_clamped(&c, length);

	*found = note_packet(packet, length, media);
	if (c.short_read || cursor_left(&packet) < length)
		return PARSE_SHORT;
	*stream = c;
	return PARSE_OK;
}

/* A packet, or a '$' frame around one that is all there is. */
static bool
note_wrapped(struct cursor bytes, uint64_t length, struct media *media)
{
	struct rtsp_frame frame;

	if (rtsp_next_frame(&bytes, &frame) == PARSE_OTHER)
		return note_packet(bytes, length, media);
	return length == (uint64_t)frame.length + 4 && note_interleaved(&frame, media);
}

static bool
note_websocket(const struct websocket_frame *frame, struct media *media)
{
	uint8_t clear[LOOK];
	size_t size = websocket_unmask(frame, clear, sizeof(clear));

	if (frame->opcode != WEBSOCKET_BINARY ||
	    !note_wrapped(cursor_over(clear, size), frame->length, media))
		return false;
	media->rtp.payload = (struct cursor){0};
	return true;
}

static enum parse_result
next_websocket(struct cursor *stream, struct media *media, bool *found)
{
	struct websocket_frame frame;
	enum parse_result result = websocket_next(stream, &frame);

	*found = result != PARSE_MALFORMED && note_websocket(&frame, media);
	return result;
}

static enum parse_result
next_frame(struct cursor *stream, enum media_framing framing, struct media *media, bool *found)
{
	*media = (struct media){0};
	switch (framing) {
	case MEDIA_INTERLEAVED:
		return next_interleaved(stream, media, found);
	case MEDIA_LENGTH:
		return next_length(stream, media, found);
	case MEDIA_WEBSOCKET:
		return next_websocket(stream, media, found);
	}
	return PARSE_OTHER;
}

enum parse_result
media_next(struct cursor *stream, enum media_framing framing, struct media *media)
{
	bool found = false;

	for (unsigned i = 0; i < FRAMES_MAX; i++) {
		enum parse_result result = next_frame(stream, framing, media, &found);

		if (!found)
			*media = (struct media){0};
		if (result != PARSE_OK || found)
			return result;
	}
	return PARSE_OTHER;
}

static struct cursor
channel_data(struct cursor datagram, size_t *on_wire)
{
	struct cursor data;
	uint16_t channel;

	return stun_channel_data(datagram, *on_wire, &channel, &data, on_wire) ? data : datagram;
}

static struct cursor
indication_data(struct cursor datagram, size_t *on_wire)
{
	struct stun stun;

	if (stun_parse(datagram, &stun) != PARSE_OK || !stun.data.at)
		return datagram;
	*on_wire = cursor_left(&stun.data);
	return stun.data;
}

/*
 * What a TURN server carries for a peer, and its length on the wire; the datagram itself when
 * it is no such message.
 */
static struct cursor
carried(struct cursor datagram, size_t *on_wire)
{
	switch (mux_classify(datagram)) {
	case MUX_TURN_CHANNEL:
		return channel_data(datagram, on_wire);
	case MUX_STUN:
		return indication_data(datagram, on_wire);
	default:
		return datagram;
	}
}

enum parse_result
media_parse(struct cursor datagram, size_t on_wire, struct media *media)
{
	struct cursor packet = carried(datagram, &on_wire);

	*media = (struct media){0};
	if (note_wrapped(packet, on_wire, media))
		return PARSE_OK;
	*media = (struct media){0};
	return PARSE_OTHER;
}
