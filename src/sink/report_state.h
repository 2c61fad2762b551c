/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_REPORT_STATE_H
#define SINK_REPORT_STATE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/* What report.c, compare.c and difference.c share: the report as it was read. */

#define REPORT_PATH 1024

struct report {
	json_t *root;
	char folder[REPORT_PATH]; /* where it lies; "" when it came from memory */
	char file[64];            /* its name there */
	bool whole;               /* the folder was named, not this file of it */
};

/* All of a file, with a NUL; freed by the caller.  NULL leaves errno. */
char *report_read_file(const char *path, size_t *len);

#endif
