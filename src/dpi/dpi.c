/* SPDX-License-Identifier: Apache-2.0 */
#include "dpi/dpi.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dpi/process.h"

#define SECOND INT64_C(1000000)

#define OPEN_SLOTS       (WIRE_SLOTS / 2) /* being gathered; the rest is on its way */
#define TOLD_AT_ONCE     16               /* in a replay, which waits: each telling wakes it */
#define LOOK_EVERY       100              /* milliseconds between looks at the clock */
#define WATCHDOG         (2 * SECOND)     /* without progress; in a replay of its own time */
#define IDLE_LOOKS       30               /* looks in a row at a process that does nothing */
#define SILENCES_MOST    3                /* in a row: it is given up */
#define DEATHS_ALONE     2                /* of its own fault: quarantined */
#define QUARANTINES_MOST 16               /* in one capture: then it is given up */
#define LOSSES_IN_A_ROW  1000             /* without any answer in between: the same */
#define FAILED_STARTS    3                /* without a greeting: the same */

enum slot_state { SLOT_FREE, SLOT_OPEN, SLOT_ASKED };

struct slot {
	uint8_t state; /* enum slot_state */
	uint8_t slices;
	uint8_t deaths; /* of the process's own fault, with this one alone outstanding */
	size_t filled;  /* bytes of the slices */
	struct wire_question question;
};

struct dpi {
	const char *program;
	bool wait;
	enum dpi_state state;
	struct dpi_listener listener;
	struct process process;
	struct wire_greeting greeting;
	struct slot slot[WIRE_SLOTS];
	unsigned open;
	/* Asked, oldest first: a ring. */
	uint8_t queue[WIRE_SLOTS];
	unsigned first, waiting;
	unsigned told;    /* of those waiting, how many this process was asked about */
	unsigned careful; /* of those waiting, how many are asked one at a time */
	uint64_t asked;   /* number of the last question */
	bool greeted;     /* this process has said who it is */
	unsigned failed_starts, quarantined, losses, silences;
	bool progressed;  /* since the last look at it */
	int64_t cpu;      /* of the process, at the first look after progress */
	int64_t last_cpu; /* at the last look */
	unsigned idle;
	int64_t stalled_since; /* live: when the first thing outstanding was seen; 0 none */
};

static struct slot *
oldest(struct dpi *d)
{
	return &d->slot[d->queue[d->first]];
}

struct dpi *
dpi_new(const char *program, bool wait)
{
	struct dpi *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	d->program = program;
	d->wait = wait;
	if (process_open(&d->process))
		return d;
	free(d);
	return NULL;
}

void
dpi_keep(struct dpi *d, struct keeper *keeper)
{
	d->process.keeper = keeper;
}

void
dpi_free(struct dpi *d)
{
	if (!d)
		return;
	process_close(&d->process);
	free(d);
}

static void
progressed(struct dpi *d)
{
	d->progressed = true;
	d->stalled_since = 0;
}

/* Gives the oldest its answer, and its slot back. */
static void
answer_oldest(struct dpi *d, const struct wire_opinion *opinion, bool quarantined)
{
	struct dpi_advice advice = {
	    .slot = d->queue[d->first], .quarantined = quarantined, .opinion = opinion};

	oldest(d)->state = SLOT_FREE;
	d->first = (d->first + 1) % WIRE_SLOTS;
	d->waiting--;
	if (d->told > 0)
		d->told--;
	if (d->careful > 0)
		d->careful--;
	d->listener.advise(&advice, d->listener.user);
}

/* There will be no advice: what waits is told so. */
static void
give_up(struct dpi *d, enum dpi_state why)
{
	d->state = why;
	process_end(&d->process, true);
	d->told = 0;
	while (d->waiting > 0)
		answer_oldest(d, NULL, false);
}

static const char *
reason_of(const struct process_end *end)
{
	static const struct {
		int signal;
		const char *reason;
	} reasons[] = {
	    {0, "advice: the inspecting process ended by itself and was started again"},
	    {SIGSEGV, "advice: the inspecting process crashed (SEGV) and was started again"},
	    {SIGBUS, "advice: the inspecting process crashed (BUS) and was started again"},
	    {SIGABRT, "advice: the inspecting process crashed (ABRT) and was started again"},
	    {SIGFPE, "advice: the inspecting process crashed (FPE) and was started again"},
	    {SIGILL, "advice: the inspecting process crashed (ILL) and was started again"},
	    {SIGSYS, "advice: the inspecting process left its bounds (SYS) and was started again"},
	};

	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].signal == end->signal)
			return reasons[i].reason;
	return "advice: the inspecting process was ended from outside and was started again";
}

