/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/watch/teller.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/say.h"
#include "sink/event.h"

#define WAITING  (1U << 20) /* bytes that wait for a reader */
#define DRAIN_MS 3000

static const char *const names[TELLER_READERS] = {
    [TELLER_OUTPUT] = "standard output",
    [TELLER_MESSENGER] = "what tells others",
    [TELLER_PAGE] = "the page",
};

static void
keep_bytes(const void *bytes, size_t len, void *user)
{
	struct teller *teller = user;

	if (len > TELLER_LINE - teller->len) {
		teller->too_long = true;
		return;
	}
	memcpy(teller->line + teller->len, bytes, len);
	teller->len += len;
}

bool
teller_open(struct teller *teller, const struct options *options, int messenger, int page)
{
	bool data = strcmp(options->sink, "terminal") != 0;

	memset(teller, 0, sizeof(*teller));
	teller->records = strcmp(options->sink, "ndjson") == 0;
	teller->line = malloc(TELLER_LINE);
	writer_init(&teller->writer, WRITER_NOWHERE);
	teller->writer.tee = keep_bytes;
	teller->writer.user = teller;
	return spout_open(&teller->to[TELLER_OUTPUT], teller->records || !data ? STDOUT_FILENO : -1,
	           true, WAITING) &&
	       spout_open(&teller->to[TELLER_MESSENGER], messenger, false, WAITING) &&
	       spout_open(&teller->to[TELLER_PAGE], page, false, WAITING) && teller->line;
}

/* What the writer wrote since it was emptied goes to one reader. */
static void
put_line(struct teller *teller, struct spout *spout)
{
	writer_flush(&teller->writer);
	if (teller->too_long)
		spout->lost++;
	else if (teller->len > 0)
		spout_put(spout, teller->line, teller->len);
}

static void
empty_line(struct teller *teller)
{
	writer_flush(&teller->writer);
	teller->len = 0;
	teller->too_long = false;
}

bool
teller_greets(const struct teller *teller, const struct sink_style *style)
{
	return !teller->records && teller->to[TELLER_OUTPUT].fd >= 0 && !style->quiet;
}

bool
teller_greet(struct teller *teller, const struct sink_style *style,
    const struct live_greeting *greeting)
{
	if (!teller_greets(teller, style))
		return true;
	teller->terminal = calloc(1, sizeof(*teller->terminal));
	if (!teller->terminal)
		return false;
	live_terminal_begin(teller->terminal, &teller->writer, style, greeting);
	put_line(teller, &teller->to[TELLER_OUTPUT]);
	return true;
}

void
teller_close(struct teller *teller)
{
	free(teller->terminal);
	teller->terminal = NULL;
	for (size_t i = 0; i < TELLER_READERS; i++)
		spout_close(&teller->to[i]);
	free(teller->line);
	teller->line = NULL;
}

void
teller_tell(const struct porch_event *event, void *user)
{
	struct teller *teller = user;

	teller->boot = event->boot;
	teller->time = event->time;
	if (event->kind == PORCH_EVENT_STATE) {
		teller->counters = event->state->counters;
	} else {
		teller->sequence = event->sequence;
		teller->told++;
	}
	empty_line(teller);
	event_line(&teller->writer, event);
	put_line(teller, &teller->to[TELLER_MESSENGER]);
	put_line(teller, &teller->to[TELLER_PAGE]);
	if (teller->terminal && event->kind == PORCH_EVENT_SUMMARY && !teller->concludes)
		return; /* it is part of what is shown in the end */
	if (teller->terminal) {
		empty_line(teller);
		live_terminal_event(teller->terminal, event);
	}
	if (teller->terminal || (teller->records && event->kind != PORCH_EVENT_STATE))
		put_line(teller, &teller->to[TELLER_OUTPUT]);
}

bool
teller_has_page(const struct teller *teller)
{
	return teller->to[TELLER_PAGE].fd >= 0 && !teller->to[TELLER_PAGE].closed;
}

void
teller_tell_page(struct teller *teller, struct porch_event *event)
{
	event->boot = teller->boot;
	event->sequence = teller->sequence;
	event->time = teller->time;
	empty_line(teller);
	event_line(&teller->writer, event);
	put_line(teller, &teller->to[TELLER_PAGE]);
}

void
teller_hold(struct teller *teller, bool holds)
{
	for (size_t i = 0; i < TELLER_READERS; i++)
		spout_hold(&teller->to[i], holds);
}

size_t
teller_wait(const struct teller *teller, struct pollfd *wait)
{
	size_t count = 0;

	for (size_t i = 0; i < TELLER_READERS; i++)
		if (spout_waits(&teller->to[i]))
			wait[count++] = (struct pollfd){.fd = teller->to[i].fd, .events = POLLOUT};
	return count;
}

void
teller_flush(struct teller *teller)
{
	for (size_t i = 0; i < TELLER_READERS; i++)
		spout_flush(&teller->to[i]);
}

void
teller_drain(struct teller *teller)
{
	for (size_t i = 0; i < TELLER_READERS; i++) {
		const struct spout *to = &teller->to[i];

		spout_drain(&teller->to[i], DRAIN_MS);
		if (to->error)
			say("%s: %s", names[i], strerror(to->error));
		if (to->lost > 0)
			say("%s was too slow: %" PRIu64 " records are missing there", names[i],
			    to->lost);
	}
}

bool
teller_unheard(const struct teller *teller)
{
	return teller->to[TELLER_OUTPUT].closed;
}

void
teller_say_counters(const struct teller *teller)
{
	const struct porch_counters *c = &teller->counters;

	say("frames: %" PRIu64 " received = %" PRIu64 " processed + %" PRIu64
	    " undecoded + %" PRIu64 " filtered + %" PRIu64 " deduplicated + %" PRIu64
	    " dropped; %" PRIu64 " evicted; records: %" PRIu64 " told, %" PRIu64 " + %" PRIu64
	    " + %" PRIu64 " lost (output, messenger, page)",
	    c->received, c->processed, c->undecoded, c->filtered, c->deduplicated, c->dropped,
	    c->evicted, teller->told, teller->to[TELLER_OUTPUT].lost,
	    teller->to[TELLER_MESSENGER].lost, teller->to[TELLER_PAGE].lost);
}
