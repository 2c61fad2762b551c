/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/digest.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* The records of a document, to be found by id without walking it each time. */
struct places {
	const struct porch_destination **destination; /* by id */
	size_t destination_count;
	struct device_row **row; /* by device id */
	size_t row_count;
};

static void
add_word(const struct speaker *speaker, enum say key, uint64_t count, struct text *text)
{
	const struct porch_phrase phrase = PHRASE(SAY_ONLY, COUNT("it", key, count));

	words_add(speaker, &phrase, text);
}

enum say
party_said(enum porch_party party)
{
	static const enum say of[PORCH_PARTIES] = {
	    [PORCH_PARTY_UNKNOWN] = SAY_SHORT_UNKNOWN,
	    [PORCH_PARTY_MAKER] = SAY_SHORT_MAKER,
	    [PORCH_PARTY_CLOUD] = SAY_SHORT_CLOUD,
	    [PORCH_PARTY_TRACKER] = SAY_SHORT_TRACKER,
	    [PORCH_PARTY_EVIDENCE] = SAY_SHORT_EVIDENCE,
	    [PORCH_PARTY_PEER] = SAY_SHORT_PEER,
	    [PORCH_PARTY_UTILITY] = SAY_SHORT_UTILITY,
	    [PORCH_PARTY_OTHER] = SAY_SHORT_OTHER,
	    [PORCH_PARTY_LOCAL] = SAY_SHORT_LOCAL,
	    [PORCH_PARTY_RELAY] = SAY_SHORT_RELAY,
	};

	return party < PORCH_PARTIES ? of[party] : SAY_SHORT_UNKNOWN;
}

void
digest_device_name(const struct speaker *speaker, const struct porch_device *device, char *text,
    size_t size)
{
	struct text name = text_over(text, size);
	const char *maker = device->vendor_name ? device->vendor_name : device->vendor;
	const struct porch_phrase phrase = PHRASE(SAY_DEVICE_OF_MAKER, NAMED("maker", maker),
	    WORD("kind", say_kind(device->kind)));

	if (device->label)
		text_add(&name, device->label);
	else if (device->hostname && device->hostname[0])
		text_add(&name, device->hostname);
	else if (maker)
		words_add(speaker, &phrase, &name);
	else if (device->addresses.count > 0)
		text_add(&name, device->addresses.item[0]);
	else if (device->mac)
		text_add(&name, device->mac);
	else
		add_word(speaker, SAY_SHORT_OTHER_DEVICES, 1, &name);
}

static bool
may_be_relay(const struct porch_destination *to)
{
	for (size_t i = 0; i < to->could_be_count; i++) {
		if (to->could_be[i] == PORCH_PARTY_RELAY)
			return true;
	}
	return false;
}

void
digest_receiver_name(const struct speaker *speaker, const struct porch_destination *to, char *text,
    size_t size)
{
	struct text name = text_over(text, size);

	if (to->folded)
		add_word(speaker, SAY_SHORT_FOLDED, to->folded, &name);
	else if (to->party == PORCH_PARTY_PEER && !to->name)
		add_word(speaker, may_be_relay(to) ? SAY_SHORT_PHONE_OR_RELAY : SAY_SHORT_PHONE, 1,
		    &name);
	else if (to->organisation)
		text_add(&name, to->organisation);
	else if (to->name)
		text_add(&name, to->name);
	else if (to->addresses.count > 0)
		text_add(&name, to->addresses.item[0]);
	else
		add_word(speaker, SAY_SHORT_NO_ADDRESS, 1, &name);
}

static int
by_destination_id(const void *a, const void *b)
{
	const struct porch_destination *const *x = a, *const *y = b;

	return ((*x)->id > (*y)->id) - ((*x)->id < (*y)->id);
}

static int
by_device_id(const void *a, const void *b)
{
	const struct device_row *const *x = a, *const *y = b;

	return ((*x)->device->id > (*y)->device->id) - ((*x)->device->id < (*y)->device->id);
}

