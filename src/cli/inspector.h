/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_INSPECTOR_H
#define CLI_INSPECTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct keeper;

/*
 * The program that inspects: PORCHLIGHT_INSPECTOR, else the one installed with this one or
 * built beside it.  False when there is none.
 */
bool inspector_find(char *path, size_t size);

/* The folder this program lies in; false when that cannot be told. */
bool program_folder(char *folder, size_t size);

/* Who runs it when this process may not (dpi/keeper.h). */
struct inspector_keeper {
	struct keeper *keeper; /* NULL: there is none */
	pid_t pid;
};

/* Forks, so there may be one thread only; false when that fails. */
bool inspector_keep(struct inspector_keeper *kept, const char *program);
/* Ends it, if there is one, and waits for its end. */
void inspector_release(struct inspector_keeper *kept);

#endif
