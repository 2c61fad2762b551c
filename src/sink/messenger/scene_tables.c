/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/messenger/scene_tables.h"

#include <string.h>

/* Any of the tables: a row begins with its id. */
struct table {
	char *rows;
	size_t size;
	size_t count;
	size_t heard; /* offset of the number that says when */
};

static uint64_t
heard_of(const struct table *t, size_t row)
{
	uint64_t heard;

	memcpy(&heard, t->rows + row * t->size + t->heard, sizeof(heard));
	return heard;
}

static void *
find(const struct table *t, uint64_t id)
{
	for (size_t i = 0; id && i < t->count; i++) {
		uint64_t there;

		memcpy(&there, t->rows + i * t->size, sizeof(there));
		if (there == id)
			return t->rows + i * t->size;
	}
	return NULL;
}

static void *
see(const struct table *t, uint64_t id, uint64_t now)
{
	char *row = find(t, id);
	size_t oldest = 0;

	if (!row) {
		for (size_t i = 1; i < t->count; i++)
			if (heard_of(t, i) < heard_of(t, oldest))
				oldest = i;
		row = t->rows + oldest * t->size;
		memset(row, 0, t->size);
		memcpy(row, &id, sizeof(id));
	}
	memcpy(row + t->heard, &now, sizeof(now));
	return row;
}

#define TABLE(scene, member, type, count)                                                          \
	(&(const struct table){                                                                    \
	    (char *)(scene)->member, sizeof(struct type), count, offsetof(struct type, heard)})
#define DEVICES(scene)   TABLE(scene, devices, scene_device, SCENE_DEVICES)
#define RECEIVERS(scene) TABLE(scene, receivers, scene_receiver, SCENE_RECEIVERS)
#define UPLOADS(scene)   TABLE(scene, uploads, scene_upload, SCENE_UPLOADS)

struct scene_device *
scene_find_device(struct scene *scene, uint64_t id)
{
	return find(DEVICES(scene), id);
}

struct scene_receiver *
scene_find_receiver(struct scene *scene, uint64_t id)
{
	return find(RECEIVERS(scene), id);
}

struct scene_upload *
scene_find_upload(struct scene *scene, uint64_t id)
{
	return find(UPLOADS(scene), id);
}

struct scene_device *
scene_see_device(struct scene *scene, uint64_t id)
{
	return see(DEVICES(scene), id, scene->lines);
}

struct scene_receiver *
scene_see_receiver(struct scene *scene, uint64_t id)
{
	return see(RECEIVERS(scene), id, scene->lines);
}

struct scene_upload *
scene_see_upload(struct scene *scene, uint64_t id)
{
	return see(UPLOADS(scene), id, scene->lines);
}
