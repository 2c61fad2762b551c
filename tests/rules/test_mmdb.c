/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/mmdb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules/geo_record.h"
#include "tests/test.h"

/* Bytes of a data section, without the NUL of their literal. */
#define BYTES(text) (const uint8_t *)(text), sizeof(text) - 1

static char told[512];

static void
note(const struct mmdb_leaf *leaf, void *user)
{
	size_t at = strlen(told);

	(void)user;
	if (leaf->text)
		snprintf(told + at, sizeof(told) - at, "%s=%.*s ", leaf->path, (int)leaf->len,
		    leaf->text);
	else
		snprintf(told + at, sizeof(told) - at, "%s=%llu ", leaf->path,
		    (unsigned long long)leaf->number);
}

static bool
walk_at(const uint8_t *section, size_t len, size_t offset)
{
	uint64_t budget = MMDB_WALK_VALUES;
	uint8_t *copy = malloc(len); /* so that a read past the end is noticed */
	bool fine;

	told[0] = '\0';
	if (len > 0)
		memcpy(copy, section, len);
	fine = mmdb_walk(copy, len, offset, &budget, note, NULL);
	free(copy);
	return fine;
}

static void
leaves_are_told_by_the_keys_that_lead_to_them(void **state)
{
	(void)state;
	/* {"a": {"b": "x", "n": 258}, "f": true} */
	assert_true(walk_at(BYTES("\xe2\x41"
	                          "a\xe2\x41"
	                          "b\x41x\x41n\xc2\x01\x02\x41"
	                          "f\x01\x07"),
	    0));
	assert_string_equal(told, "a.b=x a.n=258 f=1 ");
}

static void
what_lies_in_arrays_or_is_of_another_type_is_passed_over(void **state)
{
	(void)state;
	/* {"l": ["x", {"k": 1}], "d": 0.0, "i": int32 1, "z": "y"} */
	assert_true(walk_at(BYTES("\xe4\x41l\x02\x04\x41x\xe1\x41k\xc1\x01\x41"
	                          "d\x68\0\0\0\0\0\0\0\0\x41i\x01\x01\x01\x41z\x41y"),
	    0));
	assert_string_equal(told, "z=y ");
}

static void
keys_and_values_may_stand_elsewhere(void **state)
{
	(void)state;
	/* "k" at 0, "v" at 2, and at 4 {-> 0: -> 2} */
	assert_true(walk_at(BYTES("\x41k\x41v\xe1\x20\x00\x20\x02"), 4));
	assert_string_equal(told, "k=v ");
	/* but a pointer leads to no pointer */
	assert_false(walk_at(BYTES("\x20\x02\x20\x04\x41v"), 0));
}

static void
a_long_path_is_passed_over_and_what_comes_after_it_is_told(void **state)
{
	char section[128] = "\xe2\x5d\x2b"; /* a key of 29 + 43 letters */
	size_t at = 3;

	(void)state;
	memset(section + at, 'k', 72);
	at += 72;
	memcpy(section + at, "\x41x\x41z\x41y", 6);
	assert_true(walk_at((const uint8_t *)section, at + 6, 0));
	assert_string_equal(told, "z=y ");
}

static void
every_cut_of_a_record_is_refused(void **state)
{
	static const char record[] = "\xe3\x44name\x5d\x01"
	                             "thirty letters make this name!\x43"
	                             "asn\xc2\xfc\x00\x44list\x02\x04\x41x\x41y";

	(void)state;
	assert_true(walk_at(BYTES(record), 0));
	for (size_t len = 0; len < sizeof(record) - 1; len++)
		assert_false(walk_at((const uint8_t *)record, len, 0));
	assert_false(walk_at(BYTES(record), 1000));
}

static void
values_that_hold_themselves_come_to_an_end(void **state)
{
	(void)state;
	assert_false(walk_at(BYTES("\xe1\x41k\x20\x00"), 0));
	assert_false(walk_at(BYTES("\x02\x04\x20\x00\x20\x00"), 0));
}

static void
no_more_is_read_than_the_budget(void **state)
{
	static const uint8_t record[] = "\x03\x04\xc1\x01\xc1\x02\xc1\x03";
	uint64_t budget = 4;

	(void)state;
	assert_true(mmdb_walk(record, sizeof(record) - 1, 0, &budget, note, NULL));
	assert_int_equal(budget, 0);
	budget = 3;
	assert_false(mmdb_walk(record, sizeof(record) - 1, 0, &budget, note, NULL));
}

static struct geo_record
read_record(const uint8_t *section, size_t len)
{
	uint64_t budget = MMDB_WALK_VALUES;
	struct geo_record record;

	assert_true(geo_record_read(&record, section, len, 0, &budget));
	return record;
}

static void
words_of_use_are_read_in_any_case_and_hosting_goes_before_access(void **state)
{
	struct geo_record record = read_record(BYTES("\xe1\x49user_type\x4bResidential"));

	(void)state;
	assert_true(record.access);
	record = read_record(BYTES("\xe2\x49user_type\x47hosting\x44type\x43ISP"));
	assert_false(record.access);
	assert_true(record.hosting);
}

static void
a_name_without_a_number_names_no_operator(void **state)
{
	struct geo_record record = read_record(BYTES("\xe1\x44name\x42Ys"));

	(void)state;
	assert_int_equal(record.operator_len, 0);
	record = read_record(BYTES("\xe2\x44name\x42Ys\x43"
	                           "asn\x47"
	                           "AS64510"));
	assert_int_equal(record.operator_len, 2);
	assert_int_equal(record.asn, 64510);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(leaves_are_told_by_the_keys_that_lead_to_them),
	    cmocka_unit_test(what_lies_in_arrays_or_is_of_another_type_is_passed_over),
	    cmocka_unit_test(keys_and_values_may_stand_elsewhere),
	    cmocka_unit_test(a_long_path_is_passed_over_and_what_comes_after_it_is_told),
	    cmocka_unit_test(every_cut_of_a_record_is_refused),
	    cmocka_unit_test(values_that_hold_themselves_come_to_an_end),
	    cmocka_unit_test(no_more_is_read_than_the_budget),
	    cmocka_unit_test(words_of_use_are_read_in_any_case_and_hosting_goes_before_access),
	    cmocka_unit_test(a_name_without_a_number_names_no_operator),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
