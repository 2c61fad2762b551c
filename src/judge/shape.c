/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/shape.h"

#include "parse/packet.h"
#include "rules/model.h"

#define BIN_US    250000 /* as fine as an episode is measured */
#define BIN_SLOTS (BIN_US / TRACK_SLOT_US)

static int64_t
number(const struct porch_rules *rules, const char *name)
{
	int64_t value;

	return rules_number(rules, name, &value, NULL) ? value : 0;
}

static int64_t
percent(uint64_t part, uint64_t whole)
{
	uint64_t share = whole ? part * 100 / whole : 0;

	return share > 100 ? 100 : (int64_t)share;
}

uint64_t
shape_duration(const struct track_episode *e)
{
	return e->end > e->start ? (uint64_t)(e->end - e->start) : 0;
}

uint64_t
shape_kbps(uint64_t bytes, uint64_t micros)
{
	uint64_t over = micros < BIN_US ? BIN_US : micros;

	return (bytes * 8 * 1000 + over / 2) / over;
}

int64_t
shape_active(const struct track_episode *e)
{
	return percent(e->sums.bins_up, shape_duration(e) / BIN_US + 1);
}

int64_t
shape_full(const struct track_episode *e)
{
	return percent(e->sums.full_up, e->sums.segments_up);
}

int64_t
shape_level(const struct track_episode *e)
{
	uint64_t near = 0, all = 0;
	unsigned top = TRACK_RATES - 1;

	while (top > 0 && e->rate[top] == 0)
		top--;
	for (unsigned i = 0; i < TRACK_RATES; i++) {
		all += e->rate[i];
		near += i + 2 >= top ? e->rate[i] : 0;
	}
	return percent(near, all);
}

int64_t
shape_even(const struct track_episode *e)
{
	uint64_t pairs = (e->sums.contents_up + 1) / 2;
	uint64_t busy = e->sums.bins_up * BIN_SLOTS;

	return percent(e->sums.slots_up, pairs < busy ? pairs : busy);
}

/* TCP and QUIC go as fast as the line; other datagrams go as what makes them does. */
static bool
is_transfer(const struct track_episode *e)
{
	if (e->sums.media_up > 0)
		return false;
	return e->flows == 0 || e->flow[0].protocol == IP_TCP ||
	       e->applications & 1U << APPLICATION_QUIC;
}

/*
 * Whether the line set the pace: full-size packets one after the other, at one rate or,
 * where a few packets fewer are cut short, at whatever rate the line had.
 */
static bool
at_line_rate(const struct porch_rules *rules, const struct track_episode *e)
{
	int64_t full = shape_full(e);

	if (!is_transfer(e) || shape_even(e) < number(rules, "shape.line_even_percent"))
		return false;
	if (full >= number(rules, "shape.line_full_only_percent"))
		return true;
	return full >= number(rules, "shape.line_full_percent") &&
	       shape_level(e) >= number(rules, "shape.line_level_percent");
}

enum porch_shape
shape_of(const struct porch_rules *rules, const struct track_episode *e)
{
	uint64_t bursts = e->sums.bursts ? e->sums.bursts : 1;

	int64_t trickle = number(rules, "shape.trickle_bytes");

	if (e->opened == OPENED_BY_DOWNLOAD)
		return PORCH_SHAPE_BURST;
	if ((int64_t)e->sums.bytes_up < trickle && e->sums.media_up == 0)
		return PORCH_SHAPE_TRICKLE;
	if ((int64_t)shape_duration(e) >= number(rules, "shape.stream_us") &&
	    shape_active(e) >= number(rules, "shape.stream_active_percent") &&
	    !at_line_rate(rules, e))
		return PORCH_SHAPE_STREAM;
	if ((int64_t)(e->sums.bytes_up / bursts) < trickle)
		return PORCH_SHAPE_TRICKLE;
	if ((int64_t)bursts >= number(rules, "shape.series_bursts"))
		return PORCH_SHAPE_SERIES;
	return PORCH_SHAPE_BURST;
}
