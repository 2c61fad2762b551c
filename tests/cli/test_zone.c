/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/test.h"

/* A zone file of one type, 5 h 30 min east of UTC (RFC 8536, 3.1 and 3.2). */
static const unsigned char half_past[] = {'T', 'Z', 'i', 'f', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0x4d,
    0x58, 0, 0, 'H', 'P', 'T', 0};

static char folder[64];
static char path[128];

static void
write_zone(const void *bytes, size_t len)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, len, file), len);
	fclose(file);
}

static int
setup(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/porchlight-test-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/Half", folder);
	return setenv("TZDIR", folder, 1);
}

static int
teardown(void **state)
{
	(void)state;
	unlink(path);
	rmdir(folder);
	return unsetenv("TZDIR");
}

static void
utc_is_known_without_a_database(void **state)
{
	(void)state;
	assert_true(zone_known("UTC"));
	assert_false(zone_known("Half"));
}

static void
a_zone_is_known_by_its_file_and_says_its_offset(void **state)
{
	(void)state;
	write_zone(half_past, sizeof(half_past));
	assert_true(zone_known("Half"));
	zone_use("Half");
	assert_int_equal(zone_offset(INT64_C(1794492540000000), NULL), 19800);
	assert_int_equal(zone_offset(-1, NULL), 19800);
	assert_int_equal(zone_offset(INT64_MAX, NULL), 19800);
}

static void
a_file_that_is_no_zone_is_not_known(void **state)
{
	(void)state;
	write_zone("# names", 7);
	assert_false(zone_known("Half"));
	write_zone("TZ", 2);
	assert_false(zone_known("Half"));
}

static void
no_name_leads_out_of_the_database(void **state)
{
	static const char *const wrong[] = {"", "/etc/localtime", "../Half", "Half/../Half", ".",
	    "Ha lf", "EST5EDT,M3.2.0",
	    "a-name-that-is-longer-than-any-of-the-zone-database-could-be-x"};

	(void)state;
	write_zone(half_past, sizeof(half_past));
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(zone_known(wrong[i]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(utc_is_known_without_a_database, setup, teardown),
	    cmocka_unit_test_setup_teardown(a_zone_is_known_by_its_file_and_says_its_offset, setup,
	        teardown),
	    cmocka_unit_test_setup_teardown(a_file_that_is_no_zone_is_not_known, setup, teardown),
	    cmocka_unit_test_setup_teardown(no_name_leads_out_of_the_database, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
