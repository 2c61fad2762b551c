/* SPDX-License-Identifier: Apache-2.0 */
#include "base/table.h"

#include <string.h>

#include "tests/test.h"

struct entry {
	uint32_t key;
	uint32_t value;
};

static int left[8];
static size_t leavers;

static void
remember(void *entry, void *user)
{
	struct entry *e = entry;

	(void)user;
	left[leavers++] = (int)e->key;
}

static struct entry *
see(struct table *t, uint32_t key)
{
	bool created;

	return table_see(t, &key, &created);
}

static void
the_least_recently_touched_makes_room_whatever_the_seed(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 50; seed++) {
		struct table *t = table_new(3, sizeof(struct entry), sizeof(uint32_t), seed);

		leavers = 0;
		table_on_leave(t, remember, NULL);
		see(t, 1);
		see(t, 2);
		see(t, 3);
		see(t, 1);
		see(t, 4);
		see(t, 5);
		assert_int_equal(leavers, 2);
		assert_int_equal(left[0], 2);
		assert_int_equal(left[1], 3);
		assert_int_equal(table_evicted(t), 2);
		assert_int_equal(table_count(t), 3);
		table_free(t);
	}
}

static void
a_key_is_found_however_many_share_the_place_where_it_was_found_lately(void **state)
{
	struct table *t = table_new(20000, sizeof(struct entry), sizeof(uint32_t), 1);

	(void)state;
	for (uint32_t key = 0; key < 20000; key++)
		see(t, key)->value = ~key;
	for (uint32_t key = 0; key < 20000; key += 3)
		table_drop(t, table_find(t, &key));
	for (uint32_t key = 0; key < 20000; key++) {
		struct entry *e = table_find(t, &key);

		if (key % 3 == 0)
			assert_null(e);
		else
			assert_int_equal(e->value, ~key);
	}
	table_free(t);
}

static void
unwatched_entries_go_before_watched_ones(void **state)
{
	struct table *t = table_new(2, sizeof(struct entry), sizeof(uint32_t), 7);
	uint32_t one = 1, two = 2;

	(void)state;
	table_set_tier(t, see(t, 1), 1);
	see(t, 2);
	see(t, 3);
	assert_non_null(table_find(t, &one));
	assert_null(table_find(t, &two));
	table_free(t);
}

static void
a_table_full_of_watched_entries_refuses_and_counts(void **state)
{
	struct table *t = table_new(1, sizeof(struct entry), sizeof(uint32_t), 7);

	(void)state;
	table_keep_watched(t, true);
	table_set_tier(t, see(t, 1), 1);
	assert_null(see(t, 2));
	assert_int_equal(table_refused(t), 1);
	assert_int_equal(table_evicted(t), 0);
	table_free(t);
}

static void
a_dropped_entry_comes_back_empty(void **state)
{
	struct table *t = table_new(2, sizeof(struct entry), sizeof(uint32_t), 7);
	struct entry *e = see(t, 9);

	(void)state;
	e->value = 5;
	table_drop(t, e);
	assert_int_equal(table_count(t), 0);
	assert_int_equal(see(t, 9)->value, 0);
	table_free(t);
}

static void
who_takes_the_place_of_another_finds_it_empty(void **state)
{
	struct table *t = table_new(2, sizeof(struct entry), sizeof(uint32_t), 7);

	(void)state;
	for (uint32_t key = 1; key < 9; key++) {
		struct entry *e = see(t, key);

		assert_int_equal(e->value, 0);
		e->value = 5;
	}
	assert_int_equal(table_evicted(t), 6);
	table_free(t);
}

static void
what_lies_at_a_place_is_touched(void **state)
{
	struct table *t = table_new(2, sizeof(struct entry), sizeof(uint32_t), 1);
	struct entry *one;
	uint32_t place;

	(void)state;
	assert_null(table_touch_at(t, 0));
	one = see(t, 1);
	place = table_place(one);
	see(t, 2);
	assert_ptr_equal(table_touch_at(t, place), one); /* so 2 makes room */
	see(t, 3);
	assert_ptr_equal(table_find(t, &(uint32_t){1}), one);
	assert_null(table_find(t, &(uint32_t){2}));
	table_free(t);
}

static void
a_high_place_has_no_short_form(void **state)
{
	struct table *t = table_new(70000, sizeof(struct entry), sizeof(uint32_t), 1);

	(void)state;
	for (uint32_t key = 1; key <= 70000; key++)
		assert_ptr_equal(table_at(t, table_place(see(t, key))), see(t, key));
	assert_int_equal(table_short_place(see(t, 70000)), 0);
	assert_int_equal(table_short_place(see(t, 1)), table_place(see(t, 1)));
	table_free(t);
}

static void
whatever_leaves_is_a_change_and_nothing_else_is(void **state)
{
	struct table *t = table_new(2, sizeof(struct entry), sizeof(uint32_t), 1);
	uint32_t changes = 0;

	(void)state;
	table_count_changes(t, &changes);
	see(t, 1);
	table_set_tier(t, see(t, 2), 1);
	see(t, 1);
	assert_int_equal(changes, 0);
	see(t, 3);
	assert_int_equal(changes, 1);
	table_drop(t, table_find(t, &(uint32_t){2}));
	assert_int_equal(changes, 2);
	table_free(t);
}

