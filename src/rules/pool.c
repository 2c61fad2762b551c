/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/pool.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK 65536

struct block {
	struct block *before;
	size_t used;
	size_t room;
	alignas(max_align_t) unsigned char bytes[];
};

struct pool {
	struct block *last;
};

struct pool *
pool_new(void)
{
	return calloc(1, sizeof(struct pool));
}

void
pool_free(struct pool *pool)
{
	struct block *block = pool ? pool->last : NULL;

	while (block) {
		struct block *before = block->before;

		free(block);
		block = before;
	}
	free(pool);
}

static void *
take(struct pool *pool, size_t size, size_t align)
{
	struct block *block = pool->last;
	size_t at = block ? (block->used + align - 1) / align * align : 0;

	if (size > SIZE_MAX / 2)
		return NULL;
	if (!block || at > block->room || block->room - at < size) {
		size_t room = size > BLOCK ? size : BLOCK;

		block = calloc(1, sizeof(*block) + room);
		if (!block)
			return NULL;
		block->room = room;
		block->before = pool->last;
		pool->last = block;
		at = 0;
	}
	block->used = at + size;
	return block->bytes + at;
}

void *
pool_take(struct pool *pool, size_t size)
{
	return take(pool, size, alignof(max_align_t));
}

char *
pool_text(struct pool *pool, const char *text, size_t len)
{
	char *copy = take(pool, len + 1, 1);

	if (copy && len > 0)
		memcpy(copy, text, len);
	return copy;
}

int
list_add(struct list *list, void *item)
{
	if (list->count == list->room) {
		size_t room = list->room ? list->room * 2 : 32;
		void **grown = realloc(list->item, room * sizeof(*grown));

		if (!grown)
			return -1;
		list->item = grown;
		list->room = room;
	}
	list->item[list->count++] = item;
	return 0;
}

void
list_clear(struct list *list)
{
	free(list->item);
	*list = (struct list){0};
}

struct slot {
	const void *key; /* NULL when free */
	uint32_t len;
	uint32_t value;
};

struct map {
	struct slot *slot;
	size_t mask; /* slots - 1 */
	size_t count;
};

struct map *
map_new(void)
{
	struct map *map = calloc(1, sizeof(*map));

	if (map)
		map->slot = calloc(64, sizeof(*map->slot));
	if (map && !map->slot) {
		free(map);
		return NULL;
	}
	if (map)
		map->mask = 63;
	return map;
}

void
map_free(struct map *map)
{
	if (!map)
		return;
	free(map->slot);
	free(map);
}

/* Tells words of the rules apart; who writes those could make it slow, and has no reason to. */
static size_t
sum_of(const void *key, size_t len)
{
	const unsigned char *bytes = key;
	uint64_t sum = len, word = 0;

	for (; len >= sizeof(word); len -= sizeof(word), bytes += sizeof(word)) {
		memcpy(&word, bytes, sizeof(word));
		sum = (sum ^ word) * UINT64_C(0x9e3779b97f4a7c15);
		sum ^= sum >> 32;
	}
	word = 0;
	memcpy(&word, bytes, len);
	sum = (sum ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	return (size_t)(sum ^ sum >> 32);
}

/* The slot that has the key, else the free one where it would go. */
static struct slot *
slot_for(const struct map *map, const void *key, size_t len)
{
	size_t at = sum_of(key, len) & map->mask;

	while (map->slot[at].key &&
	       (map->slot[at].len != len || memcmp(map->slot[at].key, key, len) != 0))
		at = (at + 1) & map->mask;
	return &map->slot[at];
}

uint32_t
map_find(const struct map *map, const void *key, size_t len)
{
	const struct slot *slot = slot_for(map, key, len);

	return slot->key ? slot->value : MAP_NONE;
}

static int
grow(struct map *map)
{
	struct map wider = {.mask = map->mask * 2 + 1, .count = map->count};

	wider.slot = calloc(wider.mask + 1, sizeof(*wider.slot));
	if (!wider.slot)
		return -1;
	for (size_t i = 0; i <= map->mask; i++)
		if (map->slot[i].key)
			*slot_for(&wider, map->slot[i].key, map->slot[i].len) = map->slot[i];
	free(map->slot);
	*map = wider;
	return 0;
}

int
map_put(struct map *map, const void *key, size_t len, uint32_t value)
{
	struct slot *slot;

	if (map->count * 2 > map->mask && grow(map) != 0)
		return -1;
	slot = slot_for(map, key, len);
	map->count += slot->key == NULL;
	*slot = (struct slot){.key = key, .len = (uint32_t)len, .value = value};
	return 0;
}
