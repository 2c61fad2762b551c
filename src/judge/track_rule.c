/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/hash.h"
#include "judge/track_state.h"

#define EVEN  64 /* intervals of a timer differ by no more than that part of them */
#define TIGHT 1  /* bins from one of a run to the next */
#define LOOSE 4

/* How often an open episode is asked about: in bins since it began. */
#define OFTEN    16
#define SOMETIME 240

static struct track_sums
difference(const struct track_sums *a, const struct track_sums *b)
{
	return (struct track_sums){
	    .bytes_up = a->bytes_up - b->bytes_up,
	    .bytes_down = a->bytes_down - b->bytes_down,
	    .packets_up = a->packets_up - b->packets_up,
	    .packets_down = a->packets_down - b->packets_down,
	    .content_up = a->content_up - b->content_up,
	    .content_down = a->content_down - b->content_down,
	    .contents_up = a->contents_up - b->contents_up,
	    .segments_up = a->segments_up - b->segments_up,
	    .full_up = a->full_up - b->full_up,
	    .media_up = a->media_up - b->media_up,
	    .media_down = a->media_down - b->media_down,
	    .bins_up = a->bins_up - b->bins_up,
	    .bursts = a->bursts - b->bursts,
	    .slots_up = a->slots_up - b->slots_up,
	    .talk_bins = a->talk_bins - b->talk_bins,
	};
}

struct track_episode
track_as_if_ended(const struct track *t)
{
	struct track_episode e = t->episode;

	e.open = true;
	e.sums = difference(&t->at_end, &t->at_start);
	if (t->bin.good)
		e.rate[track_rate(t->bin.up)]++;
	return e;
}

static int64_t
distance(int64_t a, int64_t b)
{
	return a > b ? a - b : b - a;
}

static bool
alike(uint64_t a, uint64_t b)
{
	return a / 4 <= b && b / 4 <= a;
}

/* Alike in size and time, and soon after the last one or as long after it as that after its own. */
static bool
goes_on_series(const struct track_rule *rule, const struct series *s, const struct track_episode *e)
{
	int64_t interval = e->start - s->start;

	if (!s->root || !alike(e->sums.bytes_up, s->bytes) ||
	    !alike((uint64_t)(e->end - e->start + SECOND_US),
	        (uint64_t)(s->end - s->start + SECOND_US)))
		return false;
	if (e->start - s->end <= rule->sequence_us)
		return true;
	return s->interval > 0 && distance(interval, s->interval) <= s->interval / EVEN;
}

static void
join_series(const struct track_rule *rule, struct series *s, struct track_episode *e)
{
	if (e->opened < OPENED_BY_SOUND || e->sums.bytes_up < rule->series_bytes)
		return;
	if (e->sequence)
		s->root = e->sequence;
	else if (goes_on_series(rule, s, e))
		e->sequence = s->root;
	else
		s->root = e->id;
	s->interval = s->bytes > 0 ? e->start - s->start : 0;
	s->start = e->start;
	s->end = e->end;
	s->bytes = e->sums.bytes_up;
}

static void
leave_open(struct track_table *tracks, struct track *t)
{
	struct track *last = tracks->open[--tracks->opens];

	tracks->open[t->place] = last;
	last->place = t->place;
	t->is_open = false;
}

