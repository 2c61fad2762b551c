/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_MESSENGER_HOOK_H
#define SINK_MESSENGER_HOOK_H

#include <stdint.h>

/*
 * What the process that tells says to the one that runs the user's commands, which is
 * forked before the former is shut in.  Over a SOCK_SEQPACKET socket, a message each:
 *
 * to run:  one byte, the command's place in the setup; then HOOK_VALUES texts, each ended by
 *          a NUL; then the JSON object for its standard input.
 * it ran:  struct hook_ran.
 */
enum hook_value {
	HOOK_KIND,     /* PORCHLIGHT_KIND */
	HOOK_ID,       /* PORCHLIGHT_ID */
	HOOK_DEVICE,   /* PORCHLIGHT_DEVICE, the id */
	HOOK_NAME,     /* PORCHLIGHT_NAME, of the device */
	HOOK_SENTENCE, /* PORCHLIGHT_SENTENCE */
};
#define HOOK_VALUES (HOOK_SENTENCE + 1)

#define HOOK_MESSAGE 32768 /* bytes of the longest */
#define HOOK_RUNNING 4     /* of one command at once */
#define HOOK_TIME    30    /* seconds; then it is asked to end, and 5 s later made to */

enum hook_end {
	HOOK_EXITED,    /* status is its exit status */
	HOOK_SIGNALLED, /* status is the signal */
	HOOK_TOO_SLOW,
	HOOK_NOT_RUN, /* status is an errno */
};

struct hook_ran {
	uint8_t command;
	uint8_t end; /* enum hook_end */
	int32_t status;
};

#endif
