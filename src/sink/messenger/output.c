/* SPDX-License-Identifier: Apache-2.0 */

/* Every line as it came, to a file or to whoever listens on a socket of this machine. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "sink/messenger/outlet.h"

#define PENDING_MAX (1U << 20)
#define RETRY       1000000 /* microseconds */

struct output {
	struct outlet outlet; /* first */
	const char *path;
	bool is_socket;
	int fd;
	bool failed; /* and was said */
	int64_t now;
	int64_t retry; /* no earlier */
	uint64_t lost; /* lines, and not yet told */
	size_t len;
	size_t sent; /* of them; the file or socket has these already */
	char pending[PENDING_MAX];
};

static int
open_file(const char *path)
{
	return open(path, O_WRONLY | O_CREAT | O_APPEND | O_NONBLOCK | O_CLOEXEC | O_NOCTTY, 0600);
}

static int
open_socket(const char *path)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	int fd;

	if (strlen(path) >= sizeof(to.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(to.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0)
		return fd;
	if (fd >= 0) {
		int error = errno;

		close(fd);
		errno = error;
	}
	return -1;
}

static void
say_failure(struct output *o)
{
	if (!o->failed)
		outlet_say(o->path, "%s; what follows waits", strerror(errno));
	o->failed = true;
}

/* What was begun and not ended is sent whole to the next reader. */
static void
hang_up(struct output *o)
{
	if (o->fd >= 0)
		close(o->fd);
	o->fd = -1;
	o->sent = 0;
}

static bool
ready(struct output *o)
{
	if (o->fd >= 0)
		return true;
	if (o->now < o->retry)
		return false;
	o->fd = o->is_socket ? open_socket(o->path) : open_file(o->path);
	if (o->fd >= 0) {
		if (o->failed)
			outlet_say(o->path, "open again");
		o->failed = false;
		return true;
	}
	say_failure(o);
	o->retry = o->now + RETRY;
	return false;
}

/* Forgets the lines that are out whole. */
static void
settle(struct output *o)
{
	size_t whole = o->sent;

	while (whole > 0 && o->pending[whole - 1] != '\n')
		whole--;
	memmove(o->pending, o->pending + whole, o->len - whole);
	o->len -= whole;
	o->sent -= whole;
}

static ssize_t
put_out(const struct output *o)
{
	const char *bytes = o->pending + o->sent;
	size_t len = o->len - o->sent;

	return o->is_socket ? send(o->fd, bytes, len, MSG_NOSIGNAL) : write(o->fd, bytes, len);
}

static void
flush(struct output *o)
{
	while (o->sent < o->len && ready(o)) {
		ssize_t wrote = put_out(o);

		if (wrote > 0) {
			o->sent += (size_t)wrote;
		} else if (wrote < 0 && errno == EINTR) {
			continue;
		} else if (wrote < 0 && (errno == EAGAIN || errno == ENOSPC || errno == EDQUOT)) {
			if (errno != EAGAIN)
				say_failure(o);
			break; /* the rest of a line may follow later */
		} else {
			say_failure(o);
			hang_up(o);
			o->retry = o->now + RETRY;
		}
	}
	settle(o);
}

static bool
add(struct output *o, const char *line, size_t len)
{
	if (len + 1 > sizeof(o->pending) - o->len)
		return false;
	memcpy(o->pending + o->len, line, len);
	o->pending[o->len + len] = '\n';
	o->len += len + 1;
	return true;
}

/* What was left out is told where it is missing. */
static void
add_lost(struct output *o)
{
	char line[160];
	int len = snprintf(line, sizeof(line),
	    "{\"schema\":\"porchlight/1\",\"type\":\"lost\",\"outlet\":\"output\",\"count\":%llu}",
	    (unsigned long long)o->lost);

	if (o->lost > 0 && add(o, line, (size_t)len))
		o->lost = 0;
}

static void
output_hear(struct outlet *outlet, const struct heard *heard)
{
	struct output *o = (struct output *)outlet;

	add_lost(o);
	if (o->lost > 0 || !add(o, heard->line, heard->len))
		o->lost++;
	flush(o);
}

static size_t
output_wait_for(struct outlet *outlet, struct pollfd *fds, size_t room, int64_t *wake)
{
	struct output *o = (struct output *)outlet;

	if (o->sent == o->len || room == 0)
		return 0;
	if (o->fd < 0 || !o->is_socket) {
		if (o->now + RETRY < *wake)
			*wake = o->now + RETRY;
		return 0;
	}
	fds[0] = (struct pollfd){.fd = o->fd, .events = POLLOUT};
	return 1;
}

static void
output_tick(struct outlet *outlet, int64_t now)
{
	struct output *o = (struct output *)outlet;

	o->now = now;
	if (o->sent < o->len)
		flush(o);
}

static void
output_reopen(struct outlet *outlet)
{
	struct output *o = (struct output *)outlet;

	hang_up(o);
	o->retry = o->now;
	ready(o);
}

static bool
output_idle(const struct outlet *outlet)
{
	return ((const struct output *)outlet)->len == 0;
}

static void
output_close(struct outlet *outlet)
{
	flush((struct output *)outlet);
}

static void
output_free(struct outlet *outlet)
{
	hang_up((struct output *)outlet);
	free(outlet);
}

static const struct outlet_ops output_ops = {
    .hear = output_hear,
    .wait_for = output_wait_for,
    .tick = output_tick,
    .reopen = output_reopen,
    .idle = output_idle,
    .close = output_close,
    .free = output_free,
};

struct outlet *
output_open(const char *place, struct porch_error *error)
{
	struct output *o = calloc(1, sizeof(*o));

	if (!o) {
		snprintf(error->text, sizeof(error->text), "out of memory");
		return NULL;
	}
	o->outlet.ops = &output_ops;
	o->fd = -1;
	o->is_socket = strncmp(place, "unix:", strlen("unix:")) == 0;
	o->path = o->is_socket ? place + strlen("unix:") : place;
	if (o->is_socket)
		return &o->outlet; /* whoever listens may come later */
	o->fd = open_file(o->path);
	if (o->fd >= 0)
		return &o->outlet;
	snprintf(error->text, sizeof(error->text), "%.200s: %s", o->path, strerror(errno));
	free(o);
	return NULL;
}