static const struct porch_destination *
find_destination(const struct places *places, uint64_t id)
{
	const struct porch_destination sought = {.id = id}, *key = &sought;
	const struct porch_destination **found;

	if (id == 0 || places->destination_count == 0)
		return NULL;
	found = bsearch(&key, places->destination, places->destination_count, sizeof(*found),
	    by_destination_id);
	return found ? *found : NULL;
}

static struct device_row *
find_row(const struct places *places, uint64_t id)
{
	const struct porch_device device = {.id = id};
	struct device_row sought = {.device = &device}, *key = &sought, **found;

	if (places->row_count == 0)
		return NULL;
	found = bsearch(&key, places->row, places->row_count, sizeof(*found), by_device_id);
	return found ? *found : NULL;
}

static void
add_devices(struct digest *digest, const struct porch_document *doc, const struct speaker *speaker,
    bool all)
{
	for (size_t i = 0; i < doc->device_count; i++) {
		const struct porch_device *device = &doc->devices[i];
		struct device_row *row = &digest->devices[digest->device_count];

		digest->doorbells += device->kind == PORCH_KIND_DOORBELL;
		digest->others_like_cameras +=
		    device->kind == PORCH_KIND_CAMERA || device->kind == PORCH_KIND_HUB;
		if (!device->watched && !all)
			continue;
		row->device = device;
		row->last = PORCH_NO_TIME;
		digest_device_name(speaker, device, row->name, sizeof(row->name));
		digest->device_count++;
	}
}

/* The same rule as porch_episode_counts(), over sorted records. */
static void
add_episodes(const struct places *places, const struct porch_document *doc)
{
	for (size_t i = 0; i < doc->episode_count; i++) {
		const struct porch_episode *e = &doc->episodes[i];
		const struct porch_destination *to = find_destination(places, e->destination);
		struct device_row *row = find_row(places, e->device);

		if (!row || e->footage != PORCH_FOOTAGE_YES ||
		    (to && to->party == PORCH_PARTY_LOCAL))
			continue;
		if (row->device->kind == PORCH_KIND_OTHER && !row->device->named_by_user)
			continue;
		row->uploads++;
		if (e->start > row->last)
			row->last = e->start;
	}
}

static bool
is_more(const struct porch_destination *a, const struct porch_destination *b)
{
	if (!b || a->footage_bytes_up != b->footage_bytes_up)
		return !b || a->footage_bytes_up > b->footage_bytes_up;
	return a->bytes_up > b->bytes_up;
}

static bool
is_listed(const struct porch_device *device, const struct porch_destination *to)
{
	return device->watched && to->party != PORCH_PARTY_LOCAL;
}

/* What makes two destinations one row. */
static bool
row_name(const struct speaker *speaker, const struct porch_destination *to, bool all, char *name)
{
	digest_receiver_name(speaker, to, name, DIGEST_NAME);
	if (all)
		return false;
	if (to->party == PORCH_PARTY_UNKNOWN || to->party == PORCH_PARTY_TRACKER)
		return true;
	return to->organisation || to->party == PORCH_PARTY_PEER;
}

static bool
joins(const struct receiver_row *row, const struct porch_destination *to, const char *name)
{
	if (row->party != to->party)
		return false;
	if (to->party == PORCH_PARTY_UNKNOWN || to->party == PORCH_PARTY_TRACKER)
		return true;
	return strcmp(row->name, name) == 0;
}

/* Adds a word to "a, b" unless it is there. */
static void
add_once(char *list, size_t size, const char *word)
{
	struct text text = {.at = list, .size = size, .len = strlen(list)};
	size_t len = strlen(word);

	for (const char *at = list; *at;) {
		size_t item = strcspn(at, ",");

		if (item == len && memcmp(at, word, len) == 0)
			return;
		at += item;
		at += strspn(at, ", ");
	}
	if (text.len + len + 3 > text.size)
		return;
	if (text.len > 0)
		text_add(&text, ", ");
	text_add(&text, word);
}

