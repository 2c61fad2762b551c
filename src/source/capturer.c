/* SPDX-License-Identifier: Apache-2.0 */
#include "source/capturer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "source/belt.h"
#include "source/coverage.h"
#include "source/fail.h"
#include "source/links.h"
#include "source/live.h"
#include "source/machine.h"

#define SECOND  INT64_C(1000000)
#define BURST   4096          /* frames of one interface between looks at the others */
#define SLICE   (SECOND / 4)  /* between looks at counters and clocks */
#define LOOK    SECOND        /* between looks at interfaces that nobody told anything of */
#define COMPARE (10 * SECOND) /* what was captured with what interfaces counted */
#define WAIT_MS 100
#define FULL_MS 2 /* the belt is full: the reader is behind */

/*
 * The kernel hands frames over in blocks, at the latest when two of libpcap's timeouts have
 * passed; what is older than this and did not come, never comes.
 */
#define BEHIND (2 * SECOND / 5)

#define FAULTS 3 /* a handle whose interface went says so once or twice, and then goes on */

/* A handle, and what was handed over of it. */
struct handle {
	struct live *live; /* NULL: none */
	uint64_t dropped;
	bool drained;            /* nothing waited when it was last looked at */
	uint64_t bytes;          /* of frames handed over since the last look at counters */
	uint64_t dropped_before; /* `dropped` at that look */
	struct coverage coverage;
};

struct port {
	const char *name;
	struct handle now;
	struct handle before; /* its interface is lost, and its last frames are still to come */
	int64_t last_word;    /* when they have come, packet time */
	int index;            /* of the interface that is listened to now */
	bool lost;
	bool untold; /* which of the two: the belt had no room */
	enum belt_reason reason;
	int64_t since; /* it is lost, or found, packet time */
	char why[128]; /* it could not be opened, as told last */
};

struct capturer {
	struct capturer_options options;
	struct belt *belt;
	struct links *links;
	struct stamp stamp;
	struct port port[CAPTURER_INTERFACES];
	int64_t sliced, looked, compared; /* when that was last done, packet time */
	uint64_t unsaid;                  /* drops that did not fit into the belt */
	bool full;
	struct addr host[BELT_ADDRESSES]; /* this machine's own */
	size_t hosts;
	bool hosts_due; /* they changed, and it is not told */
};

/* Frames leave room for these (belt_has_room), unless the reader rests for long. */
static bool
tell(struct capturer *c, const struct port *port, enum belt_kind kind, int64_t time, int64_t count)
{
	struct belt_record record = {
	    .kind = kind,
	    .interface = port ? (uint16_t)(port - c->port) : 0,
	    .reason = port ? port->reason : BELT_NOT_THERE,
	    .time = time,
	    .count = count,
	};

	return belt_put(c->belt, &record);
}

static void
tell_port(struct capturer *c, struct port *port)
{
	enum belt_kind kind = port->lost ? BELT_LOST : BELT_FOUND;

	port->untold = !tell(c, port, kind, port->since, 0);
}

static void
tell_drops(struct capturer *c, struct port *port, struct handle *handle)
{
	uint64_t dropped = live_stats(handle->live).dropped;

	c->unsaid += dropped - handle->dropped;
	handle->dropped = dropped;
	if (c->unsaid > 0 && tell(c, port, BELT_DROPPED, stamp_now(&c->stamp), (int64_t)c->unsaid))
		c->unsaid = 0;
}

/* False when the interface delivers nothing any more. */
static bool
take_frames(struct capturer *c, struct handle *handle)
{
	struct belt_record record = {.kind = BELT_FRAME};
	struct porch_error error;

	handle->drained = false;
	for (unsigned i = 0; i < BURST; i++) {
		enum live_result result;

		c->full = !belt_has_room(c->belt);
		if (c->full)
			return true;
		result = live_next(handle->live, &record.frame, &error);
		handle->drained = result == LIVE_NONE;
		if (result != LIVE_FRAME)
			return result == LIVE_NONE;
		handle->bytes += record.frame.on_wire;
		belt_put(c->belt, &record);
	}
	return true;
}

/* Takes what is left in the buffer of a lost interface, and lets go of it. */
static void
close_before(struct capturer *c, struct port *port)
{
	if (!port->before.live)
		return;
	for (unsigned faults = 0; faults < FAULTS && !port->before.drained && !c->full;)
		faults += !take_frames(c, &port->before);
	if (c->full && stamp_now(&c->stamp) < port->last_word + SECOND)
		return;
	tell_drops(c, port, &port->before);
	live_close(port->before.live);
	port->before.live = NULL;
}

/* The kernel still holds frames back that came before the interface was lost. */
static void
leave_handle(struct capturer *c, struct port *port)
{
	if (port->before.live) {
		port->last_word = INT64_MIN / 2;
		close_before(c, port);
	}
	port->before = port->now;
	port->before.drained = false;
	port->now.live = NULL;
	port->last_word = stamp_now(&c->stamp) + BEHIND;
}

