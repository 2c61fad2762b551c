/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/site/feed.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sink/site/feed_read.h"

#define KILO      ((size_t)1024)
#define BOOT_TEXT 17
#define ID_MAX    40
#define RING_MOST (512 * KILO) /* bytes of all events a late reader can still be told */

/* Kinds of lines, where they are kept, and how much of them. */
static const struct {
	const char *type;
	char letter; /* of its id; 0: numbered as they come */
	size_t records, bytes, about;
	bool told;  /* to those who listen */
	bool whole; /* its text is kept of the past too */
} kinds[SHELVES] = {
    [SHELF_DEVICES] = {"device", 'd', 256, 256 * KILO, sizeof(struct about_device), true},
    [SHELF_DESTINATIONS] = {"destination", 'r', 512, 512 * KILO, sizeof(struct about_destination),
        false},
    [SHELF_EPISODES] = {"episode", 'e', 512, 1024 * KILO, sizeof(struct about_episode), true},
    [SHELF_FINDINGS] = {"finding", 'F', 64, 128 * KILO, 0, false, true},
    [SHELF_GAPS] = {"gap", 0, 128, 32 * KILO, sizeof(struct about_gap), true},
    [SHELF_NOTICES] = {"notice", 0, 128, 64 * KILO, sizeof(struct about_notice), true},
    [SHELF_ONE_RUN] = {"run", '1', 1, 64 * KILO, 0, false},
    [SHELF_ONE_SUMMARY] = {"summary", '1', 1, 64 * KILO, 0, false, true},
};

union about {
	struct about_device device;
	struct about_destination destination;
	struct about_episode episode;
	struct about_gap gap;
	struct about_notice notice;
};

struct slot {
	uint64_t number;
	const char *type;
	char *record;
	size_t len;
};

struct mark {
	uint64_t episode;
	char text[12];
};

struct feed {
	struct shelf *shelves[SHELVES];
	struct shelf *past[SHELVES];
	struct traces *traces;
	struct live_state state;
	char *state_record;
	char boot[BOOT_TEXT];
	uint64_t numbered; /* of records without an id */
	bool found;        /* findings were told since the last verdict */
	struct slot ring[FEED_TOLD];
	size_t ring_first;
	size_t ring_count;
	size_t ring_bytes;
	struct mark marks[FEED_MARKS];
	size_t mark_next;
};

struct feed *
feed_new(void)
{
	struct feed *feed = calloc(1, sizeof(*feed));
	bool made = feed != NULL;

	if (!feed)
		return NULL;
	feed->state.time = PORCH_NO_TIME;
	feed->traces = traces_new();
	made = feed->traces != NULL;
	for (size_t i = 0; i < SHELVES; i++) {
		feed->shelves[i] = shelf_new(kinds[i].records, kinds[i].bytes, kinds[i].about);
		feed->past[i] = shelf_new(kinds[i].records, kinds[i].bytes, kinds[i].about);
		made = made && feed->shelves[i] && feed->past[i];
	}
	if (made)
		return feed;
	feed_free(feed);
	return NULL;
}

void
feed_free(struct feed *feed)
{
	if (!feed)
		return;
	for (size_t i = 0; i < SHELVES; i++) {
		shelf_free(feed->shelves[i]);
		shelf_free(feed->past[i]);
	}
	for (size_t i = 0; i < FEED_TOLD; i++)
		free(feed->ring[i].record);
	traces_free(feed->traces);
	free(feed->state_record);
	free(feed);
}

static void
forget_first(struct feed *feed)
{
	struct slot *slot = &feed->ring[feed->ring_first];

	feed->ring_bytes -= slot->len;
	free(slot->record);
	*slot = (struct slot){.record = NULL};
	feed->ring_first = (feed->ring_first + 1) % FEED_TOLD;
	feed->ring_count--;
}

static void
tell(struct feed *feed, uint64_t number, const char *type, const char *line, size_t len)
{
	struct slot *slot;
	char *copy = len <= RING_MOST ? malloc(len + 1) : NULL;

	if (!copy)
		return;
	memcpy(copy, line, len);
	copy[len] = '\0';
	while (feed->ring_count == FEED_TOLD || feed->ring_bytes + len > RING_MOST)
		forget_first(feed);
	slot = &feed->ring[(feed->ring_first + feed->ring_count) % FEED_TOLD];
	*slot = (struct slot){.number = number, .type = type, .record = copy, .len = len};
	feed->ring_count++;
	feed->ring_bytes += len;
}

