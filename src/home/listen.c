/* SPDX-License-Identifier: Apache-2.0 */
#include "home/listen.h"

#include <string.h>

#include "base/text.h"
#include "parse/dhcp.h"
#include "parse/dns.h"
#include "parse/http.h"
#include "parse/media.h"
#include "parse/rtp.h"
#include "parse/rtsp.h"
#include "parse/ssdp.h"
#include "parse/stun.h"
#include "parse/text.h"

#define LOOKS            32  /* payload packets of a flow that are looked at */
#define LOOKS_MEDIA      256 /* of a flow that may carry RTP inside something else */
#define PORT_DNS         LISTEN_ANSWERS
#define PORT_DHCP_SERVER 67
#define PORT_DHCP_CLIENT 68
#define PORT_SSDP        1900
#define PORT_MDNS        5353

/* Copies hostile bytes as text: control bytes become '?', a NUL ends it. */
static void
copy_bytes(char *dst, size_t size, struct cursor text)
{
	size_t n = 0;
	uint8_t byte;

	while (n + 1 < size && cursor_peek(&text, n, &byte) && byte != '\0') {
		dst[n] = (char)(byte < ' ' || byte == 0x7f ? '?' : byte);
		n++;
	}
	dst[n] = '\0';
}

static void
add_hint(struct heard *heard, enum heard_hint kind, const char *text)
{
	struct device_hint *hint;
	struct text out;

	if (!text[0] || heard->hints == sizeof(heard->hint) / sizeof(heard->hint[0]))
		return;
	hint = &heard->hint[heard->hints++];
	hint->kind = (uint8_t)kind;
	out = text_over(hint->text, sizeof(hint->text));
	text_add(&out, text);
}

/* One DNS message on its way: the chain from the question to the addresses. */
struct lookup {
	struct listener *listener;
	const struct device_key *asker; /* NULL: nobody's answer */
	int64_t now;
	struct dns_header header;
	char question[HOST_TEXT];
	char last[HOST_TEXT]; /* the end of the chain so far */
	char aliases[ALIASES_TEXT];
};

_Static_assert(DNS_NAME <= HOST_TEXT, "a name fits");

static void
add_alias(struct lookup *l, const char *alias)
{
	size_t used = strlen(l->aliases);

	if (used + strlen(alias) + 2 > sizeof(l->aliases))
		return;
	if (used)
		l->aliases[used++] = ' ';
	strcpy(l->aliases + used, alias);
}

static bool
see_record(const struct dns_record *r, void *user)
{
	struct lookup *l = user;

	if (r->section == DNS_QUESTION) {
		strcpy(l->question, r->owner);
		strcpy(l->last, r->owner);
		return true;
	}
	if (r->section != DNS_ANSWER || !l->question[0] || strcmp(r->owner, l->last) != 0)
		return true;
	if (r->type == DNS_CNAME) {
		strcpy(l->last, r->target);
		add_alias(l, r->target);
	} else if (r->addr.family != 0 && l->asker && l->header.response) {
		names_learn(l->listener->names, l->asker, &r->addr, l->question, l->aliases, r->ttl,
		    l->now);
	}
	return true;
}

static void
hear_dns(struct listener *listener, const struct packet *packet, struct flow *flow,
    const struct device_key *asker, struct heard *heard)
{
	struct lookup l = {.listener = listener, .now = packet->time};
	enum parse_result result;

	l.asker = packet->source_port == PORT_DNS ? asker : NULL;
	if (packet->protocol == IP_TCP)
		result = dns_tcp_parse(packet->payload, &l.header, see_record, &l);
	else
		result = dns_parse(packet->payload, &l.header, see_record, &l);
	if (result != PARSE_OK && result != PARSE_SHORT)
		return;
	flow->application = APPLICATION_DNS;
	if (packet->target_port == PORT_DNS && !l.header.response)
		memcpy(heard->asked, l.question, sizeof(heard->asked));
}

