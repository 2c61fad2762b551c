/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SOURCE_MACHINE_FILES_H
#define SOURCE_MACHINE_FILES_H

#include <stdio.h>

#include "source/machine.h"

/*
 * What machine.c and machine_offload.c ask of; nobody else includes this.  Paths are given as
 * formats; a file that is not there, or may not be read, says nothing.
 */

/* The first line, without its end; false when there is none. */
bool machine_text(char *text, size_t size, const char *path, ...)
    __attribute__((format(printf, 3, 4)));
bool machine_has(const char *path, ...) __attribute__((format(printf, 1, 2)));
/* Each name in a folder, in no order; those that begin with a dot are left out. */
void machine_each(void (*see)(const char *name, void *user), void *user, const char *path, ...)
    __attribute__((format(printf, 3, 4)));

/* Line by line; what is beyond the first 1023 bytes of a line is left out. */
struct machine_file {
	FILE *stream;
	char line[1024];
};
bool machine_open(struct machine_file *file, const char *path, ...)
    __attribute__((format(printf, 2, 3)));
char *machine_line(struct machine_file *file); /* NULL at the end */
void machine_close(struct machine_file *file);

/* Of the kernel itself, hence unknown beneath another root. */
enum machine_known machine_merges(const char *root, const char *name);
enum machine_known machine_synchronised(const char *root);

/* Fills what facts say of short cuts: offload_set to offloaded_bytes. */
void machine_see_short_cuts(const char *root, struct machine_facts *facts);

#endif
