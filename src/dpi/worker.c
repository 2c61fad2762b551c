/* SPDX-License-Identifier: Apache-2.0 */

/*
 * porchlight-dpi: the process that may die.  It finds a socket and a memory open, shuts
 * itself in, and says what flows look like until the socket closes.  Whatever it is, the
 * process that counts neither believes nor needs it.
 */

#define _GNU_SOURCE /* close_range */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "dpi/attempt.h"
#include "dpi/inspector.h"
#include "dpi/process.h"
#include "dpi/sandbox.h"

/*
 * Nothing the starter left open stays so; what it dies of ends this process too.  Times of
 * certificates are read without a file of zones, and the same everywhere.
 */
static void
cut_loose(void)
{
#ifdef SYS_close_range
	if (syscall(SYS_close_range, PROCESS_MEMORY + 1, ~0U, 0) != 0)
#endif
		for (int i = PROCESS_MEMORY + 1; i < 1024; i++)
			close(i);
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	setenv("TZ", "UTC0", 1);
	tzset();
}

static bool
read_whole(uint8_t *record, size_t size)
{
	size_t got = 0;

	while (got < size) {
		ssize_t n = read(PROCESS_SOCKET, record + got, size - got);

		if (n <= 0 && !(n < 0 && errno == EINTR))
			return false;
		got += n > 0 ? (size_t)n : 0;
	}
	return true;
}

static bool
write_whole(const uint8_t *record, size_t size)
{
	size_t put = 0;

	while (put < size) {
		ssize_t n = write(PROCESS_SOCKET, record + put, size - put);

		if (n <= 0 && !(n < 0 && errno == EINTR))
			return false;
		put += n > 0 ? (size_t)n : 0;
	}
	return true;
}

static bool
greet(const struct inspector *inspector, const struct sandbox *reached)
{
	struct wire_greeting greeting = {
	    .shut_in = reached->shut_in,
	    .landlock = reached->landlock,
	    .dtls = inspector && inspector_reads_dtls(),
	};
	uint8_t record[WIRE_ANSWER];

	if (inspector)
		snprintf(greeting.library, sizeof(greeting.library), "%s", inspector_library());
	wire_write_greeting(record, &greeting);
	return write_whole(record, sizeof(record));
}

static bool
look_at(struct inspector *inspector, const uint8_t *memory, const struct wire_question *q,
    struct wire_opinion *opinion)
{
	struct wire_slice slice;
	bool enough = false;

	inspector_begin(inspector, q);
	for (unsigned i = 0; i < q->slices && !enough; i++) {
		if (!wire_read_slice(memory + wire_cell(q->slot, i), &slice))
			return false;
		enough = inspector_see(inspector, &slice);
	}
	inspector_end(inspector, opinion);
	opinion->number = q->number;
	return true;
}

static int
serve(struct inspector *inspector, const uint8_t *memory)
{
	uint8_t question[WIRE_QUESTION], answer[WIRE_ANSWER];
	struct wire_question q;
	struct wire_opinion opinion;

	while (read_whole(question, sizeof(question))) {
		if (!inspector || !wire_read_question(question, &q) ||
		    !look_at(inspector, memory, &q, &opinion))
			return 2;
		wire_write_opinion(answer, &opinion);
		if (!write_whole(answer, sizeof(answer)))
			return 0;
	}
	return 0;
}

/* porchlight-dpi --try WHAT: 0 when it was refused, and most often SIGSYS instead. */
static int
try_out(const char *what)
{
	struct sandbox reached;

	sandbox_enter(&reached);
	return attempt_is_refused(what) ? 0 : 1;
}

int
main(int argc, char **argv)
{
	struct inspector *inspector;
	struct sandbox reached;
	void *memory;

	cut_loose();
	if (argc == 3 && strcmp(argv[1], "--try") == 0)
		return try_out(argv[2]);
	memory = mmap(NULL, WIRE_MEMORY, PROT_READ, MAP_SHARED, PROCESS_MEMORY, 0);
	if (memory == MAP_FAILED) {
		fputs("porchlight-dpi is run by porchlight, not by hand\n", stderr);
		return 2;
	}
	inspector = inspector_new();
	sandbox_enter(&reached);
	if (!greet(inspector, &reached))
		_exit(0);
	/* Not by exit(): what a library wants to do at the end is refused by now. */
	_exit(serve(inspector, memory));
}
