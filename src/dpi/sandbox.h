/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DPI_SANDBOX_H
#define DPI_SANDBOX_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Shuts this process in for good: no privileges, no files, no network, no other processes;
 * it may compute, take memory up to a limit, and read and write what is open already.
 * What is not on the list of calls ends it with SIGSYS.
 */
struct sandbox {
	uint8_t shut_in;  /* bits of wire.h */
	uint8_t landlock; /* ABI, 0 for none */
};

/* The parts a kernel lacks are left out, which *reached says. */
void sandbox_enter(struct sandbox *reached);

/* The last part, in a file of its own: false when the kernel or the processor has none. */
bool sandbox_filter_calls(void);

#endif
