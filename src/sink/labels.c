/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/labels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sink/put.h"

static struct mark *
find(const struct marks *marks, uint64_t episode)
{
	for (size_t i = 0; i < marks->count; i++)
		if (marks->item[i].episode == episode)
			return &marks->item[i];
	return NULL;
}

static struct mark *
add(struct marks *marks)
{
	size_t room = marks->room ? marks->room * 2 : 64;
	struct mark *more;

	if (marks->count == marks->room) {
		more = realloc(marks->item, room * sizeof(*more));
		if (!more)
			return NULL;
		marks->item = more;
		marks->room = room;
	}
	return &marks->item[marks->count++];
}

void
marks_add(uint64_t episode, const char *word, void *user)
{
	struct marks *marks = user;
	struct mark *mark = find(marks, episode);

	if (!mark && !(mark = add(marks))) {
		marks->out_of_memory = true;
		return;
	}
	mark->episode = episode;
	snprintf(mark->word, sizeof(mark->word), "%s", word);
}

const char *
marks_find(const struct marks *marks, uint64_t episode)
{
	const struct mark *mark = find(marks, episode);

	if (!mark || (strcmp(mark->word, "expected") != 0 && strcmp(mark->word, "wrong") != 0))
		return NULL;
	return mark->word;
}

void
marks_free(struct marks *marks)
{
	free(marks->item);
	*marks = (struct marks){.item = NULL};
}

void
marks_write(struct writer *w, const struct porch_document *doc, const struct marks *marks)
{
	for (size_t i = 0; i < doc->episode_count; i++) {
		const char *word = marks_find(marks, doc->episodes[i].id);
		struct json json = {.w = w};

		if (!word)
			continue;
		put_open(&json, NULL, '{');
		put_text(&json, "type", "mark");
		put_id(&json, "episode", 'e', doc->episodes[i].id);
		put_text(&json, "mark", word);
		put_close(&json, '}');
		write_char(w, '\n');
	}
}

struct labels {
	struct json json;
	const struct porch_document *doc;
	const struct marks *marks;
};

/* A part of a MAC's traffic is told from the rest by its address. */
static bool
by_mac(const struct porch_device *device)
{
	return device->mac && device->was == 0;
}

/* How labels name a device: as the capture does. */
static const char *
name_of(const struct porch_device *device)
{
	if (!device || by_mac(device))
		return device ? device->mac : NULL;
	return device->addresses.count > 0 ? device->addresses.item[0] : NULL;
}

static const char *
receiver_of(const struct labels *l, const struct porch_episode *e)
{
	const struct porch_destination *to = porch_document_destination(l->doc, e->destination);

	if (!to || to->name)
		return to ? to->name : NULL;
	return to->addresses.count > 0 ? to->addresses.item[0] : NULL;
}

static bool
can_be_labelled(const struct labels *l, const struct porch_episode *e)
{
	return e->content != PORCH_CONTENT_UNKNOWN && receiver_of(l, e) &&
	       name_of(porch_document_device(l->doc, e->device));
}

static bool
is_marked(const struct labels *l, const struct porch_device *device)
{
	for (size_t i = 0; i < l->doc->episode_count; i++) {
		const struct porch_episode *e = &l->doc->episodes[i];

		if (e->device == device->id && marks_find(l->marks, e->id) && can_be_labelled(l, e))
			return true;
	}
	return false;
}

static void
put_devices(struct labels *l)
{
	put_open(&l->json, "devices", '[');
	for (size_t i = 0; i < l->doc->device_count; i++) {
		const struct porch_device *device = &l->doc->devices[i];

		if (!is_marked(l, device))
			continue;
		put_open(&l->json, NULL, '{');
		put_text(&l->json, by_mac(device) ? "mac" : "address", name_of(device));
		put_text(&l->json, "kind", porch_kind_word(device->kind));
		put_text(&l->json, "vendor", device->vendor);
		put_close(&l->json, '}');
	}
	put_close(&l->json, ']');
}

static void
put_label(struct labels *l, const struct porch_episode *e)
{
	put_open(&l->json, NULL, '{');
	put_text(&l->json, "device", name_of(porch_document_device(l->doc, e->device)));
	put_text(&l->json, "content", porch_content_word(e->content));
	put_text(&l->json, "shape", porch_shape_word(e->shape));
	put_time(&l->json, "start", e->start);
	put_time(&l->json, "end", e->end);
	put_u64(&l->json, "bytes", e->bytes_up);
	put_text(&l->json, "to", receiver_of(l, e));
	put_close(&l->json, '}');
}

/* Those that were marked so; how many of them could not be told. */
static size_t
put_marked(struct labels *l, const char *key, const char *word)
{
	size_t left_out = 0;

	put_open(&l->json, key, '[');
	for (size_t i = 0; i < l->doc->episode_count; i++) {
		const struct porch_episode *e = &l->doc->episodes[i];
		const char *mark = marks_find(l->marks, e->id);

		if (!mark || strcmp(mark, word) != 0)
			continue;
		if (can_be_labelled(l, e))
			put_label(l, e);
		else
			left_out++;
	}
	put_close(&l->json, ']');
	return left_out;
}

size_t
labels_write(struct writer *w, const struct porch_document *doc, const struct marks *marks)
{
	struct labels l = {.json = {.w = w}, .doc = doc, .marks = marks};
	size_t left_out;

	put_open(&l.json, NULL, '{');
	put_text(&l.json, "schema", "porchlight.truth/1");
	put_bool(&l.json, "partial", true);
	put_devices(&l);
	left_out = put_marked(&l, "episodes", "expected");
	left_out += put_marked(&l, "wrong", "wrong");
	put_close(&l.json, '}');
	write_char(w, '\n');
	return left_out;
}
