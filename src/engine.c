/* SPDX-License-Identifier: Apache-2.0 */
#include "engine.h"

#include <string.h>

#include "base/hash.h"
#include "engine_state.h"
#include "parse/packet.h"

/* More than that out of order is a clock that stepped. */
#define REORDER FLOW_LATE

/* Bare link headers (Linux cooked) name only the sender: remember who had which address. */
static void
fill_macs(struct engine *e, const struct packet *packet, struct flow *flow, unsigned sender,
    bool from_inside)
{
	struct neighbour *n;
	bool created;

	if (!packet->has_macs || !mac_is_zero(&packet->target_mac))
		return;
	if (from_inside && !mac_is_zero(&packet->source_mac)) {
		n = table_see(e->neighbours, &packet->source, &created);
		n->mac = packet->source_mac;
	}
	n = table_find(e->neighbours, &packet->target);
	if (!n || !mac_is_zero(&flow->mac[!sender]))
		return;
	flow->mac[!sender] = n->mac;
	flow->as_of = 0;
}

static void
step_clock(struct engine *e, int64_t time)
{
	bool back = time < e->now;

	e->count.clock_steps++;
	flow_table_end_all(e->flows, "clock"); /* what waited for a name is told first */
	track_table_close_all(e->tracks, e->now, true);
	engine_gap(e, back ? time : e->now, back ? e->now : time,
	    back ? "clock stepped back" : "clock stepped forward");
	e->now = time;
}

/*
 * Step 1 of a packet: is it what a clock can have shown?  Durations never go negative, and
 * a frame a little late does not turn the clock back: no time is watched twice.
 */
static void
see_time(struct engine *e, int64_t time)
{
	int64_t step = time - e->now;

	if (!e->any) {
		e->first = e->last = e->now = time;
		e->any = true;
	} else if (step < -REORDER || step > e->forward_step_us) {
		step_clock(e, time);
	} else if (step > 0) {
		e->watched_us += step;
		e->now = time;
	}
	if (time < e->first)
		e->first = time;
	if (time > e->last)
		e->last = time;
}

static enum porch_kind
kind_of_word(const char *word)
{
	for (int kind = PORCH_KIND_DOORBELL; word && kind <= PORCH_KIND_OTHER; kind++)
		if (strcmp(word, porch_kind_word((enum porch_kind)kind)) == 0)
			return (enum porch_kind)kind;
	return PORCH_KIND_UNKNOWN;
}

static const struct host_memo *
ask_of_host(struct engine *e, const char *host)
{
	size_t length = strlen(host);
	uint64_t hash = hash_id(host, length);
	uint32_t *of = &e->memo_of[hash % HOST_MEMOS], rest = (uint32_t)(hash >> 32) | 1;
	struct host_memo *memo = &e->memo[hash % HOST_MEMOS];
	struct receiver found;
	const char *site;

	if (*of == rest && strcmp(memo->host, host) == 0)
		return memo;
	*of = rest;
	site = rules_registrable(e->setup.rules, host);
	*memo = (struct host_memo){.site = (uint32_t)hash_id(site, strlen(site))};
	memcpy(memo->host, host, length + 1);
	if (!rules_host(e->setup.rules, host, &found) || !found.vendor)
		return memo;
	memo->maker = found.vendor;
	memo->own = found.device_kind != NULL;
	memo->kind = (uint8_t)kind_of_word(found.device_kind);
	return memo;
}

/* A host that a device looks up or names says what the device is. */
static void
learn_host(struct engine *e, struct device *device, const char *host)
{
	const struct host_memo *memo = ask_of_host(e, host);

	device_add_site(device, memo->site);
	if (memo->maker)
		device_add_maker(device, memo->maker, memo->own, memo->kind);
}

static void
learn_heard(struct engine *e, struct flow *flow, unsigned sender, const struct heard *heard)
{
	struct device *device = engine_device_at(e, flow, sender, e->now);

	device->sent = true;
	if (heard->asked[0])
		learn_host(e, device, heard->asked);
	if (heard->name == HEARD_NAME && flow->name)
		learn_host(e, device, flow->name);
	if (heard->called[0] && (!device->hostname[0] || flow->application == APPLICATION_DHCP))
		memcpy(device->hostname, heard->called, sizeof(device->hostname));
	for (unsigned i = 0; i < heard->hints; i++)
		device_add_hint(device, heard->hint[i].kind, heard->hint[i].text);
	if (heard->rtsp_server)
		device->rtsp_served++;
}

