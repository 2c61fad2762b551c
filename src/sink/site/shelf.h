/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SINK_SITE_SHELF_H
#define SINK_SITE_SHELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The records of one kind as they were told last, in the order they were first told.  It holds
 * no more than so many of them and so many bytes: what was told first makes room.
 */
struct shelf;

struct shelf_record {
	uint64_t id;
	const char *text; /* one JSON object, no line end; NUL-terminated */
	size_t len;
	const void *about;
};

/*
 * With each record goes a short form of it, `about` bytes, for who shows it.  Returns NULL when
 * out of memory.
 */
struct shelf *shelf_new(size_t max_records, size_t max_bytes, size_t about);
void shelf_free(struct shelf *shelf);

/* Keeps copies in place of what was told under this id; what does not fit is left out. */
void shelf_keep(struct shelf *shelf, uint64_t id, const char *text, size_t len, const void *about);
void shelf_clear(struct shelf *shelf);

size_t shelf_count(const struct shelf *shelf);
/* Lent until the next shelf_keep(); place is below the count. */
struct shelf_record shelf_at(const struct shelf *shelf, size_t place);
/* False when nothing, or nothing more, is kept under this id. */
bool shelf_find(const struct shelf *shelf, uint64_t id, struct shelf_record *record);
/* How many made room. */
uint64_t shelf_forgotten(const struct shelf *shelf);

#endif
