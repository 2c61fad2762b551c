/* SPDX-License-Identifier: Apache-2.0 */
#include "base/spool.h"

#include <signal.h>
#include <stdint.h>
#include <sys/resource.h>

#include "tests/test.h"

#define MANY 1000

static struct spool *
filled(size_t memory)
{
	struct spool *spool = spool_new(sizeof(uint64_t), memory);

	assert_non_null(spool);
	for (uint64_t i = 0; i < MANY; i++) {
		uint64_t record = i * i;

		assert_true(spool_add(spool, &record));
	}
	assert_int_equal(spool_count(spool), MANY);
	return spool;
}

static void
expect_squares(const struct spool *spool)
{
	for (uint64_t i = MANY; i-- > 0;) {
		uint64_t record = 0;

		assert_true(spool_get(spool, i, &record));
		assert_int_equal(record, i * i);
	}
}

static void
what_fits_stays_in_memory(void **state)
{
	struct spool *spool = filled(MANY * sizeof(uint64_t));

	(void)state;
	expect_squares(spool);
	spool_free(spool);
}

static void
what_does_not_fit_comes_back_from_the_file(void **state)
{
	static const size_t memory[] = {0, 7, 8, 80, MANY * sizeof(uint64_t) - 1};

	(void)state;
	for (size_t i = 0; i < sizeof(memory) / sizeof(memory[0]); i++) {
		struct spool *spool = filled(memory[i]);

		expect_squares(spool);
		spool_free(spool);
	}
}

static void
a_record_can_be_written_over(void **state)
{
	struct spool *spool = filled(80);
	uint64_t other = 7, record;

	(void)state;
	for (size_t i = 0; i < MANY; i += 111) {
		assert_true(spool_put(spool, i, &other));
		assert_true(spool_get(spool, i, &record));
		assert_int_equal(record, 7);
	}
	assert_true(spool_get(spool, 1, &record));
	assert_int_equal(record, 1);
	spool_free(spool);
}

/* A full disk, as the limit of a file's size shows it. */
static void
a_file_that_takes_no_more_is_told(void **state)
{
	struct rlimit before, small = {.rlim_cur = 64 * sizeof(uint64_t)};
	struct spool *spool = spool_new(sizeof(uint64_t), 0);
	uint64_t record = 1, added = 0;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small.rlim_max = before.rlim_max;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	while (added < MANY && spool_add(spool, &record))
		added++;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(added, 64);
	assert_int_equal(spool_count(spool), 64);
	assert_true(spool_get(spool, 63, &record));
	spool_free(spool);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_fits_stays_in_memory),
	    cmocka_unit_test(what_does_not_fit_comes_back_from_the_file),
	    cmocka_unit_test(a_record_can_be_written_over),
	    cmocka_unit_test(a_file_that_takes_no_more_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
