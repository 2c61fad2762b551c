/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_JUDGE_WIRE_H
#define TESTS_JUDGE_WIRE_H

/* Packets of one device on their way to receivers, and the episodes that closed. */
#include <string.h>

#include "judge/track.h"
#include "tests/test.h"

#define MS       INT64_C(1000)
#define SECOND   INT64_C(1000000)
#define MORNING  (INT64_C(1764000000) * SECOND)
#define ON       4000 /* bytes of a bin of 250 ms: 128 kbit/s */
#define OFF      1000 /* 32 kbit/s */
#define EDGE     150
#define EPISODES 16

static const struct track_rule rule = {
    .bin_us = 250 * MS,
    .silence_us = 8 * SECOND,
    .on_bytes = ON,
    .off_bytes = OFF,
    .edge_bytes = EDGE,
    .full_bytes = 1000,
};

/* A device, its flows, and the episodes that closed. */
struct wire {
	struct track_table *tracks;
	struct device_key device;
	struct flow flow;
	struct track_episode episode[EPISODES];
	size_t episodes;
};

static inline void
closed(const struct track_episode *episode, void *user)
{
	struct wire *w = user;

	assert_true(w->episodes < EPISODES);
	w->episode[w->episodes++] = *episode;
}

static inline struct wire
wire_by(const struct track_rule *by, size_t max)
{
	struct wire w = {.tracks = track_table_new(max, by, 1)};
	struct mac mac = {{0x00, 0x00, 0x5e, 0x00, 0x53, 0x01}};

	assert_non_null(w.tracks);
	w.device = device_key_mac(&mac);
	w.flow.key.end[0] = addr_from_ipv4(192, 168, 1, 20);
	w.flow.key.end[1] = addr_from_ipv4(198, 51, 100, 7);
	w.flow.key.port[0] = 40000;
	w.flow.key.port[1] = 443;
	w.flow.key.protocol = IP_TCP;
	w.flow.side = SIDE_FIRST;
	return w;
}

static inline struct wire
wire_new(size_t max)
{
	return wire_by(&rule, max);
}

static inline void
see_packet(struct wire *w, struct track_packet p)
{
	p.device = &w->device;
	p.flow = &w->flow;
	p.packets = p.packets ? p.packets : 1;
	track_table_on_close(w->tracks, closed, w);
	track_table_tick(w->tracks, p.time);
	track_table_see(w->tracks, &p);
}

static inline void
send_to(struct wire *w, uint64_t what, int64_t ms, uint32_t bytes, bool up)
{
	see_packet(w, (struct track_packet){
	                  .what = what, .time = MORNING + ms * MS, .bytes = bytes, .up = up});
}

static inline void
up(struct wire *w, int64_t ms, uint32_t bytes)
{
	send_to(w, 7, ms, bytes, true);
}

static inline void
down(struct wire *w, int64_t ms, uint32_t bytes)
{
	send_to(w, 7, ms, bytes, false);
}

static inline void
media(struct wire *w, int64_t ms, uint32_t bytes, uint32_t ssrc)
{
	see_packet(w, (struct track_packet){
	                  .what = 7,
	                  .time = MORNING + ms * MS,
	                  .bytes = bytes,
	                  .up = true,
	                  .media = true,
	                  .ssrc = ssrc,
	              });
}

static inline void
end(struct wire *w)
{
	track_table_on_close(w->tracks, closed, w);
	track_table_close_all(w->tracks, 0, false);
	track_table_free(w->tracks);
}

static inline void
expect_span(const struct track_episode *e, int64_t start_ms, int64_t end_ms)
{
	assert_int_equal(e->start, MORNING + start_ms * MS);
	assert_int_equal(e->end, MORNING + end_ms * MS);
}

#endif
