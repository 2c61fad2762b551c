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

/* The sums at the end of the open episode. */
static struct track_sums
sums_at_end(const struct track *t)
{
	const struct edge *edge = t->bin.end;
	struct track_sums sums;

	if (!edge)
		return t->open->at_end;
	sums = edge == t->bin.last ? t->now : edge->after;
	sums.bins_up = t->now.bins_up; /* this bin is in it, whenever it became good */
	sums.bursts = t->now.bursts;
	return sums;
}

struct track_episode
track_as_if_ended(const struct track *t)
{
	struct track_sums at_end = sums_at_end(t);
	struct track_episode e = t->open->episode;

	e.open = true;
	e.sums = difference(&at_end, &t->open->at_start);
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

/* The last one takes its place. */
static void
leave_open(struct track_table *tracks, struct track *t)
{
	*t->open = tracks->open[--tracks->opens];
	t->open->track->open = t->open;
	t->open = NULL;
	t->bin.end = NULL;
}

void
track_close(struct track_table *tracks, struct track *t, bool still_open)
{
	struct track_episode e;

	if (!t->open)
		return;
	e = track_as_if_ended(t);
	e.open = still_open;
	leave_open(tracks, t);
	join_series(&tracks->rule, &t->series, &e);
	if (tracks->close)
		tracks->close(&e, tracks->close_user);
}

/* The identifier: device, five-tuple (device side first), and time of the opening packet. */
static uint64_t
episode_id(const struct device_key *device, const struct track_packet *p)
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
	id.device = *device;
	id.end[0] = key->end[p->inside_end];
	id.end[1] = key->end[!p->inside_end];
	id.port[0] = key->port[p->inside_end];
	id.port[1] = key->port[!p->inside_end];
	id.protocol = key->protocol;
	id.time = p->time;
	return hash_id(&id, sizeof(id));
}

static struct track_episode
begin_episode(struct track_table *tracks, const struct track_key *key, const struct track_packet *p,
    int64_t start, enum track_opening why)
{
	return (struct track_episode){
	    .device = key->device,
	    .inside = p->flow->key.end[p->inside_end],
	    .what = key->what,
	    .local = p->flow->side == SIDE_LOCAL,
	    .id = episode_id(&key->device, p),
	    .ordinal = tracks->opened++,
	    .opened = (uint8_t)why,
	    .remote_port = p->flow->key.port[!p->inside_end],
	    .start = start,
	    .known = PORCH_NO_TIME,
	    .message_up = contacts_before(tracks->contacts, &key->device, key->what, true, start,
	        tracks->rule.before_us),
	    .message_down = contacts_before(tracks->contacts, &key->device, key->what, false, start,
	        tracks->rule.before_us),
	};
}

static void
open_track(struct track_table *tracks, struct track *t, const struct track_packet *p,
    const struct run *run, enum track_opening why)
{
	struct measured *m = &tracks->open[tracks->opens++];

	memset(m, 0, sizeof(*m));
	m->track = t;
	m->episode = begin_episode(tracks, &t->key, p, run->start.time, why);
	m->episode.end = run->start.time;
	m->at_start = m->at_end = run->start.sums;
	m->first_bin = run->first;
	t->open = m;
}

/* What is open turns out to be more than it was opened by. */
static void
go_on_as(struct measured *m, const struct run *run, enum track_opening why)
{
	m->episode.opened = (uint8_t)why;
	if (run->start.time >= m->episode.start)
		return;
	m->episode.start = run->start.time;
	m->at_start = run->start.sums;
	m->first_bin = run->first;
}

/* The open episode was over, when the run began, as it was before. */
static bool
began_after(const struct measured *m, enum run_of of, const struct run *run)
{
	return run->first > m->first_bin && m->has_end_before[of];
}

/*
 * One is open at most.  A message gives way to what comes after it: where it was over
 * before, it ends there; where it led straight on, it was the beginning.
 */
static void
try_open(struct track_table *tracks, struct track *t, const struct track_packet *p, enum run_of of,
    enum track_opening why)
{
	const struct run *run = &t->run[of];
	struct measured *m = t->open;

	if (m && m->episode.opened >= why)
		return;
	if (m && (m->episode.opened != OPENED_BY_MESSAGE || !began_after(m, of, run))) {
		go_on_as(m, run, why);
		return;
	}
	if (m) {
		m->episode.end = m->end_before[of].time;
		m->at_end = m->end_before[of].sums;
		t->bin.end = NULL;
		track_close(tracks, t, false);
	}
	open_track(tracks, t, p, run, why);
}

