/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_WATCH_RECORDING_H
#define CLI_WATCH_RECORDING_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/frame.h"
#include "redact/pcapng.h"

#define RECORDING_INTERFACES 16

/*
 * The frames that were counted, as they were counted, in a pcapng file: a replay of it says
 * what the watch said.  For tests, and for whoever doubts (PORCHLIGHT_RECORD).
 */
struct recording {
	FILE *file; /* NULL: nothing is recorded */
	struct pcapng_out out;
	uint32_t known[RECORDING_INTERFACES]; /* number in the file, plus 1 */
	uint32_t interfaces;
	bool failed; /* and said so */
};

/* Opens what PORCHLIGHT_RECORD names; false, and says why, when that cannot be written. */
bool recording_open(struct recording *recording);
void recording_see(struct recording *recording, const struct frame *frame);
void recording_close(struct recording *recording);

#endif