/* What is of another run of the daemon is gone: numbers begin again. */
static void
see_boot(struct feed *feed, const char *boot)
{
	if (strcmp(feed->boot, boot) == 0)
		return;
	for (size_t i = 0; i < SHELVES; i++)
		shelf_clear(feed->shelves[i]);
	while (feed->ring_count > 0)
		forget_first(feed);
	memcpy(feed->boot, boot, BOOT_TEXT);
}

static bool
is_boot(const char *boot)
{
	return boot && strlen(boot) == BOOT_TEXT - 1 &&
	       strspn(boot, "0123456789abcdef") == BOOT_TEXT - 1;
}

static size_t
kind_of(const char *type)
{
	size_t kind = 0;

	while (kind < SHELVES && strcmp(kinds[kind].type, type) != 0)
		kind++;
	return kind;
}

/* "F1" begins all findings anew. */
static uint64_t
finding_of(struct feed *feed, const json_t *line)
{
	const char *id = read_text(line, "id");
	uint64_t number = id && id[0] == 'F' ? strtoull(id + 1, NULL, 10) : 0;

	if (number == 1)
		shelf_clear(feed->shelves[SHELF_FINDINGS]);
	feed->found = true;
	return number;
}

static uint64_t
id_of(struct feed *feed, size_t kind, const json_t *line)
{
	switch (kinds[kind].letter) {
	case 0:
		return ++feed->numbered;
	case '1':
		return 1;
	case 'F':
		return finding_of(feed, line);
	default:
		return read_id(line, "id", kinds[kind].letter);
	}
}

/* A verdict comes after its findings; without any, those of the last one hold no more. */
static void
see_verdict(struct feed *feed)
{
	if (!feed->found)
		shelf_clear(feed->shelves[SHELF_FINDINGS]);
	feed->found = false;
}

static enum feed_change
see_record(struct feed *feed, const char *type, const json_t *json, const char *line, size_t len)
{
	uint64_t number = read_u64(json, "event");
	union about about;
	size_t kind = kind_of(type);
	uint64_t id;

	if (kind == SHELVES || number == 0)
		return FEED_NOTHING;
	id = id_of(feed, kind, json);
	if (id == 0)
		return FEED_NOTHING;
	if (kind == SHELF_ONE_SUMMARY)
		see_verdict(feed);
	memset(&about, 0, sizeof(about));
	read_about((enum shelf_kind)kind, json, &about);
	shelf_keep(feed->shelves[kind], id, line, len, &about);
	if (kinds[kind].told && number > feed_newest(feed))
		tell(feed, number, kinds[kind].type, line, len);
	return FEED_RECORD;
}

static enum feed_change
see_state(struct feed *feed, const json_t *json, const char *line, size_t len)
{
	char *copy = strndup(line, len);

	if (!copy || !read_state(json, &feed->state)) {
		free(copy);
		return FEED_NOTHING;
	}
	free(feed->state_record);
	feed->state_record = copy;
	for (size_t i = 0; i < feed->state.device_count; i++) {
		const struct live_device *d = &feed->state.devices[i];

		traces_see(feed->traces, d->id, feed->state.time, d->kbps,
		    d->open.there && d->open.footage == PORCH_FOOTAGE_YES);
	}
	return FEED_STATE;
}

enum feed_change
feed_line(struct feed *feed, const char *line, size_t len)
{
	enum feed_change change = FEED_NOTHING;
	json_t *json;
	const char *type, *boot;

	while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == '\r'))
		len--;
	json = json_loadb(line, len, 0, NULL);
	type = json_string_value(json_object_get(json, "type"));
	boot = json_string_value(json_object_get(json, "boot"));
	if (type && is_boot(boot)) {
		see_boot(feed, boot);
		if (strcmp(type, "state") == 0)
			change = see_state(feed, json, line, len);
		else
			change = see_record(feed, type, json, line, len);
	}
	json_decref(json);
	return change;
}

void
feed_past_begin(struct feed *feed)
{
	for (size_t i = 0; i < SHELVES; i++)
		shelf_clear(feed->past[i]);
}

/* A mark that was given here meanwhile is newer. */
static void
remember_mark(struct feed *feed, const json_t *json)
{
	uint64_t episode = read_id(json, "episode", 'e');
	const char *mark = read_text(json, "mark");

	if (episode != 0 && mark && !feed_mark(feed, episode))
		feed_set_mark(feed, episode, mark);
}

