/* SPDX-License-Identifier: Apache-2.0 */

/*
 * An inspector for tests, run in place of porchlight-dpi: it does as its flows say, or as
 * PORCHLIGHT_FAKE says.  A flow whose first payload is a word gets that word as its protocol;
 * "crash" and "hang" do what they say, "killed" is killed from outside, once for each file
 * that PORCHLIGHT_FAKE_MARK names.  How many slices of each flow it was shown is added to the
 * file that PORCHLIGHT_FAKE_SHOWN names, a line each.
 */

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "dpi/process.h"

static void
say(const void *bytes, size_t len)
{
	if (write(PROCESS_SOCKET, bytes, len) != (ssize_t)len)
		_exit(0);
}

static void
greet(void)
{
	struct wire_greeting greeting = {.library = "9.9", .shut_in = SHUT_IN_ALL};
	uint8_t record[WIRE_ANSWER];

	wire_write_greeting(record, &greeting);
	say(record, sizeof(record));
}

static void
answer(const struct wire_question *q, const char *word)
{
	struct wire_opinion opinion = {.number = q->number, .basis = BASIS_INSPECTED};
	uint8_t record[WIRE_ANSWER];

	snprintf(opinion.protocol, sizeof(opinion.protocol), "%s", word);
	wire_write_opinion(record, &opinion);
	say(record, sizeof(record));
}

/* Killed once only, however often it is started. */
static void
be_killed(void)
{
	const char *mark = getenv("PORCHLIGHT_FAKE_MARK");
	int file = mark ? open(mark, O_CREAT | O_EXCL | O_CLOEXEC, 0600) : -1;

	if (file >= 0)
		kill(getpid(), SIGKILL);
}

static void
note(unsigned slices)
{
	const char *name = getenv("PORCHLIGHT_FAKE_SHOWN");
	FILE *file = name ? fopen(name, "ae") : NULL;

	if (!file)
		return;
	fprintf(file, "%u\n", slices);
	fclose(file);
}

static void
obey(const uint8_t *memory, const struct wire_question *q)
{
	char word[WIRE_PROTOCOL_TEXT] = "";
	struct wire_slice slice;

	if (!wire_read_slice(memory + wire_slot(q->slot), &slice))
		_exit(3);
	for (unsigned i = 0; i < slice.length && i + 1 < sizeof(word); i++)
		word[i] =
		    (char)(slice.payload[i] > ' ' && slice.payload[i] <= '~' ? slice.payload[i]
		                                                             : '.');
	if (strcmp(word, "crash") == 0)
		abort();
	if (strcmp(word, "killed") == 0)
		be_killed();
	while (strcmp(word, "hang") == 0)
		;
	answer(q, word);
}

/* Ways of misbehaving whatever comes. */
static void
misbehave(const char *how, struct wire_question *q)
{
	static const uint8_t garbage[3 * WIRE_ANSWER] = {0x50, 0x4f, 0xff, 0xff, 1, 2, 3};

	if (strcmp(how, "garbage") == 0)
		say(garbage, sizeof(garbage));
	if (strcmp(how, "exit") == 0)
		_exit(0);
	while (strcmp(how, "silence") == 0)
		pause();
	if (strcmp(how, "greets-twice") == 0)
		greet();
	if (strcmp(how, "strangers") == 0) {
		q->number += 1000000;
		answer(q, "stranger");
	}
	while (strcmp(how, "too-much") == 0)
		answer(q, "again");
}

int
main(void)
{
	const char *how = getenv("PORCHLIGHT_FAKE");
	uint8_t record[WIRE_QUESTION];
	struct wire_question q;
	void *memory = mmap(NULL, WIRE_MEMORY, PROT_READ, MAP_SHARED, PROCESS_MEMORY, 0);

	if (memory == MAP_FAILED)
		return 2;
	greet();
	while (read(PROCESS_SOCKET, record, sizeof(record)) == (ssize_t)sizeof(record)) {
		if (!wire_read_question(record, &q))
			return 2;
		if (how)
			misbehave(how, &q);
		note(q.slices);
		obey(memory, &q);
	}
	return 0;
}
