/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store.h"

#include <fcntl.h>

#include "tests/store/shelf.h"

#define ALL UINT32_MAX

/* What store_each() lent. */
struct seen {
	size_t rows;
	char text[8][32];
	int64_t time[8];
	uint16_t kind[8];
};

static bool
see(const struct store_row *row, void *user)
{
	struct seen *seen = user;

	if (seen->rows < 8) {
		snprintf(seen->text[seen->rows], sizeof(seen->text[0]), "%.*s", (int)row->len,
		    (const char *)row->bytes);
		seen->time[seen->rows] = row->time;
		seen->kind[seen->rows] = row->kind;
	}
	seen->rows++;
	return true;
}

static struct seen
read_all(struct store *store, const struct store_query *query)
{
	struct seen seen = {.rows = 0};

	assert_int_equal(store_each(store, query, see, &seen), STORE_DONE);
	return seen;
}

static const struct store_query everything = {
    .kinds = ALL, .since = STORE_NO_TIME, .until = STORE_NO_TIME};

static enum store_result
put(struct store *store, uint16_t kind, int64_t time, uint64_t device, const char *key,
    const char *text)
{
	const struct store_row row = {.kind = kind,
	    .session = 1,
	    .time = time,
	    .device = device,
	    .key = key,
	    .key_len = strlen(key),
	    .bytes = text,
	    .len = strlen(text)};

	return store_put(store, &row);
}

static void
must_put(struct store *store, uint16_t kind, int64_t time, uint64_t device, const char *key,
    const char *text)
{
	assert_int_equal(put(store, kind, time, device, key, text), STORE_DONE);
}

static void
rows_come_back_by_time_after_it_was_closed(void **state)
{
	struct shelf shelf;
	struct store *store;
	struct seen seen;

	(void)state;
	shelf_begin(&shelf);
	store = shelf_open(&shelf);
	assert_null(shelf.lost);
	must_put(store, 2, 300, 7, "b", "third");
	must_put(store, 1, 100, 7, "a", "first");
	must_put(store, 2, 200, 0, "a", "");
	store_close(store);
	store = shelf_open(&shelf);
	assert_null(shelf.lost);
	seen = read_all(store, &everything);
	assert_int_equal(seen.rows, 3);
	assert_string_equal(seen.text[0], "first");
	assert_string_equal(seen.text[1], "");
	assert_string_equal(seen.text[2], "third");
	assert_int_equal(seen.time[2], 300);
	assert_int_equal(seen.kind[2], 2);
	store_close(store);
	shelf_end(&shelf);
}

static void
a_row_is_written_over_and_dropped_by_its_key(void **state)
{
	struct store_row gone = {.kind = 1, .session = 1, .time = 100, .key = "a", .key_len = 1};
	struct shelf shelf;
	struct store *store;
	struct seen seen;

	(void)state;
	shelf_begin(&shelf);
	store = shelf_open(&shelf);
	must_put(store, 1, 100, 7, "a", "old");
	must_put(store, 1, 100, 7, "a", "new");
	must_put(store, 1, 100, 7, "b", "other");
	assert_int_equal(read_all(store, &everything).rows, 2);
	assert_int_equal(store_drop(store, &gone), STORE_DONE);
	seen = read_all(store, &everything);
	assert_int_equal(seen.rows, 1);
	assert_string_equal(seen.text[0], "other");
	store_close(store);
	shelf_end(&shelf);
}

static void
a_query_asks_for_kinds_times_and_devices(void **state)
{
	struct store_query some = everything;
	struct shelf shelf;
	struct store *store;

	(void)state;
	shelf_begin(&shelf);
	store = shelf_open(&shelf);
	for (int64_t time = 0; time < 10; time++)
		must_put(store, (uint16_t)(time % 2), time, (uint64_t)(time % 5), "k", "x");
	some.kinds = 1U << 1;
	assert_int_equal(read_all(store, &some).rows, 5);
	some.since = 5;
	some.until = 8;
	assert_int_equal(read_all(store, &some).rows, 2);
	some = everything;
	some.device = 3;
	assert_int_equal(read_all(store, &some).rows, 2);
	some.session = 2;
	assert_int_equal(read_all(store, &some).rows, 0);
	store_close(store);
	shelf_end(&shelf);
}

static void
what_was_not_committed_was_never_there(void **state)
{
	struct shelf shelf;
	struct store *store;

	(void)state;
	shelf_begin(&shelf);
	store = shelf_open(&shelf);
	assert_int_equal(store_begin(store), STORE_DONE);
	must_put(store, 1, 100, 7, "a", "lost");
	store_rollback(store);
	assert_int_equal(store_begin(store), STORE_DONE);
	must_put(store, 1, 100, 7, "b", "kept");
	assert_int_equal(store_commit(store), STORE_DONE);
	assert_int_equal(store_begin(store), STORE_DONE);
	must_put(store, 1, 100, 7, "c", "lost too");
	store_close(store);
	store = shelf_open(&shelf);
	assert_int_equal(read_all(store, &everything).rows, 1);
	store_close(store);
	shelf_end(&shelf);
}

