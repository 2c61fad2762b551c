/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/say.h"
#include "cli/watch/counting_state.h"
#include "words/words.h"

#define BURST  1024 /* records between looks at signals and readers */
#define SECOND INT64_C(1000000)
#define TICK   (SECOND / 4)

static const char *
name_of(const struct counting *c, unsigned interface)
{
	return c->options->arguments.item[interface];
}

static void
take_frame(struct counting *c, struct frame *frame)
{
	counting_see_hour(c, frame->time);
	if (c->crossings && !crossings_follow(c->crossings, frame)) {
		watch_filtered(c->watch);
	} else {
		recording_see(&c->recording, frame);
		watch_frame(c->watch, frame);
	}
	if (frame->time > c->now)
		c->now = frame->time;
}

/* Why nothing was seen: without the name where there is no other interface. */
static void
tell_gap(struct counting *c, unsigned interface, int64_t end)
{
	static const char *const why[] = {
	    [BELT_NOT_THERE] = "was not there",
	    [BELT_DOWN] = "was down",
	    [BELT_GONE] = "was gone",
	    [BELT_NO_CARRIER] = "had no carrier",
	    [BELT_FAILED] = "could not be read",
	};
	const struct eye *eye = &c->eye[interface];
	char reason[128];

	snprintf(reason, sizeof(reason), "interface %s %s", name_of(c, interface),
	    why[eye->reason]);
	watch_gap(c->watch, eye->since, end > eye->since ? end : eye->since, reason);
}

static void
lose(struct counting *c, const struct belt_record *record)
{
	struct eye *eye = &c->eye[record->interface];

	*eye = (struct eye){.lost = true,
	    .passed_by = eye->passed_by,
	    .reason = record->reason,
	    .since = record->time};
	watch_interface(c->watch, name_of(c, record->interface), false);
}

static void
find(struct counting *c, const struct belt_record *record)
{
	struct eye *eye = &c->eye[record->interface];

	if (eye->lost)
		tell_gap(c, record->interface, record->time);
	*eye = (struct eye){.open = true, .passed_by = eye->passed_by};
	watch_interface(c->watch, name_of(c, record->interface), true);
}

static void
tell_clock(struct counting *c, const struct belt_record *record)
{
	int64_t seconds = record->count / SECOND;
	char reason[128];

	if (record->kind == BELT_ASLEEP)
		snprintf(reason, sizeof(reason), "suspended for %" PRId64 " s", seconds);
	else
		snprintf(reason, sizeof(reason), "clock set by %+" PRId64 " s", seconds);
	watch_gap(c->watch, record->time, record->time, reason);
}

/* Said once of each interface; how much it came to, the records say. */
static void
tell_unseen(struct counting *c, const struct belt_record *record)
{
	static const struct speaker english = {.language = NULL};
	struct eye *eye = &c->eye[record->interface];
	char sentence[256];
	struct text text = text_over(sentence, sizeof(sentence));

	if (record->count <= 0)
		return;
	watch_unobserved(c->watch, (uint64_t)record->count);
	words_add(&english,
	    &PHRASE(SAY_COUNTERS_AHEAD, NAMED("interface", name_of(c, record->interface))), &text);
	watch_limit(c->watch, sentence);
	if (!eye->passed_by)
		say("%s", sentence);
	eye->passed_by = true;
}

/* False for what is no list of addresses. */
static bool
take_hosts(struct counting *c, const struct frame *hosts)
{
	struct addr own[BELT_ADDRESSES];
	size_t count = hosts->captured / sizeof(own[0]);

	if (hosts->captured % sizeof(own[0]) != 0 || count > BELT_ADDRESSES)
		return false;
	memcpy(own, hosts->bytes, hosts->captured);
	for (size_t i = 0; i < count; i++)
		if (own[i].family != 4 && own[i].family != 6)
			return false;
	watch_capture_hosts(c->watch, own, count);
	return true;
}

/* What captures may have been taken over: an interface that nobody named is none. */
static void
take(struct counting *c, struct belt_record *record)
{
	if (record->interface >= c->options->arguments.count) {
		c->broken = true;
		return;
	}
	switch (record->kind) {
	case BELT_FRAME:
		take_frame(c, &record->frame);
		break;
	case BELT_TIME:
		if (record->time > c->now)
			c->now = record->time;
		break;
	case BELT_DROPPED:
		watch_dropped(c->watch, (uint64_t)record->count);
		break;
	case BELT_LOST:
		lose(c, record);
		break;
	case BELT_FOUND:
		find(c, record);
		break;
	case BELT_STEP:
	case BELT_ASLEEP:
		tell_clock(c, record);
		break;
	case BELT_UNSEEN:
		tell_unseen(c, record);
		break;
	case BELT_HOSTS:
		c->broken = c->broken || !take_hosts(c, &record->frame);
		break;
	case BELT_END:
		c->ended = true;
		break;
	}
}

bool
counting_take(struct counting *c)
{
	enum belt_result result = BELT_RECORD;

	for (unsigned i = 0; i < BURST && result == BELT_RECORD && !c->ended; i++) {
		struct belt_record record;

		result = belt_next(c->setup->belt, &record);
		if (result == BELT_RECORD)
			take(c, &record);
		if (c->now - c->ticked < TICK)
			continue;
		watch_tick(c->watch, c->now);
		c->ticked = c->now;
		counting_name_devices(c);
		counting_store_if_due(c);
	}
	c->broken = c->broken || result == BELT_BROKEN;
	return result == BELT_RECORD;
}

void
counting_close_eyes(struct counting *c)
{
	for (unsigned i = 0; i < c->options->arguments.count; i++)
		if (c->eye[i].lost)
			tell_gap(c, i, c->now);
}
