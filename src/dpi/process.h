/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DPI_PROCESS_H
#define DPI_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "dpi/launch.h"
#include "dpi/wire.h"

struct keeper;

/*
 * A process that advises, as the one that counts sees it: a pid, a socket, and memory that
 * the other side can only read.
 */
struct process {
	struct keeper *keeper; /* who runs it; NULL: this process does */
	pid_t pid;             /* 0: none runs */
	int socket;            /* -1: none */
	int memory;            /* its descriptor; -1: none */
	uint8_t *cell;
	size_t taken, filled; /* of said[] */
	uint8_t said[WIRE_SLOTS * WIRE_ANSWER];
};

/* The descriptors the adviser finds open. */
#define PROCESS_SOCKET 3
#define PROCESS_MEMORY 4

enum process_event {
	PROCESS_QUIET, /* nothing was said in time */
	PROCESS_SAID,  /* said[] holds one record or more */
	PROCESS_GONE,  /* it closed its end, or there was none */
};

/* Takes the memory; false when there is none. */
bool process_open(struct process *process);
void process_close(struct process *process); /* ends what runs */

/* Runs a program, or what its keeper runs, with its descriptors; false when it cannot be run. */
bool process_start(struct process *process, const char *program);
/* Waits for what it says, at most milliseconds; 0 looks only. */
enum process_event process_listen(struct process *process, int milliseconds);
/* Takes a record out of said[]; false when there is no whole one. */
bool process_take(struct process *process, uint8_t record[static WIRE_ANSWER]);
/* Tells count questions at once, of WIRE_QUESTION bytes each. */
bool process_tell(struct process *process, const uint8_t *records, unsigned count);
/* Microseconds of processor time it has used; -1 when that cannot be told. */
int64_t process_cpu(const struct process *process);
/* Ends it, at once or when it does not end by itself, and says how it ended. */
struct process_end process_end(struct process *process, bool at_once);

#endif
