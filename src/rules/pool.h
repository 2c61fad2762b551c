/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULES_POOL_H
#define RULES_POOL_H

#include <stddef.h>
#include <stdint.h>

/* Memory that is taken bit by bit and given back all at once. */
struct pool;

struct pool *pool_new(void); /* NULL when out of memory */
void pool_free(struct pool *pool);

/* size bytes, all zero, aligned for anything; NULL when out of memory. */
void *pool_take(struct pool *pool, size_t size);
/* The first len bytes of text and a NUL. */
char *pool_text(struct pool *pool, const char *text, size_t len);

/* A growing array of pointers; the array is its own, what they point to is not. */
struct list {
	void **item;
	size_t count;
	size_t room;
};

/* Returns 0, or -1 when out of memory. */
int list_add(struct list *list, void *item);
void list_clear(struct list *list);

/* From bytes that the caller keeps alive to a number. */
struct map;

#define MAP_NONE UINT32_MAX

struct map *map_new(void);
void map_free(struct map *map);
uint32_t map_find(const struct map *map, const void *key, size_t len);
/* Adds or replaces; returns 0, or -1 when out of memory. */
int map_put(struct map *map, const void *key, size_t len, uint32_t value);

#endif