/* It is gone: what it was asked is asked again, one at a time. */
static void
lose(struct dpi *d, const char *reason, bool own_fault)
{
	struct dpi_loss loss = {.reason = reason};
	bool alone = d->told == 1;

	if (!d->greeted && ++d->failed_starts >= FAILED_STARTS) {
		give_up(d, d->state == DPI_ADVISES ? DPI_STOPPED : DPI_NONE);
		return;
	}
	if (d->told > d->careful)
		d->careful = d->told;
	d->told = 0;
	d->losses++;
	if (own_fault && alone)
		loss.quarantines = ++oldest(d)->deaths == DEATHS_ALONE;
	d->listener.lose(&loss, d->listener.user);
	if (loss.quarantines) {
		d->quarantined++;
		answer_oldest(d, NULL, true);
	}
	if (d->quarantined == QUARANTINES_MOST || d->losses == LOSSES_IN_A_ROW)
		give_up(d, DPI_STOPPED);
}

static void
lose_to_its_end(struct dpi *d)
{
	struct process_end end = process_end(&d->process, false);

	lose(d, reason_of(&end), end.own_fault);
}

static void
end_and_lose(struct dpi *d, const char *reason, bool own_fault)
{
	process_end(&d->process, true);
	lose(d, reason, own_fault);
}

static bool
is_running(const struct dpi *d)
{
	return d->process.pid != 0;
}

static void
start(struct dpi *d)
{
	d->greeted = false;
	if (!process_start(&d->process, d->program)) {
		give_up(d, DPI_NONE);
		return;
	}
	progressed(d);
}

/* Tells the process what it may know by now. */
static void
tell(struct dpi *d)
{
	uint8_t record[WIRE_SLOTS * WIRE_QUESTION];
	unsigned told = d->told, most;

	if (!is_running(d) && d->waiting > 0)
		start(d);
	most = d->careful ? 1 : d->waiting;
	if (!d->greeted || told >= most)
		return;
	for (; told < most; told++) {
		unsigned slot = d->queue[(d->first + told) % WIRE_SLOTS];

		wire_write_question(record + (told - d->told) * WIRE_QUESTION,
		    &d->slot[slot].question);
	}
	if (d->told == 0)
		progressed(d);
	if (process_tell(&d->process, record, told - d->told))
		d->told = told; /* else it is gone, as listening will show */
}

static bool
hear_greeting(struct dpi *d, const struct wire_greeting *greeting)
{
	if (d->greeted)
		return false;
	d->greeted = true;
	d->failed_starts = 0;
	d->greeting = *greeting;
	if (greeting->library[0])
		d->state = DPI_ADVISES;
	else
		give_up(d, DPI_NONE);
	return true;
}

/* Answers come in the order of asking; anything else was not asked. */
static bool
hear_opinion(struct dpi *d, const struct wire_opinion *opinion)
{
	if (d->told == 0 || opinion->number != oldest(d)->question.number)
		return false;
	d->losses = d->silences = 0;
	answer_oldest(d, opinion, false);
	return true;
}

static void
hear(struct dpi *d)
{
	uint8_t record[WIRE_ANSWER];
	struct wire_said said;

	while (process_take(&d->process, record)) {
		bool good = wire_read_said(record, &said);

		if (good && said.kind == WIRE_GREETS)
			good = hear_greeting(d, &said.greeting);
		else if (good)
			good = hear_opinion(d, &said.opinion);
		if (!good) {
			end_and_lose(d,
			    "advice: the inspecting process spoke out of turn and was "
			    "started again",
			    true);
			return;
		}
	}
	progressed(d);
}

/* A replay's watchdog looks at the time the process used itself, not at who else was busy. */
static void
watch_over(struct dpi *d)
{
	int64_t cpu = process_cpu(&d->process);

	if (d->progressed) {
		d->progressed = false;
		d->cpu = d->last_cpu = cpu;
		d->idle = 0;
		return;
	}
	d->idle = cpu - d->last_cpu < 1000 ? d->idle + 1 : 0;
	d->last_cpu = cpu;
	if (cpu - d->cpu > WATCHDOG) {
		end_and_lose(d,
		    "advice: the inspecting process hung (watchdog) and was started "
		    "again",
		    true);
	} else if (d->idle >= IDLE_LOOKS) {
		if (++d->silences == SILENCES_MOST) /* no use in asking for ever */
			give_up(d, DPI_STOPPED);
		else
			end_and_lose(d,
			    "advice: the inspecting process fell silent and was "
			    "started again",
			    false);
	}
}

/* One step on; waits for it if the process is at work. */
static void
step(struct dpi *d, int milliseconds)
{
	tell(d);
	if (!is_running(d))
		return;
	switch (process_listen(&d->process, milliseconds)) {
	case PROCESS_SAID:
		hear(d);
		break;
	case PROCESS_GONE:
		lose_to_its_end(d);
		break;
	case PROCESS_QUIET:
		if (milliseconds > 0)
			watch_over(d);
		break;
	}
}

