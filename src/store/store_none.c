/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store.h"

#include <stdio.h>

/* A build without SQLite: what happens is told as it happens (NDJSON), and kept by others. */

struct store *
store_open(const struct store_setup *setup, const char **lost, struct porch_error *error)
{
	*lost = NULL;
	*error = (struct porch_error){.offset = -1};
	snprintf(error->file, sizeof(error->file), "%s", setup->path);
	snprintf(error->text, sizeof(error->text),
	    "this porchlight was built without SQLite: it keeps no history");
	return NULL;
}

void
store_close(struct store *store)
{
	(void)store;
}

const char *
store_why(const struct store *store)
{
	(void)store;
	return "built without SQLite";
}

enum store_result
store_begin(struct store *store)
{
	(void)store;
	return STORE_FAILED;
}

enum store_result
store_commit(struct store *store)
{
	(void)store;
	return STORE_FAILED;
}

void
store_rollback(struct store *store)
{
	(void)store;
}

enum store_result
store_put(struct store *store, const struct store_row *row)
{
	(void)store, (void)row;
	return STORE_FAILED;
}

enum store_result
store_drop(struct store *store, const struct store_row *row)
{
	(void)store, (void)row;
	return STORE_FAILED;
}

enum store_result
store_each(struct store *store, const struct store_query *query, store_row_fn *each, void *user)
{
	(void)store, (void)query, (void)each, (void)user;
	return STORE_FAILED;
}

const void *
store_find(struct store *store, const struct store_row *row, size_t *len)
{
	(void)store, (void)row;
	*len = 0;
	return NULL;
}

enum store_result
store_count(struct store *store, const struct store_query *query, store_count_fn *each, void *user)
{
	(void)store, (void)query, (void)each, (void)user;
	return STORE_FAILED;
}

enum store_result
store_remove(struct store *store, const struct store_query *query, uint64_t *removed)
{
	(void)store, (void)query;
	*removed = 0;
	return STORE_FAILED;
}

enum store_result
store_note_forgotten(struct store *store, uint64_t device)
{
	(void)store, (void)device;
	return STORE_FAILED;
}

int64_t
store_forgotten(struct store *store, int64_t after, bool *everything)
{
	(void)store;
	*everything = false;
	return after;
}

bool
store_is_forgotten(struct store *store, int64_t after, uint64_t device)
{
	(void)store, (void)after, (void)device;
	return false;
}

uint64_t
store_next_session(struct store *store)
{
	(void)store;
	return 1;
}

enum store_result
store_settle(struct store *store)
{
	(void)store;
	return STORE_FAILED;
}

enum store_result
store_scrub(struct store *store)
{
	(void)store;
	return STORE_FAILED;
}

uint64_t
store_size(const struct store *store)
{
	(void)store;
	return 0;
}

enum store_result
store_copy(struct store *store, const char *path)
{
	(void)store, (void)path;
	return STORE_FAILED;
}

const char *
store_library(void)
{
	return NULL;
}
