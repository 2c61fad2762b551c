/* SPDX-License-Identifier: Apache-2.0 */
#include "home/flow.h"

#include <stdlib.h>
#include <string.h>

#define FRONT 4096 /* flows found lately, a direction each; a home has fewer at a time */

struct flow_table {
	struct table *table;
	struct flow *over; /* what flow_table_of() last found to be over, if it did */
	int64_t idle;
	int64_t since; /* none was last seen before, when there is one and it is known */
	bool since_known;
	uint64_t created;
	const char *why; /* of the entries that leave now */
	flow_end_fn *end;
	void *user;
	/* By what a packet says: twice the place of its flow, and the end that sends.  A guess. */
	uint32_t front[FRONT];
};

static void
leave(void *entry, void *user)
{
	struct flow_table *flows = user;

	if (flows->end)
		flows->end(entry, flows->why, flows->user);
}

struct flow_table *
flow_table_new(size_t max, int64_t idle, uint64_t seed)
{
	struct flow_table *flows = calloc(1, sizeof(*flows));

	if (!flows)
		return NULL;
	flows->idle = idle;
	flows->why = "evicted";
	flows->table = table_new(max, sizeof(struct flow), sizeof(struct flow_key), seed);
	if (!flows->table) {
		free(flows);
		return NULL;
	}
	table_on_leave(flows->table, leave, flows);
	return flows;
}

void
flow_table_free(struct flow_table *flows)
{
	if (!flows)
		return;
	table_free(flows->table);
	free(flows);
}

void
flow_table_set_idle(struct flow_table *flows, int64_t idle)
{
	flows->idle = idle;
	flows->since_known = false;
}

void
flow_table_on_end(struct flow_table *flows, flow_end_fn *end, void *user)
{
	flows->end = end;
	flows->user = user;
}

/* The key, and which of its ends sent the packet. */
static unsigned
key_of(const struct packet *packet, struct flow_key *key)
{
	int order = addr_compare(&packet->source, &packet->target);
	unsigned sender =
	    order > 0 || (order == 0 && packet->source_port > packet->target_port) ? 1 : 0;

	memset(key, 0, sizeof(*key));
	key->end[sender] = packet->source;
	key->end[!sender] = packet->target;
	key->protocol = packet->protocol;
	if (!packet->has_ports)
		return sender;
	key->port[sender] = packet->source_port;
	key->port[!sender] = packet->target_port;
	return sender;
}

/* Anybody can foresee it; whoever makes packets share a place has only made it useless. */
static inline size_t
front_of(const struct packet *packet)
{
	uint64_t sum = (uint64_t)packet->source_port << 32 | (uint64_t)packet->target_port << 8 |
	               packet->protocol;

	sum = addr_fold(&packet->target, addr_fold(&packet->source, sum));
	return (size_t)(sum * UINT64_C(0x9e3779b97f4a7c15) >> 40) % FRONT;
}

static bool
is_closed(const struct flow *flow)
{
	return flow->closed == 3;
}