/* An mDNS message on its way. */
struct announcement {
	struct heard *heard;
	struct dns_header header;
};

/*
 * The services a device announces, and its own name: "front-door.local".  Answers in a query
 * are others', known to who asks (RFC 6762, 7.1); what it is about to announce stands in the
 * authority section (8.2).
 */
static bool
see_announcement(const struct dns_record *r, void *user)
{
	const struct announcement *a = user;
	struct heard *heard = a->heard;
	size_t length = strlen(r->owner);

	if (r->section == DNS_QUESTION || (!a->header.response && r->section != DNS_AUTHORITY))
		return true;
	if (r->type == DNS_PTR || r->type == DNS_SRV)
		add_hint(heard, HEARD_MDNS, r->owner);
	if (r->addr.family != 0 && length > 6 && strcmp(r->owner + length - 6, ".local") == 0 &&
	    !heard->called[0]) {
		struct text called = text_over(heard->called, sizeof(heard->called));

		text_bytes(&called, r->owner, length - 6);
	}
	return true;
}

static void
hear_mdns(const struct packet *packet, struct flow *flow, struct heard *heard)
{
	struct announcement announcement = {.heard = heard};

	if (packet->source_port != PORT_MDNS)
		return;
	flow->application = APPLICATION_MDNS;
	mdns_parse(packet->payload, &announcement.header, see_announcement, &announcement);
}

static void
hear_dhcp(struct listener *listener, const struct packet *packet, struct flow *flow,
    struct heard *heard)
{
	enum parse_result result;
	char text[DEVICE_TEXT];
	struct dhcp dhcp;

	result = dhcp_parse(packet->payload, &dhcp);
	if (result != PARSE_OK && result != PARSE_SHORT)
		return;
	flow->application = APPLICATION_DHCP;
	if (dhcp.reply) {
		if (dhcp.type == DHCP_ACK && dhcp.has_mac)
			inside_learn_dhcp(listener->inside,
			    dhcp.yours.family ? &dhcp.yours : &dhcp.client,
			    dhcp.has_mask ? dhcp.mask_length : 0, &dhcp.mac,
			    dhcp.router.family ? &dhcp.router : NULL);
		return;
	}
	copy_bytes(heard->called, sizeof(heard->called), dhcp.host_name);
	add_hint(heard, HEARD_DHCP_HOSTNAME, heard->called);
	copy_bytes(text, sizeof(text), dhcp.vendor_class);
	add_hint(heard, HEARD_DHCP_VENDOR_CLASS, text);
}

static void
hear_ssdp(const struct packet *packet, struct flow *flow, struct heard *heard)
{
	char text[DEVICE_TEXT];
	enum parse_result result;
	struct ssdp ssdp;

	result = ssdp_parse(packet->payload, &ssdp);
	if (result != PARSE_OK && result != PARSE_SHORT)
		return;
	flow->application = APPLICATION_SSDP;
	if (ssdp.kind == SSDP_SEARCH)
		return;
	copy_bytes(text, sizeof(text), ssdp.server);
	add_hint(heard, HEARD_SSDP, text);
}

/* Whether this packet continues an RTP stream of the flow; remembers it if it may begin one. */
static bool
follows_rtp(struct flow *flow, const struct media *media, struct heard *heard)
{
	const struct rtp *rtp = &media->rtp;
	struct flow_rtp *weakest = &flow->rtp[0];

	if (media->control)
		return false;
	for (struct flow_rtp *r = flow->rtp; r < flow->rtp + FLOW_RTPS; r++) {
		uint16_t ahead = (uint16_t)(rtp->sequence - r->sequence);

		if (r->packets && r->ssrc == rtp->ssrc) {
			bool follows =
			    r->payload_type == rtp->payload_type && ahead >= 1 && ahead <= 64;

			r->sequence = rtp->sequence;
			r->payload_type = rtp->payload_type;
			if (follows && r->packets < UINT8_MAX)
				r->packets++;
			if (r->packets < 2)
				return false;
			flow->ssrc = rtp->ssrc;
			heard->sequence = rtp->sequence;
			return true;
		}
		if (r->packets < weakest->packets)
			weakest = r;
	}
	*weakest = (struct flow_rtp){
	    .ssrc = rtp->ssrc,
	    .sequence = rtp->sequence,
	    .payload_type = rtp->payload_type,
	    .packets = 1,
	};
	return false;
}

