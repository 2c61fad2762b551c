/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DPI_LAUNCH_H
#define DPI_LAUNCH_H

#include <stdbool.h>
#include <sys/types.h>

/* A program that was run to advise: its pid, and our end of the socket it has. */
struct launched {
	pid_t pid;
	int socket;
};

/* How it ended. */
struct process_end {
	bool own_fault; /* SEGV, BUS, ABRT, FPE, ILL, SYS, or it ended by itself */
	int signal;     /* 0: it ended by itself */
};

/* Moves a descriptor above those that the adviser finds its own under; -1 for -1. */
int launch_lift(int descriptor);
/* Runs it with a socket and the memory under their numbers; false when it cannot be run. */
bool launch_program(struct launched *launched, const char *program, int memory);
/* Ends a child, at once or when it does not end by itself, and says how it ended. */
struct process_end launch_end(pid_t pid, bool at_once);

#endif
