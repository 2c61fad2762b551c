/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A command of the user's for each telling, run by another process (hook.h).  What was heard
 * reaches it as data only: a JSON object on its standard input, and a few variables.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/escape.h"
#include "sink/messenger/hook.h"
#include "sink/messenger/outlet.h"
#include "sink/sink.h"

#define QUEUE 64 /* tellings that wait for a command to end */

struct exec {
	struct outlet outlet; /* first */
	uint8_t place;
	int runner; /* lent */
	unsigned running;
	size_t first; /* of the queue, a ring */
	size_t count;
	uint64_t lost;
	uint64_t failures;
	struct telling queue[QUEUE];
};

static void
add_value(struct text *text, const char *value)
{
	text_add_escaped(text, ESCAPE_TERMINAL, value);
	text_char(text, '\0');
}

static size_t
write_message(const struct exec *e, const struct telling *t, char message[static HOOK_MESSAGE])
{
	struct text text = text_over(message, HOOK_MESSAGE);
	char body[TELLING_BODY];
	char id[ID_TEXT];

	telling_body(t, body);
	text_char(&text, (char)e->place);
	add_value(&text, telling_word(t->kind));
	add_value(&text, t->id);
	add_value(&text, t->device ? id_format('d', t->device, id) : "");
	add_value(&text, t->name);
	add_value(&text, t->sentence);
	text_add(&text, body);
	return text.cut ? 0 : text.len;
}

static void
run_next(struct exec *e)
{
	char message[HOOK_MESSAGE];

	while (e->count > 0 && e->running < HOOK_RUNNING) {
		size_t len = write_message(e, &e->queue[e->first], message);

		if (len > 0 && send(e->runner, message, len, MSG_NOSIGNAL | MSG_DONTWAIT) < 0) {
			if (errno != EAGAIN && e->failures++ == 0)
				outlet_say("exec", "who runs commands is gone: %s",
				    strerror(errno));
			return;
		}
		e->running += len > 0;
		e->first = (e->first + 1) % QUEUE;
		e->count--;
	}
}

static void
exec_tell(struct outlet *outlet, const struct telling *t)
{
	struct exec *e = (struct exec *)outlet;

	if (e->count == QUEUE) {
		if (e->lost++ == 0)
			outlet_say("exec", "its commands are too slow: some tellings are left out");
		return;
	}
	e->queue[(e->first + e->count++) % QUEUE] = *t;
	run_next(e);
}

static void
say_ran(const struct hook_ran *ran)
{
	switch ((enum hook_end)ran->end) {
	case HOOK_EXITED:
		if (ran->status != 0)
			outlet_say("exec", "command %d ended with status %d", ran->command + 1,
			    ran->status);
		break;
	case HOOK_SIGNALLED:
		outlet_say("exec", "command %d was ended by signal %d", ran->command + 1,
		    ran->status);
		break;
	case HOOK_TOO_SLOW:
		outlet_say("exec", "command %d took longer than %d s and was ended",
		    ran->command + 1, HOOK_TIME);
		break;
	case HOOK_NOT_RUN:
		outlet_say("exec", "command %d could not be run: %s", ran->command + 1,
		    strerror(ran->status));
		break;
	}
}

static void
exec_tick(struct outlet *outlet, int64_t now)
{
	(void)now;
	run_next((struct exec *)outlet);
}

static bool
exec_idle(const struct outlet *outlet)
{
	const struct exec *e = (const struct exec *)outlet;

	return e->count == 0 && e->running == 0;
}

static void
exec_free(struct outlet *outlet)
{
	struct exec *e = (struct exec *)outlet;

	if (e->lost > 0)
		outlet_say("exec", "%llu tellings were left out", (unsigned long long)e->lost);
	free(e);
}

static const struct outlet_ops exec_ops = {
    .tell = exec_tell,
    .tick = exec_tick,
    .idle = exec_idle,
    .free = exec_free,
};

void
exec_ran(struct outlet *outlet, const struct hook_ran *ran)
{
	struct exec *e = (struct exec *)outlet;

	if (outlet->ops != &exec_ops || ran->command != e->place)
		return;
	say_ran(ran);
	if (e->running > 0)
		e->running--;
	run_next(e);
}

struct outlet *
exec_open(uint8_t place, int runner, struct porch_error *error)
{
	struct exec *e = calloc(1, sizeof(*e));

	if (!e || runner < 0) {
		snprintf(error->text, sizeof(error->text), "--exec: nobody runs commands");
		free(e);
		return NULL;
	}
	e->outlet.ops = &exec_ops;
	e->place = place;
	e->runner = runner;
	return &e->outlet;
}
