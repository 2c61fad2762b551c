/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_RESERVE_H
#define STORE_RESERVE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * A file that only takes up room: SQLite needs some to delete anything, and on a full disk this
 * is given to it.  Its bytes are random, so that no file system packs them.
 */

/* Makes the file this large unless it is; false when there is no room for it. */
bool reserve_keep(const char *path, size_t bytes);
void reserve_release(const char *path);

#endif