static void
hear_stun(struct listener *listener, const struct packet *packet, struct flow *flow,
    struct heard *heard)
{
	struct stun stun;
	enum parse_result result = stun_parse(packet->payload, &stun);

	if ((result != PARSE_OK && result != PARSE_SHORT) || stun.method == 0)
		return; /* a few bytes that may begin anything are no message */
	if (flow->application == APPLICATION_UNKNOWN)
		flow->application = APPLICATION_STUN;
	flow->turn = flow->turn || (!stun.classic && stun.method >= STUN_ALLOCATE &&
	                               stun.method <= STUN_CHANNEL_BIND);
	heard->overhead = stun.data.at == NULL;
	if (stun.peer.addr.family)
		introductions_named(listener->introductions, &stun.peer.addr, packet->time);
}

static void
hear_media(struct listener *listener, const struct packet *packet, struct flow *flow,
    struct heard *heard)
{
	struct media media;

	if (mux_classify(packet->payload) == MUX_STUN)
		hear_stun(listener, packet, flow,
		    heard); /* media_parse() looks into what it carries */
	heard->media = media_parse(packet->payload, packet->payload_bytes, &media) == PARSE_OK &&
	               follows_rtp(flow, &media, heard);
	if (heard->media)
		flow->application = APPLICATION_RTP;
}

/* RTP inside a clear WebSocket: a relay over HTTP. */
static void
hear_websocket(struct cursor stream, struct flow *flow, struct heard *heard)
{
	struct media media;
	enum parse_result result = PARSE_OK;

	while (result == PARSE_OK) {
		media.length = 0;
		result = media_next(&stream, MEDIA_WEBSOCKET, &media);
		if (result == PARSE_OK || (result == PARSE_SHORT && media.length > 0))
			heard->media = follows_rtp(flow, &media, heard) || heard->media;
	}
}

void
listen_hold(struct listener *listener, const char **held, const char *text)
{
	texts_drop(listener->texts, *held);
	*held = text ? texts_keep(listener->texts, text) : NULL;
}

void
listen_forget(struct listener *listener, struct flow *flow)
{
	listen_hold(listener, &flow->name, NULL);
	listen_hold(listener, &flow->alpn, NULL);
	listen_hold(listener, &flow->ja4, NULL);
}

static void
take_host(struct listener *listener, struct flow *flow, const struct cursor *sent,
    struct heard *heard)
{
	char host[HOST_TEXT];

	if (!host_normalise_bytes(host, sent->at, cursor_left(sent)))
		return;
	listen_hold(listener, &flow->name, host);
	flow->name_source = PORCH_NAME_HTTP_HOST;
	heard->name = HEARD_NAME;
}

static void
hear_http(struct listener *listener, const struct packet *packet, struct flow *flow,
    unsigned sender, struct heard *heard)
{
	enum parse_result result;
	struct http http;

	result = http_parse(packet->payload, &http);
	if (result != PARSE_OK && result != PARSE_SHORT)
		return;
	if (!http.request && http.status == 0)
		return;
	flow->application = APPLICATION_HTTP;
	flow->websocket = flow->websocket || http.upgrade_websocket;
	if (http.request && sender == flow->originator && !flow->settled &&
	    cursor_left(&http.host) > 0)
		take_host(listener, flow, &http.host, heard);
}