/* A stronger reason takes the place of a weaker one: what goes away is first taken down. */
static bool
is_stronger(enum belt_reason reason, enum belt_reason than)
{
	static const int strength[] = {
	    [BELT_FAILED] = 1,
	    [BELT_NO_CARRIER] = 2,
	    [BELT_DOWN] = 3,
	    [BELT_GONE] = 4,
	    [BELT_NOT_THERE] = 5,
	};

	return strength[reason] > strength[than];
}

static void
lose(struct capturer *c, struct port *port, enum belt_reason reason)
{
	if (reason != BELT_NO_CARRIER && port->now.live)
		leave_handle(c, port);
	if (port->lost && !is_stronger(reason, port->reason))
		return;
	if (!port->lost)
		port->since = stamp_now(&c->stamp);
	port->lost = true;
	port->reason = reason;
	tell_port(c, port);
}

static void
warn_once(struct capturer *c, struct port *port, const char *why)
{
	char line[LINK_NAME + sizeof(port->why) + 2];

	if (strcmp(port->why, why) == 0)
		return;
	snprintf(port->why, sizeof(port->why), "%.*s", (int)sizeof(port->why) - 1, why);
	snprintf(line, sizeof(line), "%.*s: %s", LINK_NAME - 1, port->name, port->why);
	if (why[0] && c->options.warn)
		c->options.warn(line, c->options.user);
}

static bool
open_port(struct capturer *c, struct port *port, int index)
{
	struct live_options how = {
	    .filter = c->options.filter,
	    .snap_length = BELT_SNAP,
	    .ring_bytes = c->options.kernel_bytes,
	    .interface = (uint16_t)(port - c->port),
	    .stamp = &c->stamp,
	};
	struct porch_error error = {.offset = -1};

	port->now = (struct handle){.live = live_open(port->name, &how, &error)};
	port->index = index;
	error.text[sizeof(port->why) - 1] = '\0';
	warn_once(c, port, port->now.live ? "" : error.text);
	return port->now.live != NULL;
}

static void
find(struct capturer *c, struct port *port)
{
	if (!port->lost)
		return;
	port->lost = false;
	port->since = stamp_now(&c->stamp);
	tell_port(c, port);
}

/* What became of a port's interface. */
static void
see_port(struct capturer *c, struct port *port, const struct link *link)
{
	bool same = port->now.live && link->index == port->index;

	if (port->now.live && (!same || !link->there))
		lose(c, port, BELT_GONE);
	if (!link->there)
		return;
	if (!link->up) {
		lose(c, port, BELT_DOWN);
		return;
	}
	if (!port->now.live && !open_port(c, port, link->index)) {
		lose(c, port, BELT_FAILED);
		return;
	}
	if (link->carrier)
		find(c, port);
	else
		lose(c, port, BELT_NO_CARRIER);
}

static void
see_link(const struct link *link, void *user)
{
	struct capturer *c = user;

	for (size_t i = 0; i < c->options.count; i++) {
		struct port *port = &c->port[i];
		bool called_so = strcmp(port->name, link->name) == 0;
		/* The one listened to is gone from where it was: deleted, or called otherwise. */
		bool was_it = port->now.live && port->index == link->index;

		if (called_so && link->there)
			see_port(c, port, link);
		else if (was_it || (called_so && !port->now.live))
			lose(c, port, BELT_GONE);
	}
}

static void
see_address(const struct addr *addr, bool there, void *user)
{
	struct capturer *c = user;
	size_t i = 0;

	while (i < c->hosts && !addr_equal(&c->host[i], addr))
		i++;
	if (there == (i < c->hosts) || (there && c->hosts == BELT_ADDRESSES))
		return;
	if (there)
		c->host[c->hosts++] = *addr;
	else
		c->host[i] = c->host[--c->hosts];
	c->hosts_due = true;
}

static void
look_at_all(struct capturer *c)
{
	for (size_t i = 0; i < c->options.count; i++) {
		struct link link = links_look(c->links, c->port[i].name);

		see_port(c, &c->port[i], &link);
	}
}

struct capturer *
capturer_new(const struct capturer_options *options, struct belt *belt, struct porch_error *error)
{
	struct capturer *c = calloc(1, sizeof(*c));

	*error = (struct porch_error){.offset = -1};
	if (!c) {
		fail(error, -1, "out of memory");
		return NULL;
	}
	c->options = *options;
	c->belt = belt;
	for (size_t i = 0; i < options->host_count && i < BELT_ADDRESSES; i++)
		c->host[c->hosts++] = options->hosts[i];
	c->links = links_open();
	if (!c->links) {
		fail(error, -1, "cannot follow interfaces: %s", strerror(errno));
		free(c);
		return NULL;
	}
	c->stamp = stamp_start(options->clock ? options->clock : clock_machine());
	c->looked = c->sliced = c->compared = stamp_now(&c->stamp);
	for (size_t i = 0; i < options->count; i++) {
		struct link link = links_look(c->links, options->interfaces[i]);

		c->port[i] = (struct port){.name = options->interfaces[i],
		    .lost = true,
		    .reason = link.there ? BELT_FAILED : BELT_NOT_THERE,
		    .since = c->looked};
		see_port(c, &c->port[i], &link);
		if (c->port[i].lost)
			tell_port(c, &c->port[i]);
	}
	return c;
}

