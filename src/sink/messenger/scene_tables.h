/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_MESSENGER_SCENE_TABLES_H
#define SINK_MESSENGER_SCENE_TABLES_H

#include "sink/messenger/scene.h"

/* The inside of a scene: its tables, and how rows are found in them. */

#define SCENE_RECEIVERS 1024
#define SCENE_UPLOADS   512

struct scene_receiver {
	uint64_t id;
	uint64_t heard;
	char organisation[96]; /* else its name */
	char party[16];
};

struct scene_upload {
	uint64_t id;
	uint64_t heard;
	uint64_t device;
	uint64_t destination;
	bool open;
	bool closed; /* an episode line said so */
	bool told_start;
	bool told_end;
	uint64_t first_event; /* that spoke of it */
	char time[TIME_TEXT]; /* its start */
	char organisation[96];
	char party[16]; /* "" until known */
	char content[16];
	char footage[16];
	char likelihood[32];
	uint64_t bytes_up;
	int64_t duration;
};

struct scene {
	char site[32];
	char boot[17];
	uint64_t lines;
	struct scene_home home;
	struct scene_device devices[SCENE_DEVICES];
	struct scene_receiver receivers[SCENE_RECEIVERS];
	struct scene_upload uploads[SCENE_UPLOADS];
	void (*tell)(const struct telling *telling, void *user);
	void *user;
};

/* NULL when there is none. */
struct scene_device *scene_find_device(struct scene *scene, uint64_t id);
struct scene_receiver *scene_find_receiver(struct scene *scene, uint64_t id);
struct scene_upload *scene_find_upload(struct scene *scene, uint64_t id);

/* The row, a fresh one in place of the longest not heard of when there is none. */
struct scene_device *scene_see_device(struct scene *scene, uint64_t id);
struct scene_receiver *scene_see_receiver(struct scene *scene, uint64_t id);
struct scene_upload *scene_see_upload(struct scene *scene, uint64_t id);

/* The headline's rule: footage `yes`, not within the home, not from a mere computer. */
bool scene_counts(struct scene *scene, const struct scene_upload *upload);

/* Learns from one kind of line each. */
void scene_hear_state(struct scene *scene, const struct heard *heard);

/* Tells what is due about an upload. */
void scene_tell_upload(struct scene *scene, struct scene_upload *upload, uint64_t event);

#endif
