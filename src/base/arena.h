/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

/*
 * Memory that is all freed at once: a document and everything it points to.  Never
 * used on the way of a packet.
 */
struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *arena);

/* Zeroed memory, aligned for any object; NULL when out of memory. */
void *arena_alloc(struct arena *arena, size_t size);
/*
 * Gives back what lies behind the first size bytes of what was taken last: of a list with room for
 * all that there may be.  Nothing happens when something else was taken since.
 */
void arena_keep(struct arena *arena, const void *taken, size_t size);
/* NULL for NULL text. */
char *arena_text(struct arena *arena, const char *text);
char *arena_format(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
