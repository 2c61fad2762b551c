/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DPI_ATTEMPT_H
#define DPI_ATTEMPT_H

#include <stdbool.h>

/*
 * Tries what must be denied to whoever reads packets: "open", "socket", "exec", "fork",
 * "ptrace", "setuid".  Returns whether it was refused; most often it does not return,
 * since the process is ended with SIGSYS.
 */
bool attempt_is_refused(const char *what);

#endif