void
capturer_free(struct capturer *capturer)
{
	if (!capturer)
		return;
	for (size_t i = 0; i < capturer->options.count; i++) {
		live_close(capturer->port[i].now.live);
		live_close(capturer->port[i].before.live);
	}
	links_close(capturer->links);
	free(capturer);
}

size_t
capturer_listening(const struct capturer *capturer)
{
	size_t count = 0;

	for (size_t i = 0; i < capturer->options.count; i++)
		count += capturer->port[i].now.live != NULL;
	return count;
}

size_t
capturer_wait(const struct capturer *capturer, struct pollfd *wait, int *timeout)
{
	size_t count = 0;

	*timeout = capturer->full ? FULL_MS : WAIT_MS;
	wait[count++] = (struct pollfd){.fd = links_fd(capturer->links), .events = POLLIN};
	for (size_t i = 0; !capturer->full && i < capturer->options.count; i++)
		if (capturer->port[i].now.live)
			wait[count++] = (struct pollfd){
			    .fd = live_fd(capturer->port[i].now.live), .events = POLLIN};
	return count;
}

/* What is sent to this machine as a mirror is known by its address. */
static void
tell_hosts(struct capturer *c)
{
	const struct belt_record record = {.kind = BELT_HOSTS,
	    .frame = {.bytes = (const uint8_t *)c->host,
	        .captured = (uint32_t)(c->hosts * sizeof(c->host[0])),
	        .on_wire = (uint32_t)(c->hosts * sizeof(c->host[0]))}};

	if (c->hosts_due && belt_has_room(c->belt))
		c->hosts_due = !belt_put(c->belt, &record);
}

/* Counters and clocks, four times a second. */
static void
slice(struct capturer *c, int64_t now)
{
	bool drained = true;
	int64_t change;

	for (size_t i = 0; i < c->options.count; i++) {
		struct port *port = &c->port[i];

		if (port->untold)
			tell_port(c, port);
		if (port->now.live)
			tell_drops(c, port, &port->now);
		drained = drained && (!port->now.live || port->now.drained);
	}
	tell_hosts(c);
	change = stamp_asleep(&c->stamp);
	if (change != 0)
		tell(c, NULL, BELT_ASLEEP, now, change);
	change = stamp_step(&c->stamp);
	if (change != 0)
		tell(c, NULL, BELT_STEP, now, change);
	if (drained)
		tell(c, NULL, BELT_TIME, now - BEHIND, 0);
	c->sliced = now;
}

/* With a filter most of what passes is not captured, and nothing can be said. */
static void
compare(struct capturer *c, int64_t now)
{
	for (size_t i = 0; i < c->options.count; i++) {
		struct port *port = &c->port[i];
		struct handle *handle = &port->now;
		uint64_t counter, unseen;
		bool fair = handle->drained && handle->dropped == handle->dropped_before;

		if (!handle->live || c->options.filter || !machine_bytes("", port->name, &counter))
			continue;
		unseen = coverage_look(&handle->coverage, counter, handle->bytes, fair);
		handle->dropped_before = handle->dropped;
		handle->bytes = 0;
		if (unseen > 0)
			tell(c, port, BELT_UNSEEN, now, (int64_t)unseen);
	}
	c->compared = now;
}

void
capturer_turn(struct capturer *c)
{
	int64_t now = stamp_now(&c->stamp);

	if (!links_next(c->links, see_link, see_address, c))
		look_at_all(c);
	for (size_t i = 0; i < c->options.count; i++)
		if (c->port[i].now.live && !take_frames(c, &c->port[i].now))
			lose(c, &c->port[i], BELT_FAILED);
	for (size_t i = 0; i < c->options.count; i++)
		if (now >= c->port[i].last_word)
			close_before(c, &c->port[i]);
	if (now - c->looked >= LOOK) {
		look_at_all(c);
		c->looked = now;
	}
	if (now - c->sliced >= SLICE)
		slice(c, now);
	if (now - c->compared >= COMPARE)
		compare(c, now);
	belt_wake(c->belt);
}

bool
capturer_finish(struct capturer *c)
{
	bool ended;

	capturer_turn(c);
	for (size_t i = 0; i < c->options.count; i++) {
		close_before(c, &c->port[i]);
		if (c->port[i].now.live)
			leave_handle(c, &c->port[i]);
		close_before(c, &c->port[i]);
	}
	ended = c->unsaid == 0 && tell(c, NULL, BELT_END, stamp_now(&c->stamp), 0);
	belt_wake(c->belt);
	return ended;
}