static void
take_hello(struct listener *listener, struct flow *flow, const struct hello_found *found,
    struct heard *heard)
{
	size_t length = strnlen(found->alpn, FLOW_ALPN - 1);
	char alpn[FLOW_ALPN] = "";

	switch (found->transport) {
	case HELLO_OVER_QUIC:
		flow->application = APPLICATION_QUIC;
		break;
	case HELLO_OVER_DTLS:
		flow->application = APPLICATION_DTLS;
		break;
	default:
		flow->application = APPLICATION_TLS;
	}
	memcpy(alpn, found->alpn, length);
	listen_hold(listener, &flow->alpn, alpn);
	listen_hold(listener, &flow->ja4, found->ja4);
	listen_hold(listener, &flow->name, found->host);
	if (found->host[0]) {
		flow->name_source =
		    found->transport == HELLO_OVER_QUIC ? PORCH_NAME_QUIC_SNI : PORCH_NAME_SNI;
		if (found->ech)
			flow->name_source = PORCH_NAME_ECH_OUTER;
	}
	heard->name = HEARD_NAME;
}

/* Whether this is from who may yet say hello. */
static bool
may_greet(const struct flow *flow, unsigned sender, const struct pending *pending)
{
	return pending && sender == flow->originator && !pending->no_hello;
}

static void
hear_hello(struct listener *listener, const struct packet *packet, struct flow *flow,
    struct pending *pending, struct heard *heard)
{
	uint32_t seq = packet->tcp_seq + (packet->tcp_flags & TCP_SYN ? 1 : 0);
	struct hello_found found;
	enum hello_answer answer;

	if (packet->protocol == IP_TCP) {
		if (!pending->has_first_seq) {
			pending->has_first_seq = true;
			pending->first_seq = seq;
		}
		answer = hello_feed_tcp(listener->hellos, &pending->hello, seq - pending->first_seq,
		    packet->payload, packet->payload_bytes, &found);
	} else {
		answer = hello_feed_udp(listener->hellos, &pending->hello, packet->payload,
		    packet->payload_bytes, &found);
	}
	pending->no_hello = answer == HELLO_NONE;
	heard->overhead = heard->overhead || answer != HELLO_NONE;
	if (answer == HELLO_FOUND)
		take_hello(listener, flow, &found, heard);
}

static void
hear_rtsp(const struct packet *packet, struct flow *flow, struct heard *heard)
{
	enum parse_result result;
	struct rtsp rtsp;

	result = rtsp_parse(packet->payload, &rtsp);
	if (result != PARSE_OK && result != PARSE_SHORT)
		return;
	if (!rtsp.request && rtsp.status == 0)
		return;
	flow->application = APPLICATION_RTSP;
	heard->rtsp_server = !rtsp.request;
}

/* TLS without a hello: it was said before the capture began, or cut when it was captured. */
static void
hear_record(const struct packet *packet, struct flow *flow)
{
	enum tls_first first;

	if (tls_first_record(packet->payload, &first) == PARSE_OK)
		flow->application = APPLICATION_TLS;
}

static void
hear_tcp(struct listener *listener, const struct packet *packet, struct flow *flow, unsigned sender,
    struct pending *pending, struct heard *heard)
{
	if (flow->websocket) {
		hear_websocket(packet->payload, flow, heard);
		return;
	}
	if (may_greet(flow, sender, pending))
		hear_hello(listener, packet, flow, pending, heard);
	if (flow->application == APPLICATION_UNKNOWN)
		hear_record(packet, flow);
	if (!text_may_start(&packet->payload))
		return; /* what follows is text */
	if (flow->application == APPLICATION_UNKNOWN || flow->application == APPLICATION_HTTP)
		hear_http(listener, packet, flow, sender, heard);
	if (flow->application == APPLICATION_UNKNOWN || flow->application == APPLICATION_RTSP)
		hear_rtsp(packet, flow, heard);
}

