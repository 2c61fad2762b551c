/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_MESSENGER_SCENE_H
#define SINK_MESSENGER_SCENE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sink/messenger/heard.h"
#include "sink/messenger/telling.h"

/*
 * What was heard so far, as far as telling needs it: the devices, who receives, which uploads
 * are open.  All tables are bounded; what was longest not heard of goes first.
 */
struct scene;

/* A device, as it is now. */
struct scene_device {
	uint64_t id; /* 0: none */
	char name[128];
	char kind[16];
	char vendor[96];
	char product[96];
	bool watched;
	bool named;   /* by --device */
	bool shown;   /* by a state, which calls it what all of us do */
	bool footage; /* an upload counted by the footage sensor is open */
	uint64_t bytes_up_today;
	uint64_t footage_bytes_today;
	uint64_t footage_episodes_today;
	char last_receiver[96];      /* of an upload with footage `yes`; "" for none yet */
	char last_upload[TIME_TEXT]; /* when it ended; "" for none yet */
	uint64_t heard;              /* rises with each line that speaks of it */
};

/* The home, from the last state. */
struct scene_home {
	char state[16]; /* "" until one came */
	char time[TIME_TEXT];
	char sentence[512];
	int64_t now; /* the latest time heard, microseconds of packets */
	uint64_t received;
	uint64_t dropped;
	uint64_t gaps;
	uint64_t rules_rev;
	char rules_seen[16]; /* a day, or "" when it is not told */
	uint64_t states;     /* how many came */
};

#define SCENE_DEVICES 256

/* site is part of each telling's id.  NULL when out of memory. */
struct scene *scene_new(const char *site);
void scene_free(struct scene *scene);

/* Learns from a line and tells what follows from it. */
void scene_hear(struct scene *scene, const struct heard *heard,
    void (*tell)(const struct telling *telling, void *user), void *user);

const char *scene_site(const struct scene *scene);
const struct scene_home *scene_home(const struct scene *scene);
/* The device in a row below SCENE_DEVICES; one with id 0 is none. */
const struct scene_device *scene_device(const struct scene *scene, size_t row);

#endif
