/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_SIZE 65536

struct chunk {
	struct chunk *next;
	size_t used;
	size_t size;
	_Alignas(16) unsigned char bytes[];
};

struct arena {
	struct chunk *chunk; /* the first is the one that is filled */
	void *last;          /* what was taken from it last */
};

struct arena *
arena_new(void)
{
	return calloc(1, sizeof(struct arena));
}

void
arena_free(struct arena *arena)
{
	if (!arena)
		return;
	while (arena->chunk) {
		struct chunk *next = arena->chunk->next;

		free(arena->chunk);
		arena->chunk = next;
	}
	free(arena);
}

/* In front, to be filled. */
static struct chunk *
add_chunk(struct arena *arena)
{
	struct chunk *chunk = malloc(sizeof(*chunk) + CHUNK_SIZE);

	if (!chunk)
		return NULL;
	chunk->next = arena->chunk;
	chunk->used = 0;
	chunk->size = CHUNK_SIZE;
	arena->chunk = chunk;
	return chunk;
}

/* What is large has a chunk of its own, behind the one that is filled; pages come as they are used.
 */
static void *
take_alone(struct arena *arena, size_t size)
{
	struct chunk **at = arena->chunk ? &arena->chunk->next : &arena->chunk;
	struct chunk *chunk = calloc(1, sizeof(*chunk) + size);

	if (!chunk)
		return NULL;
	chunk->next = *at;
	chunk->used = chunk->size = size;
	*at = chunk;
	return chunk->bytes;
}

void *
arena_alloc(struct arena *arena, size_t size)
{
	struct chunk *chunk = arena->chunk;

	if (size > SIZE_MAX / 2)
		return NULL;
	size = (size + 15) & ~(size_t)15;
	if (size > CHUNK_SIZE / 4)
		return take_alone(arena, size);
	if (!chunk || chunk->size - chunk->used < size)
		chunk = add_chunk(arena);
	if (!chunk)
		return NULL;
	arena->last = chunk->bytes + chunk->used;
	chunk->used += size;
	return memset(arena->last, 0, size);
}

void
arena_keep(struct arena *arena, const void *taken, size_t size)
{
	struct chunk *chunk = arena->chunk;

	if (taken && taken == arena->last)
		chunk->used = (size_t)((unsigned char *)arena->last - chunk->bytes) +
		              ((size + 15) & ~(size_t)15);
}

char *
arena_text(struct arena *arena, const char *text)
{
	size_t size;
	char *copy;

	if (!text)
		return NULL;
	size = strlen(text) + 1;
	copy = arena_alloc(arena, size);
	if (copy)
		memcpy(copy, text, size);
	return copy;
}

char *
arena_format(struct arena *arena, const char *format, ...)
{
	char line[256], *text;
	va_list args;
	int length;

	va_start(args, format);
	length = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (length < 0)
		return NULL;
	if ((size_t)length < sizeof(line))
		return arena_text(arena, line);
	text = arena_alloc(arena, (size_t)length + 1);
	if (!text)
		return NULL;
	va_start(args, format);
	vsnprintf(text, (size_t)length + 1, format, args);
	va_end(args);
	return text;
}
