/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_ENGINE_WATCHED_HOME_H
#define TESTS_ENGINE_WATCHED_HOME_H

/* A home that is watched by hand, and what was told of it. */
#include "watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/engine/frames.h"
#include "tests/engine/made_up.h"

#define BELL    "00:00:5e:00:53:01"
#define PHONE   "00:00:5e:00:53:02"
#define GATEWAY "00:00:5e:00:53:fe"
#define TOLD    4096

/* What was told, in short. */
struct note {
	enum porch_event_kind kind;
	int64_t time;
	uint64_t id, bytes;
	bool open;
	enum porch_footage footage;
	enum porch_activity activity;
	uint64_t footage_today, bytes_today;
	int64_t today_since;
	size_t devices;
	char text[96]; /* label, sentence, mark or reason */
};

struct home {
	struct watch *watch;
	struct porch_options options;
	struct watch_setup setup;
	int64_t now, tick;
	struct note note[TOLD];
	size_t notes;
	uint64_t sequence;
};

static inline void
write_down(struct note *n, const char *text)
{
	snprintf(n->text, sizeof(n->text), "%s", text ? text : "");
}

static inline void
tell(const struct porch_event *e, void *user)
{
	struct home *h = user;
	struct note *n = &h->note[h->notes < TOLD - 1 ? h->notes++ : TOLD - 1];

	*n = (struct note){.kind = e->kind, .time = e->time};
	assert_true(e->boot == 77);
	if (e->kind != PORCH_EVENT_STATE)
		assert_int_equal(e->sequence, ++h->sequence);
	if (e->kind == PORCH_EVENT_EPISODE) {
		n->id = e->episode->id;
		n->open = e->episode->open;
		n->bytes = e->episode->bytes_up;
		n->footage = e->episode->footage;
		write_down(n, e->mark);
		assert_true(e->episode->end >= e->episode->start);
	} else if (e->kind == PORCH_EVENT_DEVICE) {
		n->id = e->device->id;
		write_down(n, e->device->label);
	} else if (e->kind == PORCH_EVENT_STATE) {
		n->activity = e->state->activity;
		n->footage_today = e->state->footage_bytes_today;
		n->bytes_today = e->state->bytes_up_today;
		n->today_since = e->state->today_since;
		n->devices = e->state->device_count;
		write_down(n, e->state->sentence);
	} else if (e->kind == PORCH_EVENT_NOTICE) {
		n->id = e->notice->destination;
		write_down(n, e->notice->kind);
	} else if (e->kind == PORCH_EVENT_GAP) {
		assert_true(e->gap->end >= e->gap->start);
		write_down(n, e->gap->reason);
	}
}

static inline struct home *
home_new(const char *const *named, size_t count)
{
	struct home *h = calloc(1, sizeof(*h));
	struct porch_error error;

	assert_non_null(h);
	h->options.devices = named;
	h->options.device_count = count;
	h->now = h->tick = MORNING;
	h->setup = (struct watch_setup){.rules = rules,
	    .options = &h->options,
	    .interfaces = "br-lan",
	    .boot = 77,
	    .start = MORNING,
	    .tell = tell,
	    .user = h};
	h->watch = watch_new(&h->setup, &error);
	assert_non_null(h->watch);
	return h;
}

static inline void
home_free(struct home *h)
{
	watch_free(h->watch);
	free(h);
}

static inline void
pass(struct home *h, int64_t micros)
{
	int64_t until = h->now + micros;

	while (h->tick <= until) {
		watch_tick(h->watch, h->tick);
		h->tick += SECOND / 4;
	}
	h->now = until;
}

static inline void
see(struct home *h, const char *mac, const char *from, uint16_t bytes)
{
	struct sent s = {.from_mac = mac,
	    .to_mac = GATEWAY,
	    .from = from,
	    .to = "198.51.100.7",
	    .from_port = 40000,
	    .to_port = 9000,
	    .payload_bytes = bytes,
	    .time = h->now};
	struct made m;

	watch_frame(h->watch, &make_packet(&m, &s)->frame);
}

/* Pictures of six packets, fifteen a second. */
static inline void
stream_of(struct home *h, const char *mac, const char *from, unsigned seconds)
{
	for (unsigned i = 0; i < seconds * 90; i++) {
		see(h, mac, from, i % 6 == 5 ? 300 : 1200);
		if (i % 6 == 5)
			pass(h, SECOND / 15);
	}
}

static inline void
stream(struct home *h, unsigned seconds)
{
	stream_of(h, BELL, "192.168.1.20", seconds);
}

static inline size_t
count(const struct home *h, enum porch_event_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < h->notes; i++)
		n += h->note[i].kind == kind;
	return n;
}

static inline const struct note *
last(const struct home *h, enum porch_event_kind kind)
{
	for (size_t i = h->notes; i-- > 0;)
		if (h->note[i].kind == kind)
			return &h->note[i];
	fail_msg("nothing of that kind was told");
	return NULL;
}

static const char *const bell[] = {BELL};

#endif
