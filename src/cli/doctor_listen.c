/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/doctor_listen.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/confine.h"
#include "parse/packet.h"
#include "source/live.h"

#define WAIT_MS    100
#define STRAGGLERS INT64_C(200000) /* what libpcap may still hold when time is up */
#define BURST      4096

static bool
is_own(const struct doctor_home *home, const struct addr *addr)
{
	for (size_t i = 0; i < home->own_count; i++)
		if (addr_equal(&home->own[i], addr))
			return true;
	return false;
}

static bool
is_to_all(const struct packet *packet)
{
	static const struct mac all = {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};

	return addr_is_multicast(&packet->target) || addr_is_broadcast(&packet->target) ||
	       (packet->has_macs && mac_equal(&packet->target_mac, &all));
}

static bool
is_inside(const struct doctor_home *home, const struct addr *addr)
{
	if (addr_is_private(addr) || addr_is_link_local(addr) || addr_is_unspecified(addr) ||
	    addr_is_loopback(addr))
		return true;
	for (size_t i = 0; i < home->inside_count; i++) {
		const struct prefix *p = &home->inside[i];

		if (p->addr.family == addr->family) {
			struct prefix of = prefix_of(addr, p->length);

			if (addr_equal(&of.addr, &p->addr))
				return true;
		}
	}
	return false;
}

void
doctor_sample_see(struct doctor_sample *sample, const struct doctor_home *home,
    const struct frame *frame)
{
	const struct packet_options mirrors = {
	    .capture_hosts = home->own, .capture_host_count = home->own_count};
	struct packet packet;
	bool from, to;

	sample->bytes += frame->on_wire;
	if (packet_parse(frame, &mirrors, &packet) != PARSE_OK || packet.network != NETWORK_IP)
		return;
	if (packet.mirrored)
		sample->mirrored += frame->on_wire;
	else if (is_own(home, &packet.source) || is_own(home, &packet.target))
		return;
	if (is_to_all(&packet))
		return;
	from = is_inside(home, &packet.source);
	to = is_inside(home, &packet.target);
	if (from && !to)
		sample->up += frame->on_wire;
	else if (!from && to)
		sample->down += frame->on_wire;
	else
		sample->between += frame->on_wire;
}

struct listening {
	struct doctor_facts *facts;
	const struct doctor_home *home;
	struct live *live[MACHINE_INTERFACES];
};

static void
open_one(struct listening *l, size_t at)
{
	const struct machine_interface *i = &l->facts->machine.interface[at];
	struct live_options how = {.interface = (uint16_t)at};
	struct porch_error error = {.offset = -1};

	l->live[at] = NULL;
	if (!i->exists || !i->up)
		return;
	l->facts->capture[at].tried = true;
	l->live[at] = live_open(i->name, &how, &error);
	snprintf(l->facts->capture[at].why, sizeof(l->facts->capture[at].why), "%.255s",
	    l->live[at] ? "" : error.text);
	l->facts->capture[at].readable =
	    l->live[at] && packet_link_name(live_link_type(l->live[at])) != NULL;
}

static void
take(struct listening *l, size_t at)
{
	struct porch_error error;
	struct frame frame;

	for (int i = 0; i < BURST; i++)
		if (live_next(l->live[at], &frame, &error) != LIVE_FRAME)
			return;
		else
			doctor_sample_see(&l->facts->capture[at].sample, l->home, &frame);
}

static void
take_until(struct listening *l, int64_t end)
{
	const struct clock *clock = clock_machine();
	struct pollfd wait[MACHINE_INTERFACES];
	size_t count = l->facts->machine.interfaces;

	for (size_t i = 0; i < count; i++)
		wait[i] =
		    (struct pollfd){.fd = l->live[i] ? live_fd(l->live[i]) : -1, .events = POLLIN};
	while (clock->monotonic(clock->user) < end) {
		poll(wait, count, WAIT_MS);
		for (size_t i = 0; i < count; i++)
			if (l->live[i])
				take(l, i);
	}
}

static void
finish_one(struct listening *l, size_t at, int64_t lasted)
{
	struct doctor_sample *sample = &l->facts->capture[at].sample;

	if (!l->live[at])
		return;
	sample->lasted = lasted;
	sample->dropped = live_stats(l->live[at]).dropped;
	live_close(l->live[at]);
}

static bool
write_whole(int fd, const void *bytes, size_t size)
{
	return write(fd, bytes, size) == (ssize_t)size; /* less than a pipe holds */
}

/* Frames are hostile: whoever reads them is shut in once the interfaces are open. */
static void
listen_shut_in(struct listening *l, int64_t lasting, int tell)
{
	const struct confine nothing = {.inputs = NULL};
	const struct clock *clock = clock_machine();
	struct confined unused;
	size_t count = l->facts->machine.interfaces;

	for (size_t i = 0; i < count; i++)
		open_one(l, i);
	confine_enter(&nothing, &unused);
	if (!write_whole(tell, "", 1))
		return;
	if (lasting > 0)
		take_until(l, clock->monotonic(clock->user) + lasting + STRAGGLERS);
	for (size_t i = 0; i < count; i++)
		finish_one(l, i, lasting);
	write_whole(tell, l->facts->capture, sizeof(l->facts->capture));
}

static bool
read_whole(int fd, void *bytes, size_t size)
{
	size_t at = 0;

	while (at < size) {
		ssize_t got = read(fd, (char *)bytes + at, size - at);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		at += (size_t)got;
	}
	return true;
}

static uint64_t
counter_of(const struct doctor_facts *facts, size_t at)
{
	uint64_t bytes;

	return machine_bytes("", facts->machine.interface[at].name, &bytes) ? bytes : 0;
}

/*
 * Counters are read while the capture runs, at both ends of the time: it has never seen less
 * than they, unless something passes it by.
 */
static bool
hear(struct doctor_facts *facts, int64_t lasting, int heard)
{
	uint64_t before[MACHINE_INTERFACES], counted[MACHINE_INTERFACES];
	size_t count = facts->machine.interfaces;
	char ready;

	if (!read_whole(heard, &ready, 1))
		return false;
	for (size_t i = 0; i < count; i++)
		before[i] = counter_of(facts, i);
	if (lasting > 0)
		poll(NULL, 0, (int)(lasting / 1000));
	for (size_t i = 0; i < count; i++)
		counted[i] = counter_of(facts, i) - before[i];
	if (!read_whole(heard, facts->capture, sizeof(facts->capture)))
		return false;
	for (size_t i = 0; i < count; i++)
		if (facts->capture[i].sample.lasted > 0)
			facts->capture[i].sample.counted = counted[i];
	return true;
}

bool
doctor_listen(struct doctor_facts *facts, const struct doctor_home *home, int64_t lasting)
{
	struct listening l = {.facts = facts, .home = home};
	bool heard = false;
	int ends[2];
	pid_t pid;

	memset(facts->capture, 0, sizeof(facts->capture));
	if (pipe(ends) != 0)
		return false;
	pid = fork();
	if (pid == 0) {
		listen_shut_in(&l, lasting, ends[1]);
		_exit(0);
	}
	close(ends[1]);
	if (pid > 0)
		heard = hear(facts, lasting, ends[0]);
	close(ends[0]);
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	return heard;
}
