/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "store/sqlite.h"

enum store_result
store_result_of(int code)
{
	switch (code & 0xff) {
	case SQLITE_OK:
	case SQLITE_DONE:
	case SQLITE_ROW:
		return STORE_DONE;
	case SQLITE_FULL:
		return STORE_FULL;
	case SQLITE_READONLY:
		return STORE_READ_ONLY;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return STORE_BUSY;
	default:
		return STORE_FAILED;
	}
}

const char *
store_why(const struct store *store)
{
	return sqlite3_errmsg(store->db);
}

enum store_result
store_run(struct store *store, const char *sql)
{
	return store_result_of(sqlite3_exec(store->db, sql, NULL, NULL, NULL));
}

int64_t
store_number(struct store *store, const char *sql, int64_t fallback)
{
	sqlite3_stmt *s;
	int64_t number = fallback;

	if (sqlite3_prepare_v2(store->db, sql, -1, &s, NULL) != SQLITE_OK)
		return fallback;
	if (sqlite3_step(s) == SQLITE_ROW)
		number = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	return number;
}

enum store_result
store_begin(struct store *store)
{
	return store_run(store, "BEGIN IMMEDIATE");
}

enum store_result
store_commit(struct store *store)
{
	enum store_result result = store_run(store, "COMMIT");

	if (result != STORE_DONE)
		store_rollback(store);
	return result;
}

void
store_rollback(struct store *store)
{
	if (!sqlite3_get_autocommit(store->db))
		store_run(store, "ROLLBACK");
}

static sqlite3_stmt *
statement(struct store *store, enum statement which)
{
	static const char *const sql[STATEMENTS] = {
	    [STATEMENT_PUT] = "INSERT OR REPLACE INTO row (time, kind, session, key, device, bytes)"
	                      " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
	    [STATEMENT_DROP] =
	        "DELETE FROM row WHERE time = ?1 AND kind = ?2 AND session = ?3 AND key = ?4",
	    [STATEMENT_FIND] = "SELECT time, kind, session, key, device, bytes FROM row"
	                       " WHERE time = ?1 AND kind = ?2 AND session = ?3 AND key = ?4",
	};

	if (!store->statement[which])
		sqlite3_prepare_v2(store->db, sql[which], -1, &store->statement[which], NULL);
	return store->statement[which];
}

static bool
place_of(struct store *store, const struct store_row *row, struct seal_place *place)
{
	*place = (struct seal_place){
	    .kind = row->kind,
	    .session = row->session,
	    .time = row->time,
	    .device = seal_device(store->seal, row->device),
	};
	return seal_key(store->seal, row->kind, row->key, row->key_len, place->key);
}

static void
bind_place(sqlite3_stmt *s, const struct seal_place *place)
{
	sqlite3_bind_int64(s, 1, place->time);
	sqlite3_bind_int(s, 2, place->kind);
	sqlite3_bind_int64(s, 3, (int64_t)place->session);
	sqlite3_bind_blob(s, 4, place->key, SEAL_TAG, SQLITE_STATIC);
}

static enum store_result
finish(sqlite3_stmt *s)
{
	sqlite3_step(s);
	return store_result_of(sqlite3_reset(s));
}

enum store_result
store_put(struct store *store, const struct store_row *row)
{
	sqlite3_stmt *s = statement(store, STATEMENT_PUT);
	struct seal_place place;

	if (!s || row->len > STORE_MAX || !place_of(store, row, &place) ||
	    !seal_bytes(store->seal, &place, row->bytes, row->len, store->buffer))
		return STORE_FAILED;
	bind_place(s, &place);
	sqlite3_bind_int64(s, 5, place.device);
	sqlite3_bind_blob(s, 6, store->buffer, (int)(row->len + SEAL_TAG), SQLITE_STATIC);
	return finish(s);
}

enum store_result
store_drop(struct store *store, const struct store_row *row)
{
	sqlite3_stmt *s = statement(store, STATEMENT_DROP);
	struct seal_place place;

	if (!s || !place_of(store, row, &place))
		return STORE_FAILED;
	bind_place(s, &place);
	return finish(s);
}

/* What a query asks, as the end of a statement; a bound that is not there is the widest one. */
#define MATCHES                                                                                    \
	" WHERE time >= ?1 AND time < ?2 AND (?3 >> kind) & 1 AND (?4 = 0 OR session = ?4)"        \
	" AND (?5 = 0 OR device = ?5)"

static void
bind_query(struct store *store, sqlite3_stmt *s, const struct store_query *query)
{
	sqlite3_bind_int64(s, 1, query->since);
	sqlite3_bind_int64(s, 2, query->until == STORE_NO_TIME ? INT64_MAX : query->until);
	sqlite3_bind_int64(s, 3, query->kinds);
	sqlite3_bind_int64(s, 4, (int64_t)query->session);
	sqlite3_bind_int64(s, 5, seal_device(store->seal, query->device));
}

