/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/test.h"

static struct options options;
static struct porch_error error;
static char file[] = "/tmp/porchlight-config-XXXXXX";

/* A command line first, as one text with spaces between its words. */
static void
line_is(const char *line)
{
	static char copy[512];
	char *argv[16] = {(char[]){"replay"}};
	int argc = 1;

	options_free(&options);
	snprintf(copy, sizeof(copy), "%s", line);
	for (char *word = strtok(copy, " "); word && argc < 15; word = strtok(NULL, " "))
		argv[argc++] = word;
	assert_true(options_read(&options, FOR_REPLAY, argc, argv, &error));
}

static bool
parse(const char *line, const char *text)
{
	line_is(line);
	return config_parse("porch.conf", text, strlen(text), &options, &error);
}

static void
assert_refused(const char *text, const char *where, const char *why)
{
	if (parse("", text))
		fail_msg("taken: %s", text);
	if (strcmp(error.file, "porch.conf") != 0 || strcmp(error.where, where) != 0 ||
	    !strstr(error.text, why))
		fail_msg("%s: said '%s', '%s', '%s'", text, error.file, error.where, error.text);
}

static int
setup(void **state)
{
	(void)state;
	options = (struct options){0};
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	options_free(&options);
	return 0;
}

static void
each_kind_of_option_has_its_kind_of_value(void **state)
{
	(void)state;
	assert_true(parse("", "{\"interfaces\": [\"br-lan\", \"eth1\"],"
	                      " \"home\": [\"192.0.2.0/24\", \"2001:db8::/48\"],"
	                      " \"device\": [\"02:00:5e:00:53:01\"], \"label\": "
	                      "[\"192.0.2.7=Front door\"],"
	                      " \"all-devices\": true, \"mirror\": false, \"jobs\": 3,"
	                      " \"filter\": \"not port 22\", \"lang\": \"de\"}"));
	assert_int_equal(options.arguments.count, 2);
	assert_string_equal(options.arguments.item[1], "eth1");
	assert_int_equal(options.home.count, 2);
	assert_string_equal(options.home.item[1], "2001:db8::/48");
	assert_string_equal(options.labels.item[0], "192.0.2.7=Front door");
	assert_int_equal(options.devices.count, 1);
	assert_true(options.engine.all_devices);
	assert_false(options.engine.mirror);
	assert_int_equal(options.engine.jobs, 3);
	assert_string_equal(options.engine.filter, "not port 22");
	assert_string_equal(language_code(options.language), "de");
}

static void
an_empty_object_says_nothing(void **state)
{
	(void)state;
	assert_true(parse("--mirror eth0", "{}"));
	assert_true(options.engine.mirror);
	assert_int_equal(options.arguments.count, 1);
}

static void
flags_win_and_take_the_place_of_whole_lists(void **state)
{
	(void)state;
	assert_true(parse("--home 198.51.100.0/24 -j 2 eth9",
	    "{\"interfaces\": [\"br-lan\"], \"home\": [\"192.0.2.0/24\"], \"jobs\": 8,"
	    " \"dedup\": true}"));
	assert_int_equal(options.arguments.count, 1);
	assert_string_equal(options.arguments.item[0], "eth9");
	assert_int_equal(options.home.count, 1);
	assert_string_equal(options.home.item[0], "198.51.100.0/24");
	assert_int_equal(options.engine.jobs, 2);
	assert_true(options.engine.dedup);
}

/* The file is as wrong as without the flag: reloading it later must not be what tells. */
static void
what_a_flag_hides_is_still_checked(void **state)
{
	(void)state;
	assert_false(parse("-j 2", "{\"jobs\": 1000}"));
	assert_string_equal(error.where, "jobs");
	assert_false(parse("eth9", "{\"interfaces\": \"br-lan\"}"));
	assert_string_equal(error.where, "interfaces");
}

static void
what_is_wrong_is_told_with_its_place(void **state)
{
	(void)state;
	assert_refused("{\"colour\": \"auto\"}", "colour", "no such option");
	assert_refused("{\"help\": true}", "help", "no such option");
	assert_refused("{\"config\": \"other\"}", "config", "no such option");
	assert_refused("{\"truth\": [\"x\"]}", "truth", "no such option");
	assert_refused("{\"jobs\": \"3\"}", "jobs", "not a whole number");
	assert_refused("{\"jobs\": 3.0}", "jobs", "not a whole number");
	assert_refused("{\"jobs\": 0}", "jobs", "expected a number from 1 to 256, not '0'");
	assert_refused("{\"mirror\": 1}", "mirror", "neither true nor false");
	assert_refused("{\"mirror\": null}", "mirror", "neither true nor false");
	assert_refused("{\"home\": \"192.0.2.0/24\"}", "home", "not an array");
	assert_refused("{\"home\": [\"192.0.2.1\", \"door\"]}", "home[1]",
	    "expected an address or prefix, not 'door'");
	assert_refused("{\"home\": [[]]}", "home[0]", "not a text");
	assert_refused("{\"lang\": \"\"}", "lang", "1 to 4096 bytes");
	assert_refused("{\"filter\": \"a\\u0000b\"}", "", "\\u0000");
	assert_refused("{\"filter\": \"a\\nb\"}", "filter", "control character");
	assert_refused("{\"interfaces\": [7]}", "interfaces[0]", "not a text");
	assert_refused("{\"dedup\": true, \"dedup\": true}", "", "duplicate");
	assert_refused("[]", "", "not an object");
	assert_refused("", "", "line 1");
	assert_refused("{\"jobs\": 1}\n{}", "", "line 2");
	assert_refused("{\"filter\": \"\xff\"}", "", "decode byte 0xff");
	assert_refused("[[[[[[[[[[[[[[[[[[[[", "", "nested");
}

