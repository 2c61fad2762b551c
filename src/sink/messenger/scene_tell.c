/* SPDX-License-Identifier: Apache-2.0 */

/* Which uploads a person is told of, and in which words. */

#include <stdio.h>
#include <string.h>

#include "base/format.h"
#include "sink/messenger/scene_tables.h"

/* Whether it leaves the home, and from a device whose uploads count. */
static bool
leaves(struct scene *scene, const struct scene_upload *upload)
{
	const struct scene_device *device = scene_find_device(scene, upload->device);

	if (strcmp(upload->party, "local") == 0)
		return false;
	return !device || device->named || strcmp(device->kind, "other") != 0;
}

bool
scene_counts(struct scene *scene, const struct scene_upload *upload)
{
	return strcmp(upload->footage, "yes") == 0 && upload->party[0] && leaves(scene, upload);
}

/* What may be footage is told too, and said to be no more than that. */
static bool
worth_telling(struct scene *scene, const struct scene_upload *upload)
{
	bool may_be =
	    strcmp(upload->footage, "yes") == 0 || strcmp(upload->footage, "cannot-tell") == 0;

	return may_be && leaves(scene, upload);
}

static void
say_upload(struct telling *t, bool ended)
{
	const char *who = t->name[0] ? t->name : "A device";
	const char *to = t->organisation[0] ? t->organisation : "a receiver that is not known";
	bool sure = strcmp(t->footage, "yes") == 0;
	char bytes[NUMBER_TEXT];
	char took[NUMBER_TEXT];

	if (!ended) {
		snprintf(t->sentence, sizeof(t->sentence),
		    sure ? "%s is sending what looks like footage to %s."
		         : "%s is sending something to %s; whether it is footage cannot be told.",
		    who, to);
		return;
	}
	snprintf(t->sentence, sizeof(t->sentence),
	    sure ? "%s sent what looks like footage to %s: %s in %s."
	         : "%s sent something to %s: %s in %s; whether it was footage cannot be told.",
	    who, to, format_bytes_short(t->bytes_up, bytes),
	    format_duration(t->duration > 0 ? (uint64_t)t->duration : 0, took));
}

static void
tell(struct scene *scene, const struct scene_upload *upload, uint64_t event, bool ended)
{
	const struct scene_device *device = scene_find_device(scene, upload->device);
	struct telling t = {.kind = ended ? TELLING_UPLOAD_ENDED : TELLING_UPLOAD_STARTED,
	    .device = upload->device,
	    .destination = upload->destination,
	    .episode = upload->id,
	    .bytes_up = upload->bytes_up,
	    .duration = ended ? upload->duration : -1};

	snprintf(t.id, sizeof(t.id), "%s-%s-%llu", scene->site, scene->boot,
	    (unsigned long long)event);
	copy_text(t.time, sizeof(t.time), upload->time);
	copy_text(t.name, sizeof(t.name), device ? device->name : NULL);
	copy_text(t.organisation, sizeof(t.organisation), upload->organisation);
	copy_text(t.party, sizeof(t.party), upload->party);
	copy_text(t.content, sizeof(t.content), upload->content);
	copy_text(t.footage, sizeof(t.footage), upload->footage);
	copy_text(t.likelihood, sizeof(t.likelihood), upload->likelihood);
	say_upload(&t, ended);
	scene->tell(&t, scene->user);
}

void
scene_tell_upload(struct scene *scene, struct scene_upload *upload, uint64_t event)
{
	if (!worth_telling(scene, upload))
		return;
	/* Until a receiver is known it may be one in the home. */
	if (upload->open && !upload->told_start && upload->party[0]) {
		upload->told_start = true;
		tell(scene, upload, event, false);
	} else if (!upload->open && !upload->told_end) {
		upload->told_end = true;
		tell(scene, upload, event, true);
	}
}
