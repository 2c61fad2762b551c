/* SPDX-License-Identifier: Apache-2.0 */
#include "base/texts.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/pages.h"

/* The head of a text; where it is free, next is the next free one of its size. */
struct item {
	struct item *next;
	uint32_t hash;
	uint32_t holders;
	char text[];
};

/* Sizes of items: short names and protocols, names and fingerprints, long names, chains of them. */
static const uint16_t sizes[] = {32, 64, 112, 272, 400};

#define SIZES (sizeof(sizes) / sizeof(sizes[0]))

_Static_assert(sizeof(struct item) + TEXTS_LONGEST + 1 <= 400, "the longest text fits");

struct shelf {
	unsigned char *items;
	size_t used; /* ever: what lies behind is untouched */
	struct item *free;
};

struct texts {
	size_t max;
	size_t count;
	uint64_t seed;
	uint32_t mask;
	struct shelf shelf[SIZES];
	bool awake; /* buckets were written: see wake() of table.c */
	struct item *bucket[];
};

struct texts *
texts_new(size_t max, uint64_t seed)
{
	struct texts *texts;
	size_t buckets = 1;

	if (max == 0 || max > UINT32_MAX / sizes[SIZES - 1])
		return NULL;
	while (buckets < max / 8) /* few of those that may be are ever there */
		buckets *= 2;
	texts = calloc(1, sizeof(*texts) + buckets * sizeof(texts->bucket[0]));
	if (!texts)
		return NULL;
	texts->max = max;
	texts->seed = seed;
	texts->mask = (uint32_t)(buckets - 1);
	for (size_t i = 0; i < SIZES; i++) {
		texts->shelf[i].items = pages_take(max * sizes[i], 0);
		if (!texts->shelf[i].items) {
			texts_free(texts);
			return NULL;
		}
	}
	return texts;
}

void
texts_free(struct texts *texts)
{
	if (!texts)
		return;
	for (size_t i = 0; i < SIZES; i++)
		pages_free(texts->shelf[i].items, texts->max * sizes[i]);
	free(texts);
}

/* The size of items in which a text of this length lies; SIZES when it is too long. */
static size_t
size_for(size_t length)
{
	size_t i = 0;

	while (i < SIZES && sizeof(struct item) + length + 1 > sizes[i])
		i++;
	return i;
}

static struct item *
take(struct texts *texts, size_t size)
{
	struct shelf *shelf = &texts->shelf[size];
	struct item *item = shelf->free;

	if (item)
		shelf->free = item->next;
	else if (shelf->used < texts->max)
		item = (struct item *)(void *)(shelf->items + shelf->used++ * sizes[size]);
	return item;
}

const char *
texts_keep(struct texts *texts, const char *text)
{
	size_t length = strlen(text), size = size_for(length);
	struct item **bucket, *item;
	uint32_t hash;

	if (length == 0 || length > TEXTS_LONGEST)
		return NULL;
	hash = (uint32_t)hash_bytes(text, length, texts->seed);
	if (!texts->awake)
		memset(texts->bucket, 0, ((size_t)texts->mask + 1) * sizeof(texts->bucket[0]));
	texts->awake = true;
	bucket = &texts->bucket[hash & texts->mask];
	item = *bucket;
	while (item && (item->hash != hash || strcmp(item->text, text) != 0))
		item = item->next;
	if (!item) {
		item = take(texts, size);
		if (!item)
			return NULL;
		item->next = *bucket;
		item->hash = hash;
		item->holders = 0;
		memcpy(item->text, text, length + 1);
		*bucket = item;
		texts->count++;
	}
	item->holders++;
	return item->text;
}

static struct item *
item_of(const char *text)
{
	return (struct item *)(void *)((char *)(uintptr_t)text - offsetof(struct item, text));
}

const char *
texts_hold(const char *text)
{
	if (text)
		item_of(text)->holders++;
	return text;
}

void
texts_drop(struct texts *texts, const char *text)
{
	struct item *item, **link;
	struct shelf *shelf;

	if (!text)
		return;
	item = item_of(text);
	if (--item->holders > 0)
		return;
	link = &texts->bucket[item->hash & texts->mask];
	while (*link != item)
		link = &(*link)->next;
	*link = item->next;
	shelf = &texts->shelf[size_for(strlen(item->text))];
	item->next = shelf->free;
	shelf->free = item;
	texts->count--;
}

size_t
texts_count(const struct texts *texts)
{
	return texts->count;
}
