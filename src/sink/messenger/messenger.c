/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/messenger/messenger.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sink/messenger/cooldown.h"
#include "sink/messenger/hook.h"
#include "sink/messenger/outlet.h"
#include "sink/messenger/scene.h"

#define OUTLETS_MAX 32
#define OWN_FDS     3

struct messenger {
	struct messenger_world world;
	struct scene *scene;
	struct cooldown *cooldown;
	struct outlet *outlets[OUTLETS_MAX];
	size_t count;
	int64_t now;
	bool ended;       /* no more lines */
	int64_t give_up;  /* when, once that is known */
	uint64_t strange; /* lines that were none */
	bool overlong;    /* in the middle of a line that is too long */
	size_t len;
	char buffer[LINE_BYTES];
};

static bool
adopt(struct messenger *m, struct outlet *outlet)
{
	if (!outlet)
		return false;
	m->outlets[m->count++] = outlet;
	return true;
}

/* The n-th place of all lists together; NULL after the last, or with error->text. */
static bool
open_place(struct messenger *m, size_t n, bool *last, struct porch_error *error)
{
	const struct messenger_setup *s = m->world.setup;

	*last = false;
	if (n < s->outputs.count)
		return adopt(m, output_open(s->outputs.item[n], error));
	n -= s->outputs.count;
	if (n < s->execs.count)
		return adopt(m, exec_open((uint8_t)n, m->world.runner, error));
	n -= s->execs.count;
	if (n < s->webhooks.count)
		return adopt(m, webhook_open(s->webhooks.item[n], s, m->world.site, error));
	n -= s->webhooks.count;
	if (n < s->mqtts.count)
		return adopt(m, mqtt_open(s->mqtts.item[n], s, m->world.site, error));
	*last = true;
	return !s->syslog || adopt(m, syslog_open(s->log, error));
}

static bool
open_outlets(struct messenger *m, struct porch_error *error)
{
	bool last = false;

	for (size_t n = 0; !last; n++) {
		if (n >= OUTLETS_MAX) {
			snprintf(error->text, sizeof(error->text), "more than %d places to tell",
			    OUTLETS_MAX - 1);
			return false;
		}
		if (!open_place(m, n, &last, error))
			return false;
	}
	return true;
}

struct messenger *
messenger_new(const struct messenger_world *world, struct porch_error *error)
{
	struct messenger *m = calloc(1, sizeof(*m));

	snprintf(error->text, sizeof(error->text), "out of memory");
	if (!m)
		return NULL;
	m->world = *world;
	m->give_up = INT64_MAX;
	m->now = world->clock();
	m->scene = scene_new(world->site);
	m->cooldown = cooldown_new(world->setup->cooldown, world->setup->digest);
	if (m->scene && m->cooldown && open_outlets(m, error))
		return m;
	messenger_free(m);
	return NULL;
}

void
messenger_free(struct messenger *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->count; i++)
		m->outlets[i]->ops->free(m->outlets[i]);
	scene_free(m->scene);
	cooldown_free(m->cooldown);
	free(m);
}

static void
tell_outlets(struct messenger *m, const struct telling *t, bool every)
{
	for (size_t i = 0; i < m->count; i++)
		if (m->outlets[i]->ops->tell && m->outlets[i]->ops->every == every)
			m->outlets[i]->ops->tell(m->outlets[i], t);
}

static void
tell(const struct telling *told, void *user)
{
	struct messenger *m = user;
	struct telling t = *told;

	tell_outlets(m, &t, true);
	if (cooldown_pass(m->cooldown, &t, m->now))
		tell_outlets(m, &t, false);
}

static void
tell_digests(struct messenger *m, int64_t now)
{
	struct telling digest;

	while (cooldown_due(m->cooldown, now, &digest))
		tell_outlets(m, &digest, false);
}

static void
hear_line(struct messenger *m, const char *line, size_t len)
{
	struct heard heard;

	if (!heard_read(&heard, line, len)) {
		if (m->strange++ == 0)
			outlet_say("messenger", "a line that is no event was left out");
		heard_clear(&heard);
		return;
	}
	scene_hear(m->scene, &heard, tell, m);
	for (size_t i = 0; i < m->count; i++) {
		const struct outlet_ops *ops = m->outlets[i]->ops;

		if (ops->hear && strcmp(heard.type, "state") != 0)
			ops->hear(m->outlets[i], &heard);
		if (ops->see)
			ops->see(m->outlets[i], m->scene);
	}
	heard_clear(&heard);
}