static void
add_receiver(struct digest *digest, const struct speaker *speaker,
    const struct porch_destination *to, bool all)
{
	struct receiver_row *row = NULL;
	char name[DIGEST_NAME];
	bool shared = row_name(speaker, to, all, name);

	for (size_t i = 0; shared && !row && i < digest->receiver_count; i++) {
		if (joins(&digest->receivers[i], to, name))
			row = &digest->receivers[i];
	}
	if (!row) {
		row = &digest->receivers[digest->receiver_count++];
		row->party = to->party;
	}
	if (to->party == PORCH_PARTY_TRACKER)
		add_once(row->name, sizeof(row->name), name);
	else
		memcpy(row->name, name, sizeof(name));
	if (to->country)
		add_once(row->countries, sizeof(row->countries), to->country);
	row->sent += to->bytes_up;
	row->footage += to->footage_bytes_up;
	row->destinations++;
}

static void
name_unidentified(const struct speaker *speaker, struct receiver_row *row)
{
	struct text name;

	if (row->party != PORCH_PARTY_UNKNOWN || row->destinations < 2)
		return;
	name = text_over(row->name, sizeof(row->name));
	add_word(speaker, SAY_SHORT_NOT_IDENTIFIED, row->destinations, &name);
}

static void
add_receivers(struct digest *digest, const struct places *places, const struct porch_document *doc,
    const struct speaker *speaker, bool all)
{
	for (size_t i = 0; i < doc->destination_count; i++) {
		const struct porch_destination *to = &doc->destinations[i];
		struct device_row *row = find_row(places, to->device);

		if (!row || !is_listed(row->device, to))
			continue;
		if (is_more(to, row->mostly))
			row->mostly = to;
		add_receiver(digest, speaker, to, all);
	}
	for (size_t i = 0; i < digest->receiver_count; i++)
		name_unidentified(speaker, &digest->receivers[i]);
}

static int
by_bytes(const void *a, const void *b)
{
	const struct receiver_row *x = a, *y = b;

	if (x->footage != y->footage)
		return x->footage < y->footage ? 1 : -1;
	if (x->sent != y->sent)
		return x->sent < y->sent ? 1 : -1;
	if (x->party != y->party)
		return x->party > y->party ? 1 : -1;
	return strcmp(x->name, y->name);
}

static void
sort_places(struct places *places, struct digest *digest, const struct porch_document *doc)
{
	places->destination_count = doc->destination_count;
	for (size_t i = 0; i < doc->destination_count; i++)
		places->destination[i] = &doc->destinations[i];
	if (places->destination_count > 1)
		qsort(places->destination, places->destination_count,
		    sizeof(places->destination[0]), by_destination_id);
	places->row_count = digest->device_count;
	for (size_t i = 0; i < digest->device_count; i++)
		places->row[i] = &digest->devices[i];
	if (places->row_count > 1)
		qsort(places->row, places->row_count, sizeof(places->row[0]), by_device_id);
}

struct digest *
digest_new(const struct porch_document *doc, const struct speaker *speaker, bool all)
{
	struct digest *digest = calloc(1, sizeof(*digest));
	struct places places = {
	    .destination = calloc(doc->destination_count + 1, sizeof(places.destination[0])),
	    .row = calloc(doc->device_count + 1, sizeof(places.row[0])),
	};

	if (digest) {
		digest->devices = calloc(doc->device_count + 1, sizeof(digest->devices[0]));
		digest->receivers =
		    calloc(doc->destination_count + 1, sizeof(digest->receivers[0]));
	}
	if (!digest || !digest->devices || !digest->receivers || !places.destination ||
	    !places.row) {
		digest_free(digest);
		digest = NULL;
	} else {
		add_devices(digest, doc, speaker, all);
		sort_places(&places, digest, doc);
		add_episodes(&places, doc);
		add_receivers(digest, &places, doc, speaker, all);
		if (digest->receiver_count > 1)
			qsort(digest->receivers, digest->receiver_count,
			    sizeof(digest->receivers[0]), by_bytes);
	}
	free(places.destination);
	free(places.row);
	return digest;
}

void
digest_free(struct digest *digest)
{
	if (!digest)
		return;
	free(digest->devices);
	free(digest->receivers);
	free(digest);
}
