/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/page/scale.h"

#include <stdlib.h>

#include "base/format.h"

#define SECOND INT64_C(1000000)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

static int64_t
floor_to(int64_t time, int64_t step)
{
	int64_t rest = time % step;

	return time - rest - (rest < 0 ? step : 0);
}

int64_t
scale_clock(const struct speaker *speaker, int64_t time)
{
	int64_t offset = speaker->zone_offset ? speaker->zone_offset(time, speaker->zone_user) : 0;

	return time + offset * SECOND;
}

static int
by_start(const void *left, const void *right)
{
	const struct span *a = left, *b = right;

	return (a->start > b->start) - (a->start < b->start);
}

/* Joins what touches; the spans are sorted. */
static size_t
join_spans(struct span *list, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		if (kept > 0 && list[i].start <= list[kept - 1].end) {
			if (list[i].end > list[kept - 1].end)
				list[kept - 1].end = list[i].end;
		} else {
			list[kept++] = list[i];
		}
	}
	return kept;
}

static size_t
list_inputs(const struct porch_document *doc, struct span *list)
{
	size_t count = 0;

	for (size_t i = 0; i < doc->run.input_count; i++) {
		const struct porch_input *input = &doc->run.inputs[i];

		if (input->first != PORCH_NO_TIME && input->last >= input->first)
			list[count++] = (struct span){input->first, input->last};
	}
	if (count == 0 && doc->summary.first != PORCH_NO_TIME &&
	    doc->summary.last >= doc->summary.first)
		list[count++] = (struct span){doc->summary.first, doc->summary.last};
	qsort(list, count, sizeof(*list), by_start);
	return join_spans(list, count);
}

/* What the gaps leave of the inputs. */
static size_t
cut_gaps(const struct porch_document *doc, struct span *list, size_t count)
{
	for (size_t g = 0; g < doc->gap_count; g++) {
		const struct porch_gap *gap = &doc->gaps[g];

		for (size_t i = 0; i < count && !gap->worker; i++) {
			if (gap->start >= list[i].end || gap->end <= list[i].start)
				continue;
			if (gap->start > list[i].start && gap->end < list[i].end)
				list[count++] = (struct span){gap->end, list[i].end};
			if (gap->start > list[i].start)
				list[i].end = gap->start;
			else
				list[i].start = gap->end < list[i].end ? gap->end : list[i].end;
		}
	}
	qsort(list, count, sizeof(*list), by_start);
	return count;
}

/* Every day of the clock that an input touches, the last of them. */
static bool
make_days(struct scale *s, const struct span *inputs, size_t count, const struct speaker *speaker)
{
	int64_t last = INT64_MIN;

	s->rows = calloc(SCALE_DAYS, sizeof(*s->rows));
	if (!s->rows)
		return false;
	for (size_t i = count; i-- > 0;) {
		int64_t end = inputs[i].end > inputs[i].start ? inputs[i].end - 1 : inputs[i].end;
		int64_t day = floor_to(scale_clock(speaker, end), DAY);
		int64_t first = floor_to(scale_clock(speaker, inputs[i].start), DAY);

		if (last != INT64_MIN && day >= last)
			day = last - DAY;
		for (; day >= first; day -= DAY) {
			last = day;
			if (s->row_count < SCALE_DAYS)
				s->rows[s->row_count++] = (struct span){day, day + DAY};
			else
				s->days_left_out += (size_t)((day - first) / DAY) + 1;
			if (s->days_left_out > 0) {
				last = first;
				break;
			}
		}
	}
	for (size_t i = 0; i < s->row_count / 2; i++) {
		struct span swap = s->rows[i];

		s->rows[i] = s->rows[s->row_count - 1 - i];
		s->rows[s->row_count - 1 - i] = swap;
	}
	s->by_day = true;
	s->tick = 3 * HOUR;
	s->bin = HOUR;
	return true;
}

/* The finest round step of which no more than most cover the span. */
static int64_t
round_step(int64_t span, int64_t most)
{
	static const int64_t steps[] = {SECOND, 2 * SECOND, 5 * SECOND, 10 * SECOND, 30 * SECOND,
	    MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR,
	    3 * HOUR, 6 * HOUR};
	size_t i = 0;

	while (i + 1 < sizeof(steps) / sizeof(steps[0]) && span / steps[i] >= most)
		i++;
	return steps[i];
}

static bool
make_one_row(struct scale *s, const struct span *whole, const struct speaker *speaker)
{
	int64_t start = scale_clock(speaker, whole->start);
	int64_t end = scale_clock(speaker, whole->end);

	if (end < start)
		end = start;
	s->rows = calloc(1, sizeof(*s->rows));
	if (!s->rows)
		return false;
	s->bin = round_step(end - start, 96);
	s->tick = round_step(end - start, 9);
	s->rows[0].start = floor_to(start, s->tick);
	s->rows[0].end = floor_to(end + s->tick, s->tick);
	s->row_count = 1;
	return true;
}

bool
scale_make(struct scale *s, const struct porch_document *doc, const struct speaker *speaker)
{
	size_t count, room = doc->run.input_count + doc->gap_count + 2;
	struct span whole, *inputs = calloc(room, sizeof(*inputs));
	bool ok = true;

	*s = (struct scale){.bin = HOUR, .tick = 3 * HOUR};
	if (!inputs)
		return false;
	count = list_inputs(doc, inputs);
	if (count > 0) {
		whole = (struct span){inputs[0].start, inputs[count - 1].end};
		ok = whole.end - whole.start > DAY ? make_days(s, inputs, count, speaker)
		                                   : make_one_row(s, &whole, speaker);
	}
	s->watched = inputs;
	s->watched_count = cut_gaps(doc, inputs, count);
	return ok;
}

void
scale_free(struct scale *s)
{
	free(s->rows);
	free(s->watched);
}

bool
scale_place(const struct scale *s, const struct speaker *speaker, int64_t time, size_t *row,
    int64_t *part)
{
	int64_t clock;

	if (time == PORCH_NO_TIME)
		return false;
	clock = scale_clock(speaker, time);
	for (size_t i = 0; i < s->row_count; i++) {
		const struct span *span = &s->rows[i];

		if (clock < span->start || clock >= span->end)
			continue;
		*row = i;
		*part = (clock - span->start) * SCALE_PARTS / (span->end - span->start);
		return true;
	}
	return false;
}

size_t
scale_bins(const struct scale *s)
{
	return s->row_count > 0 ? (size_t)((s->rows[0].end - s->rows[0].start) / s->bin) : 0;
}

bool
scale_is_watched(const struct scale *s, int64_t time)
{
	for (size_t i = 0; i < s->watched_count; i++)
		if (time >= s->watched[i].start && time <= s->watched[i].end)
			return true;
	return false;
}
