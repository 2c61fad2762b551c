/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_SAY_H
#define CLI_SAY_H

#include <porchlight/error.h>

/*
 * One line on standard error, begun with "porchlight: ".  File and host names may hold
 * anything, so what would move a cursor or turn text round is shown as \xNN.
 */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* As say: file, place in it and reason, as far as the error knows them. */
void say_error(const struct porch_error *error);

#endif
