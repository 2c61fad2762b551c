/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* F_OFD_SETLKW */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/reserve.h"
#include "store/sqlite.h"

#define AT_ONCE      256 /* rows deleted in one commit */
#define AT_ONCE_FULL 16  /* and where there is hardly room for the log of it */
#define VACUUM_PAGES 32
#define LOOSE_PAGES  64 /* free pages that are left for what comes next */

static enum store_result
remove_some(struct store *store, const struct store_query *query, int count, uint64_t *removed)
{
	static const char sql[] =
	    "DELETE FROM row WHERE (time, kind, session, key) IN"
	    " (SELECT time, kind, session, key FROM row"
	    " WHERE time >= ?1 AND time < ?2 AND (?3 >> kind) & 1 AND (?4 = 0 OR session = ?4)"
	    " AND (?5 = 0 OR device = ?5) ORDER BY time LIMIT ?6)";
	enum store_result result;
	sqlite3_stmt *s;

	result = store_result_of(sqlite3_prepare_v2(store->db, sql, -1, &s, NULL));
	if (result != STORE_DONE)
		return result;
	sqlite3_bind_int64(s, 1, query->since);
	sqlite3_bind_int64(s, 2, query->until == STORE_NO_TIME ? INT64_MAX : query->until);
	sqlite3_bind_int64(s, 3, query->kinds);
	sqlite3_bind_int64(s, 4, (int64_t)query->session);
	sqlite3_bind_int64(s, 5, seal_device(store->seal, query->device));
	sqlite3_bind_int(s, 6, count);
	sqlite3_step(s);
	result = store_result_of(sqlite3_finalize(s));
	*removed = result == STORE_DONE ? (uint64_t)sqlite3_changes(store->db) : 0;
	return result;
}

/* Truncates the log once all of it is in its place; readers may hinder that. */
static enum store_result
checkpoint(struct store *store)
{
	int code =
	    sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);

	return store_result_of(code);
}

static bool
needs_room(enum store_result result)
{
	return result == STORE_FULL || result == STORE_FAILED;
}

enum store_result
store_remove(struct store *store, const struct store_query *query, uint64_t *removed)
{
	enum store_result result;
	int count = AT_ONCE;
	uint64_t some = 0;

	*removed = 0;
	do {
		result = remove_some(store, query, count, &some);
		if (needs_room(result) && count == AT_ONCE) {
			reserve_release(store->reserve);
			count = AT_ONCE_FULL;
			some = 1;
			checkpoint(store);
			continue;
		}
		*removed += some;
		if (count == AT_ONCE_FULL)
			checkpoint(store);
	} while (some > 0 && (result == STORE_DONE || needs_room(result)));
	return result;
}

/* Gives free pages back to the disk until so many are left. */
static enum store_result
vacuum(struct store *store, int64_t left)
{
	int64_t before = store_number(store, "PRAGMA freelist_count", 0), now = before;
	enum store_result result = STORE_DONE;

	while (result == STORE_DONE && now > left) {
		char sql[64];

		before = now;
		snprintf(sql, sizeof(sql), "PRAGMA incremental_vacuum(%d)", VACUUM_PAGES);
		result = store_run(store, sql);
		now = store_number(store, "PRAGMA freelist_count", 0);
		if (now >= before)
			break;
	}
	return result;
}

enum store_result
store_settle(struct store *store)
{
	int64_t pages = store_number(store, "PRAGMA page_count", 0);
	int64_t loose = pages / 4 > LOOSE_PAGES ? pages / 4 : LOOSE_PAGES;
	bool full = access(store->reserve, F_OK) != 0;
	enum store_result result = checkpoint(store);

	if (result == STORE_DONE &&
	    (full || store_number(store, "PRAGMA freelist_count", 0) > loose)) {
		result = vacuum(store, 0);
		if (result == STORE_DONE)
			result = checkpoint(store);
	}
	if (!reserve_keep(store->reserve, store->reserve_bytes) && result == STORE_DONE)
		result = STORE_FULL;
	return result;
}

