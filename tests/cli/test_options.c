/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/options.h"

#include <stdlib.h>
#include <string.h>

#include "cli/fail_on.h"
#include "tests/test.h"

#define WORDS_MAX 24

static struct options options;
static struct porch_error error;

/* Reads a command line given as one text with spaces between its words. */
static bool
read_line(enum command_bit command, const char *line)
{
	static char copy[512];
	char *argv[WORDS_MAX] = {(char[]){"replay"}};
	int argc = 1;
	bool good;

	options_free(&options);
	snprintf(copy, sizeof(copy), "%s", line);
	for (char *word = strtok(copy, " "); word && argc < WORDS_MAX - 1; word = strtok(NULL, " "))
		argv[argc++] = word;
	good = options_read(&options, command, argc, argv, &error);
	return good;
}

static bool
replay(const char *line)
{
	return read_line(FOR_REPLAY, line);
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
an_empty_line_is_every_default(void **state)
{
	(void)state;
	assert_true(replay("a.pcap"));
	assert_string_equal(options.sink, "terminal");
	assert_null(options.engine.filter);
	assert_null(options.zone);
	assert_null(options.folder);
	assert_false(options.engine.use_since || options.engine.use_until || options.flows);
	assert_int_equal(options.fail_on, 0);
	assert_int_equal(options.colour, WHEN_AUTO);
}

static void
options_may_follow_arguments(void **state)
{
	(void)state;
	assert_true(replay("a.pcap --mirror b.pcap -j 4 - --json"));
	assert_int_equal(options.arguments.count, 3);
	assert_string_equal(options.arguments.item[0], "a.pcap");
	assert_string_equal(options.arguments.item[1], "b.pcap");
	assert_string_equal(options.arguments.item[2], "-");
	assert_true(options.engine.mirror);
	assert_int_equal(options.engine.jobs, 4);
	assert_string_equal(options.sink, "json");
}

static void
they_may_even_where_posix_says_not(void **state)
{
	(void)state;
	setenv("POSIXLY_CORRECT", "1", 1);
	assert_true(replay("a.pcap --dedup b.pcap"));
	unsetenv("POSIXLY_CORRECT");
	assert_true(options.engine.dedup);
	assert_int_equal(options.arguments.count, 2);
}

static void
two_dashes_end_the_options(void **state)
{
	(void)state;
	assert_true(replay("--join -- --json -x"));
	assert_true(options.engine.join);
	assert_string_equal(options.sink, "terminal");
	assert_int_equal(options.arguments.count, 2);
	assert_string_equal(options.arguments.item[0], "--json");
}

static void
lists_keep_the_order_of_the_line(void **state)
{
	(void)state;
	assert_true(replay("-R one --rules two --home 192.0.2.0/24 --home=2001:db8::/48 "
	                   "--device 02:00:5e:00:53:01 --label 192.0.2.1=Door a.pcap"));
	assert_int_equal(options.rules.count, 2);
	assert_string_equal(options.rules.item[1], "two");
	assert_int_equal(options.engine.home_count, 2);
	assert_string_equal(options.engine.home[1], "2001:db8::/48");
	assert_string_equal(options.engine.devices[0], "02:00:5e:00:53:01");
	assert_string_equal(options.engine.labels[0], "192.0.2.1=Door");
}

static void
times_become_packet_times(void **state)
{
	(void)state;
	assert_true(replay("--since 10 --until 1970-01-01T00:00:20Z a.pcap"));
	assert_true(options.engine.use_since && options.engine.use_until);
	assert_int_equal(options.engine.since, 10000000);
	assert_int_equal(options.engine.until, 20000000);
}

static void
every_refused_value_names_its_option(void **state)
{
	static const struct {
		const char *line;
		const char *names;
	} wrong[] = {
	    {"--jobs 0", "--jobs:"},
	    {"-j many", "--jobs:"},
	    {"--home here", "--home:"},
	    {"--device front", "--device:"},
	    {"--label front=Door", "--label:"},
	    {"--since yesterday", "--since:"},
	    {"--until 1x", "--until:"},
	    {"--since 20 --until 10", "--until:"},
	    {"--lang fr", "--lang:"},
	    {"--time-zone Mars/Base", "--time-zone:"},
	    {"--time-zone ../../etc/passwd", "--time-zone:"},
	    {"--redact everything", "--redact:"},
	    {"--redact everything", "--redact:"},
	    {"--progress=on", "--progress:"},
	    {"--color maybe", "--color:"},
	    {"--fail-on everything", "--fail-on:"},
	    {"--csv flows", "--csv:"},
	    {"--csv csv-episodes", "--csv:"},
	    {"--out=", "--out:"},
	    {"--rules=", "--rules:"},
	    {"--flows", "--flows:"},
	    {"--flows --json", "--flows:"},
	    {"--json --ndjson", "--ndjson:"},
	    {"--csv devices --json", "--json:"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_false(replay(wrong[i].line));
		assert_memory_equal(error.text, wrong[i].names, strlen(wrong[i].names));
		assert_null(strchr(error.text, '\n'));
	}
}

static void
what_getopt_cannot_read_is_refused_by_name(void **state)
{
	static const struct {
		const char *line;
		const char *text;
	} wrong[] = {
	    {"--jobs", "--jobs: a value is missing"},
	    {"a.pcap -f", "--filter: a value is missing"},
	    {"--bogus", "--bogus: unknown option"},
	    {"--bogus=1", "--bogus: unknown option"},
	    {"-x", "-x: unknown option"},
	    {"--json=yes", "--json: takes no value"},
	    {"--device-vendor examplecam", "--device-vendor: unknown option"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_false(replay(wrong[i].line));
		assert_string_equal(error.text, wrong[i].text);
	}
}

static void
a_name_must_be_spelt_out(void **state)
{
	(void)state;
	assert_false(replay("--filt tcp a.pcap"));
	assert_string_equal(error.text, "--filt: unknown option");
	assert_false(replay("--all-dev a.pcap"));
	assert_true(replay("--all a.pcap"));
	assert_true(options.all);
	assert_false(options.engine.all_devices);
}

static void
a_command_knows_only_its_own_options(void **state)
{
	(void)state;
	assert_false(read_line(FOR_EXPLAIN, "a.pcap E1 --json"));
	assert_false(read_line(FOR_EXPLAIN, "a.pcap E1 --fail-on footage"));
	assert_false(read_line(FOR_RULES, "check --filter tcp"));
	assert_true(read_line(FOR_RULES, "explain --json --device-vendor examplecam a.example"));
	assert_string_equal(options.device_vendor, "examplecam");
	assert_string_equal(options.arguments.item[1], "a.example");
}

static void
the_same_output_may_be_asked_for_twice(void **state)
{
	(void)state;
	assert_true(replay("--json --json a.pcap"));
	assert_true(replay("--csv devices --csv episodes a.pcap"));
	assert_string_equal(options.sink, "csv-episodes");
}

static void
flow_records_go_to_ndjson_or_a_folder(void **state)
{
	(void)state;
	assert_true(replay("--flows --ndjson a.pcap"));
	assert_true(replay("--flows --out week46 a.pcap"));
	assert_string_equal(options.folder, "week46");
}

static void
fail_on_and_the_rest_are_kept(void **state)
{
	(void)state;
	assert_true(replay("--fail-on footage,unknown --color never --progress always --quiet "
	                   "--no-dpi --redact none --lang en --time-zone UTC -f tcp a.pcap"));
	assert_int_equal(options.fail_on, FAIL_ON_FOOTAGE | FAIL_ON_UNKNOWN);
	assert_int_equal(options.colour, WHEN_NEVER);
	assert_int_equal(options.progress, WHEN_ALWAYS);
	assert_true(options.quiet && options.engine.no_dpi);
	assert_null(options.zone);
	assert_string_equal(options.engine.filter, "tcp");
}

static void
help_is_given_before_options_are_compared(void **state)
{
	(void)state;
	assert_true(replay("--flows --help"));
	assert_true(options.help);
	assert_true(replay("-h"));
	assert_true(options.help);
}

static void
what_watch_tells_to_whom_is_kept(void **state)
{
	(void)state;
	assert_true(read_line(FOR_WATCH,
	    "br-lan --user watcher --page none --cooldown 300 --syslog"));
	assert_string_equal(options.arguments.item[0], "br-lan");
	assert_string_equal(options.user, "watcher");
	assert_string_equal(options.page, "none");
	assert_int_equal(options.cooldown, 300);
	assert_true(options.syslog && !options.digest);
	assert_null(options.history);
	assert_false(read_line(FOR_WATCH, "br-lan --user="));
	assert_string_equal(error.text, "--user: expected a user's name, not ''");
	assert_false(read_line(FOR_WATCH, "br-lan --cooldown 5m"));
	assert_false(replay("a.pcap --user watcher"));
	assert_true(read_line(FOR_WATCH,
	    "br-lan --mqtt mqtt://broker --webhook https://a/ --webhook http://b/ --exec true"));
	assert_int_equal(options.webhook.count, 2);
	assert_string_equal(options.webhook.item[1], "http://b/");
	assert_string_equal(options.mqtt.item[0], "mqtt://broker");
	assert_string_equal(options.exec.item[0], "true");
	assert_false(options.cooldown_given);
	assert_false(read_line(FOR_WATCH, "br-lan --webhook ftp://a/"));
	assert_string_equal(error.text,
	    "--webhook: expected a URL of http:// or https://, not 'ftp://a/'");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(an_empty_line_is_every_default),
	    TEST(options_may_follow_arguments),
	    TEST(they_may_even_where_posix_says_not),
	    TEST(two_dashes_end_the_options),
	    TEST(lists_keep_the_order_of_the_line),
	    TEST(times_become_packet_times),
	    TEST(every_refused_value_names_its_option),
	    TEST(what_getopt_cannot_read_is_refused_by_name),
	    TEST(a_name_must_be_spelt_out),
	    TEST(a_command_knows_only_its_own_options),
	    TEST(the_same_output_may_be_asked_for_twice),
	    TEST(flow_records_go_to_ndjson_or_a_folder),
	    TEST(fail_on_and_the_rest_are_kept),
	    TEST(what_watch_tells_to_whom_is_kept),
	    TEST(help_is_given_before_options_are_compared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
