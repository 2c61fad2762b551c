/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_RULES_FOLDER_H
#define CLI_RULES_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

/*
 * The rules folder that belongs to a program in this folder: the installed one, found from
 * where the program lies; else, for a program that was not installed, that of the source
 * tree above its build folder.  False when there is neither.
 */
bool rules_folder_beside(const char *program_folder, char *folder, size_t size);

#endif
