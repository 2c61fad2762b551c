/* SPDX-License-Identifier: Apache-2.0 */
#include "sink/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/test.h"

static void
more_than_the_buffer_arrives_in_order(void **state)
{
	FILE *file = tmpfile();
	static struct writer w;
	static char back[200000], expected[200000];
	size_t len = 0;

	(void)state;
	assert_non_null(file);
	writer_init(&w, fileno(file));
	for (uint64_t i = 0; i < 20000; i++) {
		write_u64(&w, i);
		write_char(&w, '\n');
		len +=
		    (size_t)snprintf(expected + len, sizeof(expected) - len, "%u\n", (unsigned)i);
	}
	assert_int_equal(writer_finish(&w), WRITER_DONE);
	assert_int_equal(pread(fileno(file), back, sizeof(back), 0), len);
	assert_memory_equal(back, expected, len);
	fclose(file);
}

static void
a_full_disk_is_told_once_at_the_end(void **state)
{
	static struct writer w;
	int fd = open("/dev/full", O_WRONLY);

	(void)state;
	if (fd < 0)
		skip();
	writer_init(&w, fd);
	for (size_t i = 0; i < 100000; i++)
		write_text(&w, "lost");
	assert_int_equal(writer_finish(&w), WRITER_FAILED);
	assert_int_equal(w.error, ENOSPC);
	close(fd);
}

static void
a_reader_that_had_enough_is_no_failure(void **state)
{
	static struct writer w;
	int fds[2];

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(fds), 0);
	close(fds[0]);
	writer_init(&w, fds[1]);
	write_text(&w, "nobody reads this");
	assert_int_equal(writer_finish(&w), WRITER_PIPE_CLOSED);
	close(fds[1]);
}

static void
extreme_numbers_are_written_whole(void **state)
{
	FILE *file = tmpfile();
	static struct writer w;
	char back[64] = "";

	(void)state;
	assert_non_null(file);
	writer_init(&w, fileno(file));
	write_u64(&w, UINT64_MAX);
	write_char(&w, ' ');
	write_i64(&w, INT64_MIN);
	assert_int_equal(writer_finish(&w), WRITER_DONE);
	assert_true(pread(fileno(file), back, sizeof(back) - 1, 0) > 0);
	assert_string_equal(back, "18446744073709551615 -9223372036854775808");
	fclose(file);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(more_than_the_buffer_arrives_in_order),
	    cmocka_unit_test(a_full_disk_is_told_once_at_the_end),
	    cmocka_unit_test(a_reader_that_had_enough_is_no_failure),
	    cmocka_unit_test(extreme_numbers_are_written_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
