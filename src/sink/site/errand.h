/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_SITE_ERRAND_H
#define SINK_SITE_ERRAND_H

#include "sink/site/site.h"

#include <sys/types.h>

/*
 * Work that takes memory and time is done by a process of its own, one at a time, into a
 * temporary file without a name: what serves the page stays small, and goes on meanwhile.
 */
struct errand {
	pid_t pid; /* 0: none */
	enum site_work work;
	int over; /* a pipe that ends with the process */
	int file;
};

#define ERRAND_S 120 /* it ends itself when it takes longer, or when its maker ends */

/* False when one is on its way already, or no process could be made. */
bool errand_begin(struct errand *errand, const struct site_setup *setup, enum site_work work,
    unsigned days);
/*
 * Whether it is over; then *file is what it wrote, from its beginning, for the caller to close,
 * or -1 when it failed.
 */
bool errand_over(struct errand *errand, int *file);

#endif
