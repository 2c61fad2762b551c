/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/reserve.h"
#include "store/sqlite.h"

#define APPLICATION   0x70726368 /* "prch": no other program's file is written to */
#define RESERVE_BYTES (256U << 10)
#define BUSY_MS       2000

/* From a version of the schema to the next one.  Times come first, so that old rows lie together.
 */
static const char *const migrations[] = {
    "CREATE TABLE row (time INTEGER NOT NULL, kind INTEGER NOT NULL, session INTEGER NOT NULL,"
    " key BLOB NOT NULL, device INTEGER NOT NULL, bytes BLOB NOT NULL,"
    " PRIMARY KEY (time, kind, session, key)) WITHOUT ROWID;"
    "CREATE INDEX row_device ON row (device) WHERE device <> 0;"
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;"
    "CREATE TABLE forgotten (number INTEGER PRIMARY KEY AUTOINCREMENT, device INTEGER NOT NULL);",
};

#define VERSION ((int64_t)(sizeof(migrations) / sizeof(migrations[0])))

/* What follows is of a connection, not of the file. */
static const char settings[] = "PRAGMA trusted_schema = OFF;"
                               "PRAGMA cell_size_check = ON;"
                               "PRAGMA secure_delete = ON;"
                               "PRAGMA temp_store = MEMORY;"
                               "PRAGMA cache_size = -512;"
                               "PRAGMA synchronous = FULL;"
                               "PRAGMA wal_autocheckpoint = 64;"
                               "PRAGMA journal_size_limit = 262144;";

enum opened {
	OPENED,
	OPENED_NOT,     /* error says why */
	OPENED_DAMAGED, /* its pages do not hold together */
};

static void
fail(struct porch_error *error, const char *path, const char *why)
{
	*error = (struct porch_error){.offset = -1};
	snprintf(error->file, sizeof(error->file), "%s", path);
	snprintf(error->text, sizeof(error->text), "%s", why);
}

static enum opened
fail_sqlite(struct store *store, struct porch_error *error)
{
	int code = store->db ? sqlite3_errcode(store->db) : SQLITE_NOMEM;

	fail(error, store->path, store->db ? sqlite3_errmsg(store->db) : "out of memory");
	return code == SQLITE_CORRUPT || code == SQLITE_NOTADB ? OPENED_DAMAGED : OPENED_NOT;
}

/* SQLite would make it readable to all. */
static bool
make_file(const char *path, struct porch_error *error)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);

	if (fd >= 0 && fchmod(fd, S_IRUSR | S_IWUSR) == 0) {
		close(fd);
		return true;
	}
	fail(error, path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return false;
}

static void
close_file(struct store *store)
{
	for (int i = 0; i < STATEMENTS; i++) {
		sqlite3_finalize(store->statement[i]);
		store->statement[i] = NULL;
	}
	sqlite3_close(store->db);
	store->db = NULL;
}

static bool
has_text(struct store *store, const char *sql, const char *expected)
{
	sqlite3_stmt *s;
	bool same = false;

	if (sqlite3_prepare_v2(store->db, sql, -1, &s, NULL) != SQLITE_OK)
		return false;
	if (sqlite3_step(s) == SQLITE_ROW) {
		const unsigned char *text = sqlite3_column_text(s, 0);

		same = text && strcmp((const char *)text, expected) == 0;
	}
	return sqlite3_finalize(s) == SQLITE_OK && same;
}

static bool
migrate(struct store *store, int64_t from)
{
	if (store_run(store, "BEGIN IMMEDIATE") != STORE_DONE)
		return false;
	for (int64_t at = from; at < VERSION; at++) {
		char sql[64];

		snprintf(sql, sizeof(sql), "PRAGMA user_version = %lld", (long long)at + 1);
		if (store_run(store, migrations[at]) != STORE_DONE ||
		    store_run(store, sql) != STORE_DONE) {
			store_rollback(store);
			return false;
		}
	}
	return store_run(store, "COMMIT") == STORE_DONE;
}

