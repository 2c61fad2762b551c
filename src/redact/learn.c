/* SPDX-License-Identifier: Apache-2.0 */
#include "redact/learn.h"

#include <string.h>

#include "parse/dhcp.h"
#include "parse/dns.h"
#include "parse/http.h"
#include "parse/ndp.h"
#include "parse/stun.h"

#define PORT_DNS         53
#define PORT_DHCP_SERVER 67

static bool
is_public(const struct addr *addr)
{
	return addr->family != 0 && !addr_is_private(addr) && !addr_is_link_local(addr) &&
	       !addr_is_multicast(addr) && !addr_is_broadcast(addr) && !addr_is_loopback(addr) &&
	       !addr_is_unspecified(addr);
}

static void
claim(struct rewriter *r, const struct addr *addr)
{
	if (is_public(addr))
		pseudonyms_ours(r->pseudonyms, addr);
}

static void
learn_ndp(struct rewriter *r, const struct packet *packet)
{
	struct ndp ndp;
	enum parse_result result = ndp_parse(packet, &ndp);

	if (result != PARSE_OK && result != PARSE_SHORT)
		return;
	claim(r, &ndp.target);
	claim(r, &packet->source);
	for (size_t i = 0; i < ndp.prefix_count; i++)
		if (is_public(&ndp.prefixes[i].prefix.addr))
			pseudonyms_ours_network(r->pseudonyms, &ndp.prefixes[i].prefix.addr);
}

static void
learn_dhcp(struct rewriter *r, const struct packet *packet)
{
	struct dhcp dhcp;
	enum parse_result result = dhcp_parse(packet->payload, &dhcp);

	if (result != PARSE_OK && result != PARSE_SHORT)
		return;
	claim(r, &dhcp.yours);
	claim(r, &dhcp.client);
	claim(r, &dhcp.router);
}

/* Whoever asks from inside is told how it looks from outside: the home's own address. */
static void
learn_stun(struct rewriter *r, const struct packet *packet)
{
	struct stun stun;
	enum parse_result result;

	if (is_public(&packet->target))
		return;
	result = stun_parse(packet->payload, &stun);
	if (result == PARSE_OK || result == PARSE_SHORT)
		claim(r, &stun.mapped.addr);
}

/* One answer on its way: its names lead out when an address behind them does. */
struct answer {
	struct rewriter *r;
	char question[HOST_TEXT];
};

static bool
see_record(const struct dns_record *record, void *user)
{
	struct answer *a = user;

	if (record->section == DNS_QUESTION) {
		memcpy(a->question, record->owner, sizeof(a->question));
		return true;
	}
	if (record->section != DNS_ANSWER)
		return true;
	if (record->type == DNS_CNAME)
		masks_keep(a->r->masks, record->target);
	if (!is_public(&record->addr))
		return true;
	pseudonyms_keep(a->r->pseudonyms, &record->addr);
	masks_keep(a->r->masks, record->owner);
	if (a->question[0])
		masks_keep(a->r->masks, a->question);
	return true;
}

static void
learn_dns(struct rewriter *r, const struct packet *packet)
{
	struct answer answer = {.r = r};
	struct dns_header header;

	if (packet->protocol == IP_TCP)
		dns_tcp_parse(packet->payload, &header, see_record, &answer);
	else
		dns_parse(packet->payload, &header, see_record, &answer);
}

/* After this head the flow carries WebSocket frames. */
static void
learn_http(struct rewriter *r, const struct packet *packet)
{
	struct http http;
	enum parse_result result = http_parse(packet->payload, &http);
	struct flow_key key;
	struct flow_row *row;
	bool created;

	if ((result != PARSE_OK && result != PARSE_SHORT) || !http.upgrade_websocket)
		return;
	key = flow_key_of(&packet->source, packet->source_port, &packet->target,
	    packet->target_port, packet->protocol);
	row = table_see(r->flows, &key, &created);
	row->upgraded = true;
}

static void
learn_packet(struct rewriter *r, const struct packet *packet)
{
	if (packet->network == NETWORK_ARP) {
		claim(r, &packet->source);
		claim(r, &packet->target);
	} else if (packet->protocol == IP_ICMPV6) {
		learn_ndp(r, packet);
	} else if (cursor_left(&packet->payload) == 0) {
		return;
	} else if (packet->source_port == PORT_DNS) {
		learn_dns(r, packet);
	} else if (packet->protocol == IP_UDP && packet->source_port == PORT_DHCP_SERVER) {
		learn_dhcp(r, packet);
	} else if (packet->protocol == IP_UDP) {
		learn_stun(r, packet);
	} else if (packet->protocol == IP_TCP) {
		learn_http(r, packet);
	}
}

void
learn_frame(struct rewriter *r, const struct frame *frame)
{
	const struct packet_options inner = {.open_mirrors = true};
	struct packet packet;

	if (packet_parse(frame, NULL, &packet) == PARSE_OK)
		learn_packet(r, &packet);
	if ((packet.protocol == IP_UDP || packet.protocol == IP_GRE) &&
	    packet_parse(frame, &inner, &packet) == PARSE_OK && packet.mirrored)
		learn_packet(r, &packet);
}

void
learn_flow(struct rewriter *r, const struct porch_flow *flow)
{
	bool media = flow->application && strcmp(flow->application, "rtp") == 0, secret = false;
	struct addr from, to;
	char masked[HOST_TEXT];

	if (!addr_parse(flow->originator, &from) || !addr_parse(flow->responder, &to))
		return;
	if (flow->name && strlen(flow->name) < HOST_TEXT) {
		if (is_public(&to)) {
			pseudonyms_keep(r->pseudonyms, &to);
			masks_keep(r->masks, flow->name);
		}
		secret = masks_host(r->masks, flow->name, masked);
	}
	if (media || secret) {
		struct flow_key key = flow_key_of(&from, flow->originator_port, &to,
		    flow->responder_port, flow->protocol);
		bool created;
		struct flow_row *row = table_see(r->flows, &key, &created);

		row->media |= media;
		row->secret |= secret;
	}
}
