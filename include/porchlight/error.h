/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORCHLIGHT_ERROR_H
#define PORCHLIGHT_ERROR_H

#include <stdint.h>

/* Where and why something failed.  The library never prints: the caller decides. */
struct porch_error {
	char file[512];  /* path as the user gave it, or "" */
	char where[256]; /* JSON path in a rule file, or "" */
	int64_t offset;  /* byte offset in the file, -1 when there is none */
	char text[512];  /* one line, no final dot or newline */
};

#endif
