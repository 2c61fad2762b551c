/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/site/shelf.h"

#include <string.h>

#include "tests/test.h"

static void
keep(struct shelf *shelf, uint64_t id, const char *text)
{
	shelf_keep(shelf, id, text, strlen(text), &id);
}

static const char *
find(const struct shelf *shelf, uint64_t id)
{
	struct shelf_record record;

	if (!shelf_find(shelf, id, &record))
		return NULL;
	assert_int_equal(id, *(const uint64_t *)record.about);
	return record.text;
}

static void
what_is_told_again_stays_in_its_place(void **state)
{
	struct shelf *shelf = shelf_new(3, 100, sizeof(uint64_t));

	(void)state;
	keep(shelf, 1, "one");
	keep(shelf, 2, "two");
	keep(shelf, 1, "one more");
	assert_int_equal(2, shelf_count(shelf));
	assert_string_equal("one more", shelf_at(shelf, 0).text);
	assert_string_equal("two", find(shelf, 2));
	assert_null(find(shelf, 3));
	shelf_free(shelf);
}

static void
what_was_told_first_makes_room(void **state)
{
	struct shelf *shelf = shelf_new(3, 12, sizeof(uint64_t));

	(void)state;
	keep(shelf, 1, "one");
	keep(shelf, 2, "two");
	keep(shelf, 3, "three");
	keep(shelf, 4, "four"); /* too many, and with 12 bytes they just fit */
	assert_null(find(shelf, 1));
	assert_string_equal("two", shelf_at(shelf, 0).text);
	assert_int_equal(1, shelf_forgotten(shelf));
	keep(shelf, 2, "two, and longer"); /* longer than all there may be */
	assert_string_equal("two", find(shelf, 2));
	keep(shelf, 2, "two twos");
	assert_string_equal("two twos", shelf_at(shelf, 0).text);
	assert_string_equal("four", shelf_at(shelf, 1).text);
	assert_int_equal(2, shelf_count(shelf));
	keep(shelf, 4, "all of it...");
	assert_int_equal(1, shelf_count(shelf));
	assert_string_equal("all of it...", shelf_at(shelf, 0).text);
	shelf_clear(shelf);
	assert_int_equal(0, shelf_count(shelf));
	shelf_free(shelf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_told_again_stays_in_its_place),
	    cmocka_unit_test(what_was_told_first_makes_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
