/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memfd_create, MSG_NOSIGNAL */
#include "dpi/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "dpi/keeper.h"

#define SECOND INT64_C(1000000)

/* Linux 5.1; older kernels refuse it, and then the adviser could write what it is shown. */
#ifndef F_SEAL_FUTURE_WRITE
#define F_SEAL_FUTURE_WRITE 0x0010
#endif

bool
process_open(struct process *p)
{
	memset(p, 0, sizeof(*p));
	p->socket = -1;
	p->memory = launch_lift(memfd_create("porchlight-slices", MFD_CLOEXEC | MFD_ALLOW_SEALING));
	if (p->memory < 0)
		return false;
	if (ftruncate(p->memory, (off_t)WIRE_MEMORY) != 0) {
		close(p->memory);
		return false;
	}
	p->cell = mmap(NULL, WIRE_MEMORY, PROT_READ | PROT_WRITE, MAP_SHARED, p->memory, 0);
	if (p->cell == MAP_FAILED) {
		close(p->memory);
		return false;
	}
	fcntl(p->memory, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_FUTURE_WRITE);
	return true;
}

void
process_close(struct process *p)
{
	process_end(p, true);
	munmap(p->cell, WIRE_MEMORY);
	close(p->memory);
}

bool
process_start(struct process *p, const char *program)
{
	struct launched launched;

	p->taken = p->filled = 0;
	if (!(p->keeper ? keeper_launch(p->keeper, p->memory, &launched)
	                : launch_program(&launched, program, p->memory)))
		return false;
	p->pid = launched.pid;
	p->socket = launched.socket;
	return true;
}

static bool
has_record(const struct process *p)
{
	return p->filled - p->taken >= WIRE_ANSWER;
}

/* What was taken makes room first. */
static enum process_event
take_in(struct process *p)
{
	size_t left = p->filled - p->taken;
	ssize_t got;

	memmove(p->said, p->said + p->taken, left);
	p->taken = 0;
	p->filled = left;
	got = recv(p->socket, p->said + left, sizeof(p->said) - left, MSG_DONTWAIT);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return PROCESS_QUIET;
	if (got <= 0)
		return PROCESS_GONE;
	p->filled += (size_t)got;
	return has_record(p) ? PROCESS_SAID : PROCESS_QUIET;
}

enum process_event
process_listen(struct process *p, int milliseconds)
{
	struct pollfd one = {.fd = p->socket, .events = POLLIN};
	int ready;

	if (p->pid == 0)
		return PROCESS_GONE;
	if (has_record(p))
		return PROCESS_SAID;
	if (milliseconds == 0)
		return take_in(p);
	ready = poll(&one, 1, milliseconds);
	if (ready < 0)
		return errno == EINTR ? PROCESS_QUIET : PROCESS_GONE;
	return ready == 0 ? PROCESS_QUIET : take_in(p);
}

bool
process_take(struct process *p, uint8_t record[static WIRE_ANSWER])
{
	if (!has_record(p))
		return false;
	memcpy(record, p->said + p->taken, WIRE_ANSWER);
	p->taken += WIRE_ANSWER;
	return true;
}

/* All questions that can be outstanding fit into the socket: a full one is not read. */
bool
process_tell(struct process *p, const uint8_t *records, unsigned count)
{
	size_t size = (size_t)count * WIRE_QUESTION;

	return p->pid != 0 &&
	       send(p->socket, records, size, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)size;
}

int64_t
process_cpu(const struct process *p)
{
	struct timespec used;
	clockid_t clock;

	if (p->pid == 0 || clock_getcpuclockid(p->pid, &clock) != 0 ||
	    clock_gettime(clock, &used) != 0)
		return -1;
	return (int64_t)used.tv_sec * SECOND + used.tv_nsec / 1000;
}

struct process_end
process_end(struct process *p, bool at_once)
{
	struct process_end end = {.own_fault = false};

	if (p->pid == 0)
		return end;
	close(p->socket);
	p->socket = -1;
	end = p->keeper ? keeper_end(p->keeper, p->pid, at_once) : launch_end(p->pid, at_once);
	p->pid = 0;
	p->taken = p->filled = 0;
	return end;
}
