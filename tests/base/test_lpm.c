/* SPDX-License-Identifier: Apache-2.0 */
#include "base/lpm.h"

#include <stdio.h>

#include "tests/test.h"

static void
add(struct lpm *lpm, const char *text, uint32_t value)
{
	struct prefix prefix;

	assert_true(prefix_parse(text, &prefix));
	assert_true(lpm_add(lpm, &prefix, value));
}

static uint32_t
find(const struct lpm *lpm, const char *text)
{
	struct addr addr;
	uint32_t value;

	assert_true(addr_parse(text, &addr));
	return lpm_find(lpm, &addr, &value) ? value : 0;
}

static void
the_longest_prefix_wins(void **state)
{
	struct lpm *lpm = lpm_new();

	(void)state;
	add(lpm, "192.0.2.128/25", 3);
	add(lpm, "192.0.0.0/16", 1);
	add(lpm, "192.0.2.0/24", 2);
	add(lpm, "192.0.2.200/32", 4);
	lpm_seal(lpm);
	assert_int_equal(find(lpm, "192.0.2.200"), 4);
	assert_int_equal(find(lpm, "192.0.2.201"), 3);
	assert_int_equal(find(lpm, "192.0.2.1"), 2);
	assert_int_equal(find(lpm, "192.0.255.255"), 1);
	assert_int_equal(find(lpm, "192.1.0.0"), 0);
	assert_int_equal(find(lpm, "191.255.255.255"), 0);
	lpm_free(lpm);
}

static void
the_families_do_not_meet(void **state)
{
	struct lpm *lpm = lpm_new();

	(void)state;
	add(lpm, "0.0.0.0/0", 4);
	add(lpm, "2001:db8::/32", 6);
	lpm_seal(lpm);
	assert_int_equal(find(lpm, "203.0.113.9"), 4);
	assert_int_equal(find(lpm, "2001:db8::9"), 6);
	assert_int_equal(find(lpm, "2001:db9::9"), 0);
	lpm_free(lpm);
}

static void
a_prefix_added_twice_keeps_the_later_value(void **state)
{
	struct lpm *lpm = lpm_new();

	(void)state;
	add(lpm, "192.0.2.0/24", 1);
	add(lpm, "192.0.2.0/24", 2);
	lpm_seal(lpm);
	assert_int_equal(find(lpm, "192.0.2.9"), 2);
	assert_int_equal(lpm_count(lpm), 1);
	lpm_free(lpm);
}

static void
rows_in_order_outdo_what_was_added_before_them(void **state)
{
	struct lpm *lpm = lpm_new();

	(void)state;
	add(lpm, "203.0.113.0/24", 1);
	add(lpm, "192.0.2.0/24", 2);
	add(lpm, "192.0.2.0/24", 3);
	add(lpm, "198.51.100.0/24", 4);
	add(lpm, "192.0.2.0/24", 5);
	add(lpm, "198.51.0.0/16", 6);
	add(lpm, "198.51.100.0/24", 7);
	lpm_seal(lpm);
	assert_int_equal(find(lpm, "192.0.2.9"), 5);
	assert_int_equal(find(lpm, "198.51.100.9"), 7);
	assert_int_equal(find(lpm, "198.51.101.9"), 6);
	assert_int_equal(find(lpm, "203.0.113.9"), 1);
	assert_int_equal(lpm_count(lpm), 4);
	lpm_free(lpm);
}

static void
an_empty_table_finds_nothing(void **state)
{
	struct lpm *lpm = lpm_new();

	(void)state;
	lpm_seal(lpm);
	assert_int_equal(find(lpm, "192.0.2.9"), 0);
	lpm_free(lpm);
}

#define SOME 300

/* Random ones, with those from there on in ascending order, as rows of a file are. */
static void
make_prefixes(struct prefix prefix[SOME], uint32_t ordered)
{
	uint32_t x = 1;

	for (uint32_t i = 0; i < SOME; i++) {
		char text[32];

		x = x * 1664525 + 1013904223;
		snprintf(text, sizeof(text), "10.%u.%u.%u/%u", x >> 30, x >> 24 & 7, x >> 16 & 255,
		    8 + (x >> 8) % 25);
		assert_true(prefix_parse(text, &prefix[i]));
	}
	for (uint32_t i = ordered; i < SOME; i++)
		for (uint32_t j = i; j > ordered; j--) {
			struct prefix later = prefix[j];

			if (addr_compare(&prefix[j - 1].addr, &later.addr) <= 0)
				break;
			prefix[j] = prefix[j - 1];
			prefix[j - 1] = later;
		}
}

/* Against the plain way: look at every prefix. */
static void
agree_on_every_address(const struct lpm *lpm, const struct prefix prefix[SOME])
{
	for (uint32_t n = 0; n < 4096; n++) {
		struct addr addr = addr_from_ipv4(10, (uint8_t)(n >> 10), (uint8_t)(n >> 7 & 7),
		    (uint8_t)(n << 1 & 255));
		int best = -1;
		uint32_t value;

		for (int i = 0; i < SOME; i++)
			if (prefix_contains(&prefix[i], &addr) &&
			    (best < 0 || prefix[i].length >= prefix[best].length))
				best = i;
		assert_int_equal(lpm_find(lpm, &addr, &value), best >= 0);
		if (best >= 0)
			assert_int_equal(value, best);
	}
}

static void
it_agrees_with_a_search_through_all_prefixes(void **state)
{
	static const uint32_t ordered[] = {SOME, SOME - 1, SOME / 2, 20, 1, 0};

	(void)state;
	for (size_t o = 0; o < sizeof(ordered) / sizeof(ordered[0]); o++) {
		struct prefix prefix[SOME];
		struct lpm *lpm = lpm_new();

		make_prefixes(prefix, ordered[o]);
		for (uint32_t i = 0; i < SOME; i++)
			assert_true(lpm_add(lpm, &prefix[i], i));
		lpm_seal(lpm);
		agree_on_every_address(lpm, prefix);
		lpm_free(lpm);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_longest_prefix_wins),
	    cmocka_unit_test(the_families_do_not_meet),
	    cmocka_unit_test(a_prefix_added_twice_keeps_the_later_value),
	    cmocka_unit_test(rows_in_order_outdo_what_was_added_before_them),
	    cmocka_unit_test(an_empty_table_finds_nothing),
	    cmocka_unit_test(it_agrees_with_a_search_through_all_prefixes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