static void
check_mode(const char *path, void *user)
{
	struct stat there;

	(void)user;
	assert_int_equal(stat(path, &there), 0);
	assert_int_equal(there.st_mode & 0777, 0600);
}

static void
no_file_can_be_read_by_others_or_tells_what_is_in_it(void **state)
{
	static const char name[] = "front-door-of-the-smiths";
	const uint64_t device = UINT64_C(0x1122334455667788);
	struct shelf shelf;
	struct store *store;

	(void)state;
	shelf_begin(&shelf);
	store = shelf_open(&shelf);
	must_put(store, 1, 100, device, name, name);
	shelf_each(shelf.folder, check_mode, NULL);
	assert_int_equal(shelf_holds(shelf.folder, name, 10), 0);
	assert_int_equal(shelf_holds(shelf.folder, "\x11\x22\x33\x44\x55\x66\x77\x88", 8), 0);
	assert_int_equal(shelf_holds(shelf.folder, "\x88\x77\x66\x55\x44\x33\x22\x11", 8), 0);
	store_close(store);
	assert_int_equal(shelf_holds(shelf.folder, name, 10), 0);
	shelf_end(&shelf);
}

static void
refuse(struct shelf *shelf, const char *why)
{
	assert_null(store_open(&shelf->setup, &shelf->lost, &shelf->error));
	assert_non_null(strstr(shelf->error.text, why));
}

static void
without_its_key_it_is_erased_and_another_is_refused(void **state)
{
	struct shelf shelf;
	struct store *store;
	FILE *file;

	(void)state;
	shelf_begin(&shelf);
	store = shelf_open(&shelf);
	must_put(store, 1, 100, 7, "a", "secret");
	store_close(store);
	file = fopen(shelf.key, "r+");
	assert_non_null(file);
	fputs("0123456789abcdef", file);
	fclose(file);
	refuse(&shelf, "is not the key of this history");
	file = fopen(shelf.key, "w");
	fputs("no key", file);
	fclose(file);
	refuse(&shelf, "is no key of a history");
	unlink(shelf.key);
	shelf.setup.read_only = true;
	refuse(&shelf, "No such file");
	shelf.setup.read_only = false;
	store = shelf_open(&shelf);
	assert_non_null(strstr(shelf.lost, "key of the history is gone"));
	assert_int_equal(read_all(store, &everything).rows, 0);
	store_close(store);
	shelf_end(&shelf);
}

static void
scribble(const char *path, long from, size_t bytes)
{
	FILE *file = fopen(path, "r+b");

	assert_non_null(file);
	fseek(file, from, SEEK_SET);
	for (size_t i = 0; i < bytes; i++)
		fputc(0x5a, file);
	fclose(file);
}

static void
a_damaged_file_is_put_aside_and_a_new_one_begins(void **state)
{
	for (int whole = 0; whole < 2; whole++) {
		struct shelf shelf;
		struct store *store;
		char aside[128];

		(void)state;
		shelf_begin(&shelf);
		store = shelf_open(&shelf);
		for (int i = 0; i < 200; i++)
			must_put(store, 1, i, 7, "a", "some bytes to fill several pages of it");
		store_close(store);
		scribble(shelf.path, whole ? 0 : 8192, whole ? 4096 : 300);
		shelf.setup.read_only = true;
		assert_null(store_open(&shelf.setup, &shelf.lost, &shelf.error));
		shelf.setup.read_only = false;
		store = shelf_open(&shelf);
		assert_non_null(strstr(shelf.lost, "put aside"));
		assert_int_equal(read_all(store, &everything).rows, 0);
		must_put(store, 1, 1, 7, "a", "on it goes");
		store_close(store);
		snprintf(aside, sizeof(aside), "%s.damaged", shelf.path);
		assert_int_equal(access(aside, F_OK), 0);
		shelf_end(&shelf);
	}
}

static void
a_database_of_another_program_is_left_alone(void **state)
{
	/* An empty table in a database as the sqlite3 shell makes it: only what is looked at. */
	static const char header[] = "SQLite format 3";
	struct shelf shelf;
	struct store *store;
	char other[128];

	(void)state;
	shelf_begin(&shelf);
	store = shelf_open(&shelf);
	store_close(store);
	scribble(shelf.path, 68, 4); /* its application id */
	refuse(&shelf, "is no history of porchlight");
	assert_int_equal(shelf_holds(shelf.folder, header, sizeof(header)), 1);
	snprintf(other, sizeof(other), "%s.damaged", shelf.path);
	assert_int_equal(access(other, F_OK), -1);
	shelf_end(&shelf);
}

static void
a_newer_schema_is_refused(void **state)
{
	struct shelf shelf;
	struct store *store;

	(void)state;
	shelf_begin(&shelf);
	store = shelf_open(&shelf);
	store_close(store);
	scribble(shelf.path, 63, 1); /* the low byte of its user version */
	refuse(&shelf, "newer porchlight");
	shelf_end(&shelf);
}