/* A new file is made ours; one that is not is left alone. */
static enum opened
take_file(struct store *store, bool read_only, struct porch_error *error)
{
	int64_t version = store_number(store, "PRAGMA user_version", -1);
	int64_t application = store_number(store, "PRAGMA application_id", -1);
	bool empty = store_number(store, "SELECT count(*) FROM sqlite_schema", -1) == 0;
	char sql[64];

	if (version < 0 || application < 0)
		return fail_sqlite(store, error);
	if (application != APPLICATION && (!empty || version != 0 || read_only)) {
		fail(error, store->path, "is no history of porchlight");
		return OPENED_NOT;
	}
	if (version > VERSION || (read_only && version < VERSION)) {
		fail(error, store->path,
		    version > VERSION ? "was written by a newer porchlight"
		                      : "is of an older porchlight: watch brings it up to date");
		return OPENED_NOT;
	}
	if (read_only)
		return OPENED;
	snprintf(sql, sizeof(sql), "PRAGMA application_id = %d", APPLICATION);
	if ((empty && store_run(store, "PRAGMA auto_vacuum = INCREMENTAL") != STORE_DONE) ||
	    (application != APPLICATION && store_run(store, sql) != STORE_DONE) ||
	    !has_text(store, "PRAGMA journal_mode = WAL", "wal") ||
	    (version < VERSION && !migrate(store, version)))
		return fail_sqlite(store, error);
	return OPENED;
}

static int
open_database(struct store *store, bool read_only)
{
	char uri[STORE_PATH + 32];
	int code = sqlite3_open_v2(store->path, &store->db,
	    (read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) | SQLITE_OPEN_NOFOLLOW,
	    NULL);

	sqlite3_busy_timeout(store->db, BUSY_MS);
	if (code == SQLITE_OK && read_only)
		code =
		    sqlite3_exec(store->db, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
	snprintf(uri, sizeof(uri), "%s-wal", store->path);
	if (!read_only || code != SQLITE_CANTOPEN || access(uri, F_OK) == 0 ||
	    strpbrk(store->path, "?#%"))
		return code;
	/* On a disk that takes no writing there is nobody who could change it. */
	sqlite3_close(store->db);
	snprintf(uri, sizeof(uri), "file:%s?immutable=1", store->path);
	return sqlite3_open_v2(uri, &store->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL);
}

static enum opened
open_file(struct store *store, const struct store_setup *setup, struct porch_error *error)
{
	enum opened opened;

	if (!setup->read_only && !setup->must_be_there && !make_file(store->path, error))
		return OPENED_NOT;
	if (open_database(store, setup->read_only) != SQLITE_OK ||
	    store_run(store, settings) != STORE_DONE)
		return fail_sqlite(store, error);
	opened = take_file(store, setup->read_only, error);
	if (opened != OPENED)
		return opened;
	if (!has_text(store, "PRAGMA quick_check(1)", "ok")) {
		fail(error, store->path, "is damaged");
		return OPENED_DAMAGED;
	}
	return OPENED;
}

/* The file and what SQLite keeps beside it. */
static void
each_file(const char *path, void (*act)(const char *file))
{
	static const char *const ends[] = {"-wal", "-shm", "-journal"};
	char file[STORE_PATH + 16];

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		snprintf(file, sizeof(file), "%s%s", path, ends[i]);
		act(file);
	}
}

static void
remove_file(const char *file)
{
	unlink(file);
}

static bool
put_aside(struct store *store, struct porch_error *error)
{
	char aside[STORE_PATH + 16];

	close_file(store);
	snprintf(aside, sizeof(aside), "%s.damaged", store->path);
	if (rename(store->path, aside) != 0) {
		fail(error, store->path, strerror(errno));
		return false;
	}
	each_file(store->path, remove_file);
	snprintf(store->lost, sizeof(store->lost),
	    "the history was damaged: it was put aside (.damaged), and a new one begins");
	return true;
}

/* Rows of a key that is gone can never be read again. */
static bool
erase_unreadable(struct store *store, struct porch_error *error)
{
	if (store_number(store, "SELECT count(*) FROM row", 0) > 0)
		snprintf(store->lost, sizeof(store->lost),
		    "the key of the history is gone, so nobody can read it: a new one begins");
	if (store_run(store, "BEGIN IMMEDIATE; DELETE FROM row; DELETE FROM forgotten;"
	                     "DELETE FROM meta WHERE name = 'check'; COMMIT") == STORE_DONE)
		return true;
	fail_sqlite(store, error);
	store_rollback(store);
	return false;
}

static const struct seal_place check_place = {.kind = 0};

