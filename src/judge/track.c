/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/track.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/table.h"

#define SECOND_US INT64_C(1000000)

struct key {
	struct device_key device;
	uint8_t zero; /* no padding in a key */
	uint64_t what;
};

/* What is known of one receiver of one device: constant memory, whatever it sends. */
struct track {
	struct key key;
	int64_t bin;   /* number of the bin that packets fall into now */
	int64_t last;  /* time of the last packet */
	bool begun;    /* a packet was seen: bin and last mean something */
	bool had_good; /* last_good means something */
	uint64_t bin_up;
	uint64_t recent_up[4];         /* this bin and the three before it */
	bool bin_good;                 /* this bin has reached off */
	bool bin_edge;                 /* a packet over the edge size was seen in this bin */
	int64_t edge_time;             /* of the first such packet of this bin */
	struct track_sums before_edge; /* sums before it */
	int64_t last_edge_time;        /* of the last such packet of this bin */
	struct track_sums after_edge;  /* sums with it */
	int64_t last_good;             /* time of the last packet in a bin that reached off */
	struct track_sums now;
	struct track_sums before_packet;
	struct track_sums at_start;
	struct track_sums at_end;
	struct track_episode episode; /* being measured when is_open */
	bool is_open;
};

struct track_table {
	struct table *table;
	struct track_rule rule;
	uint64_t opened;
	track_close_fn *close;
	void *user;
};

static void close_track(struct track_table *tracks, struct track *t, bool still_open);

static void
leave(void *entry, void *user)
{
	close_track(user, entry, false);
}

struct track_table *
track_table_new(size_t max, const struct track_rule *rule, uint64_t seed)
{
	struct track_table *tracks = calloc(1, sizeof(*tracks));

	if (!tracks)
		return NULL;
	tracks->rule = *rule;
	tracks->table = table_new(max, sizeof(struct track), sizeof(struct key), seed);
	if (!tracks->table) {
		free(tracks);
		return NULL;
	}
	table_on_leave(tracks->table, leave, tracks);
	return tracks;
}

void
track_table_free(struct track_table *tracks)
{
	if (!tracks)
		return;
	table_free(tracks->table);
	free(tracks);
}

void
track_table_on_close(struct track_table *tracks, track_close_fn *close, void *user)
{
	tracks->close = close;
	tracks->user = user;
}

static struct track_sums
difference(const struct track_sums *a, const struct track_sums *b)
{
	return (struct track_sums){
	    .bytes_up = a->bytes_up - b->bytes_up,
	    .bytes_down = a->bytes_down - b->bytes_down,
	    .packets_up = a->packets_up - b->packets_up,
	    .packets_down = a->packets_down - b->packets_down,
	    .full_up = a->full_up - b->full_up,
	    .media_up = a->media_up - b->media_up,
	    .media_down = a->media_down - b->media_down,
	    .bins_up = a->bins_up - b->bins_up,
	    .bursts = a->bursts - b->bursts,
	};
}

static void
close_track(struct track_table *tracks, struct track *t, bool still_open)
{
	if (!t->is_open)
		return;
	t->is_open = false;
	t->episode.open = still_open;
	t->episode.sums = difference(&t->at_end, &t->at_start);
	if (tracks->close)
		tracks->close(&t->episode, tracks->user);
}

/* The identifier: device, five-tuple (device side first), and time of the opening packet. */
static uint64_t
episode_id(const struct track_packet *p)
{
	const struct flow_key *key = &p->flow->key;
	struct {
		struct device_key device;
		struct addr end[2];
		uint8_t protocol;
		uint16_t port[2];
		int64_t time;
	} id;

	memset(&id, 0, sizeof(id));
	id.device = *p->device;
	id.end[0] = key->end[p->inside_end];
	id.end[1] = key->end[!p->inside_end];
	id.port[0] = key->port[p->inside_end];
	id.port[1] = key->port[!p->inside_end];
	id.protocol = key->protocol;
	id.time = p->time;
	return hash_id(&id, sizeof(id));
}

static void
open_track(struct track_table *tracks, struct track *t, const struct track_packet *p)
{
	struct track_episode *e = &t->episode;

	memset(e, 0, sizeof(*e));
	e->device = *p->device;
	e->inside = p->flow->key.end[p->inside_end];
	e->what = p->what;
	e->local = p->flow->side == SIDE_LOCAL;
	e->id = episode_id(p);
	e->ordinal = tracks->opened++;
	e->remote_port = p->flow->key.port[!p->inside_end];
	e->start = t->bin_edge ? t->edge_time : p->time;
	t->at_start = t->bin_edge ? t->before_edge : t->before_packet;
	t->at_start.bins_up = t->now.bins_up - (t->bin_good ? 1 : 0);
	t->at_start.bursts = t->now.bursts - (t->bin_good ? 1 : 0);
	t->is_open = true;
}

static void
add_flow(struct track_episode *e, const struct flow *flow)
{
	e->applications |= 1U << flow->application;
	e->after_rendezvous = e->after_rendezvous || (flow->after_rendezvous && !flow->turn);
	e->introduced = e->introduced || flow->introduced;
	for (unsigned i = e->flows; i > 0; i--)
		if (memcmp(&e->flow[i - 1], &flow->key, sizeof(flow->key)) == 0)
			return;
	if (e->flows == TRACK_FLOWS)
		return;
	e->flow_originator[e->flows] = flow->originator;
	e->flow[e->flows++] = flow->key;
}