/* What a UDP port is for, as the rules say: asked of most packets up, so it is kept. */
static enum introduction
introduction_at(struct engine *e, uint16_t port)
{
	struct port_match match;

	if (e->introduces[port] != INTRODUCTION_UNASKED)
		return (enum introduction)e->introduces[port];
	e->introduces[port] = INTRODUCTION_NONE;
	if (!rules_port(e->setup.rules, IP_UDP, port, &match))
		return INTRODUCTION_NONE;
	if (strcmp(match.service, "rendezvous") == 0)
		e->introduces[port] = INTRODUCTION_RENDEZVOUS;
	else if (strcmp(match.service, "stun") == 0)
		e->introduces[port] = INTRODUCTION_STUN;
	return (enum introduction)e->introduces[port];
}

/* A UDP packet to a port where peers are introduced to each other. */
static void
learn_rendezvous(struct engine *e, const struct packet *packet, struct flow *flow, unsigned sender)
{
	enum introduction introduction;

	if (packet->protocol != IP_UDP || flow->side == SIDE_LOCAL)
		return;
	introduction = introduction_at(e, packet->target_port);
	if (introduction == INTRODUCTION_NONE || !engine_has_destination(flow, sender))
		return;
	introductions_met(e->listener.introductions, &packet->source, packet->source_port,
	    packet->time);
	if (introduction != INTRODUCTION_RENDEZVOUS)
		return;
	engine_device_at(e, flow, sender, packet->time)->rendezvous++;
}

/* An end sends as it did before: nothing is to be learnt of where its packets come from. */
static void
hear_again(struct engine *e, const struct packet *packet, struct flow *flow, unsigned sender)
{
	if (packet->has_macs && flow->end[sender].inside)
		splits_see(e->splits, &packet->source_mac, &packet->source, packet->time,
		    &engine_places_of(e, flow, sender)->split_at);
	engine_know_ends(e, flow);
}

/* It may be new who sends, or what is known of addresses since it did. */
static void
hear_anew(struct engine *e, const struct packet *packet, struct flow *flow, unsigned sender)
{
	bool inside =
	    inside_has(e->inside, &packet->source, packet->has_macs ? &packet->source_mac : NULL);

	fill_macs(e, packet, flow, sender, inside);
	if (packet->has_macs && inside)
		splits_see(e->splits, &packet->source_mac, &packet->source, packet->time, NULL);
	if (flow->from[0].packets + flow->from[1].packets == 1)
		engine_begin_flow(e, flow);
	engine_know_ends(e, flow);
	if (mac_equal(&packet->source_mac, &flow->mac[sender]))
		flow->end[sender].heard = true;
}

/* The flow of a packet, and all that is to be learnt of where the packet comes from. */
static struct flow *
see_flow(struct engine *e, const struct packet *packet, unsigned *sender)
{
	struct flow *flow = flow_table_of(e->flows, packet, sender);

	if (flow && engine_has_heard(e, flow, *sender, packet)) {
		flow_table_see(e->flows, flow, packet, sender);
		hear_again(e, packet, flow, *sender);
		return flow;
	}
	inside_see(e->inside, packet);
	flow = flow_table_see(e->flows, flow, packet, sender);
	hear_anew(e, packet, flow, *sender);
	return flow;
}

/* Everything that follows from one IP packet. */
static void
engine_packet(struct engine *e, const struct frame *frame, struct packet *packet)
{
	struct pending_packet counted = {
	    .time = packet->time, .bytes = packet->ip_bytes, .packets = 1};
	struct heard *heard = &e->heard;
	struct device_key asker;
	struct flow *flow;
	bool awaits_name;
	unsigned sender;

	fragments_see(e->fragments, packet);
	flow = see_flow(e, packet, &sender);
	if (packet->source_port == LISTEN_ANSWERS)
		asker = engine_key_of_end(e, flow, !sender);
	listen_packet(&e->listener, packet, flow, sender, &asker,
	    flow->pending ? pending_at(e->pending, flow->pending) : NULL, heard);
	if (flow->application == APPLICATION_DHCP)
		engine_know_ends(e, flow); /* it may have been a lease */
	if (flow->end[sender].device && flow->end[sender].inside)
		learn_heard(e, flow, sender, heard);
	learn_rendezvous(e, packet, flow, sender);
	counted.sender = (uint8_t)sender;
	counted.media = heard->media;
	counted.overhead = heard->overhead;
	counted.sequence = heard->sequence;
	counted.ssrc = flow->ssrc;
	awaits_name = !flow->settled;
	if (awaits_name)
		engine_wait_for_name(e, packet, flow, sender, &counted, heard);
	else
		engine_track(e, flow, &counted);
	engine_advise(e, packet, flow, sender);
	if (e->setup.keep)
		engine_keep(e, frame, packet, flow, awaits_name);
}

