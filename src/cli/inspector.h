/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_INSPECTOR_H
#define CLI_INSPECTOR_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The program that inspects: PORCHLIGHT_INSPECTOR, else the one installed with this one or
 * built beside it.  False when there is none.
 */
bool inspector_find(char *path, size_t size);

/* The folder this program lies in; false when that cannot be told. */
bool program_folder(char *folder, size_t size);

#endif
