/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <porchlight/error.h>

/*
 * Rows on disk that their keeper can find and change, and nobody else can read: one SQLite file
 * in WAL mode, one commit for many rows.  What is in a row, and which rows are of one device, is
 * sealed (AES-SIV) with a key that lies in a file apart; kind, session and time are in the clear,
 * so that old rows can be found without it.  Deleted rows are overwritten.
 *
 * Where the program is built without SQLite, store_open() fails and says so.
 */
struct store;

#define STORE_NO_TIME INT64_MIN
#define STORE_KEY_MAX 64            /* bytes of a row's key */
#define STORE_MAX     (64U * 1024U) /* bytes of a row */

struct store_setup {
	const char *path;
	const char *key;  /* file of the key; NULL: beside copy, else path, ".key" after its name */
	const char *copy; /* where nothing is at path, it begins as this one's copy; or NULL */
	bool read_only;   /* nothing is created, repaired or removed */
	bool must_be_there;   /* to be opened for writing, but not created */
	bool again;           /* as it was open before: the reserve is for deleting alone */
	size_t reserve_bytes; /* kept free for deleting on a full disk; 0: the default */
};

enum store_result {
	STORE_DONE,
	STORE_FULL,      /* no room on the disk */
	STORE_READ_ONLY, /* the disk, or this store, takes no writing */
	STORE_BUSY,      /* another program is writing for too long */
	STORE_FAILED,
};

struct store_row {
	uint16_t kind;
	uint64_t session;
	int64_t time;
	uint64_t device; /* 0 for none */
	const void *key; /* tells apart rows of one kind, session and time */
	size_t key_len;
	const void *bytes;
	size_t len;
};

/*
 * Creates, migrates and checks the file.  A file that is damaged is put aside under the name
 * PATH.damaged, and one whose key is gone is emptied: what it held is lost; *lost says so.
 * NULL fills error: also for a file that is no store, is of a newer program, or has another key.
 */
struct store *store_open(const struct store_setup *setup, const char **lost,
    struct porch_error *error);
void store_close(struct store *store);
/* Why the last call that failed did; lent until the next one. */
const char *store_why(const struct store *store);

/* All that is put and dropped between these is written together, or not at all. */
enum store_result store_begin(struct store *store);
enum store_result store_commit(struct store *store);
void store_rollback(struct store *store);

/* Writes over a row of the same kind, session, time and key. */
enum store_result store_put(struct store *store, const struct store_row *row);
/* Of row, kind, session, time and key tell which. */
enum store_result store_drop(struct store *store, const struct store_row *row);

/*
 * The bytes of the row that kind, session, time and key tell, and their length; NULL when there
 * is none.  Lent until the next call.
 */
const void *store_find(struct store *store, const struct store_row *row, size_t *len);

/* Which rows; session and device 0 for all, kinds is a bit (1 << kind) for each. */
struct store_query {
	uint32_t kinds;
	uint64_t session;
	uint64_t device;
	int64_t since, until; /* until is left out; STORE_NO_TIME for no bound */
};
/*
 * Lends each row, by time, then kind and session; row->key is NULL and row->device is 0: the
 * bytes tell.  False from the callback ends it.
 */
typedef bool store_row_fn(const struct store_row *row, void *user);
enum store_result store_each(struct store *store, const struct store_query *query,
    store_row_fn *each, void *user);
/* How many rows each kind and session has; by kind, then session. */
typedef void store_count_fn(uint16_t kind, uint64_t session, uint64_t count, void *user);
enum store_result store_count(struct store *store, const struct store_query *query,
    store_count_fn *each, void *user);
/* Removes them all, a few at a time, also on a full disk. */
enum store_result store_remove(struct store *store, const struct store_query *query,
    uint64_t *removed);

/*
 * What was forgotten, in order: whoever has rows in memory asks for what is later than it knows.
 * Device 0: everything.
 */
enum store_result store_note_forgotten(struct store *store, uint64_t device);
int64_t store_forgotten(struct store *store, int64_t after, bool *everything);
bool store_is_forgotten(struct store *store, int64_t after, uint64_t device);

/* The sessions of all rows, and the next one's number. */
uint64_t store_next_session(struct store *store);

/* Moves what was written to its place, gives room back, and fills the reserve again. */
enum store_result store_settle(struct store *store);
/* Leaves nothing of what was removed in any file. */
enum store_result store_scrub(struct store *store);
/* Bytes of all its files. */
uint64_t store_size(const struct store *store);
/* A copy under another path, whole or not at all. */
enum store_result store_copy(struct store *store, const char *path);

/* The version of the library; NULL where there is none. */
const char *store_library(void);

#endif
