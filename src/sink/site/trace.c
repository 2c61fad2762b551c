/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/site/trace.h"

#include <stdlib.h>
#include <string.h>

#define SECOND  INT64_C(1000000)
#define KNOWN   0x80000000U
#define FOOTAGE 0x40000000U
#define RATE    0x3fffffffU

struct trace {
	uint64_t device;
	int64_t first;  /* the second, since 1970, of the first that was told */
	int64_t newest; /* the second told last */
	uint32_t seconds[TRACE_SECONDS];
	uint32_t bins[TRACE_BINS]; /* the sum of their seconds while they go on, then the mean */
};

struct traces {
	struct trace *trace[TRACE_DEVICES];
};

struct traces *
traces_new(void)
{
	return calloc(1, sizeof(struct traces));
}

void
traces_free(struct traces *traces)
{
	if (!traces)
		return;
	for (size_t i = 0; i < TRACE_DEVICES; i++)
		free(traces->trace[i]);
	free(traces);
}

static const struct trace *
find(const struct traces *traces, uint64_t device)
{
	for (size_t i = 0; i < TRACE_DEVICES && traces->trace[i]; i++)
		if (traces->trace[i]->device == device)
			return traces->trace[i];
	return NULL;
}

static struct trace *
see(struct traces *traces, uint64_t device, int64_t second)
{
	struct trace **place = NULL;

	for (size_t i = 0; i < TRACE_DEVICES; i++) {
		struct trace **t = &traces->trace[i];

		if (!*t) {
			*t = calloc(1, sizeof(**t));
			place = t;
			break;
		}
		if ((*t)->device == device)
			return *t;
		if (!place || (*t)->newest < (*place)->newest)
			place = t;
	}
	if (!place || !*place)
		return NULL;
	**place = (struct trace){.device = device, .first = second, .newest = second - 1};
	return *place;
}

static uint32_t *
bin_of(struct trace *t, int64_t second)
{
	return &t->bins[second / TRACE_BIN % TRACE_BINS];
}

/* A second is over: it enters its bin, and a bin that is over becomes its mean. */
static void
close_second(struct trace *t, int64_t second)
{
	uint32_t told = t->seconds[second % TRACE_SECONDS], *bin = bin_of(t, second);
	int64_t from = second / TRACE_BIN * TRACE_BIN;
	uint32_t lasted = (uint32_t)(second - (from > t->first ? from : t->first) + 1);
	uint64_t sum = *bin & RATE;

	if (second % TRACE_BIN == 0 || second == t->first)
		*bin = 0, sum = 0;
	sum += told & RATE;
	if (second % TRACE_BIN == TRACE_BIN - 1)
		sum /= lasted;
	*bin = (uint32_t)(sum > RATE ? RATE : sum) | ((*bin | told) & (FOOTAGE | KNOWN));
}

void
traces_see(struct traces *traces, uint64_t device, int64_t time, uint64_t kbps, bool footage)
{
	int64_t second = time / SECOND;
	struct trace *t = time >= 0 ? see(traces, device, second) : NULL;
	const uint64_t most = RATE / TRACE_BIN;

	if (!t || second < t->newest)
		return;
	if (second - t->newest > TRACE_BINS * TRACE_BIN) { /* nothing of before is left */
		memset(t->bins, 0, sizeof(t->bins));
		memset(t->seconds, 0, sizeof(t->seconds));
		t->first = second;
		t->newest = second - 1;
	}
	while (t->newest < second) {
		if (t->newest >= t->first)
			close_second(t, t->newest);
		t->newest++;
		t->seconds[t->newest % TRACE_SECONDS] = 0;
		if (t->newest % TRACE_BIN == 0)
			*bin_of(t, t->newest) = 0;
	}
	t->seconds[second % TRACE_SECONDS] =
	    (uint32_t)(kbps < most ? kbps : most) | (footage ? FOOTAGE : 0) | KNOWN;
}

void
traces_seconds(const struct traces *traces, uint64_t device, int64_t time,
    uint32_t kbps[static TRACE_SECONDS])
{
	const struct trace *t = find(traces, device);
	int64_t last = time / SECOND;

	for (int i = 0; i < TRACE_SECONDS; i++) {
		int64_t second = last - TRACE_SECONDS + 1 + i;
		bool known = t && second >= t->first && second <= t->newest &&
		             second > t->newest - TRACE_SECONDS;

		kbps[i] = known ? t->seconds[second % TRACE_SECONDS] & RATE : 0;
	}
}

static void
add(struct trace_span *span, uint64_t *sum, uint32_t *count, uint32_t told)
{
	if (!(told & KNOWN))
		return;
	span->known = true;
	span->footage |= (told & FOOTAGE) != 0;
	*sum += told & RATE;
	*count += 1;
}

struct trace_span
traces_between(const struct traces *traces, uint64_t device, int64_t from, int64_t to)
{
	const struct trace *t = find(traces, device);
	struct trace_span span = {.known = false};
	int64_t first = from / SECOND, end = to / SECOND;
	uint64_t sum = 0;
	uint32_t count = 0;

	if (!t || end <= first)
		return span;
	if (end - first < TRACE_BIN) {
		for (int64_t s = first; s < end; s++)
			if (s >= t->first && s <= t->newest && s > t->newest - TRACE_SECONDS)
				add(&span, &sum, &count, t->seconds[s % TRACE_SECONDS]);
	} else {
		for (int64_t s = first / TRACE_BIN; s < end / TRACE_BIN; s++)
			if (s < t->newest / TRACE_BIN && s > t->newest / TRACE_BIN - TRACE_BINS)
				add(&span, &sum, &count, t->bins[s % TRACE_BINS]);
	}
	span.kbps = count > 0 ? (uint32_t)(sum / count) : 0;
	return span;
}

int64_t
traces_begin(const struct traces *traces, uint64_t device)
{
	const struct trace *t = find(traces, device);

	return t ? t->first * SECOND : INT64_MAX;
}