static void
what_is_removed_is_overwritten_and_its_room_given_back(void **state)
{
	struct store_query old = everything;
	struct shelf shelf;
	struct store *store;
	uint64_t before, removed;

	(void)state;
	shelf_begin(&shelf);
	store = shelf_open(&shelf);
	assert_int_equal(store_begin(store), STORE_DONE);
	for (int i = 0; i < 5000; i++) {
		char text[256];

		snprintf(text, sizeof(text), "%0200d", i);
		must_put(store, 1, i, 7, "a", text);
	}
	assert_int_equal(store_commit(store), STORE_DONE);
	assert_int_equal(store_settle(store), STORE_DONE);
	before = store_size(store);
	old.until = 4900;
	assert_int_equal(store_remove(store, &old, &removed), STORE_DONE);
	assert_int_equal(removed, 4900);
	assert_int_equal(store_settle(store), STORE_DONE);
	assert_true(store_size(store) < before / 3);
	assert_int_equal(read_all(store, &everything).rows, 100);
	store_close(store);
	shelf_end(&shelf);
}

static void
a_copy_holds_the_same_and_is_begun_from(void **state)
{
	struct shelf shelf;
	struct store *store;
	char copy[128], key[136];

	(void)state;
	shelf_begin(&shelf);
	snprintf(copy, sizeof(copy), "%s/kept.db", shelf.folder);
	snprintf(key, sizeof(key), "%s.key", copy);
	shelf.setup.copy = copy;
	store = shelf_open(&shelf);
	assert_int_equal(access(key, F_OK), 0); /* it stays where the copy stays */
	must_put(store, 1, 100, 7, "a", "before");
	assert_int_equal(store_copy(store, copy), STORE_DONE);
	must_put(store, 1, 200, 7, "a", "after");
	store_close(store);
	shelf_each(shelf.folder, check_mode, NULL);
	unlink(shelf.path);
	store = shelf_open(&shelf);
	assert_int_equal(read_all(store, &everything).rows, 1);
	must_put(store, 1, 300, 7, "a", "on it goes");
	store_close(store);
	shelf_end(&shelf);
}

static void
two_readers_and_a_writer_do_not_mind_each_other(void **state)
{
	struct shelf shelf, second;
	struct store *writer, *reader;

	(void)state;
	shelf_begin(&shelf);
	writer = shelf_open(&shelf);
	second = shelf;
	second.setup.path = second.path;
	second.setup.read_only = true;
	reader = shelf_open(&second);
	must_put(writer, 1, 100, 7, "a", "one");
	assert_int_equal(read_all(reader, &everything).rows, 1);
	assert_int_equal(store_begin(writer), STORE_DONE);
	must_put(writer, 1, 200, 7, "a", "two");
	assert_int_equal(read_all(reader, &everything).rows, 1);
	assert_int_equal(store_commit(writer), STORE_DONE);
	assert_int_equal(read_all(reader, &everything).rows, 2);
	assert_int_equal(put(reader, 1, 300, 7, "a", "no"), STORE_READ_ONLY);
	store_close(reader);
	store_close(writer);
	shelf_end(&shelf);
}

static void
it_says_what_was_forgotten_since(void **state)
{
	struct shelf shelf;
	struct store *store;
	int64_t known;
	bool all;

	(void)state;
	shelf_begin(&shelf);
	store = shelf_open(&shelf);
	known = store_forgotten(store, 0, &all);
	assert_int_equal(known, 0);
	assert_int_equal(store_note_forgotten(store, 7), STORE_DONE);
	assert_int_equal(store_forgotten(store, known, &all), known + 1);
	assert_false(all);
	assert_true(store_is_forgotten(store, known, 7));
	assert_false(store_is_forgotten(store, known, 8));
	assert_false(store_is_forgotten(store, known + 1, 7));
	assert_int_equal(store_note_forgotten(store, 0), STORE_DONE);
	store_forgotten(store, known, &all);
	assert_true(all);
	assert_int_equal(store_next_session(store), 1);
	assert_int_equal(store_next_session(store), 2);
	store_close(store);
	shelf_end(&shelf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rows_come_back_by_time_after_it_was_closed),
	    cmocka_unit_test(a_row_is_written_over_and_dropped_by_its_key),
	    cmocka_unit_test(a_query_asks_for_kinds_times_and_devices),
	    cmocka_unit_test(what_was_not_committed_was_never_there),
	    cmocka_unit_test(no_file_can_be_read_by_others_or_tells_what_is_in_it),
	    cmocka_unit_test(without_its_key_it_is_erased_and_another_is_refused),
	    cmocka_unit_test(a_damaged_file_is_put_aside_and_a_new_one_begins),
	    cmocka_unit_test(a_database_of_another_program_is_left_alone),
	    cmocka_unit_test(a_newer_schema_is_refused),
	    cmocka_unit_test(what_is_removed_is_overwritten_and_its_room_given_back),
	    cmocka_unit_test(a_copy_holds_the_same_and_is_begun_from),
	    cmocka_unit_test(two_readers_and_a_writer_do_not_mind_each_other),
	    cmocka_unit_test(it_says_what_was_forgotten_since),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