static void
remember(struct feed *feed, const char *type, const json_t *json, const char *line, size_t len)
{
	size_t kind = kind_of(type);
	const char *id = read_text(json, "id");
	union about about;
	uint64_t number;

	if (kind == SHELVES || kind == SHELF_ONE_RUN)
		return;
	number = kinds[kind].letter == 'F' ? strtoull(id ? id + 1 : "", NULL, 10)
	                                   : id_of(feed, kind, json);
	if (number == 0)
		return;
	memset(&about, 0, sizeof(about));
	read_about((enum shelf_kind)kind, json, &about);
	shelf_keep(feed->past[kind], number, line, kinds[kind].whole ? len : 0, &about);
}

void
feed_past_line(struct feed *feed, const char *line, size_t len)
{
	json_t *json;
	const char *type;

	while (len > 0 && (line[len - 1] == '\n' || line[len - 1] == '\r'))
		len--;
	json = json_loadb(line, len, 0, NULL);
	type = json_string_value(json_object_get(json, "type"));
	if (type && strcmp(type, "mark") == 0)
		remember_mark(feed, json);
	else if (type)
		remember(feed, type, json, line, len);
	json_decref(json);
}

const struct shelf *
feed_past(const struct feed *feed, enum shelf_kind kind)
{
	return feed->past[kind];
}

const struct shelf *
feed_concluded(const struct feed *feed, enum shelf_kind kind)
{
	return shelf_count(feed->past[SHELF_ONE_SUMMARY]) > 0 ? feed->past[kind]
	                                                      : feed->shelves[kind];
}

const struct live_state *
feed_state(const struct feed *feed)
{
	return &feed->state;
}

const char *
feed_state_record(const struct feed *feed)
{
	return feed->state_record;
}

const char *
feed_boot(const struct feed *feed)
{
	return feed->boot;
}

const struct shelf *
feed_shelf(const struct feed *feed, enum shelf_kind kind)
{
	return feed->shelves[kind];
}

const struct traces *
feed_traces(const struct feed *feed)
{
	return feed->traces;
}

const char *
feed_mark(const struct feed *feed, uint64_t episode)
{
	for (size_t i = 0; i < FEED_MARKS; i++)
		if (feed->marks[i].episode == episode && feed->marks[i].text[0])
			return feed->marks[i].text;
	return NULL;
}

void
feed_set_mark(struct feed *feed, uint64_t episode, const char *mark)
{
	struct mark *place = &feed->marks[feed->mark_next];

	for (size_t i = 0; i < FEED_MARKS; i++)
		if (feed->marks[i].episode == episode)
			place = &feed->marks[i];
	if (place == &feed->marks[feed->mark_next])
		feed->mark_next = (feed->mark_next + 1) % FEED_MARKS;
	place->episode = episode;
	snprintf(place->text, sizeof(place->text), "%s", mark);
}

static const struct slot *
slot_at(const struct feed *feed, size_t place)
{
	return &feed->ring[(feed->ring_first + place) % FEED_TOLD];
}

uint64_t
feed_newest(const struct feed *feed)
{
	return feed->ring_count > 0 ? slot_at(feed, feed->ring_count - 1)->number : 0;
}

bool
feed_after(const struct feed *feed, uint64_t number, struct told *told)
{
	for (size_t i = 0; i < feed->ring_count; i++) {
		const struct slot *slot = slot_at(feed, i);

		if (slot->number > number) {
			*told = (struct told){slot->number, slot->type, slot->record};
			return true;
		}
	}
	return false;
}

/* Of another boot, all that this one told is new. */
uint64_t
feed_resume(const struct feed *feed, const char *last_id)
{
	size_t len = last_id ? strnlen(last_id, ID_MAX) : 0;
	uint64_t number = 0;

	if (!last_id)
		return feed_newest(feed);
	if (len < BOOT_TEXT + 1 || len >= ID_MAX || last_id[BOOT_TEXT - 1] != '-' ||
	    strncmp(last_id, feed->boot, BOOT_TEXT - 1) != 0)
		return 0;
	for (const char *at = last_id + BOOT_TEXT; *at; at++) {
		if (*at < '0' || *at > '9' || number > UINT64_MAX / 10 - 1)
			return 0;
		number = number * 10 + (uint64_t)(*at - '0');
	}
	return number;
}
