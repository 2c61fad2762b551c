/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/say.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/test.h"

static char said[8192];
static int kept;
static int from[2];

/* What is said until hear() ends in a pipe, which holds far more than one line. */
static void
listen(void)
{
	fflush(stderr);
	kept = dup(STDERR_FILENO);
	assert_int_equal(pipe(from), 0);
	assert_true(dup2(from[1], STDERR_FILENO) >= 0);
	close(from[1]);
}

static const char *
hear(void)
{
	ssize_t len;

	fflush(stderr);
	dup2(kept, STDERR_FILENO);
	close(kept);
	len = read(from[0], said, sizeof(said) - 1);
	close(from[0]);
	said[len > 0 ? len : 0] = '\0';
	return said;
}

static void
a_file_name_cannot_forge_a_line_or_move_the_cursor(void **state)
{
	(void)state;
	listen();
	say("%s: %s", "a\nporchlight: all is well\r\x1b[2J.pcap", "cut");
	assert_string_equal(hear(),
	    "porchlight: a\\x0aporchlight: all is well\\x0d\\x1b[2J.pcap: cut\n");
}

static void
an_error_tells_what_it_knows(void **state)
{
	struct porch_error error = {.file = "a.json", .where = "$.host[2]", .text = "no source"};

	(void)state;
	error.offset = -1;
	listen();
	say_error(&error);
	assert_string_equal(hear(), "porchlight: a.json: $.host[2]: no source\n");
	error = (struct porch_error){.file = "a.pcap", .offset = 4242, .text = "cut in a packet"};
	listen();
	say_error(&error);
	assert_string_equal(hear(), "porchlight: a.pcap: byte 4242: cut in a packet\n");
	error = (struct porch_error){.offset = -1, .text = "out of memory"};
	listen();
	say_error(&error);
	assert_string_equal(hear(), "porchlight: out of memory\n");
}

static void
a_line_of_any_length_stays_one_line(void **state)
{
	char name[6000];

	(void)state;
	memset(name, '\n', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	listen();
	say("%s", name);
	hear();
	assert_ptr_equal(strchr(said, '\n'), said + strlen(said) - 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_file_name_cannot_forge_a_line_or_move_the_cursor),
	    cmocka_unit_test(an_error_tells_what_it_knows),
	    cmocka_unit_test(a_line_of_any_length_stays_one_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
