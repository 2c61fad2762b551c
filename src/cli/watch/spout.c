/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/watch/spout.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

bool
spout_open(struct spout *spout, int fd, bool shared, size_t size)
{
	*spout = (struct spout){.fd = fd, .shared = shared, .size = size};
	if (fd < 0)
		return true;
	spout->waits = malloc(size);
	if (!shared)
		fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	return spout->waits != NULL;
}

void
spout_close(struct spout *spout)
{
	free(spout->waits);
	*spout = (struct spout){.fd = -1};
}

static bool
takes(const struct spout *spout, int milliseconds)
{
	struct pollfd wait = {.fd = spout->fd, .events = POLLOUT};

	return poll(&wait, 1, milliseconds) == 1;
}

/* How much a write may hold so that it does not block: a pipe that has room has this (pipe(7)). */
static size_t
portion(const struct spout *spout, size_t len)
{
	if (!spout->shared)
		return len;
	if (!takes(spout, 0))
		return 0;
	return len < PIPE_BUF ? len : PIPE_BUF;
}

/* Writes from the front; returns how much the reader took. */
static size_t
write_some(struct spout *spout, const char *bytes, size_t len)
{
	size_t done = 0;

	while (done < len && !spout->closed && !spout->error) {
		size_t part = portion(spout, len - done);
		ssize_t got = part > 0 ? write(spout->fd, bytes + done, part) : 0;

		if (got > 0)
			done += (size_t)got;
		else if (got == 0 || errno == EAGAIN)
			break;
		else if (errno == EPIPE || errno == ECONNRESET)
			spout->closed = true;
		else if (errno != EINTR)
			spout->error = errno;
	}
	return done;
}

void
spout_put(struct spout *spout, const char *lines, size_t len)
{
	size_t done = 0;

	if (spout->fd < 0 || spout->closed || spout->error)
		return;
	spout_flush(spout);
	if (spout->len == 0 && len <= spout->size && !spout->holds)
		done = write_some(spout, lines, len);
	if (len - done > spout->size - spout->len) {
		spout->lost++;
		return;
	}
	memcpy(spout->waits + spout->len, lines + done, len - done);
	spout->len += len - done;
	if (spout->holds)
		spout->held += len - done;
}

void
spout_hold(struct spout *spout, bool holds)
{
	spout->holds = holds;
	if (!holds)
		spout->held = 0;
}

bool
spout_waits(const struct spout *spout)
{
	return spout->fd >= 0 && spout->len > spout->held && !spout->closed && !spout->error;
}

void
spout_flush(struct spout *spout)
{
	size_t done;

	if (!spout_waits(spout))
		return;
	done = write_some(spout, spout->waits, spout->len - spout->held);
	memmove(spout->waits, spout->waits + done, spout->len - done);
	spout->len -= done;
}

static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void
spout_drain(struct spout *spout, int milliseconds)
{
	int64_t until = now_ms() + milliseconds;

	for (spout_flush(spout); spout_waits(spout); spout_flush(spout)) {
		int64_t left = until - now_ms();

		if (left <= 0 || !takes(spout, (int)left))
			return;
	}
}
