/* SPDX-License-Identifier: Apache-2.0 */

/* What UDP carries in the clear around media: STUN and TURN, hellos, RTP and RTCP headers. */

#include "redact/rewrite.h"

#include "parse/hello.h"
#include "parse/media.h"
#include "parse/quic.h"
#include "parse/rtp.h"
#include "parse/rtsp.h"
#include "parse/stun.h"
#include "parse/websocket.h"

#define STUN_HEADER  20
#define STUN_COOKIE  4 /* where it lies, and the transaction behind it */
#define RTP_HEADER   12
#define RTCP_HEADER  8
#define CHANNEL_HEAD 4

#define DTLS_HEADER       13
#define DTLS_MESSAGE      12
#define DTLS_HANDSHAKE    22
#define DTLS_HELLO_VERIFY 3
#define COOKIE_BYTES      0x2112

/* IANA, "STUN Attributes": which hold an address, and whether it lies under the cookie. */
enum stun_attribute {
	MAPPED_ADDRESS = 0x0001,
	RESPONSE_ADDRESS = 0x0002,
	SOURCE_ADDRESS = 0x0004,
	CHANGED_ADDRESS = 0x0005,
	ERROR_CODE = 0x0009,
	REFLECTED_FROM = 0x000b,
	CHANNEL_NUMBER = 0x000c,
	LIFETIME = 0x000d,
	XOR_PEER_ADDRESS = 0x0012,
	DATA = 0x0013,
	XOR_RELAYED_ADDRESS = 0x0016,
	REQUESTED_FAMILY = 0x0017,
	REQUESTED_TRANSPORT = 0x0019,
	XOR_MAPPED_ADDRESS = 0x0020,
	PRIORITY = 0x0024,
	ALTERNATE_SERVER = 0x8023,
	RESPONSE_ORIGIN = 0x802b,
	OTHER_ADDRESS = 0x802c,
};

static void rewrite_carried(struct passage *p, size_t at, size_t len, const struct flow_row *flow);

/* family(1) of 1 or 2, port(2), address; under is what it is combined with, or NULL. */
static void
rewrite_stun_address(struct passage *p, size_t at, size_t len, const uint8_t *under)
{
	uint8_t family, size;
	struct addr addr;
	uint8_t bytes[16];

	if (len < 8)
		return;
	family = p->span->in[at + 1] == 2 ? 6 : 4;
	size = family == 6 ? 16 : 4;
	span_keep(p->span, at, 4);
	if (len < 4U + size)
		return;
	for (uint8_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)(p->span->in[at + 4 + i] ^ (under ? under[i] : 0));
	addr = addr_from_bytes(family, bytes);
	addr = pseudonym_addr(p->r->pseudonyms, &addr);
	for (uint8_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)(addr.bytes[i] ^ (under ? under[i] : 0));
	span_put(p->span, at + 4, bytes, size);
}

static void
rewrite_stun_value(struct passage *p, uint16_t type, size_t at, size_t len,
    const uint8_t *transaction, const struct flow_row *flow)
{
	switch (type) {
	case XOR_MAPPED_ADDRESS:
	case XOR_PEER_ADDRESS:
	case XOR_RELAYED_ADDRESS:
		rewrite_stun_address(p, at, len, transaction);
		break;
	case MAPPED_ADDRESS:
	case RESPONSE_ADDRESS:
	case SOURCE_ADDRESS:
	case CHANGED_ADDRESS:
	case REFLECTED_FROM:
	case ALTERNATE_SERVER:
	case RESPONSE_ORIGIN:
	case OTHER_ADDRESS:
		rewrite_stun_address(p, at, len, NULL);
		break;
	case ERROR_CODE:
	case CHANNEL_NUMBER:
	case LIFETIME:
	case REQUESTED_FAMILY:
	case REQUESTED_TRANSPORT:
	case PRIORITY:
		span_keep(p->span, at, len < 4 ? len : 4);
		break;
	case DATA:
		rewrite_carried(p, at, len, flow);
		break;
	default: /* user names, software, nonces, proofs */
		break;
	}
}

/* The values keep their lengths, so that the message reads as it did. */
static bool
rewrite_stun(struct passage *p, size_t from, size_t len, const struct flow_row *flow)
{
	const uint8_t *in = p->span->in;
	size_t at = from + STUN_HEADER, end = from + len;
	enum parse_result result;
	struct stun stun;

	result = stun_parse(cursor_over(in + from, len), &stun);
	if (len < STUN_HEADER || (result != PARSE_OK && result != PARSE_SHORT))
		return false;
	span_keep(p->span, from, STUN_HEADER);
	while (at + 4 <= end) {
		uint16_t type = (uint16_t)(in[at] << 8 | in[at + 1]);
		size_t size = (size_t)(in[at + 2] << 8 | in[at + 3]);

		span_keep(p->span, at, 4);
		at += 4;
		if (size > end - at)
			break;
		rewrite_stun_value(p, type, at, size, in + from + STUN_COOKIE, flow);
		at += (size + 3) & ~(size_t)3;
	}
	return true;
}

void
rewrite_rtp(struct span *span, size_t at, size_t len)
{
	struct cursor c = cursor_over(span->in + at, len);
	struct rtp rtp;

	switch (mux_classify(c)) {
	case MUX_RTP:
		if (rtp_parse(c, &rtp) != PARSE_OK)
			break;
		span_keep(span, at, RTP_HEADER + 4U * rtp.csrc_count);
		if (rtp.extension) /* its profile and length */
			span_keep(span, at + RTP_HEADER + 4U * rtp.csrc_count, 4);
		break;
	case MUX_RTCP:
		span_keep(span, at, len < RTCP_HEADER ? len : RTCP_HEADER);
		break;
	default:
		break;
	}
}