static void
hear_udp(struct listener *listener, const struct packet *packet, struct flow *flow, unsigned sender,
    struct pending *pending, struct heard *heard)
{
	if (packet->source_port == PORT_MDNS || packet->target_port == PORT_MDNS) {
		hear_mdns(packet, flow, heard);
	} else if (packet->source_port == PORT_DHCP_CLIENT ||
	           packet->source_port == PORT_DHCP_SERVER) {
		hear_dhcp(listener, packet, flow, heard);
	} else if (packet->source_port == PORT_SSDP || packet->target_port == PORT_SSDP) {
		hear_ssdp(packet, flow, heard);
	} else {
		if (may_greet(flow, sender, pending))
			hear_hello(listener, packet, flow, pending, heard);
		if (flow->application != APPLICATION_QUIC)
			hear_media(listener, packet, flow, heard);
	}
}

/* TCP: the byte after the SYN is the hello's first, even in the SYN's own packet (RFC 7413). */
static void
note_syn(const struct packet *packet, const struct flow *flow, unsigned sender,
    struct pending *pending)
{
	if (!pending || packet->protocol != IP_TCP || sender != flow->originator ||
	    !(packet->tcp_flags & TCP_SYN))
		return;
	pending->has_first_seq = true;
	pending->first_seq = packet->tcp_seq + 1;
}

static bool
worth_a_look(const struct flow *flow)
{
	if (flow->looks < LOOKS || flow->application == APPLICATION_RTP ||
	    flow->application == APPLICATION_DNS)
		return true;
	return flow->websocket && flow->looks < LOOKS_MEDIA;
}

/* A handshake or an alert: records of TLS (RFC 8446, 5.1), DTLS, long headers of QUIC. */
static bool
is_handshake(const struct packet *packet, const struct flow *flow)
{
	uint8_t type, version;

	if (!cursor_peek(&packet->payload, 0, &type) || !cursor_peek(&packet->payload, 1, &version))
		return false;
	if (flow->application == APPLICATION_QUIC)
		return (type & 0xc0) == 0xc0 && (type & 0x30) != 0x10; /* 0-RTT carries data */
	if (flow->application != APPLICATION_TLS && flow->application != APPLICATION_DTLS)
		return false;
	return type >= 20 && type <= 22 && version == (packet->protocol == IP_TCP ? 3 : 0xfe);
}

static bool
is_look_up(const struct flow *flow)
{
	return flow->application == APPLICATION_DNS || flow->application == APPLICATION_MDNS ||
	       flow->application == APPLICATION_DHCP || flow->application == APPLICATION_SSDP;
}

void
listen_packet(struct listener *listener, const struct packet *packet, struct flow *flow,
    unsigned sender, const struct device_key *asker, struct pending *pending, struct heard *heard)
{
	heard->name = HEARD_NOTHING;
	heard->media = heard->overhead = heard->rtsp_server = false;
	heard->hints = 0;
	heard->sequence = 0;
	heard->asked[0] = heard->called[0] = '\0';
	if (packet->protocol == IP_TCP)
		heard->overhead = packet->payload_bytes == 0;
	else if (packet->protocol == IP_ICMP || packet->protocol == IP_ICMPV6)
		heard->overhead = true;
	note_syn(packet, flow, sender, pending);
	if (packet->later_fragment || cursor_left(&packet->payload) == 0 || !worth_a_look(flow))
		return;
	if (flow->looks < UINT16_MAX)
		flow->looks++;
	if (packet->source_port == PORT_DNS || packet->target_port == PORT_DNS)
		hear_dns(listener, packet, flow, asker, heard);
	else if (packet->protocol == IP_TCP)
		hear_tcp(listener, packet, flow, sender, pending, heard);
	else if (packet->protocol == IP_UDP)
		hear_udp(listener, packet, flow, sender, pending, heard);
	if (is_look_up(flow) || is_handshake(packet, flow))
		heard->overhead = true;
}