/* Takes the whole lines out of the buffer; what is longer than it is left out. */
static void
take_lines(struct messenger *m)
{
	size_t start = 0;
	const char *newline;

	while ((newline = memchr(m->buffer + start, '\n', m->len - start)) != NULL) {
		size_t len = (size_t)(newline - (m->buffer + start));

		m->buffer[start + len] = '\0';
		if (!m->overlong && len > 0)
			hear_line(m, m->buffer + start, len);
		m->overlong = false;
		start += len + 1;
	}
	memmove(m->buffer, m->buffer + start, m->len - start);
	m->len -= start;
	if (m->len == sizeof(m->buffer)) {
		m->overlong = true;
		m->len = 0;
	}
}

static void
end(struct messenger *m)
{
	if (m->ended)
		return;
	m->ended = true;
	if (m->give_up > m->now + MESSENGER_GRACE)
		m->give_up = m->now + MESSENGER_GRACE;
	tell_digests(m, INT64_MAX);
	for (size_t i = 0; i < m->count; i++)
		if (m->outlets[i]->ops->close)
			m->outlets[i]->ops->close(m->outlets[i]);
}

static void
read_events(struct messenger *m)
{
	ssize_t got;

	if (m->ended)
		return;
	do {
		got = read(m->world.events, m->buffer + m->len, sizeof(m->buffer) - m->len);
	} while (got < 0 && errno == EINTR);
	if (got > 0)
		m->len += (size_t)got;
	take_lines(m);
	if (got == 0 || (got < 0 && errno != EAGAIN))
		end(m);
}

static void
read_signals(struct messenger *m)
{
	struct signalfd_siginfo about;

	while (m->world.signals >= 0 &&
	       read(m->world.signals, &about, sizeof(about)) == (ssize_t)sizeof(about)) {
		if (about.ssi_signo != SIGHUP) {
			/* The lines end soon, by whoever writes them; or it does not matter. */
			m->give_up = m->now + 2 * MESSENGER_GRACE;
			continue;
		}
		for (size_t i = 0; i < m->count; i++)
			if (m->outlets[i]->ops->reopen)
				m->outlets[i]->ops->reopen(m->outlets[i]);
	}
}

static void
read_runner(struct messenger *m)
{
	struct hook_ran ran;
	ssize_t got = -1;

	while (m->world.runner >= 0 && (got = recv(m->world.runner, &ran, sizeof(ran),
	                                    MSG_DONTWAIT)) == (ssize_t)sizeof(ran))
		for (size_t i = 0; i < m->count; i++)
			exec_ran(m->outlets[i], &ran);
	if (got != 0)
		return;
	outlet_say("exec", "who runs commands has ended");
	m->world.runner = -1;
}

static size_t
own_fds(const struct messenger *m, struct pollfd *fds)
{
	size_t count = 0;

	if (!m->ended)
		fds[count++] = (struct pollfd){.fd = m->world.events, .events = POLLIN};
	if (m->world.signals >= 0)
		fds[count++] = (struct pollfd){.fd = m->world.signals, .events = POLLIN};
	if (m->world.runner >= 0)
		fds[count++] = (struct pollfd){.fd = m->world.runner, .events = POLLIN};
	return count;
}

/* Waits until there is something to do. */
static void
wait_on(struct messenger *m)
{
	struct pollfd fds[OWN_FDS + OUTLETS_MAX * OUTLET_FDS];
	size_t count = own_fds(m, fds);
	int64_t wake = cooldown_next(m->cooldown);
	int64_t left;

	if (m->give_up < wake)
		wake = m->give_up;
	for (size_t i = 0; i < m->count; i++)
		if (m->outlets[i]->ops->wait_for)
			count += m->outlets[i]->ops->wait_for(m->outlets[i], fds + count,
			    OUTLET_FDS, &wake);
	left = wake == INT64_MAX ? INT64_C(1000000) : wake - m->now;
	left = left < 0 ? 0 : left > 1000000 ? 1000000 : left;
	poll(fds, (nfds_t)count, (int)((left + 999) / 1000));
}

static bool
all_idle(const struct messenger *m)
{
	for (size_t i = 0; i < m->count; i++)
		if (m->outlets[i]->ops->idle && !m->outlets[i]->ops->idle(m->outlets[i]))
			return false;
	return true;
}

static void
tick_outlets(struct messenger *m)
{
	for (size_t i = 0; i < m->count; i++)
		if (m->outlets[i]->ops->tick)
			m->outlets[i]->ops->tick(m->outlets[i], m->now);
}

bool
messenger_run_on(struct messenger *m)
{
	tick_outlets(m); /* they know the time before they hear anything */
	while (!(m->ended && all_idle(m)) && m->now < m->give_up) {
		wait_on(m);
		m->now = m->world.clock();
		read_signals(m);
		read_runner(m);
		read_events(m);
		tell_digests(m, m->now);
		tick_outlets(m);
	}
	end(m);
	return all_idle(m);
}