/* Media, in a '$' frame or bare. */
static void
rewrite_media(struct span *span, size_t at, size_t len)
{
	struct cursor c = cursor_over(span->in + at, len);
	struct rtsp_frame frame;

	if (rtsp_next_frame(&c, &frame) == PARSE_OTHER) {
		rewrite_rtp(span, at, len);
		return;
	}
	span_keep(span, at, 4);
	rewrite_rtp(span, at + 4, cursor_left(&frame.packet));
}

/* type(1) length(3) message_seq(2) offset(3) length(3): a hello's fragment stays whole. */
static void
rewrite_dtls_body(struct passage *p, size_t at, size_t len)
{
	uint8_t type = p->span->in[at];
	char host[HOST_TEXT], masked[HOST_TEXT];
	struct hello hello;

	if (len < DTLS_MESSAGE || type == 0 || type > DTLS_HELLO_VERIFY)
		return;
	span_keep(p->span, at, len);
	if (type != 1 || dtls_hello_parse(p->payload, &hello) != PARSE_OK || !hello.host_valid ||
	    !host_normalise_bytes(host, hello.host.at, cursor_left(&hello.host)))
		return;
	if (masks_host(p->r->masks, host, masked))
		span_put(p->span, span_offset(p->span, hello.host.at), masked, strlen(masked));
}

/* type(1) version(2) epoch(2) sequence(6) length(2): RFC 6347, 4.1. */
static bool
rewrite_dtls(struct passage *p, bool secret)
{
	size_t at = p->at, end = at + cursor_left(&p->payload);
	const uint8_t *in = p->span->in;
	bool any = false;

	while (at + DTLS_HEADER <= end && in[at] >= 20 && in[at] <= 26 && in[at + 1] == 0xfe) {
		size_t len = (size_t)(in[at + 11] << 8 | in[at + 12]);
		bool clear = in[at] == DTLS_HANDSHAKE && in[at + 3] == 0 && in[at + 4] == 0;

		span_keep(p->span, at, DTLS_HEADER);
		any = true;
		at += DTLS_HEADER;
		if (len > end - at)
			break;
		if (clear && len > 0 && !secret)
			rewrite_dtls_body(p, at, len);
		at += len;
	}
	return any;
}

/* Initials can be read by anybody on the way (RFC 9001, 5.2), so they are hellos. */
static bool
rewrite_quic(struct passage *p, bool secret)
{
	struct cursor rest = p->payload;
	struct quic_initial_view view;

	if (!quic_long_header(rest))
		return false;
	span_keep(p->span, p->at, 5);
	while (!secret && quic_initial_find(&rest, &view) == PARSE_OK)
		span_keep(p->span, span_offset(p->span, view.packet.at), cursor_left(&view.packet));
	return true;
}

static void
rewrite_carried(struct passage *p, size_t at, size_t len, const struct flow_row *flow)
{
	if (flow && flow->media)
		rewrite_media(p->span, at, len);
}

void
rewrite_datagram(struct passage *p, const struct flow_row *flow)
{
	bool secret = flow && flow->secret;
	size_t len = cursor_left(&p->payload);
	struct cursor data;
	uint16_t channel;
	size_t length;

	if (len == 0 || rewrite_stun(p, p->at, len, flow) || rewrite_dtls(p, secret))
		return;
	if (flow && flow->media && stun_channel_data(p->payload, len, &channel, &data, &length)) {
		span_keep(p->span, p->at, CHANNEL_HEAD);
		rewrite_carried(p, span_offset(p->span, data.at), cursor_left(&data), flow);
	} else if (flow && flow->media) {
		rewrite_media(p->span, p->at, len);
	} else {
		rewrite_quic(p, secret);
	}
}

/* fin, opcode, length and mask; behind them an RTP header, still masked, with its channel. */
static void
rewrite_websocket(struct passage *p)
{
	struct cursor rest = p->payload;
	struct websocket_frame frame;
	enum parse_result result = PARSE_OK;

	while (result == PARSE_OK && cursor_left(&rest) > 0) {
		size_t from = span_offset(p->span, rest.at), head, more = 0;
		uint8_t clear[CHANNEL_HEAD + RTP_HEADER];
		size_t size;

		result = websocket_next(&rest, &frame);
		if (result == PARSE_MALFORMED || !frame.payload.at)
			return;
		size = websocket_unmask(&frame, clear, sizeof(clear));
		if (size > CHANNEL_HEAD && clear[0] == '$')
			more = CHANNEL_HEAD;
		head = span_offset(p->span, frame.payload.at) - from;
		if (mux_classify(cursor_over(clear + more, size - more)) == MUX_RTP)
			more += RTP_HEADER;
		span_keep(p->span, from, head + more);
	}
}

/* '$', channel, length, packet (RFC 2326, 10.12). */
static void
rewrite_interleaved(struct passage *p)
{
	struct cursor rest = p->payload;
	struct rtsp_frame frame;
	enum parse_result result = PARSE_OK;

	while (result == PARSE_OK && cursor_left(&rest) > CHANNEL_HEAD) {
		result = rtsp_next_frame(&rest, &frame);
		if (result == PARSE_OTHER)
			return;
		span_keep(p->span, span_offset(p->span, frame.packet.at) - CHANNEL_HEAD,
		    CHANNEL_HEAD);
		rewrite_rtp(p->span, span_offset(p->span, frame.packet.at),
		    cursor_left(&frame.packet));
	}
}

void
rewrite_media_stream(struct passage *p, const struct flow_row *flow)
{
	if (flow->upgraded)
		rewrite_websocket(p);
	else if (flow->media)
		rewrite_interleaved(p);
}
