/* SPDX-License-Identifier: Apache-2.0 */
#include "source/inputs.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/test.h"

static char folder[] = "/tmp/porchlight-inputs-XXXXXX";

static const char *const made[] = {"z.txt", "a/b.pcap", "a/notes.txt", "c.bin", "a/deep/d.pcapng"};

static void
write_file(const char *name, const char *bytes, size_t len)
{
	int fd = openat(AT_FDCWD, name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	close(fd);
}

/*
 * z.txt is a capture whatever it is called, a/notes.txt is none, a/up leads back to the
 * folder and c.link to c.bin.
 */
static int
make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(folder) || chdir(folder) != 0 || mkdir("a", 0700) != 0 ||
	    mkdir("a/deep", 0700) != 0)
		return -1;
	write_file("z.txt", "\xd4\xc3\xb2\xa1", 4);
	write_file("a/b.pcap", "\xa1\xb2\x3c\x4d", 4);
	write_file("a/notes.txt", "no capture", 10);
	write_file("c.bin", "\n\r\r\n", 4);
	write_file("a/deep/d.pcapng", "\n\r\r\n", 4);
	return symlink("..", "a/up") || symlink("c.bin", "c.link") || mkfifo("pipe", 0600);
}

static int
remove_folder(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(made) / sizeof(*made); i++)
		unlink(made[i]);
	unlink("a/up");
	unlink("c.link");
	unlink("pipe");
	rmdir("a/deep");
	rmdir("a");
	return chdir("/") || rmdir(folder);
}

static void
expect_paths(const char *const *arguments, size_t count, const char *const *paths, size_t wanted)
{
	struct porch_error error;
	struct inputs *inputs = inputs_new(arguments, count, &error);

	assert_non_null(inputs);
	assert_int_equal(inputs_count(inputs), wanted);
	for (size_t i = 0; i < wanted; i++)
		assert_string_equal(inputs_path(inputs, i), paths[i]);
	inputs_free(inputs);
}

static void
a_folder_stands_for_the_captures_in_it_by_name(void **state)
{
	static const char *const arguments[] = {"./"};
	static const char *const paths[] = {
	    "./a/b.pcap", "./a/deep/d.pcapng", "./c.bin", "./c.link", "./z.txt"};

	(void)state;
	expect_paths(arguments, 1, paths, 5);
}

static void
what_is_named_stands_for_itself(void **state)
{
	static const char *const arguments[] = {"z.txt", "absent", "a/notes.txt", "z.txt"};

	(void)state;
	expect_paths(arguments, 4, arguments, 4);
}

static void
standard_input_counts_once(void **state)
{
	static const char *const arguments[] = {"-", "c.bin", "-"};

	(void)state;
	expect_paths(arguments, 3, arguments, 2);
}

static void
arguments_keep_their_order(void **state)
{
	static const char *const arguments[] = {"z.txt", "a/deep", "c.bin"};
	static const char *const paths[] = {"z.txt", "a/deep/d.pcapng", "c.bin"};

	(void)state;
	expect_paths(arguments, 3, paths, 3);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_folder_stands_for_the_captures_in_it_by_name),
	    cmocka_unit_test(what_is_named_stands_for_itself),
	    cmocka_unit_test(standard_input_counts_once),
	    cmocka_unit_test(arguments_keep_their_order),
	};

	return cmocka_run_group_tests_name("inputs", tests, make_folder, remove_folder);
}