enum store_result
store_scrub(struct store *store)
{
	enum store_result result = vacuum(store, 0);
	enum store_result written = checkpoint(store);

	return result == STORE_DONE ? written : result;
}

uint64_t
store_size(const struct store *store)
{
	static const char *const ends[] = {"", "-wal", "-shm", "-reserve"};
	uint64_t bytes = 0;

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		char file[STORE_PATH + 16];
		struct stat there;

		snprintf(file, sizeof(file), "%s%s", store->path, ends[i]);
		if (stat(file, &there) == 0 && there.st_size > 0)
			bytes += (uint64_t)there.st_size;
	}
	return bytes;
}

/* As root: for whoever writes the store, who reads the copy when the store is gone. */
static bool
share_owner(const struct store *store, int fd)
{
	struct stat there;

	return geteuid() != 0 ||
	       (stat(store->path, &there) == 0 && fchown(fd, there.st_uid, there.st_gid) == 0);
}

/* Neither a file nor its name is lost with the power. */
static bool
keep_file(const char *part, const char *path)
{
	char folder[STORE_PATH];
	int fd = open(part, O_RDONLY | O_CLOEXEC);
	bool good = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	if (!good || rename(part, path) != 0)
		return false;
	snprintf(folder, sizeof(folder), "%s", path);
	fd = open(dirname(folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return false;
	good = fsync(fd) == 0 || errno == EINVAL;
	close(fd);
	return good;
}

static int
copy_pages(struct store *store, sqlite3 *to)
{
	sqlite3_backup *copy = sqlite3_backup_init(to, "main", store->db, "main");
	int code;

	if (!copy)
		return sqlite3_errcode(to);
	code = sqlite3_backup_step(copy, -1);
	sqlite3_backup_finish(copy);
	return code == SQLITE_DONE ? SQLITE_OK : code;
}

/* Until the descriptor is closed nobody else writes a copy.  Not a byte that SQLite locks. */
static bool
lock_alone(int fd)
{
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};
	int code;

	do
		code = fcntl(fd, F_OFD_SETLKW, &whole);
	while (code != 0 && errno == EINTR);
	return code == 0;
}

static bool
is_at(int fd, const char *path)
{
	struct stat here, there;

	return fstat(fd, &here) == 0 && stat(path, &there) == 0 && here.st_dev == there.st_dev &&
	       here.st_ino == there.st_ino;
}

/* The empty file that becomes a copy, ours alone; -1 says why in errno. */
static int
begin_part(const struct store *store, const char *part)
{
	int fd = open(part, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);

	if (fd < 0)
		return -1;
	if (!lock_alone(fd)) {
		close(fd);
		return -1;
	}
	if (!is_at(fd, part)) { /* whoever had it before has made it the copy: once more */
		close(fd);
		return begin_part(store, part);
	}
	if (ftruncate(fd, 0) == 0 && share_owner(store, fd))
		return fd;
	close(fd);
	return -1;
}

static enum store_result
copy_to(struct store *store, const char *part, const char *path)
{
	sqlite3 *to = NULL;
	int code = sqlite3_open_v2(part, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW, NULL);

	if (code == SQLITE_OK) /* until it is renamed nobody minds if it is lost */
		code = sqlite3_exec(to, "PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF", NULL,
		    NULL, NULL);
	if (code == SQLITE_OK)
		code = copy_pages(store, to);
	sqlite3_close(to);
	if (code == SQLITE_OK && keep_file(part, path))
		return STORE_DONE;
	unlink(part);
	return code == SQLITE_OK ? STORE_FAILED : store_result_of(code);
}

enum store_result
store_copy(struct store *store, const char *path)
{
	char part[STORE_PATH + 8];
	enum store_result result;
	int fd;

	if (snprintf(part, sizeof(part), "%s.part", path) >= (int)sizeof(part))
		return STORE_FAILED;
	fd = begin_part(store, part);
	if (fd < 0)
		return errno == ENOSPC  ? STORE_FULL
		       : errno == EROFS ? STORE_READ_ONLY
		                        : STORE_FAILED;
	result = copy_to(store, part, path);
	close(fd);
	return result;
}