static void
a_place_says_what_lies_there_now(void **state)
{
	struct table *t = table_new(2, sizeof(struct entry), sizeof(uint32_t), 1);
	struct entry *one = see(t, 1);
	uint32_t place = table_place(one);

	(void)state;
	assert_ptr_equal(table_at(t, place), one);
	see(t, 2);
	table_touch(t, one); /* so 2 makes room */
	see(t, 3);
	assert_ptr_equal(table_at(t, place), one);
	assert_null(table_find(t, &(uint32_t){2}));
	table_drop(t, one);
	assert_null(table_at(t, place));
	assert_null(table_at(t, 0));
	assert_null(table_at(t, 1));
	assert_null(table_at(t, 4));
	assert_null(table_at(t, UINT32_MAX));
	table_free(t);
}

#define ROOM 24

/* What a table should be: its entries by tier, and from least to most recently touched. */
struct model {
	uint32_t key[2][ROOM];
	size_t count[2];
};

static bool
take_out(struct model *m, uint32_t key, unsigned *tier)
{
	for (*tier = 0; *tier < 2; ++*tier)
		for (size_t i = 0; i < m->count[*tier]; i++) {
			if (m->key[*tier][i] != key)
				continue;
			m->count[*tier]--;
			memmove(&m->key[*tier][i], &m->key[*tier][i + 1],
			    (m->count[*tier] - i) * sizeof(m->key[*tier][i]));
			return true;
		}
	*tier = 0;
	return false;
}

static void
put_last(struct model *m, uint32_t key, unsigned tier)
{
	m->key[tier][m->count[tier]++] = key;
}

static void
make_room(struct model *m)
{
	unsigned tier = m->count[0] > 0 ? 0 : 1;

	if (m->count[0] + m->count[1] == ROOM)
		take_out(m, m->key[tier][0], &tier);
}

static void
see_in_both(struct table *t, struct model *m, uint32_t key)
{
	unsigned tier;
	bool known = take_out(m, key, &tier);

	if (!known)
		make_room(m);
	put_last(m, key, tier);
	see(t, key);
}

static void
change_tier_in_both(struct table *t, struct model *m, uint32_t key, unsigned tier)
{
	unsigned before;

	if (!take_out(m, key, &before))
		return;
	if (before == tier)
		see(t, key); /* for that is no touch by itself */
	put_last(m, key, tier);
	table_set_tier(t, table_find(t, &key), tier);
}

static void
drop_in_both(struct table *t, struct model *m, uint32_t key)
{
	unsigned tier;

	if (take_out(m, key, &tier))
		table_drop(t, table_find(t, &key));
}

static void
assert_same_order(const struct table *t, const struct model *m)
{
	const struct entry *e = table_first(t);

	assert_int_equal(table_count(t), m->count[0] + m->count[1]);
	for (unsigned tier = 0; tier < 2; tier++)
		for (size_t i = 0; i < m->count[tier]; i++, e = table_next(t, e)) {
			assert_non_null(e);
			assert_int_equal(e->key, m->key[tier][i]);
		}
	assert_null(e);
}

static void
assert_same_oldest(const struct table *t, const struct model *m)
{
	const struct entry *e = table_oldest(t);

	if (m->count[0] + m->count[1] == 0)
		assert_null(e);
	else
		assert_int_equal(e->key, m->key[m->count[0] > 0 ? 0 : 1][0]);
}

static void
the_order_is_that_of_touching_whatever_happens(void **state)
{
	struct table *t = table_new(ROOM, sizeof(struct entry), sizeof(uint32_t), 3);
	struct model m = {.count = {0, 0}};
	uint64_t random = 1;

	(void)state;
	for (unsigned i = 0; i < 200000; i++) {
		random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
		uint32_t key = (uint32_t)(random >> 33) % (2 * ROOM);
		unsigned what = (unsigned)(random >> 50) % 32;

		if (what < 20)
			see_in_both(t, &m, key);
		else if (what < 24)
			change_tier_in_both(t, &m, key, what % 4 == 0);
		else if (what < 29)
			drop_in_both(t, &m, key);
		else if (what < 31)
			assert_same_oldest(t, &m);
		else
			assert_same_order(t, &m);
	}
	assert_same_order(t, &m);
	table_free(t);
}

static void
what_is_dropped_on_the_way_is_passed_over(void **state)
{
	struct table *t = table_new(8, sizeof(struct entry), sizeof(uint32_t), 3);
	uint32_t sum = 0;

	(void)state;
	for (uint32_t key = 1; key <= 8; key++)
		see(t, key);
	for (struct entry *e = table_first(t), *next; e; e = next) {
		next = table_next(t, e);
		sum += e->key;
		if (e->key % 2)
			table_drop(t, e);
		else
			table_set_tier(t, e, 1);
	}
	assert_int_equal(sum, 1 + 2 + 3 + 4 + 5 + 6 + 7 + 8);
	assert_int_equal(table_count(t), 4);
	assert_int_equal(((struct entry *)table_oldest(t))->key, 2);
	table_free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_least_recently_touched_makes_room_whatever_the_seed),
	    cmocka_unit_test(a_key_is_found_however_many_share_the_place_where_it_was_found_lately),
	    cmocka_unit_test(unwatched_entries_go_before_watched_ones),
	    cmocka_unit_test(a_table_full_of_watched_entries_refuses_and_counts),
	    cmocka_unit_test(a_dropped_entry_comes_back_empty),
	    cmocka_unit_test(who_takes_the_place_of_another_finds_it_empty),
	    cmocka_unit_test(what_lies_at_a_place_is_touched),
	    cmocka_unit_test(a_high_place_has_no_short_form),
	    cmocka_unit_test(whatever_leaves_is_a_change_and_nothing_else_is),
	    cmocka_unit_test(a_place_says_what_lies_there_now),
	    cmocka_unit_test(the_order_is_that_of_touching_whatever_happens),
	    cmocka_unit_test(what_is_dropped_on_the_way_is_passed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