void
dpi_listen(struct dpi *d, const struct dpi_listener *listener)
{
	d->listener = *listener;
	if (d->waiting > 0)
		process_end(&d->process, true);
	memset(d->slot, 0, sizeof(d->slot));
	d->open = d->first = d->waiting = d->told = d->careful = 0;
	d->quarantined = d->losses = d->failed_starts = d->silences = 0;
	if (d->state == DPI_STOPPED)
		d->state = DPI_IDLE;
}

static int
free_slot(const struct dpi *d)
{
	for (unsigned i = 0; i < WIRE_SLOTS; i++)
		if (d->slot[i].state == SLOT_FREE)
			return (int)i;
	return -1;
}

int
dpi_begin(struct dpi *d)
{
	int slot;

	if (d->open == OPEN_SLOTS || d->state == DPI_NONE || d->state == DPI_STOPPED)
		return -1;
	if (!is_running(d))
		start(d); /* it gets ready while packets are gathered */
	if (!is_running(d))
		return -1;
	while ((slot = free_slot(d)) < 0 && d->wait)
		step(d, LOOK_EVERY);
	if (slot < 0)
		return -1;
	d->slot[slot] = (struct slot){.state = SLOT_OPEN};
	d->open++;
	return slot;
}

bool
dpi_add(struct dpi *d, unsigned slot, const struct wire_slice *slice)
{
	struct slot *s = &d->slot[slot];
	struct wire_slice cut = *slice;

	if (s->slices == WIRE_SLICES)
		return false;
	if (cut.length > WIRE_PAYLOAD)
		cut.length = WIRE_PAYLOAD;
	s->filled += wire_write_slice(d->process.cell + wire_slot(slot) + s->filled, &cut);
	s->slices++;
	return true;
}

unsigned
dpi_slices(const struct dpi *d, unsigned slot)
{
	return d->slot[slot].slices;
}

void
dpi_drop(struct dpi *d, unsigned slot)
{
	d->slot[slot].state = SLOT_FREE;
	d->open--;
}

void
dpi_ask(struct dpi *d, unsigned slot, const struct wire_question *flow)
{
	struct slot *s = &d->slot[slot];

	d->open--;
	s->state = SLOT_ASKED;
	s->question = *flow;
	s->question.number = ++d->asked;
	s->question.slot = (uint8_t)slot;
	s->question.slices = s->slices;
	d->queue[(d->first + d->waiting) % WIRE_SLOTS] = (uint8_t)slot;
	d->waiting++;
	if (d->state == DPI_NONE || d->state == DPI_STOPPED)
		give_up(d, d->state);
	else if (!d->wait || d->waiting - d->told >= TOLD_AT_ONCE)
		step(d, 0);
}

void
dpi_poll(struct dpi *d)
{
	step(d, 0);
}

void
dpi_tick(struct dpi *d, int64_t now)
{
	step(d, 0);
	if (d->told == 0) {
		d->stalled_since = 0;
	} else if (d->stalled_since == 0) {
		d->stalled_since = now;
	} else if (now - d->stalled_since > WATCHDOG) {
		end_and_lose(d,
		    "advice: the inspecting process hung (watchdog) and was started "
		    "again",
		    true);
	}
}

static bool
is_busy(const struct dpi *d)
{
	return d->waiting > 0 || (is_running(d) && !d->greeted);
}

void
dpi_finish(struct dpi *d)
{
	while (is_busy(d))
		step(d, LOOK_EVERY);
}

void
dpi_finish_within(struct dpi *d, unsigned tenths)
{
	while (is_busy(d) && tenths-- > 0)
		step(d, LOOK_EVERY);
}

enum dpi_state
dpi_state(const struct dpi *d)
{
	return d->state;
}

const struct wire_greeting *
dpi_greeting(const struct dpi *d)
{
	return d->state == DPI_ADVISES || d->state == DPI_STOPPED ? &d->greeting : NULL;
}

bool
dpi_greet(const char *program, struct wire_greeting *greeting)
{
	uint8_t record[WIRE_ANSWER];
	struct process process;
	struct wire_said said;
	bool greets = false;

	if (!process_open(&process))
		return false;
	if (process_start(&process, program) &&
	    process_listen(&process, 10 * LOOK_EVERY) == PROCESS_SAID &&
	    process_take(&process, record))
		greets = wire_read_said(record, &said) && said.kind == WIRE_GREETS;
	process_close(&process);
	if (greets)
		*greeting = said.greeting;
	return greets;
}

/* The fixes are dated in the library's history: both came with 4.6. */
const char *
dpi_known_defects(const char *version)
{
	unsigned major, minor;

	if (sscanf(version, "%u.%u", &major, &minor) != 2)
		return "its version is not known, nor what is known against it";
	if (major < 4 || (major == 4 && minor < 6))
		return "it crashes on DTLS certificates, hangs on long DNS messages and reads past "
		       "QUIC and tinc packets; DTLS is off, and it is shown guarded slices only";
	return NULL;
}