/* False where it is not what this key sealed: it is passed over. */
static bool
read_row(struct store *store, sqlite3_stmt *s, struct store_row *row)
{
	struct seal_place place = {
	    .time = sqlite3_column_int64(s, 0),
	    .kind = (uint16_t)sqlite3_column_int(s, 1),
	    .session = (uint64_t)sqlite3_column_int64(s, 2),
	    .device = sqlite3_column_int64(s, 4),
	};
	size_t len = (size_t)sqlite3_column_bytes(s, 5);

	if (sqlite3_column_bytes(s, 3) != SEAL_TAG || len < SEAL_TAG || len > STORE_MAX + SEAL_TAG)
		return false;
	memcpy(place.key, sqlite3_column_blob(s, 3), SEAL_TAG);
	*row = (struct store_row){
	    .kind = place.kind,
	    .session = place.session,
	    .time = place.time,
	    .bytes = store->buffer,
	    .len = len - SEAL_TAG,
	};
	return seal_open_bytes(store->seal, &place, sqlite3_column_blob(s, 5), len, store->buffer);
}

enum store_result
store_each(struct store *store, const struct store_query *query, store_row_fn *each, void *user)
{
	sqlite3_stmt *s;
	struct store_row row;
	bool more = true;
	int code;

	code = sqlite3_prepare_v2(store->db,
	    "SELECT time, kind, session, key, device, bytes FROM row" MATCHES
	    " ORDER BY time, kind, session, key",
	    -1, &s, NULL);
	if (code != SQLITE_OK)
		return store_result_of(code);
	bind_query(store, s, query);
	while (more && (code = sqlite3_step(s)) == SQLITE_ROW)
		if (read_row(store, s, &row))
			more = each(&row, user);
	sqlite3_finalize(s);
	return store_result_of(code);
}

const void *
store_find(struct store *store, const struct store_row *row, size_t *len)
{
	sqlite3_stmt *s = statement(store, STATEMENT_FIND);
	struct seal_place place;
	struct store_row found;
	bool there;

	if (!s || !place_of(store, row, &place))
		return NULL;
	bind_place(s, &place);
	there = sqlite3_step(s) == SQLITE_ROW && read_row(store, s, &found);
	sqlite3_reset(s);
	*len = there ? found.len : 0;
	return there ? found.bytes : NULL;
}

enum store_result
store_count(struct store *store, const struct store_query *query, store_count_fn *each, void *user)
{
	sqlite3_stmt *s;
	int code = sqlite3_prepare_v2(store->db,
	    "SELECT kind, session, count(*) FROM row" MATCHES
	    " GROUP BY kind, session ORDER BY kind, session",
	    -1, &s, NULL);

	if (code != SQLITE_OK)
		return store_result_of(code);
	bind_query(store, s, query);
	while ((code = sqlite3_step(s)) == SQLITE_ROW)
		each((uint16_t)sqlite3_column_int(s, 0), (uint64_t)sqlite3_column_int64(s, 1),
		    (uint64_t)sqlite3_column_int64(s, 2), user);
	sqlite3_finalize(s);
	return store_result_of(code);
}

enum store_result
store_note_forgotten(struct store *store, uint64_t device)
{
	char sql[96];

	snprintf(sql, sizeof(sql), "INSERT INTO forgotten (device) VALUES (%lld)",
	    (long long)seal_device(store->seal, device));
	return store_run(store, sql);
}

int64_t
store_forgotten(struct store *store, int64_t after, bool *everything)
{
	char sql[96];

	snprintf(sql, sizeof(sql),
	    "SELECT count(*) FROM forgotten WHERE device = 0 AND number > %lld", (long long)after);
	*everything = store_number(store, sql, 0) > 0;
	return store_number(store, "SELECT max(number) FROM forgotten", after);
}

bool
store_is_forgotten(struct store *store, int64_t after, uint64_t device)
{
	char sql[128];

	snprintf(sql, sizeof(sql),
	    "SELECT count(*) FROM forgotten WHERE number > %lld AND device = %lld",
	    (long long)after, (long long)seal_device(store->seal, device));
	return store_number(store, sql, 0) > 0;
}

uint64_t
store_next_session(struct store *store)
{
	store_run(store, "INSERT INTO meta VALUES ('session', 1)"
	                 " ON CONFLICT (name) DO UPDATE SET value = value + 1");
	return (uint64_t)store_number(store, "SELECT value FROM meta WHERE name = 'session'", 1);
}
