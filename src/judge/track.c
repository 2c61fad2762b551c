/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/track.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/pages.h"
#include "judge/track_state.h"

/* A frame may be so much late (several interfaces): a silence is over only after that too. */
#define LATE INT64_C(1000000)

static void
leave(void *entry, void *user)
{
	track_close(user, entry, false);
}

struct track_table *
track_table_new(size_t max, const struct track_rule *rule, uint64_t seed)
{
	struct track_table *tracks = calloc(1, sizeof(*tracks));

	if (!tracks)
		return NULL;
	tracks->rule = *rule;
	tracks->table = table_new(max, sizeof(struct track), sizeof(struct track_key), seed);
	tracks->max = max;
	tracks->open = pages_take(max * sizeof(*tracks->open), 0);
	tracks->contacts = contacts_new(max, seed);
	tracks->media = media_table_new(max, seed);
	if (!tracks->table || !tracks->open || !tracks->contacts || !tracks->media) {
		track_table_free(tracks);
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
	pages_free(tracks->open, tracks->max * sizeof(*tracks->open));
	contacts_free(tracks->contacts);
	media_table_free(tracks->media);
	free(tracks);
}

bool
track_table_set_rule(struct track_table *tracks, const struct track_rule *rule)
{
	if (rule->bin_us != tracks->rule.bin_us)
		return false;
	tracks->rule = *rule;
	return true;
}

void
track_table_on_close(struct track_table *tracks, track_close_fn *close, void *user)
{
	tracks->close = close;
	tracks->close_user = user;
}

void
track_table_on_bin(struct track_table *tracks, track_bin_fn *bin, void *user)
{
	tracks->on_bin = bin;
	tracks->bin_user = user;
}

unsigned
track_rate(uint64_t bytes)
{
	unsigned class = 0;

	/* 1,024 bytes, 1,448 and so on: each class is the square root of two times the last */
	while (class + 2 < TRACK_RATES && bytes >= 2048) {
		bytes /= 2;
		class += 2;
	}
	return class + (bytes >= 1448 && class + 1 < TRACK_RATES ? 1 : 0);
}

/* Whether what a card joined is full segments only, by the usual sizes of them. */
static bool
is_whole(uint64_t size)
{
	static const struct {
		uint16_t headers, payload;
	} usual[] = {{40, 1460}, {52, 1448}, {40, 1452}, {52, 1440}, {60, 1440}, {72, 1428}};

	for (size_t i = 0; i < sizeof(usual) / sizeof(*usual); i++)
		if ((size - usual[i].headers) % usual[i].payload == 0)
			return true;
	return false;
}

/*
 * Most are single packets, and a division takes as long as the rest.  "Is it one?" will not do: a
 * compiler that knows what a division by one gives divides always.
 */
static uint64_t
mean_size(const struct track_packet *p)
{
	return p->packets > 1 ? p->bytes / p->packets : p->bytes;
}

/* Content up: in the sums, and for its bin; what is over the edge size is a message. */
static void
add_content_up(const struct track_table *tracks, struct track *t, const struct track_packet *p,
    uint64_t size, bool large)
{
	struct track_sums *s = &t->now;
	uint64_t parts = p->packets;

	t->bin.up += p->bytes;
	if (large)
		t->bin.messages += p->bytes;
	if (size > SEGMENT_MAX) /* a card joined segments, or will cut them */
		parts = (p->bytes - HEADERS + PAYLOAD - 1) / PAYLOAD;
	s->content_up += p->bytes;
	s->contents_up += p->packets;
	s->segments_up += parts;
	if (size >= tracks->rule.full_bytes)
		s->full_up += parts - (size > SEGMENT_MAX && !is_whole(size));
	if (p->time / TRACK_SLOT_US != t->slot)
		s->slots_up++;
	t->slot = p->time / TRACK_SLOT_US;
}

static void
add_up(const struct track_table *tracks, struct track *t, const struct track_packet *p,
    uint64_t size, enum outer outer)
{
	t->now.bytes_up += p->bytes;
	t->now.packets_up += p->packets;
	t->recent_up[0] += p->bytes;
	if (p->media)
		t->now.media_up += p->packets;
	if (outer != OUTER_NONE)
		add_content_up(tracks, t, p, size, outer == OUTER_LARGE);
}

static void
add_down(const struct track_table *tracks, struct track *t, const struct track_packet *p,
    enum outer outer)
{
	struct bin *bin = &t->bin;

	t->now.bytes_down += p->bytes;
	t->now.packets_down += p->packets;
	if (p->media)
		t->now.media_down += p->packets;
	if (outer == OUTER_NONE)
		return;
	t->now.content_down += p->bytes;
	bin->down += p->bytes;
	if (!bin->talk && tracks->rule.talk_bytes && bin->down >= tracks->rule.talk_bytes) {
		bin->talk = true;
		t->now.talk_bins++;
	}
}

/* The first over the edge size in its bin: somebody spoke. */
static void
see_message(struct track_table *tracks, struct track *t, const struct track_packet *p)
{
	if (t->bin.spoke[p->up])
		return;
	t->bin.spoke[p->up] = true;
	contacts_see(tracks->contacts, &t->key.device, t->key.what, p->up, p->time);
}

static void
list_flow(struct track_episode *e, const struct flow *flow)
{
	for (unsigned i = e->flows; i > 0; i--)
		if (memcmp(&e->flow[i - 1], &flow->key, sizeof(flow->key)) == 0)
			return;
	if (e->flows == TRACK_FLOWS)
		return;
	e->flow_originator[e->flows] = flow->originator;
	e->flow[e->flows++] = flow->key;
}

/* Most packets are of the flow before. */
static inline void
add_flow(struct measured *m, const struct flow *flow)
{
	struct track_episode *e = &m->episode;

	e->applications |= 1U << flow->application;
	if (flow->after_rendezvous && !flow->turn)
		e->after_rendezvous = true;
	if (flow->introduced)
		e->introduced = true;
	if (e->flows > 0 && memcmp(&m->listed, &flow->key, sizeof(flow->key)) == 0)
		return;
	m->listed = flow->key;
	list_flow(e, flow);
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

/* A stream that came from another receiver makes one series of both episodes. */
static void
follow_media(struct track_table *tracks, struct track_episode *e, const struct track_packet *p)
{
	uint64_t from = media_table_see(tracks->media, &e->device, e->what, p,
	    e->sequence ? e->sequence : e->id);

	add_ssrc(e, p->ssrc);
	if (!from || from == e->id)
		return;
	e->continues = true;
	e->sequence = from;
}

static void
see_peaks(struct track *t)
{
	struct track_episode *e = &t->open->episode;
	uint64_t second = 0;

	for (unsigned i = 0; i < 4; i++)
		second += t->recent_up[i];
	if (t->recent_up[0] > e->peak_bin_up)
		e->peak_bin_up = t->recent_up[0];
	if (second > e->peak_second_up)
		e->peak_second_up = second;
}

/* What a packet does to its bin, and the bin to an episode. */
static void
see_up(struct track_table *tracks, struct track *t, const struct track_packet *p, uint64_t size,
    enum outer outer)
{
	add_up(tracks, t, p, size, outer);
	if (outer == OUTER_NONE)
		return;
	if (outer == OUTER_LARGE)
		see_message(tracks, t, p);
	if (t->bin.up >= tracks->rule.off_bytes || p->media)
		track_reach_off(tracks, t, p);
	if (!t->open || !t->bin.good)
		return;
	track_reach_end(t, &t->edge[1]);
	add_flow(t->open, p->flow);
	see_peaks(t);
	if (p->media)
		follow_media(tracks, &t->open->episode, p);
}

static void
see_down(struct track_table *tracks, struct track *t, const struct track_packet *p,
    enum outer outer)
{
	add_down(tracks, t, p, outer);
	if (outer == OUTER_NONE)
		return;
	if (outer == OUTER_LARGE)
		see_message(tracks, t, p);
	if (t->bin.down >= tracks->rule.off_bytes)
		track_reach_off_down(tracks, t, p);
	if (!t->open || !t->bin.good_down || t->open->episode.opened != OPENED_BY_DOWNLOAD)
		return;
	track_reach_end(t, &t->edge[0]);
	add_flow(t->open, p->flow);
}

/* As what a packet may be at the edge of its bin: mere overhead never is. */
static enum outer
outer_of(const struct track_rule *rule, const struct track_packet *p, uint64_t size)
{
	if (p->media)
		return OUTER_LARGE;
	if (p->overhead)
		return OUTER_NONE;
	return size > rule->edge_bytes ? OUTER_LARGE : OUTER_SMALL;
}

/* Apart from its caller, which most often knows the place. */
static __attribute__((noinline)) struct track *
look_up(struct track_table *tracks, const struct track_packet *p)
{
	struct track_key key = {.device = *p->device, .what = p->what};
	bool created;
	struct track *t = table_see(tracks->table, &key, &created);

	if (created)
		t->last = t->until = INT64_MIN;
	if (p->place)
		*p->place = table_short_place(t);
	return t;
}

/* The receiver, by its place or its name. */
static struct track *
track_of(struct track_table *tracks, const struct track_packet *p)
{
	struct track *t = p->place ? table_touch_at(tracks->table, *p->place) : NULL;

	return t ? t : look_up(tracks, p);
}

void
track_table_see(struct track_table *tracks, struct track_packet *p)
{
	struct track *t = track_of(tracks, p);
	uint64_t size = mean_size(p);
	enum outer outer;

	if (p->time < t->last)
		p->time = t->last;
	if (p->time >= t->until)
		track_enter_bin(tracks, t, p->time);
	t->last = p->time;
	outer = outer_of(&tracks->rule, p, size);
	track_reach_edge(t, p, outer);
	if (p->up)
		see_up(tracks, t, p, size, outer);
	else
		see_down(tracks, t, p, outer);
}

/* What comes late, once its flow has a name, begins nothing with what is over. */
static void
close_silent(struct track_table *tracks, struct track *t)
{
	track_close(tracks, t, false);
	for (unsigned i = 0; i < RUNS; i++)
		t->run[i].begun = false;
	track_begin_bin(t, t->bin.number);
}

void
track_table_tick(struct track_table *tracks, int64_t now)
{
	int64_t due = tracks->next_tick;
	int64_t bin;

	if (now < due)
		return;
	bin = due / tracks->rule.bin_us;
	tracks->next_tick = (now / tracks->rule.bin_us + 1) * tracks->rule.bin_us;
	for (size_t i = tracks->opens; i-- > 0;) {
		struct track *t = tracks->open[i].track;

		if (now - t->last_good > tracks->rule.silence_us + LATE)
			close_silent(tracks, t);
		else if (tracks->on_bin && track_is_turn(t, bin))
			track_ask(tracks, t, due);
	}
}

void
track_table_each_open(const struct track_table *tracks, track_open_fn *open, void *user)
{
	for (size_t i = 0; i < tracks->opens; i++) {
		const struct track *t = tracks->open[i].track;
		struct track_episode e = track_as_if_ended(t);
		struct track_pace pace = {
		    .last_good = t->last_good, .bin = t->bin.number, .recent_up = t->recent_up};

		open(&e, &pace, user);
	}
}

void
track_table_close_all(struct track_table *tracks, int64_t now, bool ended)
{
	struct track *t;

	while ((t = table_oldest(tracks->table)) != NULL) {
		bool silent = ended || now - t->last_good > tracks->rule.silence_us;

		track_close(tracks, t, !silent);
		table_drop(tracks->table, t);
	}
	tracks->next_tick = 0;
}

void
track_table_keep(struct track_table *tracks, const struct device_key *device, bool keep)
{
	for (struct track *t = table_first(tracks->table), *next; t; t = next) {
		next = table_next(tracks->table, t);
		if (memcmp(&t->key.device, device, sizeof(*device)) == 0)
			table_set_tier(tracks->table, t, keep);
	}
}

void
track_table_count_places(struct track_table *tracks, uint32_t *changes)
{
	table_count_changes(tracks->table, changes);
}

uint64_t
track_table_evicted(const struct track_table *tracks)
{
	return table_evicted(tracks->table);
}
