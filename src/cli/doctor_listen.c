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

#define WAIT_MS       100
#define STRAGGLERS_MS 200 /* after which libpcap holds nothing of before */
#define BURST         4096

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
	const struct doctor_listening *how;
	struct stamp stamp;
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

	for (int i = 0; i < BURST; i++) {
		if (live_next(l->live[at], &frame, &error) != LIVE_FRAME)
			return;
		doctor_sample_see(&l->facts->capture[at].sample, l->how->home, &frame);
		if (l->how->press)
			doctor_press_see(l->how->press, &frame);
	}
}

/* A line on the terminal, or its end. */
static bool
is_told_to_end(const struct pollfd *terminal)
{
	char line[256];

	return (terminal->revents & (POLLIN | POLLHUP)) != 0 &&
	       read(terminal->fd, line, sizeof(line)) >= 0;
}

static void
take_until(struct listening *l, int64_t end)
{
	struct pollfd wait[MACHINE_INTERFACES + 1];
	size_t count = l->facts->machine.interfaces;
	bool over = false;

	for (size_t i = 0; i < count; i++)
		wait[i] =
		    (struct pollfd){.fd = l->live[i] ? live_fd(l->live[i]) : -1, .events = POLLIN};
	wait[count] = (struct pollfd){
	    .fd = l->how->press && isatty(STDIN_FILENO) ? STDIN_FILENO : -1, .events = POLLIN};
	while (!over && stamp_now(&l->stamp) < end) {
		poll(wait, count + 1, WAIT_MS);
		for (size_t i = 0; i < count; i++)
			if (l->live[i])
				take(l, i);
		over = is_told_to_end(&wait[count]) ||
		       (l->how->press && doctor_press_over(l->how->press, stamp_now(&l->stamp)));
	}
}

/* With what libpcap still held when time was up. */
static void
finish_one(struct listening *l, size_t at)
{
	if (!l->live[at])
		return;
	take(l, at);
	l->facts->capture[at].sample.dropped = live_stats(l->live[at]).dropped;
	live_close(l->live[at]);
}

static bool
write_whole(int fd, const void *bytes, size_t size)
{
	return write(fd, bytes, size) == (ssize_t)size; /* less than a pipe holds */
}

/*
 * Frames are hostile: whoever reads them is shut in once the interfaces are open.  What it says
 * is a byte when it begins and one when it ends, and then all it has.
 */
static void
listen_shut_in(struct listening *l, int tell)
{
	const struct confine nothing = {.inputs = NULL};
	struct doctor_answer answer = {.asked = false};
	struct confined unused;
	size_t count = l->facts->machine.interfaces;
	int64_t start;

	for (size_t i = 0; i < count; i++)
		open_one(l, i);
	confine_enter(&nothing, &unused);
	l->stamp = stamp_start(clock_machine());
	start = stamp_now(&l->stamp);
	if (!write_whole(tell, "r", 1))
		return;
	if (l->how->lasting > 0)
		take_until(l, start + l->how->lasting);
	for (size_t i = 0; i < count && l->how->lasting > 0; i++)
		l->facts->capture[i].sample.lasted = l->live[i] ? stamp_now(&l->stamp) - start : 0;
	if (!write_whole(tell, "d", 1))
		return;
	if (l->how->lasting > 0)
		poll(NULL, 0, STRAGGLERS_MS);
	for (size_t i = 0; i < count; i++)
		finish_one(l, i);
	if (l->how->press)
		doctor_press_answer(l->how->press, l->how->speaker, &answer);
	if (write_whole(tell, l->facts->capture, sizeof(l->facts->capture)))
		write_whole(tell, &answer, sizeof(answer));
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
hear(struct doctor_facts *facts, int heard, struct doctor_answer *answer)
{
	uint64_t before[MACHINE_INTERFACES], counted[MACHINE_INTERFACES];
	size_t count = facts->machine.interfaces;
	char sign;

	if (!read_whole(heard, &sign, 1))
		return false;
	for (size_t i = 0; i < count; i++)
		before[i] = counter_of(facts, i);
	if (!read_whole(heard, &sign, 1))
		return false;
	for (size_t i = 0; i < count; i++)
		counted[i] = counter_of(facts, i) - before[i];
	if (!read_whole(heard, facts->capture, sizeof(facts->capture)) ||
	    !read_whole(heard, answer, sizeof(*answer)))
		return false;
	for (size_t i = 0; i < count; i++)
		if (facts->capture[i].sample.lasted > 0)
			facts->capture[i].sample.counted = counted[i];
	return true;
}

bool
doctor_listen(struct doctor_facts *facts, const struct doctor_listening *how,
    struct doctor_answer *answer)
{
	struct listening l = {.facts = facts, .how = how};
	bool heard = false;
	int ends[2];
	pid_t pid;

	memset(facts->capture, 0, sizeof(facts->capture));
	*answer = (struct doctor_answer){.asked = false};
	if (pipe(ends) != 0)
		return false;
	pid = fork();
	if (pid == 0) {
		listen_shut_in(&l, ends[1]);
		_exit(0);
	}
	close(ends[1]);
	if (pid > 0)
		heard = hear(facts, ends[0], answer);
	close(ends[0]);
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	if (!heard) {
		memset(facts->capture, 0, sizeof(facts->capture));
		*answer = (struct doctor_answer){.asked = false};
	}
	return heard;
}