static const char whole[] =
    "{\"interfaces\": [\"br-lan\"], \"home\": [\"192.0.2.0/24\"], \"all-devices\": true,\n"
    " \"label\": [\"192.0.2.7=T\xc3\xbcr\"], \"filter\": \"not port 22\", \"jobs\": 2}";

/* A file that is cut anywhere, or has a byte that is no UTF-8 anywhere, is no configuration. */
static void
every_cut_and_every_bad_byte_is_refused(void **state)
{
	char bytes[sizeof(whole)];

	(void)state;
	assert_true(parse("", whole));
	for (size_t len = 0; len < sizeof(whole) - 1; len++) {
		line_is("");
		if (config_parse("porch.conf", whole, len, &options, &error) || !error.text[0])
			fail_msg("cut at %zu", len);
	}
	for (size_t at = 0; at < sizeof(whole) - 1; at++) {
		memcpy(bytes, whole, sizeof(whole));
		bytes[at] = (char)0xc0;
		line_is("");
		if (config_parse("porch.conf", bytes, sizeof(whole) - 1, &options, &error) ||
		    !error.text[0])
			fail_msg("0xc0 at %zu", at);
	}
}

static void
write_file(const char *text, size_t len)
{
	int fd = open(file, O_WRONLY | O_TRUNC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), (ssize_t)len);
	close(fd);
}

static void
assert_unreadable(const char *path, const char *why)
{
	line_is("");
	assert_false(config_read(path, &options, &error));
	assert_string_equal(error.file, path);
	if (!strstr(error.text, why))
		fail_msg("%s: %s", path, error.text);
}

static void
a_file_is_read_with_its_last_byte(void **state)
{
	(void)state;
	write_file(whole, sizeof(whole) - 1);
	line_is("");
	assert_true(config_read(file, &options, &error));
	assert_int_equal(options.engine.jobs, 2);
}

static void
what_is_no_file_or_too_large_is_refused(void **state)
{
	char *large = malloc(CONFIG_BYTES + 1);

	(void)state;
	assert_non_null(large);
	memset(large, ' ', CONFIG_BYTES + 1);
	memcpy(large, "{}", 2);
	write_file(large, CONFIG_BYTES);
	line_is("");
	assert_true(config_read(file, &options, &error));
	write_file(large, CONFIG_BYTES + 1);
	assert_unreadable(file, "larger than 65536 bytes");
	free(large);
	assert_unreadable("/tmp/porchlight-config-absent", "No such file");
	assert_unreadable("/tmp", "Is a directory");
	assert_unreadable("/dev/null", "not a regular file");
}

static void
a_file_that_may_not_be_read_is_refused(void **state)
{
	uid_t before = geteuid();

	(void)state;
	assert_int_equal(chmod(file, 0), 0);
	if (before == 0)
		assert_int_equal(seteuid(65534), 0);
	assert_unreadable(file, "Permission denied");
	if (before == 0)
		assert_int_equal(seteuid(before), 0);
	assert_int_equal(chmod(file, 0600), 0);
}

static void
without_a_descriptor_the_reason_is_told(void **state)
{
	struct rlimit before, none;

	(void)state;
	line_is("");
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	assert_false(config_read(file, &options, &error));
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_non_null(strstr(error.text, "Too many open files"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(each_kind_of_option_has_its_kind_of_value, setup,
	        teardown),
	    cmocka_unit_test_setup_teardown(an_empty_object_says_nothing, setup, teardown),
	    cmocka_unit_test_setup_teardown(flags_win_and_take_the_place_of_whole_lists, setup,
	        teardown),
	    cmocka_unit_test_setup_teardown(what_a_flag_hides_is_still_checked, setup, teardown),
	    cmocka_unit_test_setup_teardown(what_is_wrong_is_told_with_its_place, setup, teardown),
	    cmocka_unit_test_setup_teardown(every_cut_and_every_bad_byte_is_refused, setup,
	        teardown),
	    cmocka_unit_test_setup_teardown(a_file_is_read_with_its_last_byte, setup, teardown),
	    cmocka_unit_test_setup_teardown(what_is_no_file_or_too_large_is_refused, setup,
	        teardown),
	    cmocka_unit_test_setup_teardown(a_file_that_may_not_be_read_is_refused, setup,
	        teardown),
	    cmocka_unit_test_setup_teardown(without_a_descriptor_the_reason_is_told, setup,
	        teardown),
	};
	int fd = mkstemp(file), failed;

	if (fd < 0)
		return 1;
	close(fd);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(file);
	return failed;
}
