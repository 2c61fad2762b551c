/* SPDX-License-Identifier: Apache-2.0 */
#include "base/backlog.h"

#include <stdlib.h>
#include <string.h>

#include "tests/test.h"

/* Mostly zero, as what is measured is. */
struct record {
	uint64_t owner;
	uint64_t number;
	uint8_t mostly_zero[200];
};

struct seen {
	uint64_t number[4096];
	size_t count;
	uint64_t left_sum, left;
};

static struct record
record_of(uint64_t owner, uint64_t number)
{
	struct record r;

	memset(&r, 0, sizeof(r));
	r.owner = owner;
	r.number = number;
	r.mostly_zero[number % 200] = (uint8_t)number;
	r.mostly_zero[199] = 0xff;
	return r;
}

static bool
see(const void *record, void *user)
{
	const struct record *r = record;
	struct record whole = record_of(r->owner, r->number);
	struct seen *s = user;

	assert_memory_equal(r, &whole, sizeof(whole));
	s->number[s->count++] = r->number;
	return true;
}

static void
left(uint64_t owner, const void *record, void *user)
{
	const struct record *r = record;
	struct record whole = record_of(owner, r->number);
	struct seen *s = user;

	assert_memory_equal(r, &whole, sizeof(whole));
	s->left++;
	s->left_sum += r->number;
}

static void
add(struct backlog *b, uint64_t owner, uint64_t number)
{
	struct record r = record_of(owner, number);

	assert_true(backlog_add(b, owner, &r));
}

static void
records_come_back_as_they_were_the_oldest_first(void **state)
{
	struct backlog *b = backlog_new(4, sizeof(struct record), 1 << 16, 7);
	struct seen *s = calloc(1, sizeof(*s));

	(void)state;
	for (uint64_t i = 0; i < 30; i++)
		add(b, 1 + i % 3, i);
	assert_true(backlog_each(b, 2, see, s));
	assert_int_equal(s->count, 10);
	for (size_t i = 0; i < 10; i++)
		assert_int_equal(s->number[i], 1 + 3 * i);
	s->count = 0;
	assert_true(backlog_each_of_all(b, see, s));
	assert_int_equal(s->count, 30);
	assert_int_equal(backlog_count(b, 9), 0);
	backlog_free(b);
	free(s);
}

static void
whoever_has_the_most_loses_the_oldest(void **state)
{
	struct backlog *b = backlog_new(4, sizeof(struct record), 100 * 64, 7);
	struct seen *s = calloc(1, sizeof(*s));
	size_t few, many;

	(void)state;
	backlog_on_leave(b, left, s);
	for (uint64_t i = 0; i < 5; i++)
		add(b, 1, i);
	for (uint64_t i = 0; i < 1000; i++)
		add(b, 2, 100 + i);
	few = backlog_count(b, 1);
	many = backlog_count(b, 2);
	assert_int_equal(few, 5);
	assert_true(many > 50);
	assert_int_equal(s->left, 1000 - many);
	assert_true(backlog_each(b, 2, see, s));
	assert_int_equal(s->number[0], 1100 - many); /* the last ones are kept */
	assert_int_equal(s->number[s->count - 1], 1099);
	backlog_free(b);
	free(s);
}

static void
an_owner_that_makes_room_leaves_with_all_it_has(void **state)
{
	struct backlog *b = backlog_new(2, sizeof(struct record), 1 << 16, 7);
	struct seen *s = calloc(1, sizeof(*s));

	(void)state;
	backlog_on_leave(b, left, s);
	for (uint64_t owner = 1; owner <= 20; owner++)
		for (uint64_t i = 0; i < 3; i++)
			add(b, owner, owner * 10 + i);
	assert_int_equal(s->left, 18 * 3);
	assert_int_equal(backlog_count(b, 1), 0);
	assert_int_equal(backlog_count(b, 20), 3);
	backlog_free(b);
	free(s);
}

static void
what_is_forgotten_leaves_its_room_to_others(void **state)
{
	struct backlog *b = backlog_new(4, sizeof(struct record), 100 * 64, 7);
	struct seen *s = calloc(1, sizeof(*s));

	(void)state;
	backlog_on_leave(b, left, s);
	for (uint64_t round = 0; round < 200; round++) {
		for (uint64_t i = 0; i < 30; i++)
			add(b, 1 + round % 2, i);
		backlog_forget(b, 1 + round % 2);
		assert_int_equal(backlog_count(b, 1 + round % 2), 0);
	}
	assert_int_equal(s->left, 0);
	backlog_forget(b, 77);
	backlog_free(b);
	free(s);
}

static void
a_record_larger_than_all_memory_is_refused(void **state)
{
	struct backlog *b = backlog_new(4, sizeof(struct record), 64, 7);
	struct record r;

	(void)state;
	memset(&r, 0xff, sizeof(r));
	assert_false(backlog_add(b, 1, &r));
	backlog_free(b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(records_come_back_as_they_were_the_oldest_first),
	    cmocka_unit_test(whoever_has_the_most_loses_the_oldest),
	    cmocka_unit_test(an_owner_that_makes_room_leaves_with_all_it_has),
	    cmocka_unit_test(what_is_forgotten_leaves_its_room_to_others),
	    cmocka_unit_test(a_record_larger_than_all_memory_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
