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
	const uint8_t *at = memory + wire_slot(q->slot);
	struct wire_slice slice;
	bool enough = false;

	inspector_begin(inspector, q);
	for (unsigned i = 0; i < q->slices && !enough; i++) {
		size_t size = wire_read_slice(at, &slice);

		if (size == 0)
			return false;
		enough = inspector_see(inspector, &slice);
		at += size;
	}
	inspector_end(inspector, opinion);
	opinion->number = q->number;
	return true;
}

/* Answers whole questions and returns how many bytes they were; 0 when one is none. */
static size_t
answer(struct inspector *inspector, const uint8_t *memory, const uint8_t *questions, size_t size)
{
	uint8_t answers[WIRE_SLOTS * WIRE_ANSWER];
	struct wire_question q;
	struct wire_opinion opinion;
	size_t count = 0;

	for (; size >= WIRE_QUESTION; size -= WIRE_QUESTION, count++) {
		if (!inspector || !wire_read_question(questions + count * WIRE_QUESTION, &q) ||
		    !look_at(inspector, memory, &q, &opinion))
			return 0;
		wire_write_opinion(answers + count * WIRE_ANSWER, &opinion);
	}
	return write_whole(answers, count * WIRE_ANSWER) ? count * WIRE_QUESTION : 0;
}

/* What was asked together is answered together: a word at a time costs more than it says. */
static int
serve(struct inspector *inspector, const uint8_t *memory)
{
	uint8_t questions[WIRE_SLOTS * WIRE_QUESTION];
	size_t filled = 0;

	for (;;) {
		ssize_t got = read(PROCESS_SOCKET, questions + filled, sizeof(questions) - filled);
		size_t answered;

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return 0;
		filled += (size_t)got;
		if (filled < WIRE_QUESTION)
			continue;
		answered = answer(inspector, memory, questions, filled);
		if (answered == 0)
			return 2;
		filled -= answered;
		memmove(questions, questions + answered, filled);
	}
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
