/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_BACKLOG_H
#define BASE_BACKLOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The last records of each of many owners, for the case that they are wanted.  All memory is
 * taken by backlog_new().  Records are kept without their zero bytes, so more fit than their
 * size says.  When there is no room, the oldest record of whoever has the most leaves: nobody
 * is forgotten for somebody else's many.
 */
struct backlog;

/* A record that leaves for want of room; lent for the call. */
typedef void backlog_leave_fn(uint64_t owner, const void *record, void *user);

/* NULL when out of memory.  memory: bytes of all records together. */
struct backlog *backlog_new(size_t owners, size_t record_size, size_t memory, uint64_t seed);
void backlog_free(struct backlog *backlog);
void backlog_on_leave(struct backlog *backlog, backlog_leave_fn *leave, void *user);

/* False when the record is larger than all memory. */
bool backlog_add(struct backlog *backlog, uint64_t owner, const void *record);
size_t backlog_count(const struct backlog *backlog, uint64_t owner);
/* Lends each record of an owner, the oldest first; until each says false, which is returned. */
typedef bool backlog_each_fn(const void *record, void *user);
bool backlog_each(const struct backlog *backlog, uint64_t owner, backlog_each_fn *each, void *user);
/* Those of all owners, in no order that means anything but that of each owner. */
bool backlog_each_of_all(const struct backlog *backlog, backlog_each_fn *each, void *user);
/* Drops all records of an owner; they leave silently. */
void backlog_forget(struct backlog *backlog, uint64_t owner);

#endif