static bool
write_check(struct store *store)
{
	uint8_t sealed[SEAL_TAG];
	sqlite3_stmt *s;
	bool good = seal_bytes(store->seal, &check_place, "", 0, sealed) &&
	            sqlite3_prepare_v2(store->db, "INSERT OR REPLACE INTO meta VALUES ('check', ?)",
	                -1, &s, NULL) == SQLITE_OK;

	if (!good)
		return false;
	sqlite3_bind_blob(s, 1, sealed, sizeof(sealed), SQLITE_TRANSIENT);
	good = sqlite3_step(s) == SQLITE_DONE;
	return sqlite3_finalize(s) == SQLITE_OK && good;
}

/* Whether this is the key that the rows were sealed with; -1: none was yet. */
static int
is_right_key(struct store *store)
{
	sqlite3_stmt *s;
	uint8_t unused[1];
	int right = -1;

	if (sqlite3_prepare_v2(store->db, "SELECT value FROM meta WHERE name = 'check'", -1, &s,
	        NULL) != SQLITE_OK)
		return 0;
	if (sqlite3_step(s) == SQLITE_ROW)
		right = seal_open_bytes(store->seal, &check_place, sqlite3_column_blob(s, 0),
		    (size_t)sqlite3_column_bytes(s, 0), unused);
	sqlite3_finalize(s);
	return right;
}

static bool
open_key(struct store *store, const struct store_setup *setup, struct porch_error *error)
{
	bool may_make = !setup->read_only && !setup->must_be_there, made = false;
	char path[STORE_PATH + 16];
	int right;

	snprintf(path, sizeof(path), "%s%s",
	    setup->key ? setup->key : (setup->copy ? setup->copy : store->path),
	    setup->key ? "" : ".key");
	store->seal = seal_open(path, may_make ? &made : NULL, error);
	if (!store->seal || (made && !erase_unreadable(store, error)))
		return false;
	right = is_right_key(store);
	if (right == 1 || (right < 0 && setup->read_only) || (right < 0 && write_check(store)))
		return true;
	fail(error, path, right == 0 ? "is not the key of this history" : store_why(store));
	return false;
}

static bool
open_all(struct store *store, const struct store_setup *setup, struct porch_error *error)
{
	enum opened opened = open_file(store, setup, error);

	if (opened == OPENED_NOT && !setup->read_only && !setup->again &&
	    access(store->reserve, F_OK) == 0) {
		reserve_release(store
		                    ->reserve); /* a full disk has no room for what opening needs */
		close_file(store);
		opened = open_file(store, setup, error);
	}
	if (opened == OPENED_DAMAGED && !setup->read_only && !setup->must_be_there &&
	    put_aside(store, error))
		opened = open_file(store, setup, error);
	return opened == OPENED && open_key(store, setup, error);
}

/* Where there is nothing yet and a copy is kept elsewhere, that is gone on with. */
static bool
begin_as_copy(const struct store_setup *setup, struct porch_error *error)
{
	struct store copy = {.db = NULL};
	bool good;

	if (!setup->copy || setup->read_only || access(setup->path, F_OK) == 0 ||
	    access(setup->copy, F_OK) != 0)
		return true;
	snprintf(copy.path, sizeof(copy.path), "%s", setup->copy);
	good =
	    open_database(&copy, true) == SQLITE_OK && store_copy(&copy, setup->path) == STORE_DONE;
	if (!good)
		fail_sqlite(&copy, error);
	close_file(&copy);
	return good;
}

struct store *
store_open(const struct store_setup *setup, const char **lost, struct porch_error *error)
{
	struct store *store = calloc(1, sizeof(*store));

	*lost = NULL;
	if (store)
		store->buffer = malloc(STORE_MAX + SEAL_TAG);
	if (!store || !store->buffer || strlen(setup->path) >= sizeof(store->path)) {
		fail(error, setup->path, "out of memory, or too long a name");
		store_close(store);
		return NULL;
	}
	strcpy(store->path, setup->path);
	snprintf(store->reserve, sizeof(store->reserve), "%s-reserve", setup->path);
	if (!begin_as_copy(setup, error) || !open_all(store, setup, error)) {
		store_close(store);
		return NULL;
	}
	if (!setup->read_only) {
		store->reserve_bytes = setup->reserve_bytes ? setup->reserve_bytes : RESERVE_BYTES;
		reserve_keep(store->reserve, store->reserve_bytes);
	}
	*lost = store->lost[0] ? store->lost : NULL;
	return store;
}

void
store_close(struct store *store)
{
	if (!store)
		return;
	close_file(store);
	seal_close(store->seal);
	free(store->buffer);
	free(store);
}

const char *
store_library(void)
{
	return sqlite3_libversion();
}
