/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_CONFIG_H
#define CLI_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include <porchlight/error.h>

#include "cli/options.h"

/*
 * The configuration file (porchlight.conf(5)): one strict JSON object whose keys are the long
 * names of the command's options, read by the same setters.  A switch is true or false, what
 * repeats is an array of texts, what counts is a number, all else a text; "interfaces" are the
 * arguments.  What the command line named is left as it was: flags win.
 */

#define CONFIG_BYTES (64U << 10)

/*
 * Adds the file to options that hold a command line (options_read() does, for --config).
 * Anything but a regular file, a larger one, another key than the command's options, another
 * type or a value that the option would refuse: false, with file, JSON path and reason; the
 * options are then only good for options_free(), which owns what was read.
 */
bool config_read(const char *path, struct options *options, struct porch_error *error);

/* The same of bytes that were read already; path is only told. */
bool config_parse(const char *path, const char *bytes, size_t len, struct options *options,
    struct porch_error *error);

#endif
