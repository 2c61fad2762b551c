/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DPI_KEEPER_H
#define DPI_KEEPER_H

#include <stdbool.h>
#include <sys/types.h>

#include "dpi/launch.h"

/*
 * A process that runs the inspecting program for one that may not start any: forked before
 * that one shuts itself in, it reads no packet, and is asked over a socket for two things
 * only: to run the one program it was made for, and to end what it ran.
 */
struct keeper;

/* A keeper to be asked, from any thread; *its_end is the socket of the process that keeps. */
struct keeper *keeper_new(int *its_end);
/* Closes the socket: the process that keeps ends, and what it ran with it. */
void keeper_free(struct keeper *keeper);

/* The process that keeps: serves until the other end is closed.  Only one thread may run. */
void keeper_serve(int its_end, const char *program);

/* As launch_program() and launch_end(); a keeper that is gone runs nothing. */
bool keeper_launch(struct keeper *keeper, int memory, struct launched *launched);
struct process_end keeper_end(struct keeper *keeper, pid_t pid, bool at_once);

#endif