void
engine_capture_hosts(struct engine *e, const struct addr *hosts, size_t count)
{
	e->parsing.capture_hosts = e->capture_hosts;
	e->parsing.capture_host_count = count < ENGINE_HOSTS ? count : ENGINE_HOSTS;
	for (size_t i = 0; i < e->parsing.capture_host_count; i++)
		e->capture_hosts[i] = hosts[i];
	e->setup.capture_hosts = NULL; /* was lent */
}

void
engine_frame(struct engine *e, const struct frame *frame)
{
	struct packet *packet = &e->packet;

	e->count.received++;
	see_time(e, frame->time);
	engine_settle_overdue(e);
	track_table_tick(e->tracks, e->now);
	if (packet_parse(frame, &e->parsing, packet) != PARSE_OK) {
		e->count.undecoded++;
		return;
	}
	if (packet->implausible) {
		e->count.implausible++;
		e->count.implausible_bytes += packet->implausible;
	}
	if (packet->network == NETWORK_IP && duplicates_see(e->duplicates, frame)) {
		e->count.duplicates++;
		if (e->setup.dedup) {
			e->count.deduplicated++;
			return;
		}
	}
	e->count.processed++;
	if (packet->network == NETWORK_IP) {
		engine_packet(e, frame, packet);
	} else {
		inside_see(e->inside, packet);
		if (e->setup.keep)
			engine_keep(e, frame, packet, NULL, false);
	}
	flow_table_expire(e->flows, e->now);
}

void
engine_filtered(struct engine *e)
{
	e->count.received++;
	e->count.filtered++;
}

void
engine_dropped(struct engine *e, uint64_t frames)
{
	e->count.received += frames;
	e->count.dropped += frames;
}

void
engine_odd_times(struct engine *e, uint64_t frames)
{
	e->count.odd_times += frames;
}

void
engine_gap(struct engine *e, int64_t start, int64_t end, const char *reason)
{
	if (e->gaps == GAPS_MAX) {
		struct porch_gap *last = &e->gap[GAPS_MAX - 1];

		last->end = end > last->end ? end : last->end;
		last->reason = "many gaps, too many to tell one by one";
		return;
	}
	e->gap[e->gaps++] = (struct porch_gap){.start = start, .end = end, .reason = reason};
}

uint64_t
engine_evicted(const struct engine *e)
{
	return flow_table_evicted(e->flows) + table_evicted(e->devices) +
	       table_evicted(e->destinations) + names_evicted(e->listener.names) +
	       track_table_evicted(e->tracks) + inside_evicted(e->inside) +
	       splits_evicted(e->splits) + fragments_evicted(e->fragments) +
	       introductions_evicted(e->listener.introductions) +
	       hello_given_up(e->listener.hellos);
}

struct engine_result
engine_result_so_far(const struct engine *e)
{
	return (struct engine_result){
	    .splits = e->splits,
	    .episodes = e->episodes,
	    .episode_count = spool_count(e->episodes),
	    .gaps = e->gap,
	    .gap_count = e->gaps,
	    .counters = e->count,
	    .folded = e->folded,
	    .first = e->any ? e->first : PORCH_NO_TIME,
	    .last = e->any ? e->last : PORCH_NO_TIME,
	    .watched_us = e->watched_us,
	    .seen_inside = inside_seen_any(e->inside),
	    .out_of_memory = e->out_of_memory,
	};
}

void
engine_finish(struct engine *e, struct engine_result *result)
{
	flow_table_end_all(e->flows, "input-end");
	track_table_close_all(e->tracks, e->now, false);
	engine_apply_claims(e);
	engine_advise_finish(e);
	e->count.evicted = engine_evicted(e);
	*result = engine_result_so_far(e);
	result->devices = e->devices;
	result->destinations = e->destinations;
	result->lent = true;
	engine_advise_result(e, e->destinations, result);
}
