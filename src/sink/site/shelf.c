/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/site/shelf.h"

#include <stdlib.h>
#include <string.h>

struct record {
	uint64_t id;
	char *text;
	size_t len;
	void *about;
};

struct shelf {
	size_t max_records;
	size_t max_bytes;
	size_t about;
	size_t count;
	size_t bytes;
	uint64_t forgotten;
	struct record record[]; /* max_records; the one told first comes first */
};

struct shelf *
shelf_new(size_t max_records, size_t max_bytes, size_t about)
{
	struct shelf *shelf = calloc(1, sizeof(*shelf) + max_records * sizeof(struct record));

	if (!shelf)
		return NULL;
	shelf->max_records = max_records;
	shelf->max_bytes = max_bytes;
	shelf->about = about;
	return shelf;
}

void
shelf_clear(struct shelf *shelf)
{
	for (size_t i = 0; i < shelf->count; i++) {
		free(shelf->record[i].text);
		free(shelf->record[i].about);
	}
	shelf->count = shelf->bytes = 0;
}

void
shelf_free(struct shelf *shelf)
{
	if (!shelf)
		return;
	shelf_clear(shelf);
	free(shelf);
}

static void
remove_at(struct shelf *shelf, size_t place)
{
	shelf->bytes -= shelf->record[place].len;
	free(shelf->record[place].text);
	free(shelf->record[place].about);
	shelf->count--;
	memmove(&shelf->record[place], &shelf->record[place + 1],
	    (shelf->count - place) * sizeof(struct record));
}

static size_t
place_of(const struct shelf *shelf, uint64_t id)
{
	size_t place = shelf->count; /* what is told again was told of late */

	while (place > 0 && shelf->record[place - 1].id != id)
		place--;
	return place > 0 ? place - 1 : shelf->count;
}

/* Room for one more record of len bytes, at the end or in an old place. */
static void
make_room(struct shelf *shelf, size_t *place, size_t len)
{
	bool again = *place < shelf->count;

	while ((!again && shelf->count == shelf->max_records) ||
	       shelf->bytes + len > shelf->max_bytes) {
		size_t first = again && *place == 0 ? 1 : 0; /* not what is told again */

		if (first >= shelf->count)
			return;
		remove_at(shelf, first);
		shelf->forgotten++;
		if (first < *place)
			*place -= 1;
	}
}

static void *
copy_of(const void *bytes, size_t len)
{
	char *copy = malloc(len + 1);

	if (copy && len > 0)
		memcpy(copy, bytes, len);
	if (copy)
		copy[len] = '\0';
	return copy;
}

/* The copies are the shelf's from now on. */
static void
put(struct shelf *shelf, const struct record *new)
{
	size_t place = place_of(shelf, new->id);

	if (place < shelf->count) {
		shelf->bytes -= shelf->record[place].len;
		shelf->record[place].len = 0;
	}
	make_room(shelf, &place, new->len);
	if (place < shelf->count) {
		free(shelf->record[place].text);
		free(shelf->record[place].about);
	} else {
		shelf->count++;
	}
	shelf->record[place] = *new;
	shelf->bytes += new->len;
}

void
shelf_keep(struct shelf *shelf, uint64_t id, const char *text, size_t len, const void *about)
{
	struct record new = {.id = id, .len = len};

	if (len > shelf->max_bytes)
		return;
	new.text = copy_of(text, len);
	new.about = copy_of(about, shelf->about);
	if (new.text &&new.about) {
		put(shelf, &new);
		return;
	}
	free(new.text);
	free(new.about);
}

size_t
shelf_count(const struct shelf *shelf)
{
	return shelf->count;
}

struct shelf_record
shelf_at(const struct shelf *shelf, size_t place)
{
	const struct record *record = &shelf->record[place];

	return (struct shelf_record){record->id, record->text, record->len, record->about};
}

bool
shelf_find(const struct shelf *shelf, uint64_t id, struct shelf_record *record)
{
	size_t place = place_of(shelf, id);

	if (place == shelf->count)
		return false;
	*record = shelf_at(shelf, place);
	return true;
}

uint64_t
shelf_forgotten(const struct shelf *shelf)
{
	return shelf->forgotten;
}
