/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/host_index.h"

#include <stdio.h>
#include <string.h>

#include "tests/test.h"

static struct host_index *
index_of(const char *const *patterns, uint32_t count)
{
	struct host_index *index = host_index_new();
	uint32_t before;

	for (uint32_t i = 0; i < count; i++) {
		assert_null(host_index_fault(patterns[i]));
		assert_null(host_index_add(index, patterns[i], i, &before));
		assert_int_equal(before, HOST_INDEX_NONE);
	}
	return index;
}

static void
a_suffix_matches_itself_and_all_below_at_label_borders(void **state)
{
	static const char *const patterns[] = {".ring.example"};
	struct host_index *index = index_of(patterns, 1);

	(void)state;
	assert_int_equal(host_index_find(index, "ring.example"), 0);
	assert_int_equal(host_index_find(index, "a.b.ring.example"), 0);
	assert_int_equal(host_index_find(index, "spring.example"), HOST_INDEX_NONE);
	assert_int_equal(host_index_find(index, "ring.example.evil.example"), HOST_INDEX_NONE);
	assert_int_equal(host_index_find(index, "example"), HOST_INDEX_NONE);
	host_index_free(index);
}

static void
a_wildcard_stays_inside_its_label(void **state)
{
	static const char *const patterns[] = {"cam-*.example", "m?.tuya.example"};
	struct host_index *index = index_of(patterns, 2);

	(void)state;
	assert_int_equal(host_index_find(index, "cam-7.example"), 0);
	assert_int_equal(host_index_find(index, "cam-.example"), 0);
	assert_int_equal(host_index_find(index, "cam-7.eu.example"), HOST_INDEX_NONE);
	assert_int_equal(host_index_find(index, "x.cam-7.example"), HOST_INDEX_NONE);
	assert_int_equal(host_index_find(index, "m1.tuya.example"), 1);
	assert_int_equal(host_index_find(index, "m.tuya.example"), HOST_INDEX_NONE);
	host_index_free(index);
}

static void
the_most_specific_pattern_wins(void **state)
{
	static const char *const patterns[] = {".example", ".cam.example", "*.cam.example",
	    "up-*.cam.example", "up-eu.cam.example", ".up-eu.cam.example", ".store.*.example"};
	struct host_index *index = index_of(patterns, 7);

	(void)state;
	assert_int_equal(host_index_find(index, "www.example"), 0);
	assert_int_equal(host_index_find(index, "cam.example"), 1);
	assert_int_equal(host_index_find(index, "a.b.cam.example"), 1);
	assert_int_equal(host_index_find(index, "x.cam.example"), 2);
	assert_int_equal(host_index_find(index, "up-us.cam.example"), 3);
	assert_int_equal(host_index_find(index, "up-eu.cam.example"), 4);
	assert_int_equal(host_index_find(index, "y.up-eu.cam.example"), 5);
	assert_int_equal(host_index_find(index, "bucket.store.eu.example"), 6);
	host_index_free(index);
}

static void
a_pattern_added_again_replaces_and_says_so(void **state)
{
	static const char *const patterns[] = {"a.example"};
	struct host_index *index = index_of(patterns, 1);
	uint32_t before;

	(void)state;
	assert_null(host_index_add(index, "a.example", 9, &before));
	assert_int_equal(before, 0);
	assert_int_equal(host_index_find(index, "a.example"), 9);
	assert_int_equal(host_index_count(index), 1);
	host_index_free(index);
}

static void
one_name_has_at_most_64_wildcards(void **state)
{
	static char patterns[65][32];
	struct host_index *index = host_index_new();
	uint32_t before;

	(void)state;
	for (unsigned i = 0; i < 65; i++) {
		snprintf(patterns[i], sizeof(patterns[i]), "a%u*.example", i);
		if (i < 64)
			assert_null(host_index_add(index, patterns[i], i, &before));
		else
			assert_non_null(host_index_add(index, patterns[i], i, &before));
	}
	host_index_free(index);
}

static void
many_names_are_all_found(void **state)
{
	static char patterns[20000][24];
	struct host_index *index = host_index_new();
	uint32_t before;

	(void)state;
	for (uint32_t i = 0; i < 20000; i++) {
		snprintf(patterns[i], sizeof(patterns[i]), ".h%u.d%u.example", i, i % 700);
		assert_null(host_index_add(index, patterns[i], i, &before));
	}
	for (uint32_t i = 0; i < 20000; i++)
		assert_int_equal(host_index_find(index, patterns[i] + 1), i);
	assert_int_equal(host_index_find(index, "h1.d2.example"), HOST_INDEX_NONE);
	host_index_free(index);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_suffix_matches_itself_and_all_below_at_label_borders),
	    cmocka_unit_test(a_wildcard_stays_inside_its_label),
	    cmocka_unit_test(the_most_specific_pattern_wins),
	    cmocka_unit_test(a_pattern_added_again_replaces_and_says_so),
	    cmocka_unit_test(one_name_has_at_most_64_wildcards),
	    cmocka_unit_test(many_names_are_all_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
