/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DPI_LANDLOCK_H
#define DPI_LANDLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* What a rule may give back beneath a path (landlock(7)); there is none for programs. */
enum landlock_right {
	LANDLOCK_READ = 1 << 0,  /* files, and what folders hold */
	LANDLOCK_WRITE = 1 << 1, /* files: make, write, rename, remove them */
};

/*
 * Bounds that take every right of this kernel's ABI away: files, TCP, abstract sockets,
 * signals.  Returns a descriptor, or -1 when the kernel has no Landlock.
 */
int landlock_begin(uint8_t *abi);
/* The same of files only: sockets and signals stay as they are. */
int landlock_begin_files(uint8_t *abi);
/* Gives rights (enum landlock_right) back beneath a path; one that does not exist is passed over.
 */
void landlock_allow(int bounds, uint8_t abi, const char *path, unsigned rights);
/* Gives TCP connections to a port back, where the ABI had taken them. */
void landlock_allow_port(int bounds, uint8_t abi, uint16_t port);
/*
 * Puts this thread, and what it starts, within them for good; closes the descriptor in any
 * case.  The process must have no_new_privs.
 */
bool landlock_enter(int bounds);

#endif