static void
extend(struct track *t, enum run_of of, int64_t gap, const struct edge *edge)
{
	struct run *run = &t->run[of];
	struct measured *m = t->open;
	int64_t bin = t->bin.number;

	if (!run->begun || bin - run->last > gap) {
		run->begun = true;
		run->first = bin;
		run->bins = 0;
		run->start = (struct moment){.time = edge->first, .sums = edge->before};
		if (m) {
			m->end_before[of] = (struct moment){m->episode.end, sums_at_end(t)};
			m->has_end_before[of] = true;
		}
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
	struct measured *m = t->open;

	if (!p->up) {
		move_start(t, &t->run[RUN_DOWN], edge);
		return;
	}
	move_start(t, &t->run[RUN_TIGHT], edge);
	move_start(t, &t->run[RUN_LOOSE], edge);
	if (m && m->first_bin == t->bin.number && m->episode.opened != OPENED_BY_DOWNLOAD) {
		m->episode.start = edge->first;
		m->at_start = edge->before;
	}
}

/* Apart from its caller: most packets are not the first of their bin. */
static __attribute__((noinline)) void
begin_edge(struct track *t, const struct track_packet *p, struct edge *edge, enum outer outer)
{
	bool first_large = edge->outer == OUTER_SMALL;

	edge->outer = outer;
	edge->first = p->time;
	edge->before = t->now;
	edge->before.bins_up -= t->bin.good ? 1 : 0;
	edge->before.bursts -= t->bin.first_of_burst ? 1 : 0;
	if (first_large)
		move_starts(t, p, edge);
}

/* The sums are about to change by what this edge does not reach to. */
static void
leave_edge(struct track *t)
{
	if (!t->bin.last)
		return;
	t->bin.last->after = t->now;
	t->bin.last = NULL;
}

void
track_reach_edge(struct track *t, const struct track_packet *p, enum outer outer)
{
	struct edge *edge = &t->edge[p->up];

	if (outer == OUTER_NONE || outer < edge->outer) {
		leave_edge(t);
		return;
	}
	if (t->bin.last != edge)
		leave_edge(t);
	t->bin.last = edge;
	edge->last = p->time;
	if (outer > edge->outer)
		begin_edge(t, p, edge, outer);
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
		extend(t, RUN_TIGHT, TIGHT, &t->edge[1]);
		extend(t, RUN_LOOSE, LOOSE, &t->edge[1]);
		t->now.bins_up++;
		t->bin.first_of_burst = !t->had_good || p->time - t->last_good >= SECOND_US;
		t->now.bursts += t->bin.first_of_burst;
	}
	t->bin.good = t->had_good = true;
	t->last_good = p->time;
	if (t->open && t->open->episode.opened == OPENED_BY_UPLOAD)
		return; /* it can become nothing more */
	if (t->bin.up >= rule->on_bytes || p->media)
		try_open(tracks, t, p, RUN_TIGHT, OPENED_BY_UPLOAD);
	else if (sounds(rule, &t->run[RUN_LOOSE]))
		try_open(tracks, t, p, RUN_LOOSE, OPENED_BY_SOUND);
	else if (rule->message_bytes && t->bin.messages >= rule->message_bytes)
		try_open(tracks, t, p, RUN_TIGHT, OPENED_BY_MESSAGE);
}

static bool
downloads(const struct track *t)
{
	return t->open && t->open->episode.opened == OPENED_BY_DOWNLOAD;
}

void
track_reach_off_down(struct track_table *tracks, struct track *t, const struct track_packet *p)
{
	const struct track_rule *rule = &tracks->rule;
	const struct track_sums *begin = &t->run[RUN_DOWN].start.sums;
	uint64_t up, down;

	if (!rule->download_bytes || p->flow->side == SIDE_LOCAL)
		return; /* at home it is the upload of somebody else */
	if (!t->bin.good_down)
		extend(t, RUN_DOWN, rule->silence_us / rule->bin_us, &t->edge[0]);
	t->bin.good_down = true;
	if (downloads(t)) {
		t->last_good = p->time;
		return;
	}
	up = t->now.bytes_up - begin->bytes_up;
	down = t->now.bytes_down - begin->bytes_down;
	if (down < rule->download_bytes || down < up * rule->download_per_up)
		return;
	try_open(tracks, t, p, RUN_DOWN, OPENED_BY_DOWNLOAD);
	if (downloads(t))
		t->last_good = p->time;
}

void
track_reach_end(struct track *t, struct edge *edge)
{
	if (edge->last < t->open->episode.end)
		return;
	t->open->episode.end = edge->last;
	t->bin.end = edge;
}

static void
shift_recent(struct track *t, int64_t steps)
{
	for (unsigned i = 4; i-- > 0;)
		t->recent_up[i] = (int64_t)i >= steps ? t->recent_up[(int64_t)i - steps] : 0;
}

/* Spares most packets a division; times before 1970, and of the far future, are divided. */
static int64_t
end_of_bin(int64_t time, int64_t number, int64_t bin_us)
{
	return time >= 0 && time <= INT64_MAX - bin_us ? (number + 1) * bin_us : INT64_MIN;
}

void
track_begin_bin(struct track *t, int64_t number)
{
	t->bin = (struct bin){.number = number};
	t->edge[0].outer = t->edge[1].outer = OUTER_NONE;
}

/* Apart from its caller, as the beginning of an edge is. */
__attribute__((noinline)) void
track_enter_bin(struct track_table *tracks, struct track *t, int64_t time)
{
	int64_t number = time / tracks->rule.bin_us;

	if (t->begun && number <= t->bin.number)
		return;
	t->until = end_of_bin(time, number, tracks->rule.bin_us);
	if (t->bin.end)
		t->open->at_end = sums_at_end(t);
	if (t->open && t->bin.good)
		t->open->episode.rate[track_rate(t->bin.up)]++;
	shift_recent(t, t->begun ? number - t->bin.number : 4);
	t->begun = true;
	track_begin_bin(t, number);
	if (t->open && time - t->last_good > tracks->rule.silence_us)
		track_close(tracks, t, false);
}

/* At each bin of the first seconds, then rarer: what was not known may become so. */
bool
track_is_turn(const struct track *t, int64_t bin)
{
	int64_t bins = bin - t->open->first_bin;

	if (t->open->episode.opened < OPENED_BY_SOUND || t->open->episode.known != PORCH_NO_TIME)
		return false;
	if (bins <= OFTEN)
		return true;
	return bins % (bins <= SOMETIME ? 4 : 40) == 0;
}

void
track_ask(struct track_table *tracks, struct track *t, int64_t due)
{
	struct track_episode e = track_as_if_ended(t);

	if (tracks->on_bin(&e, tracks->bin_user))
		t->open->episode.known = due;
}
