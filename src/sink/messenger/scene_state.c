/* SPDX-License-Identifier: Apache-2.0 */

/* What the state says, once a second: names, totals, and which uploads are open. */

#include "sink/messenger/scene_tables.h"

#include <string.h>

/* Who receives an upload is known here before the receiver has a record. */
static void
hear_open(struct scene *scene, struct scene_device *device, const json_t *open)
{
	uint64_t id = member_id(open, "id", 'e');
	struct scene_upload *upload = id ? scene_see_upload(scene, id) : NULL;

	if (!upload)
		return;
	upload->device = device->id;
	upload->open = !upload->closed;
	copy_text(upload->organisation, sizeof(upload->organisation),
	    member_text(open, "organisation"));
	copy_text(upload->party, sizeof(upload->party), member_text(open, "party"));
	copy_text(upload->content, sizeof(upload->content), member_text(open, "content"));
	copy_text(upload->footage, sizeof(upload->footage), member_text(open, "footage"));
	copy_text(upload->likelihood, sizeof(upload->likelihood),
	    member_text(json_object_get(open, "likelihood"), "word"));
	copy_text(upload->time, sizeof(upload->time), member_text(open, "start"));
	upload->bytes_up = member_number(open, "bytes_up");
	if (upload->first_event > 0)
		scene_tell_upload(scene, upload, upload->first_event);
}

/* A device that sends nothing has nothing open, whatever was not heard. */
static void
close_uploads(struct scene *scene, uint64_t device)
{
	for (size_t i = 0; i < SCENE_UPLOADS; i++)
		if (scene->uploads[i].device == device)
			scene->uploads[i].open = false;
}

static void
hear_last(struct scene_device *device, const json_t *last)
{
	if (!json_is_object(last))
		return;
	copy_text(device->last_receiver, sizeof(device->last_receiver),
	    member_text(last, "organisation"));
	copy_text(device->last_upload, sizeof(device->last_upload), member_text(last, "end"));
}

static void
hear_device(struct scene *scene, const json_t *object)
{
	uint64_t id = member_id(object, "id", 'd');
	struct scene_device *device = id ? scene_see_device(scene, id) : NULL;
	const char *state = member_text(object, "state");

	if (!device)
		return;
	copy_text(device->name, sizeof(device->name), member_text(object, "name"));
	copy_text(device->kind, sizeof(device->kind), member_text(object, "kind"));
	copy_text(device->vendor, sizeof(device->vendor), member_text(object, "vendor_name"));
	device->shown = true;
	device->watched = true; /* the state speaks of no others */
	device->bytes_up_today = member_number(object, "bytes_up_today");
	device->footage_bytes_today = member_number(object, "footage_bytes_today");
	device->footage_episodes_today = member_number(object, "footage_episodes_today");
	hear_last(device, json_object_get(object, "last"));
	if (state && strcmp(state, "quiet") == 0)
		close_uploads(scene, id);
	hear_open(scene, device, json_object_get(object, "open"));
}

void
scene_hear_state(struct scene *scene, const struct heard *heard)
{
	struct scene_home *home = &scene->home;
	const json_t *counters = json_object_get(heard->root, "counters");
	const json_t *devices = json_object_get(heard->root, "devices");
	const json_t *device;
	size_t i;

	copy_text(home->state, sizeof(home->state), member_text(heard->root, "state"));
	copy_text(home->time, sizeof(home->time), member_text(heard->root, "time"));
	copy_text(home->sentence, sizeof(home->sentence), member_text(heard->root, "sentence"));
	copy_text(home->rules_seen, sizeof(home->rules_seen),
	    member_text(heard->root, "rules_seen"));
	home->received = member_number(counters, "received");
	home->dropped = member_number(counters, "dropped");
	home->gaps = member_number(heard->root, "gaps");
	home->rules_rev = member_number(heard->root, "rules_rev");
	home->states++;
	json_array_foreach(devices, i, device) hear_device(scene, device);
}
