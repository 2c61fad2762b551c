/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_ENGINE_HOME_H
#define TESTS_ENGINE_HOME_H

#include "engine.h"

#include <porchlight/rules.h>

#include "tests/engine/frames.h"
#include "tests/engine/made_up.h"

#define BELL    "00:00:5e:00:53:01"
#define PHONE   "00:00:5e:00:53:02"
#define GATEWAY "00:00:5e:00:53:fe"

/* An engine, what it told of flows, and its result. */
struct home {
	struct engine *engine;
	struct engine_setup setup;
	struct engine_result result;
	size_t flows;
	uint64_t sum; /* over all told flows, in order */
	uint64_t flow_bytes;
};

static inline void
add_bytes(uint64_t *sum, const void *bytes, size_t length)
{
	const uint8_t *at = bytes;

	for (size_t i = 0; i < length; i++)
		*sum = (*sum ^ at[i]) * UINT64_C(0x100000001b3);
}

static inline void
add_text(uint64_t *sum, const char *text)
{
	add_bytes(sum, text ? text : "-", text ? strlen(text) + 1 : 2);
}

static inline void
told_flow(const struct porch_flow *flow, void *user)
{
	struct home *h = user;
	uint64_t numbers[] = {flow->device, flow->destination, flow->peer_device,
	    flow->originator_bytes, flow->responder_bytes, flow->originator_packets,
	    flow->responder_packets, (uint64_t)flow->start, (uint64_t)flow->end,
	    flow->originator_port, flow->responder_port, flow->protocol};

	assert_true(flow->end >= flow->start);
	h->flows++;
	h->flow_bytes += flow->originator_bytes + flow->responder_bytes;
	add_bytes(&h->sum, numbers, sizeof(numbers));
	add_text(&h->sum, flow->originator);
	add_text(&h->sum, flow->responder);
	add_text(&h->sum, flow->community_id);
	add_text(&h->sum, flow->name);
	add_text(&h->sum, flow->ended);
}

static inline struct home *
home_new(const struct engine_setup *setup)
{
	struct home *h = calloc(1, sizeof(*h));
	struct porch_error error;

	assert_non_null(h);
	if (setup)
		h->setup = *setup;
	h->setup.rules = rules;
	h->setup.flow = told_flow;
	h->setup.user = h;
	h->engine = engine_new(&h->setup, &error);
	assert_non_null(h->engine);
	return h;
}

static inline void
home_free(struct home *h)
{
	engine_free(h->engine);
	free(h);
}

static inline void
see(struct home *h, const struct sent *s)
{
	struct made m;

	engine_frame(h->engine, &make_packet(&m, s)->frame);
}

/* The bell sends payload_bytes by UDP to a server outside. */
static inline struct sent
from_bell(uint16_t payload_bytes, int64_t time)
{
	return (struct sent){
	    .from_mac = BELL,
	    .to_mac = GATEWAY,
	    .from = "192.168.1.20",
	    .to = "198.51.100.7",
	    .from_port = 40000,
	    .to_port = 9000,
	    .payload_bytes = payload_bytes,
	    .time = time,
	};
}

static inline struct sent
answer(struct sent s, uint16_t payload_bytes, int64_t time)
{
	struct sent back = s;

	back.from_mac = s.to_mac;
	back.to_mac = s.from_mac;
	back.from = s.to;
	back.to = s.from;
	back.from_port = s.to_port;
	back.to_port = s.from_port;
	back.payload_bytes = payload_bytes;
	back.time = time;
	return back;
}

static inline const struct engine_result *
finish(struct home *h)
{
	const struct porch_counters *c = &h->result.counters;

	engine_finish(h->engine, &h->result);
	assert_int_equal(c->received,
	    c->processed + c->undecoded + c->filtered + c->deduplicated + c->dropped);
	return &h->result;
}

static inline struct track_episode
episode_at(const struct engine_result *r, size_t i)
{
	struct track_episode e;

	assert_true(i < r->episode_count);
	assert_true(spool_get(r->episodes, i, &e));
	return e;
}

/* All bytes that rows and what was folded hold. */
static inline uint64_t
bytes_of(const struct engine_result *r)
{
	uint64_t sum = r->folded.up.bytes + r->folded.down.bytes + r->folded.bytes_local;

	for (const struct destination *d = table_first(r->destinations); d;
	     d = table_next(r->destinations, d))
		sum += d->up.bytes + d->down.bytes;
	return sum;
}

static inline const struct destination *
only_destination(const struct engine_result *r)
{
	assert_int_equal(table_count(r->destinations), 1);
	return table_first(r->destinations);
}

#endif