static void
add_ssrc(struct track_episode *e, uint32_t ssrc)
{
	for (unsigned i = 0; i < e->ssrcs; i++)
		if (e->ssrc[i] == ssrc)
			return;
	if (e->ssrcs < TRACK_SSRCS)
		e->ssrc[e->ssrcs++] = ssrc;
}

/* Packets a little out of order count as now: the sums stay exact, a bin never reopens. */
static void
enter_bin(struct track_table *tracks, struct track *t, int64_t time)
{
	int64_t bin = time / tracks->rule.bin_us;
	int64_t steps;

	if (t->begun && bin <= t->bin)
		return;
	if (t->is_open && time - t->last_good > tracks->rule.silence_us)
		close_track(tracks, t, false);
	steps = t->begun ? bin - t->bin : 4;
	t->begun = true;
	if (steps >= 4)
		memset(t->recent_up, 0, sizeof(t->recent_up));
	else
		for (unsigned i = 4; i-- > 0;)
			t->recent_up[i] =
			    (int64_t)i >= steps ? t->recent_up[(int64_t)i - steps] : 0;
	t->bin = bin;
	t->bin_up = 0;
	t->bin_good = t->bin_edge = false;
}

static void
add_to_sums(struct track_table *tracks, struct track *t, const struct track_packet *p)
{
	struct track_sums *s = &t->now;

	if (!p->up) {
		s->bytes_down += p->bytes;
		s->packets_down += p->packets;
		s->media_down += p->media ? p->packets : 0;
		return;
	}
	s->bytes_up += p->bytes;
	s->packets_up += p->packets;
	s->media_up += p->media ? p->packets : 0;
	if (p->bytes / p->packets >= tracks->rule.full_bytes)
		s->full_up += p->packets;
	t->bin_up += p->bytes;
	t->recent_up[0] += p->bytes;
}

static void
reach_off(struct track *t, int64_t time)
{
	if (!t->bin_good) {
		t->now.bins_up++;
		if (!t->had_good || time - t->last_good >= SECOND_US)
			t->now.bursts++;
	}
	t->bin_good = t->had_good = true;
	t->last_good = time;
}

static void
see_peaks(struct track *t)
{
	uint64_t second = 0;

	for (unsigned i = 0; i < 4; i++)
		second += t->recent_up[i];
	if (t->bin_up > t->episode.peak_bin_up)
		t->episode.peak_bin_up = t->bin_up;
	if (second > t->episode.peak_second_up)
		t->episode.peak_second_up = second;
}

/* The episode reaches to the last packet over the edge size of this bin, else to now. */
static void
reach_end(struct track *t, int64_t time)
{
	t->episode.end = t->bin_edge ? t->last_edge_time : time;
	t->at_end = t->bin_edge ? t->after_edge : t->now;
	t->at_end.bins_up = t->now.bins_up; /* this bin is in it, whenever it became good */
	t->at_end.bursts = t->now.bursts;
}

static void
see_up(struct track_table *tracks, struct track *t, const struct track_packet *p)
{
	const struct track_rule *rule = &tracks->rule;

	if (t->bin_up >= rule->off_bytes || p->media)
		reach_off(t, p->time);
	if (!t->is_open && (t->bin_up >= rule->on_bytes || p->media))
		open_track(tracks, t, p);
	if (!t->is_open || !t->bin_good)
		return;
	add_flow(&t->episode, p->flow);
	if (p->media)
		add_ssrc(&t->episode, p->flow->ssrc);
	see_peaks(t);
	reach_end(t, p->time);
}

static void
note_edge(struct track *t, int64_t time)
{
	if (t->bin_edge)
		return;
	t->bin_edge = true;
	t->edge_time = time;
	t->before_edge = t->before_packet;
}

void
track_table_see(struct track_table *tracks, const struct track_packet *packet)
{
	struct track_packet p = *packet;
	struct key key = {.device = *p.device, .what = p.what};
	struct track *t;
	bool created, edge;

	t = table_see(tracks->table, &key, &created);
	if (!created && p.time < t->last)
		p.time = t->last;
	enter_bin(tracks, t, p.time);
	t->last = p.time;
	t->before_packet = t->now;
	edge = p.up && (p.bytes / p.packets > tracks->rule.edge_bytes || p.media);
	if (edge)
		note_edge(t, p.time);
	add_to_sums(tracks, t, &p);
	if (edge) {
		t->last_edge_time = p.time;
		t->after_edge = t->now;
	}
	if (p.up)
		see_up(tracks, t, &p);
}

void
track_table_close_all(struct track_table *tracks, int64_t now, bool ended)
{
	struct track *t;

	while ((t = table_oldest(tracks->table)) != NULL) {
		bool silent = ended || now - t->last_good > tracks->rule.silence_us;

		close_track(tracks, t, !silent);
		table_drop(tracks->table, t);
	}
}

uint64_t
track_table_evicted(const struct track_table *tracks)
{
	return table_evicted(tracks->table);
}
