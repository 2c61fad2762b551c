/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "cli/history_file.h"
#include "cli/say.h"
#include "cli/watch/counting_state.h"
#include "source/clock.h"

#define SECOND  INT64_C(1000000)
#define GROUP   (2 * SECOND)   /* uploads that end within it are stored together */
#define AT_LAST (600 * SECOND) /* between two commits */
#define DAY     (86400 * SECOND)
#define LATELY  (7 * DAY)     /* a doorbell of then is known */
#define SO_FAR  (10 * SECOND) /* between two verdicts of a watch that goes on, at least */
#define SHARE   100           /* of all time that they may take: one in so many */

bool
counting_open_history(struct counting *c)
{
	struct history_setup setup = history_file(c->options);
	struct porch_error error = {.offset = -1};

	if (!c->options->history || strcmp(c->options->history, "none") == 0)
		return true;
	setup.rules = c->analysis.rules;
	setup.options = &c->engine;
	c->history = history_open(&setup, &error);
	if (c->history) {
		c->stored = c->now;
		c->hour = c->now / HISTORY_HOUR_US;
		return true;
	}
	say_error(&error);
	c->analysis.outcome.not_written = true;
	return false;
}

size_t
counting_doorbells(struct counting *c)
{
	return c->history ? history_doorbells(c->history, c->now - LATELY) : 0;
}

/* The sums of today go on from what earlier runs stored of it. */
void
counting_remember(struct counting *c)
{
	struct porch_options options = c->engine;
	struct porch_document *doc;
	struct porch_error error;

	if (!c->history)
		return;
	options.use_since = true;
	options.since = watch_midnight(c->watch);
	doc = history_document(c->history, &options, &error);
	if (doc)
		watch_remember(c->watch, doc);
	porch_document_free(doc);
}

bool
counting_known(uint64_t id, void *user)
{
	const struct counting *c = user;

	return history_knew(c->history, id);
}

static void
name_device(uint64_t id, const char *text, void *user)
{
	struct counting *c = user;

	watch_label(c->watch, id, text);
}

/* Devices are named as they were in earlier runs, once they are seen. */
void
counting_name_devices(struct counting *c)
{
	if (!c->history || !c->met)
		return;
	c->met = false;
	history_labels(c->history, name_device, c);
}

bool
counting_lets_go(const struct counting *c)
{
	const char *sink = c->options->sink;

	return (c->history || c->now - c->began >= DAY) &&
	       (strcmp(sink, "terminal") == 0 || strcmp(sink, "ndjson") == 0);
}

/* What was told of ended uploads goes out only when it cannot be lost any more. */
void
counting_store(struct counting *c)
{
	struct engine_result so_far;
	struct arena *arena = arena_new();
	bool stored = false;

	if (arena && watch_snapshot(c->watch, &so_far)) {
		struct porch_input input = watch_input(c->watch, arena);

		history_input(c->history, &input);
		stored = history_flush(c->history, &so_far, c->now);
		watch_snapshot_free(&so_far);
	}
	if (stored && counting_lets_go(c))
		watch_stored(c->watch);
	arena_free(arena);
	teller_hold(&c->teller, false);
	c->ended_some = false;
	c->stored = c->now;
}

/* Without a history, what was told is nowhere else: a day of it is kept. */
static void
let_go(struct counting *c, int64_t since)
{
	if ((since >= 0 && since < AT_LAST) || !counting_lets_go(c))
		return;
	c->teller.concludes = c->forgot = true;
	c->stored = c->now;
	watch_stored(c->watch);
}

void
counting_store_if_due(struct counting *c)
{
	int64_t since = c->now - c->stored;

	if (!c->history) {
		let_go(c, since);
		return;
	}
	if ((c->ended_some && since >= GROUP) || since >= AT_LAST || since < 0)
		counting_store(c);
	history_tick(c->history, c->now);
}

void
counting_see_hour(struct counting *c, int64_t time)
{
	int64_t hour = time / HISTORY_HOUR_US;

	if (!c->history || hour <= c->hour)
		return;
	c->hour = hour;
	counting_store(c);
}

/* Findings of what is still in memory would not be of all. */
void
counting_conclude(struct counting *c)
{
	const struct clock *clock = clock_machine();
	struct porch_document *doc;
	struct porch_event summary = {.kind = PORCH_EVENT_SUMMARY};
	int64_t begun;

	if (c->history || !teller_has_page(&c->teller) || c->teller.told == c->concluded_after)
		return;
	begun = clock->monotonic(clock->user);
	if (begun < c->conclude_at)
		return;
	c->concluded_after = c->teller.told;
	doc = watch_document(c->watch);
	for (size_t i = 0; doc && !c->forgot && i < doc->finding_count; i++) {
		struct porch_event finding = {
		    .kind = PORCH_EVENT_FINDING, .finding = &doc->findings[i]};

		teller_tell_page(&c->teller, &finding);
	}
	if (doc) {
		summary.summary = &doc->summary;
		teller_tell_page(&c->teller, &summary);
	}
	porch_document_free(doc);
	c->conclude_at = clock->monotonic(clock->user);
	c->conclude_at += (c->conclude_at - begun) * SHARE + SO_FAR;
}
