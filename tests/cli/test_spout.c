/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/watch/spout.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/test.h"

static struct spout spout;
static int end[2];

static int
setup(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	return pipe(end);
}

static int
teardown(void **state)
{
	(void)state;
	spout_close(&spout);
	close(end[0]);
	close(end[1]);
	return 0;
}

static void
put_numbers(unsigned from, unsigned to)
{
	for (unsigned i = from; i < to; i++) {
		char line[64];
		int len = snprintf(line, sizeof(line), "%060u\n", i);

		spout_put(&spout, line, (size_t)len);
	}
}

/* Reads what is there; returns how many lines, which must follow one another from a number on. */
static unsigned
read_numbers(unsigned from)
{
	FILE *file = fdopen(dup(end[0]), "r");
	char line[128];
	unsigned count = 0;

	fcntl(end[0], F_SETFL, O_NONBLOCK);
	while (fgets(line, sizeof(line), file) && strchr(line, 10))
		assert_int_equal(strtoul(line, NULL, 10), from + count++);
	fclose(file);
	return count;
}

static void
a_reader_that_keeps_up_gets_every_line(bool shared)
{
	assert_true(spout_open(&spout, end[1], shared, 4096));
	for (unsigned i = 0; i < 100; i++) {
		put_numbers(i * 50, i * 50 + 50);
		assert_int_equal(read_numbers(i * 50), 50);
	}
	assert_int_equal(spout.lost, 0);
	assert_false(spout_waits(&spout));
}

static void
lines_reach_a_reader_of_its_own(void **state)
{
	(void)state;
	a_reader_that_keeps_up_gets_every_line(false);
}

static void
lines_reach_standard_output(void **state)
{
	(void)state;
	a_reader_that_keeps_up_gets_every_line(true);
}

/* 64 KiB wait in the pipe and 4 KiB here; the rest is left out, and nothing blocks. */
static void
a_reader_that_sleeps_loses_whole_lines(bool shared)
{
	assert_true(spout_open(&spout, end[1], shared, 4096));
	put_numbers(0, 5000);
	assert_true(spout.lost > 3000);
	assert_true(spout_waits(&spout));
	assert_true(read_numbers(0) > 900);
	spout_flush(&spout);
	assert_false(spout_waits(&spout));
}

static void
a_reader_of_its_own_that_sleeps_stops_nobody(void **state)
{
	(void)state;
	a_reader_that_sleeps_loses_whole_lines(false);
}

static void
standard_output_that_nobody_reads_stops_nobody(void **state)
{
	(void)state;
	a_reader_that_sleeps_loses_whole_lines(true);
}

static void
a_reader_that_had_enough_is_noticed(void **state)
{
	(void)state;
	assert_true(spout_open(&spout, end[1], true, 4096));
	close(end[0]);
	put_numbers(0, 2);
	assert_true(spout.closed);
	assert_int_equal(spout.error, 0);
	end[0] = open("/dev/null", O_RDONLY);
}

static void
at_the_end_it_waits_for_the_reader(void **state)
{
	pid_t pid;
	int status;

	(void)state;
	assert_true(spout_open(&spout, end[1], false, 256U << 10));
	put_numbers(0, 3000);
	assert_true(spout_waits(&spout));
	pid = fork();
	if (pid == 0) {
		char bytes[4096];
		size_t got = 0;
		ssize_t now;

		close(end[1]);
		while ((now = read(end[0], bytes, sizeof(bytes))) > 0)
			got += (size_t)now;
		_exit(got == 3000 * 61 ? 0 : 1);
	}
	spout_drain(&spout, 5000);
	assert_false(spout_waits(&spout));
	close(end[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	end[1] = open("/dev/null", O_WRONLY);
}

static void
what_is_held_waits_and_then_goes_in_order(void **state)
{
	(void)state;
	assert_true(spout_open(&spout, end[1], false, 4096));
	put_numbers(0, 2);
	spout_hold(&spout, true);
	put_numbers(2, 4);
	assert_false(spout_waits(&spout));
	spout_flush(&spout);
	assert_int_equal(read_numbers(0), 2);
	spout_hold(&spout, false);
	put_numbers(4, 5);
	assert_int_equal(read_numbers(2), 3);
}

static void
where_nobody_reads_nothing_is_kept(void **state)
{
	(void)state;
	assert_true(spout_open(&spout, -1, false, 4096));
	put_numbers(0, 10);
	assert_int_equal(spout.lost, 0);
	assert_false(spout_waits(&spout));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(lines_reach_a_reader_of_its_own),
	    TEST(lines_reach_standard_output),
	    TEST(a_reader_of_its_own_that_sleeps_stops_nobody),
	    TEST(standard_output_that_nobody_reads_stops_nobody),
	    TEST(a_reader_that_had_enough_is_noticed),
	    TEST(at_the_end_it_waits_for_the_reader),
	    TEST(what_is_held_waits_and_then_goes_in_order),
	    TEST(where_nobody_reads_nothing_is_kept),
	};

	return cmocka_run_group_tests_name("spout", tests, NULL, NULL);
}
