/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SOURCE_INPUTS_H
#define SOURCE_INPUTS_H

#include <stddef.h>

#include <porchlight/error.h>

/* The captures that a command line's arguments mean. */
struct inputs;

/*
 * A folder stands for the regular files in it, at any depth up to 32, that begin like a
 * capture, in byte order of their paths; links to folders inside it are not followed.
 * Everything else stands for itself, also when it does not exist.  "-" counts once.
 * Returns NULL, and says why, when a folder cannot be read or there are over 65,536 files.
 */
struct inputs *inputs_new(const char *const *paths, size_t count, struct porch_error *error);
size_t inputs_count(const struct inputs *inputs);
const char *inputs_path(const struct inputs *inputs, size_t index);
void inputs_free(struct inputs *inputs);

#endif
