/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_MESSENGER_SETUP_H
#define SINK_MESSENGER_SETUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <porchlight/error.h>

/*
 * What the process that tells others is to do.  It is handed over as one JSON object, so that
 * no password stands in a list of processes:
 *
 * {"outputs": ["unix:/run/x"], "syslog": true, "exec": ["command"], "webhooks": ["https://..."],
 *  "mqtt": ["mqtt://..."], "cooldown_s": 60, "digest": false, "folder":
 * "/var/lib/porchlight/spool", "spool_bytes": 8388608, "devices": ["02:00:00:00:00:01"]}
 *
 * "devices" are those named on the command line; "log" is where syslog listens.
 */
struct setup_list {
	const char **item;
	size_t count;
};

#define COOLDOWN_DEFAULT    60 /* seconds */
#define SPOOL_BYTES_DEFAULT (UINT64_C(8) << 20)

struct messenger_setup {
	struct setup_list outputs;
	struct setup_list execs;
	struct setup_list webhooks;
	struct setup_list mqtts;
	const char *folder; /* of what waits to be delivered; NULL: in memory */
	const char *log;
	uint64_t spool_bytes; /* on disk, for each outlet */
	int64_t cooldown;     /* microseconds */
	bool syslog;
	bool digest;
	void *owner; /* of all texts */
};

/* False when text is not such an object: error says what is wrong. */
bool setup_read(struct messenger_setup *setup, const char *text, struct porch_error *error);
void setup_free(struct messenger_setup *setup);

#endif
