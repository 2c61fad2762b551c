/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REDACT_REWRITE_H
#define REDACT_REWRITE_H

#include <porchlight/record.h>

#include "base/frame.h"
#include "base/table.h"
#include "parse/packet.h"
#include "redact/mask.h"
#include "redact/pseudonym.h"
#include "redact/span.h"

/* What the files of the room share; nobody else includes this. */

/* One direction of a TCP flow, as far as TLS records are followed (tls.c). */
struct stream_key {
	struct addr from, to;
	uint8_t ports[4];
};

/* What was learned of a flow; the key has the ends in order. */
struct flow_key {
	struct addr low, high;
	uint8_t ports[4];
	uint8_t protocol;
};

struct flow_row {
	struct flow_key key;
	bool media;    /* RTP was recognised in it */
	bool upgraded; /* to WebSocket frames */
	bool secret;   /* its hello holds a name that is masked */
};

struct rewriter {
	const struct porch_rules *rules;
	struct pseudonyms *pseudonyms;
	struct masks *masks;
	struct table *flows;   /* of struct flow_row */
	struct table *streams; /* of struct tls_stream, in tls.c */
	uint64_t seed;         /* of numbers that stand for what is gone */
	unsigned depth;        /* frames within frames */
};

/* A packet under way: the frame's span, and where in it the payload lies. */
struct passage {
	struct rewriter *r;
	struct span *span;
	uint16_t link_type;
	uint32_t on_wire;
	const struct packet *packet;
	struct cursor payload;
	size_t at; /* of the payload in the span */
};

struct flow_key flow_key_of(const struct addr *a, uint16_t a_port, const struct addr *b,
    uint16_t b_port, uint8_t protocol);

/* frame.c: a whole frame of this link type. */
void rewrite_frame(struct rewriter *r, struct span *span, uint16_t link_type, uint32_t on_wire);

/* local.c: what names addresses and MACs by its very nature. */
void rewrite_arp(struct passage *p);
void rewrite_icmp(struct passage *p);
void rewrite_dhcp(struct passage *p);

/* dns.c */
void rewrite_dns(struct passage *p);

/* head.c: HTTP, RTSP and SSDP.  False when the payload begins with no such head. */
bool rewrite_head(struct passage *p);

/* tls.c: record headers and hellos of a TCP stream; false when it is no TLS. */
struct table *tls_streams_new(size_t max);
bool rewrite_tls(struct passage *p, bool secret);

/* datagram.c: STUN, TURN, DTLS, QUIC; RTP where the flow is known to carry it. */
void rewrite_datagram(struct passage *p, const struct flow_row *flow);
/* An RTP or RTCP header at this place of the span, of len bytes. */
void rewrite_rtp(struct span *span, size_t at, size_t len);
/* RTP behind '$' or, where the flow was upgraded, in WebSocket frames. */
void rewrite_media_stream(struct passage *p, const struct flow_row *flow);

/* Puts an address's image at an offset of the span; as many bytes as its family has. */
void put_addr(struct passage *p, size_t offset, const struct addr *addr);
void put_mac(struct passage *p, size_t offset, const uint8_t *bytes);

#endif