static bool
begins_anew(const struct flow_table *flows, const struct flow *flow, const struct packet *packet)
{
	if (packet->time - flow->last > flows->idle)
		return true;
	return is_closed(flow) && packet->protocol == IP_TCP &&
	       (packet->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
}

static void
begin(struct flow *flow, const struct packet *packet, unsigned sender)
{
	bool answer = packet->protocol == IP_TCP &&
	              (packet->tcp_flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK);

	flow->start = flow->last = packet->time;
	flow->originator = (uint8_t)(answer ? !sender : sender);
	flow->one_way =
	    (packet->protocol == IP_ICMP || packet->protocol == IP_ICMPV6) && !packet->icmp_two_way;
}

static void
learn_mac(struct flow *flow, unsigned end, const struct mac *mac)
{
	if (mac_equal(&flow->mac[end], mac))
		return;
	flow->mac[end] = *mac;
	flow->as_of = 0;
}

/*
 * The MAC an end first sends with is its own; a router's copy of the packet has another.
 * Behind 0.0.0.0 is whoever sends.  Until an end sends, it has the MAC it is sent to.
 */
static void
learn_macs(struct flow *flow, const struct packet *packet, unsigned sender)
{
	if (!(flow->mac_sent & 1U << sender) || addr_is_unspecified(&packet->source))
		learn_mac(flow, sender, &packet->source_mac);
	flow->mac_sent |= (uint8_t)(1U << sender);
	if (flow->mac_sent != 3 && !mac_is_zero(&packet->target_mac))
		learn_mac(flow, !sender, &packet->target_mac);
}

static void
count(struct flow *flow, const struct packet *packet, unsigned sender)
{
	flow->from[sender].bytes += packet->ip_bytes;
	flow->from[sender].packets++;
	if (packet->time > flow->last)
		flow->last = packet->time;
	if (packet->time < flow->start)
		flow->start = packet->time;
	if (packet->has_macs)
		learn_macs(flow, packet, sender);
	if (packet->protocol != IP_TCP)
		return;
	if (packet->tcp_flags & (TCP_FIN | TCP_RST))
		flow->closed |= (uint8_t)(1U << sender);
	if (packet->tcp_flags & TCP_RST)
		flow->closed = 3;
}

static void
end(struct flow_table *flows, struct flow *flow, const char *why)
{
	flows->why = why;
	table_drop(flows->table, flow);
	flows->why = "evicted";
}

static bool
is_from(const struct flow_key *key, const struct packet *packet, unsigned sender)
{
	uint16_t source_port = packet->has_ports ? packet->source_port : 0;
	uint16_t target_port = packet->has_ports ? packet->target_port : 0;

	return key->protocol == packet->protocol && key->port[sender] == source_port &&
	       key->port[!sender] == target_port &&
	       addr_equal(&key->end[sender], &packet->source) &&
	       addr_equal(&key->end[!sender], &packet->target);
}

static struct flow *
look_up(const struct flow_table *flows, const struct packet *packet, uint32_t *front,
    unsigned *sender)
{
	struct flow_key key;
	struct flow *flow;

	*sender = key_of(packet, &key);
	flow = table_find(flows->table, &key);
	if (flow)
		*front = table_place(flow) * 2 + *sender;
	return flow;
}

struct flow *
flow_table_of(struct flow_table *flows, const struct packet *packet, unsigned *sender)
{
	uint32_t *front = &flows->front[front_of(packet)];
	struct flow *flow = table_at(flows->table, *front / 2);

	*sender = *front % 2;
	if (!flow || !is_from(&flow->key, packet, *sender))
		flow = look_up(flows, packet, front, sender);
	flows->over = flow && begins_anew(flows, flow, packet) ? flow : NULL;
	return flows->over ? NULL : flow;
}

/* One that begins, after the end of the one before it; apart from what most packets need. */
static __attribute__((noinline)) struct flow *
begin_anew(struct flow_table *flows, const struct packet *packet, unsigned *sender)
{
	struct flow_key key;
	struct flow *flow;
	bool created;

	*sender = key_of(packet, &key);
	if (flows->over)
		end(flows, flows->over, is_closed(flows->over) ? "end" : "idle");
	flow = table_see(flows->table, &key, &created);
	begin(flow, packet, *sender);
	flows->created++;
	flows->front[front_of(packet)] = table_place(flow) * 2 + *sender;
	return flow;
}

/* inline, as table_touch_at() is: of every packet. */
inline struct flow *
flow_table_see(struct flow_table *flows, struct flow *found, const struct packet *packet,
    unsigned *sender)
{
	struct flow *flow = found ? found : begin_anew(flows, packet, sender);

	if (found)
		table_touch(flows->table, found);
	count(flow, packet, *sender);
	return flow;
}

void
flow_table_expire(struct flow_table *flows, int64_t now)
{
	struct flow *flow;

	if (flows->since_known && now - flows->since <= flows->idle)
		return;
	while ((flow = table_oldest(flows->table)) != NULL && now - flow->last > flows->idle)
		end(flows, flow, is_closed(flow) ? "end" : "idle");
	flows->since_known = flow != NULL;
	if (flow)
		flows->since = flow->last - FLOW_LATE;
}

void
flow_table_end_all(struct flow_table *flows, const char *why)
{
	struct flow *flow;

	while ((flow = table_oldest(flows->table)) != NULL)
		end(flows, flow, is_closed(flow) ? "end" : why);
	flows->since_known = false;
}

struct flow *
flow_table_find(const struct flow_table *flows, const struct flow_key *key)
{
	return table_find(flows->table, key);
}

uint32_t
flow_table_place(const struct flow *flow)
{
	return table_place(flow);
}

struct flow *
flow_table_at(const struct flow_table *flows, uint32_t place)
{
	return table_at(flows->table, place);
}

const struct flow *
flow_table_first(const struct flow_table *flows)
{
	return table_first(flows->table);
}

const struct flow *
flow_table_next(const struct flow_table *flows, const struct flow *flow)
{
	return table_next(flows->table, flow);
}

uint64_t
flow_table_evicted(const struct flow_table *flows)
{
	return table_evicted(flows->table);
}

uint64_t
flow_table_count(const struct flow_table *flows)
{
	return flows->created;
}

void
flow_community_id(const struct flow_key *key, unsigned originator, bool one_way,
    char text[static COMMUNITY_ID_TEXT])
{
	struct community_tuple tuple = {
	    .source = key->end[originator],
	    .target = key->end[!originator],
	    .protocol = key->protocol,
	    .has_ports = key->protocol == IP_TCP || key->protocol == IP_UDP ||
	                 key->protocol == IP_ICMP || key->protocol == IP_ICMPV6,
	    .source_port = key->port[originator],
	    .target_port = key->port[!originator],
	    .one_way = one_way,
	};

	community_id(&tuple, text);
}

const char *
flow_application_word(enum flow_application application)
{
	static const char *const word[APPLICATIONS] = {
	    [APPLICATION_TLS] = "tls",
	    [APPLICATION_QUIC] = "quic",
	    [APPLICATION_DTLS] = "dtls",
	    [APPLICATION_HTTP] = "http",
	    [APPLICATION_RTSP] = "rtsp",
	    [APPLICATION_STUN] = "stun",
	    [APPLICATION_RTP] = "rtp",
	    [APPLICATION_DNS] = "dns",
	    [APPLICATION_MDNS] = "mdns",
	    [APPLICATION_DHCP] = "dhcp",
	    [APPLICATION_SSDP] = "ssdp",
	};

	return application < APPLICATIONS ? word[application] : NULL;
}

const char *
flow_transport_word(uint8_t protocol)
{
	switch (protocol) {
	case IP_TCP:
		return "tcp";
	case IP_UDP:
		return "udp";
	case IP_ICMP:
		return "icmp";
	case IP_ICMPV6:
		return "icmpv6";
	default:
		return "ip";
	}
}
