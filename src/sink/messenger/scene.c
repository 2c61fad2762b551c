/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/messenger/scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sink/messenger/scene_tables.h"

struct scene *
scene_new(const char *site)
{
	struct scene *scene = calloc(1, sizeof(*scene));

	if (scene)
		copy_text(scene->site, sizeof(scene->site), site);
	return scene;
}

void
scene_free(struct scene *scene)
{
	free(scene);
}

const char *
scene_site(const struct scene *scene)
{
	return scene->site;
}

const struct scene_home *
scene_home(const struct scene *scene)
{
	return &scene->home;
}

const struct scene_device *
scene_device(const struct scene *scene, size_t row)
{
	return &scene->devices[row];
}

/* Until a state does: its label, else product, else host name, else address. */
static void
name_device(struct scene_device *device, const json_t *record)
{
	static const char *const keys[] = {"label", "product", "hostname", "mac"};
	const char *name = NULL;

	for (size_t i = 0; !name && i < sizeof(keys) / sizeof(keys[0]); i++)
		name = member_text(record, keys[i]);
	if (!name)
		name = json_string_value(json_array_get(json_object_get(record, "addresses"), 0));
	copy_text(device->name, sizeof(device->name), name);
}

/* Of devices that are not watched, only those that were are kept. */
static void
hear_device(struct scene *scene, const struct heard *heard)
{
	uint64_t id = member_id(heard->root, "id", 'd');
	bool watched = member_true(heard->root, "watched");
	struct scene_device *device = scene_find_device(scene, id);

	if (id == 0 || (!watched && !device))
		return;
	device = scene_see_device(scene, id);
	if (!device->shown)
		name_device(device, heard->root);
	copy_text(device->kind, sizeof(device->kind), member_text(heard->root, "kind"));
	copy_text(device->vendor, sizeof(device->vendor), member_text(heard->root, "vendor_name"));
	copy_text(device->product, sizeof(device->product), member_text(heard->root, "product"));
	device->watched = watched;
	device->named = member_true(heard->root, "named_by_user");
}

static void
hear_destination(struct scene *scene, const struct heard *heard)
{
	uint64_t id = member_id(heard->root, "id", 'r');
	struct scene_receiver *receiver;
	const char *who = member_text(heard->root, "organisation");
	const json_t *addresses = json_object_get(heard->root, "addresses");

	if (id == 0)
		return;
	receiver = scene_see_receiver(scene, id);
	if (!who)
		who = member_text(heard->root, "name");
	if (!who)
		who = json_string_value(json_array_get(addresses, 0));
	copy_text(receiver->organisation, sizeof(receiver->organisation), who);
	copy_text(receiver->party, sizeof(receiver->party), member_text(heard->root, "party"));
}

static void
see_receiver(struct scene *scene, struct scene_upload *upload)
{
	const struct scene_receiver *receiver = scene_find_receiver(scene, upload->destination);

	if (!receiver)
		return;
	copy_text(upload->organisation, sizeof(upload->organisation), receiver->organisation);
	copy_text(upload->party, sizeof(upload->party), receiver->party);
}

static int64_t
duration(const json_t *record)
{
	double seconds = json_number_value(json_object_get(record, "duration_s"));

	return seconds >= 0 && seconds < 1e9 ? (int64_t)(seconds * 1e6 + 0.5) : 0;
}

static void
hear_episode(struct scene *scene, const struct heard *heard)
{
	uint64_t id = member_id(heard->root, "id", 'e');
	struct scene_upload *upload = id ? scene_see_upload(scene, id) : NULL;
	bool open = member_true(heard->root, "open");

	if (!upload)
		return;
	upload->device = member_id(heard->root, "device", 'd');
	upload->destination = member_id(heard->root, "destination", 'r');
	/* At the end of a watch an upload that had ended may be told as a replay would see it,
	   which knows of no time after the last frame. */
	upload->closed = upload->closed || !open;
	upload->open = !upload->closed;
	if (upload->first_event == 0)
		upload->first_event = heard->event;
	copy_text(upload->content, sizeof(upload->content), member_text(heard->root, "content"));
	copy_text(upload->footage, sizeof(upload->footage), member_text(heard->root, "footage"));
	copy_text(upload->likelihood, sizeof(upload->likelihood),
	    member_text(json_object_get(heard->root, "likelihood"), "word"));
	copy_text(upload->time, sizeof(upload->time),
	    member_text(heard->root, open ? "start" : "end"));
	upload->bytes_up = member_number(heard->root, "bytes_up");
	upload->duration = duration(heard->root);
	see_receiver(scene, upload);
	scene_tell_upload(scene, upload, heard->event);
}

static void
hear_notice(struct scene *scene, const struct heard *heard)
{
	const char *kind = member_text(heard->root, "kind");
	struct telling t = {.device = member_id(heard->root, "device", 'd'),
	    .destination = member_id(heard->root, "destination", 'r'),
	    .episode = member_id(heard->root, "episode", 'e'),
	    .duration = -1};
	const struct scene_device *device = scene_find_device(scene, t.device);
	const struct scene_receiver *receiver = scene_find_receiver(scene, t.destination);

	if (!kind || !telling_kind_of(kind, &t.kind))
		return;
	snprintf(t.id, sizeof(t.id), "%s-%s-%llu", scene->site, scene->boot,
	    (unsigned long long)heard->event);
	copy_text(t.time, sizeof(t.time), member_text(heard->root, "time"));
	copy_text(t.name, sizeof(t.name), device ? device->name : NULL);
	copy_text(t.organisation, sizeof(t.organisation), receiver ? receiver->organisation : NULL);
	copy_text(t.party, sizeof(t.party), receiver ? receiver->party : NULL);
	copy_text(t.sentence, sizeof(t.sentence), member_text(heard->root, "sentence"));
	scene->tell(&t, scene->user);
}

/* A device's footage sensor is on while an upload that counts is open. */
static void
weigh_footage(struct scene *scene)
{
	for (size_t i = 0; i < SCENE_DEVICES; i++)
		scene->devices[i].footage = false;
	for (size_t i = 0; i < SCENE_UPLOADS; i++) {
		const struct scene_upload *upload = &scene->uploads[i];
		struct scene_device *device =
		    upload->open ? scene_find_device(scene, upload->device) : NULL;

		if (device && scene_counts(scene, upload))
			device->footage = true;
	}
}

static void
keep_time(struct scene *scene, const struct heard *heard)
{
	int64_t time;

	if ((member_time(heard->root, "time", &time) || member_time(heard->root, "end", &time)) &&
	    time > scene->home.now)
		scene->home.now = time;
}

/* Another run of the daemon: what was open is not known to be. */
static void
meet_boot(struct scene *scene, const struct heard *heard)
{
	if (strcmp(scene->boot, heard->boot) == 0)
		return;
	memcpy(scene->boot, heard->boot, sizeof(scene->boot));
	memset(scene->uploads, 0, sizeof(scene->uploads));
}

void
scene_hear(struct scene *scene, const struct heard *heard,
    void (*tell)(const struct telling *telling, void *user), void *user)
{
	static const struct {
		const char *type;
		void (*hear)(struct scene *scene, const struct heard *heard);
	} kinds[] = {{"device", hear_device}, {"destination", hear_destination},
	    {"episode", hear_episode}, {"notice", hear_notice}, {"state", scene_hear_state}};

	scene->tell = tell;
	scene->user = user;
	scene->lines++;
	meet_boot(scene, heard);
	keep_time(scene, heard);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].type, heard->type) == 0)
			kinds[i].hear(scene, heard);
	weigh_footage(scene);
}