void
track_close(struct track_table *tracks, struct track *t, bool still_open)
{
	struct track_episode *e = &t->episode;

	if (!t->is_open)
		return;
	*e = track_as_if_ended(t);
	e->open = still_open;
	leave_open(tracks, t);
	join_series(&tracks->rule, &t->series, e);
	if (tracks->close)
		tracks->close(e, tracks->close_user);
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
open_track(struct track_table *tracks, struct track *t, const struct track_packet *p,
    const struct run *run, enum track_opening why)
{
	struct track_episode *e = &t->episode;

	memset(e, 0, sizeof(*e));
	e->device = *p->device;
	e->inside = p->flow->key.end[p->inside_end];
	e->what = p->what;
	e->local = p->flow->side == SIDE_LOCAL;
	e->id = episode_id(p);
	e->ordinal = tracks->opened++;
	e->opened = (uint8_t)why;
	e->remote_port = p->flow->key.port[!p->inside_end];
	e->start = run->start.time;
	e->known = PORCH_NO_TIME;
	e->message_up = contacts_before(tracks->contacts, p->device, p->what, true, e->start,
	    tracks->rule.before_us);
	e->message_down = contacts_before(tracks->contacts, p->device, p->what, false, e->start,
	    tracks->rule.before_us);
	t->at_start = run->start.sums;
	t->first_bin = run->first;
	t->place = tracks->opens;
	tracks->open[tracks->opens++] = t;
	t->is_open = true;
}

/* What is open turns out to be more than it was opened by. */
static void
go_on_as(struct track *t, const struct run *run, enum track_opening why)
{
	t->episode.opened = (uint8_t)why;
	if (run->start.time >= t->episode.start)
		return;
	t->episode.start = run->start.time;
	t->at_start = run->start.sums;
	t->first_bin = run->first;
}

/*
 * One is open at most.  A message gives way to what comes after it: where it was over
 * before, it ends there; where it led straight on, it was the beginning.
 */
static void
try_open(struct track_table *tracks, struct track *t, const struct track_packet *p,
    const struct run *run, enum track_opening why)
{
	if (t->is_open && t->episode.opened >= why)
		return;
	if (t->is_open && (t->episode.opened != OPENED_BY_MESSAGE || run->first <= t->first_bin)) {
		go_on_as(t, run, why);
		return;
	}
	if (t->is_open) {
		t->episode.end = run->end_before.time;
		t->at_end = run->end_before.sums;
		track_close(tracks, t, false);
	}
	open_track(tracks, t, p, run, why);
}

static void
extend(struct track *t, struct run *run, int64_t gap, const struct edge *edge)
{
	int64_t bin = t->bin.number;

	if (!run->begun || bin - run->last > gap) {
		run->begun = true;
		run->first = bin;
		run->bins = 0;
		run->start = (struct moment){.time = edge->first, .sums = edge->before};
		run->end_before = (struct moment){.time = t->episode.end, .sums = t->at_end};
	}
	run->last = bin;
	run->bins++;
}

/* A first large packet after small ones in its bin: the bin's first packet is that one. */
static void
move_start(struct track *t, struct run *run, const struct edge *edge)
{
	if (!run->begun || run->first != t->bin.number)
		return;
	run->start = (struct moment){.time = edge->first, .sums = edge->before};
}

static void
move_starts(struct track *t, const struct track_packet *p, const struct edge *edge)
{
	if (!p->up) {
		move_start(t, &t->down, edge);
		return;
	}
	move_start(t, &t->tight, edge);
	move_start(t, &t->loose, edge);
	if (t->is_open && t->first_bin == t->bin.number &&
	    t->episode.opened != OPENED_BY_DOWNLOAD) {
		t->episode.start = edge->first;
		t->at_start = edge->before;
	}
}

void
track_begin_edge(struct track *t, const struct track_packet *p, bool large)
{
	struct edge *edge = &t->bin.edge[p->up];
	bool first_large = edge->any;

	if (edge->any && (edge->large || !large))
		return;
	edge->any = true;
	edge->large = large;
	edge->first = p->time;
	edge->before = t->now;
	edge->before.bins_up -= t->bin.good ? 1 : 0;
	edge->before.bursts -= t->bin.first_of_burst ? 1 : 0;
	if (first_large)
		move_starts(t, p, edge);
}

void
track_end_edge(struct track *t, const struct track_packet *p, bool large)
{
	struct edge *edge = &t->bin.edge[p->up];

	if (!large && edge->large)
		return;
	edge->last = p->time;
	edge->after = t->now;
}

/* The sound of a voice: too slow to open at once, and it goes on and on. */
static bool
sounds(const struct track_rule *rule, const struct run *run)
{
	uint64_t span = (uint64_t)(run->last - run->first + 1);

	return rule->sound_bins && run->bins >= rule->sound_bins &&
	       run->bins * 100 >= span * rule->sound_percent;
}

void
track_reach_off(struct track_table *tracks, struct track *t, const struct track_packet *p)
{
	const struct track_rule *rule = &tracks->rule;

	if (!t->bin.good) {
		t->now.bins_up++;
		t->bin.first_of_burst = !t->had_good || p->time - t->last_good >= SECOND_US;
		t->now.bursts += t->bin.first_of_burst;
		extend(t, &t->tight, TIGHT, &t->bin.edge[1]);
		extend(t, &t->loose, LOOSE, &t->bin.edge[1]);
	}
	t->bin.good = t->had_good = true;
	t->last_good = p->time;
	if (t->is_open && t->episode.opened == OPENED_BY_UPLOAD)
		return; /* it can become nothing more */
	if (t->bin.up >= rule->on_bytes || p->media)
		try_open(tracks, t, p, &t->tight, OPENED_BY_UPLOAD);
	else if (sounds(rule, &t->loose))
		try_open(tracks, t, p, &t->loose, OPENED_BY_SOUND);
	else if (rule->message_bytes && t->bin.messages >= rule->message_bytes)
		try_open(tracks, t, p, &t->tight, OPENED_BY_MESSAGE);
}

void
track_reach_off_down(struct track_table *tracks, struct track *t, const struct track_packet *p)
{
	const struct track_rule *rule = &tracks->rule;
	uint64_t up, down;

	if (!rule->download_bytes || p->flow->side == SIDE_LOCAL)
		return; /* at home it is the upload of somebody else */
	if (!t->bin.good_down)
		extend(t, &t->down, rule->silence_us / rule->bin_us, &t->bin.edge[0]);
	t->bin.good_down = true;
	if (t->is_open && t->episode.opened == OPENED_BY_DOWNLOAD) {
		t->last_good = p->time;
		return;
	}
	up = t->now.bytes_up - t->down.start.sums.bytes_up;
	down = t->now.bytes_down - t->down.start.sums.bytes_down;
	if (down < rule->download_bytes || down < up * rule->download_per_up)
		return;
	try_open(tracks, t, p, &t->down, OPENED_BY_DOWNLOAD);
	t->last_good =
	    t->is_open && t->episode.opened == OPENED_BY_DOWNLOAD ? p->time : t->last_good;
}

void
track_reach_end(struct track *t, const struct edge *edge)
{
	uint64_t bins = t->now.bins_up, bursts = t->now.bursts;

	t->episode.end = edge->last;
	t->at_end = edge->after;
	t->at_end.bins_up = bins; /* this bin is in it, whenever it became good */
	t->at_end.bursts = bursts;
}

static void
shift_recent(struct track *t, int64_t steps)
{
	for (unsigned i = 4; i-- > 0;)
		t->recent_up[i] = (int64_t)i >= steps ? t->recent_up[(int64_t)i - steps] : 0;
}

/* Spares most packets a division; times before 1970, and of the far future, are divided. */
static int64_t
end_of_bin(int64_t number, int64_t bin_us)
{
	return number >= 0 && number < INT64_MAX / bin_us ? (number + 1) * bin_us : INT64_MIN;
}

void
track_enter_bin(struct track_table *tracks, struct track *t, int64_t time)
{
	int64_t number;

	if (t->begun && time < t->until)
		return;
	number = time / tracks->rule.bin_us;
	if (t->begun && number <= t->bin.number)
		return;
	t->until = end_of_bin(number, tracks->rule.bin_us);
	if (t->is_open && t->bin.good)
		t->episode.rate[track_rate(t->bin.up)]++;
	shift_recent(t, t->begun ? number - t->bin.number : 4);
	t->begun = true;
	memset(&t->bin, 0, sizeof(t->bin));
	t->bin.number = number;
	if (t->is_open && time - t->last_good > tracks->rule.silence_us)
		track_close(tracks, t, false);
}

/* At each bin of the first seconds, then rarer: what was not known may become so. */
static bool
is_turn(int64_t bins)
{
	if (bins <= OFTEN)
		return true;
	return bins % (bins <= SOMETIME ? 4 : 40) == 0;
}

void
track_ask(struct track_table *tracks, struct track *t, int64_t due)
{
	struct track_episode e;

	if (!tracks->on_bin || t->episode.opened < OPENED_BY_SOUND ||
	    !is_turn(due / tracks->rule.bin_us - t->first_bin))
		return;
	e = track_as_if_ended(t);
	if (tracks->on_bin(&e, tracks->bin_user))
		t->episode.known = due;
}
