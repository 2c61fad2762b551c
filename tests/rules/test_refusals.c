/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/rules/folder.h"

/* Files that must not load, and the words of the reason. */

#define VENDOR(rest) HEAD "\"vendor\":\"examplecam\",\"name\":\"ExampleCam\"," rest "}"
#define DEST(rest)   VENDOR("\"destination\":[{" rest "}]")
#define DEVICE(rest) VENDOR("\"device\":[{" rest "}]")
#define STATEMENTS(rest)                                                                           \
	HEAD "\"vendor\":\"examplecam\",\"limit\":\"not measured\",\"statement\":[" rest "]}"

static const struct {
	const char *name;
	const char *text;
	const char *reason;
	const char *where; /* NULL: any */
} broken[] = {
    {"vendors/a.json", "", "line 1", NULL},
    {"vendors/a.json", "{\"format\":\"porchlight-rules/1\"", "near end of file", NULL},
    {"vendors/a.json", "[]", "not an object", NULL},
    {"vendors/a.json", "{} {}", "end of file expected", NULL},
    {"vendors/a.json", "{\"format\":\"\xff\"}", "unable to decode byte", NULL},
    {"vendors/a.json", "{\"format\":\"a\\u0000b\"}", "\\u0000", NULL},
    {"vendors/a.json", "[[[[[[[[[[[[[[1]]]]]]]]]]]]]]", "nested deeper", NULL},
    {"vendors/a.json", "{\"a\":1,\"a\":2}", "duplicate", NULL},
    {"vendors/a.json", "{}", "format is missing", NULL},
    {"vendors/a.json", "{\"format\":\"porchlight-rules/2\"}", "format is not", NULL},
    {"vendors/a.json", "{\"format\":7}", "not a text", "format"},
    {"vendors/a.json", HEAD "\"colour\":\"red\"}", "unknown key \"colour\"", NULL},
    {"vendors/a.json", HEAD "\"name\":\"X\"}", "vendor is missing", NULL},
    {"vendors/a.json", HEAD "\"vendor\":\"examplecam\"}", "name is missing", NULL},
    {"vendors/a.json", HEAD "\"vendor\":\"Example Cam\",\"name\":\"X\"}", "vendor is not a word",
        NULL},
    {"vendors/a.json", VENDOR("\"makes\":\"toasters\""), "unknown word \"toasters\"", NULL},
    {"vendors/a.json", VENDOR("\"reviewed\":\"yesterday\""), "reviewed is no day", NULL},
    {"vendors/a.json", VENDOR("\"reviewed\":\"2026-13-01\""), "reviewed is no day", NULL},
    {"vendors/a.json", VENDOR("\"rev\":0"), "not between 1", "rev"},
    {"vendors/a.json", VENDOR("\"rev\":1.5"), "not an integer", "rev"},
    {"vendors/a.json", VENDOR("\"status\":\"sure\""), "unknown word \"sure\"", NULL},
    {"vendors/a.json", VENDOR("\"destination\":{}"), "not an array", "destination"},
    {"vendors/a.json", VENDOR("\"destination\":[]"), "says nothing", "destination"},
    {"vendors/a.json", VENDOR("\"destination\":[7]"), "not an object", "destination[0]"},
    {"vendors/a.json", DEST("\"host\":[\"a.example\"]"), "id is missing", "destination[0]"},
    {"vendors/a.json", DEST("\"id\":\"A b\",\"host\":[\"a.example\"]"), "id is not a word", NULL},
    {"vendors/a.json", DEST("\"id\":\"a\""), "host is missing", "destination[0]"},
    {"vendors/a.json", DEST("\"id\":\"a\",\"host\":[\"\"]"), "1 to 4096 bytes",
        "destination[0].host[0]"},
    {"vendors/a.json", DEST("\"id\":\"a\",\"host\":[\"a\\nb\"]"), "control character", NULL},
    {"vendors/a.json", DEST("\"id\":\"a\",\"host\":[\"A.example\"]"), "lower case", NULL},
    {"vendors/a.json", DEST("\"id\":\"a\",\"host\":[\"a..example\"]"), "not a host pattern", NULL},
    {"vendors/a.json", DEST("\"id\":\"a\",\"host\":[\"a.example.*\"]"), "last label", NULL},
    {"vendors/a.json", DEST("\"id\":\"a\",\"host\":[\"*.*.*.*.example\"]"), "at most 3 labels",
        NULL},
    {"vendors/a.json", DEST("\"id\":\"a\",\"host\":[\"a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q\"]"),
        "at most 16", NULL},
    {"vendors/a.json", DEST("\"id\":\"a\",\"host\":[\"a-{nowhere}.example\"]"), "no regions", NULL},
    {"vendors/a.json", DEST("\"id\":\"a\",\"host\":[\"a-{x.example\"]"), "one {table}", NULL},
    {"vendors/a.json", DEST("\"id\":\"a\",\"host\":[\"a.example\",\"a.example\"]"), "has it too",
        "a"},
    {"vendors/a.json", DEST("\"id\":\"a\",\"host\":[\"a.example\"],\"purposes\":[\"spying\"]"),
        "unknown word \"spying\"", NULL},
    {"vendors/a.json", DEST("\"id\":\"a\",\"host\":[\"a.example\"],\"country\":\"usa\""),
        "country is no code", NULL},
    {"vendors/a.json", DEST("\"id\":\"a\",\"host\":[\"a.example\"],\"party\":\"friend\""),
        "unknown word", NULL},
    {"vendors/a.json", DEST("\"id\":\"a\",\"host\":[\"a.example\"],\"on_behalf_of\":\"nobody\""),
        "no vendor \"nobody\"", "a"},
    {"vendors/a.json",
        DEST("\"id\":\"a\",\"host\":[\"a.example\"]},{\"id\":\"a\",\"host\":[\"b.example\"]"),
        "used twice", "destination[1]"},
    {"vendors/a.json",
        DEST("\"id\":\"a\",\"host\":[\"a.example\"],\"source\":{\"kind\":\"capture\",\"seen\":"
             "\"2026\"}"),
        "what is missing", "destination[0].source"},
    {"vendors/a.json",
        DEST("\"id\":\"a\",\"host\":[\"a.example\"],\"source\":{\"kind\":\"rumour\",\"what\":\"x\","
             "\"seen\":\"2026\"}"),
        "unknown word \"rumour\"", NULL},
    {"vendors/a.json",
        DEST("\"id\":\"a\",\"host\":[\"a.example\"],\"source\":{\"kind\":\"paper\",\"what\":\"x\","
             "\"seen\":\"soon\"}"),
        "seen is no day", NULL},
    {"vendors/a.json", DEST("\"id\":\"a\",\"host\":[\"a.example\"],\"source\":[]"),
        "1 to 8 sources", NULL},
    {"vendors/a.json",
        "{\"format\":\"porchlight-rules/"
        "1\",\"vendor\":\"x\",\"name\":\"X\",\"destination\":[{\"id\":\"a\",\"host\":[\"a."
        "example\"]}]}",
        "source is missing", "destination[0]"},
    {"vendors/a.json", DEVICE("\"id\":\"a\""), "a device fact has", NULL},
    {"vendors/a.json", DEVICE("\"id\":\"a\",\"mac\":[\"00:00:5e\"]"), "scope is missing", NULL},
    {"vendors/a.json", DEVICE("\"id\":\"a\",\"scope\":\"cameras\",\"mac\":[\"00:00\"]"),
        "24, 28 or 36", NULL},
    {"vendors/a.json", DEVICE("\"id\":\"a\",\"scope\":\"cameras\",\"mac\":[\"00:00:5E\"]"),
        "24, 28 or 36", NULL},
    {"vendors/a.json", DEVICE("\"id\":\"a\",\"scope\":\"cameras\",\"mac\":[\"00:00:5e:00:00:00\"]"),
        "24, 28 or 36", NULL},
    {"vendors/a.json", DEVICE("\"id\":\"a\",\"scope\":\"cameras\",\"mac\":[\"02:00:5e\"]"),
        "randomised", NULL},
    {"vendors/a.json", DEVICE("\"id\":\"a\",\"mdns\":[\"x*\"],\"weight\":99999"), "not between",
        NULL},
    {"vendors/a.json",
        VENDOR("\"service\":[{\"id\":\"a\",\"protocol\":\"icmp\",\"ports\":[1],\"service\":\"x\"}"
               "]"),
        "unknown word \"icmp\"", NULL},
    {"vendors/a.json",
        VENDOR("\"service\":[{\"id\":\"a\",\"protocol\":\"udp\",\"ports\":[70000],\"service\":"
               "\"x\"}]"),
        "no port", NULL},
    {"vendors/a.json", VENDOR("\"address\":[{\"id\":\"a\",\"prefix\":[\"192.0.2.1/24\"]}]"),
        "bits are set past", NULL},
    {"vendors/a.json", VENDOR("\"address\":[{\"id\":\"a\",\"prefix\":[\"192.0.2.0/33\"]}]"),
        "no address prefix", NULL},
    {"vendors/a.json", VENDOR("\"network\":[{\"id\":\"a\",\"asn\":[-1]}]"), "autonomous system",
        NULL},
    {"vendors/a.json", VENDOR("\"region\":[{\"id\":\"r\",\"places\":{\"x\":\"us\"}}]"),
        "country code", "region[0].x"},
    {"clouds/a.json", HEAD "\"vendor\":\"x\"}", "belong in vendors/", NULL},
    {"clouds/a.json",
        HEAD "\"device\":[{\"id\":\"a\",\"mac\":[\"00:00:5e\"],\"scope\":\"cameras\"}]}",
        "belong in vendors/", NULL},
    {"addresses/a.json", HEAD "\"rows\":[{\"id\":\"a\",\"files\":[\"../../etc/passwd\"]}]}",
        "not a file beside", NULL},
    {"addresses/a.json", HEAD "\"rows\":[{\"id\":\"a\",\"files\":[\"gone.txt\"]}]}",
        "not a file beside", "a"},
    {"addresses/a.txt", "192.0.2.0/24 64496\n", "no fact names this file", NULL},
    {"models/a.json", HEAD "\"model\":\"m\"}", "class is missing", NULL},
    {"models/a.json", HEAD "\"model\":\"m\",\"class\":[\"x\",\"x\"]}", "named twice", NULL},
    {"models/a.json", HEAD "\"model\":\"m\",\"class\":[\"x\"],\"bias\":{\"y\":1}}", "unknown class",
        NULL},
    {"models/a.json",
        HEAD "\"model\":\"m\",\"class\":[\"x\"],\"term\":[{\"id\":\"t\",\"feature\":\"f\",\"at_"
             "least\":2,\"at_most\":1,\"weight\":{\"x\":1},\"reason\":\"r\",\"kind\":\"volume\"}]}",
        "never holds", "term[0]"},
    {"models/a.json",
        HEAD "\"model\":\"m\",\"class\":[\"x\"],\"term\":[{\"id\":\"t\",\"feature\":\"f\","
             "\"weight\":{\"x\":1.5},\"reason\":\"r\",\"kind\":\"volume\"}]}",
        "no integer of milli-logits", NULL},
    {"models/a.json", HEAD "\"number\":[{\"id\":\"n\"}]}", "value is missing", NULL},
    {"models/a.json", HEAD "\"calibration\":\"content\"}", "point is missing", NULL},
    {"models/a.json", HEAD "\"calibration\":\"content\",\"point\":[{\"raw\":1001,\"is\":0}]}",
        "not between 0 and 1000", "point[0].raw"},
    {"models/a.json",
        HEAD "\"calibration\":\"content\",\"point\":[{\"raw\":5,\"is\":1},{\"raw\":5,\"is\":2}]}",
        "after the one before it", "point[1]"},
    {"models/a.json",
        HEAD "\"calibration\":\"content\",\"point\":[{\"raw\":5,\"is\":2},{\"raw\":6,\"is\":1}]}",
        "not below", "point[1]"},
    {"models/a.json", HEAD "\"calibration\":\"content\",\"model\":\"m\"}", "unknown key", NULL},
    {"context/a.json", HEAD "\"vendor\":\"examplecam\"}", "limit is missing", NULL},
    {"context/a.json", STATEMENTS("{\"id\":\"a\",\"stated\":\"2019\",\"text\":\"t\"}"),
        "superseded_by is missing", NULL},
    {"context/a.json",
        STATEMENTS("{\"id\":\"a\",\"stated\":\"2019\",\"text\":\"t\",\"superseded_by\":null}"),
        "no vendor", "a"},
    {"weather/a.json", "{}", "no file of this name", NULL},
    {"vendors.json", "{}", "no file of this name", NULL},
};

static void
a_broken_file_is_refused_with_file_path_and_reason(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(broken) / sizeof(*broken); i++) {
		struct text_file file = {.name = broken[i].name, .text = broken[i].text};
		struct porch_error error;
		struct porch_rules *rules = rules_of(&file, 1, &error);

		if (rules || !strstr(error.text, broken[i].reason))
			fail_msg("%zu: %s: expected \"%s\", got \"%s\"", i, broken[i].name,
			    broken[i].reason, rules ? "no error" : error.text);
		assert_string_equal(error.file, broken[i].name);
		if (broken[i].where)
			assert_string_equal(error.where, broken[i].where);
	}
	assert_true(sizeof(broken) / sizeof(*broken) >= 60);
}

#define MAKER                                                                                      \
	{                                                                                          \
		.name = "vendors/a.json", .text = VENDOR("\"makes\":\"camera\"")                   \
	}

static void
refused(const struct text_file *files, size_t count, const char *reason)
{
	struct porch_error error;
	struct porch_rules *rules = rules_of(files, count, &error);

	if (rules || !strstr(error.text, reason))
		fail_msg("expected \"%s\", got \"%s\"", reason, rules ? "no error" : error.text);
}

static void
a_withdrawn_statement_must_say_so(void **state)
{
	const struct text_file files[] = {MAKER,
	    {.name = "context/a.json",
	        .text = STATEMENTS("{\"id\":\"old\",\"stated\":\"2019-08-07\",\"text\":\"t\","
	                           "\"superseded_by\":null},"
	                           "{\"id\":\"new\",\"stated\":\"2019-08-21\",\"text\":\"t\","
	                           "\"superseded_by\":null,\"withdraws\":\"old\"}")}};

	(void)state;
	refused(files, 2, "\"old\" was withdrawn and does not say so");
}

static void
a_statement_is_superseded_only_by_a_later_one(void **state)
{
	const struct text_file files[] = {
	    MAKER, {.name = "context/a.json",
	               .text = STATEMENTS("{\"id\":\"a\",\"stated\":\"2020\",\"text\":\"t\","
	                                  "\"superseded_by\":\"b\"},"
	                                  "{\"id\":\"b\",\"stated\":\"2019\",\"text\":\"t\","
	                                  "\"superseded_by\":null}")}};
	const struct text_file gone[] = {
	    MAKER, {.name = "context/a.json",
	               .text = STATEMENTS("{\"id\":\"a\",\"stated\":\"2020\",\"text\":\"t\","
	                                  "\"superseded_by\":\"b\"}")}};

	(void)state;
	refused(files, 2, "older statement");
	refused(gone, 2, "names no other statement");
}

#define TEN    "          "
#define BLANKS TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

static void
rows_are_read_strictly(void **state)
{
	static const char *const bad[][2] = {{"192.0.2.0/24\n", "no number"},
	    {"192.0.2.0/24 AS64496\n", "no number"}, {"192.0.2.0/24 0\n", "no number"},
	    {"192.0.2.0/24 64496x\n", "no number"}, {"192.0.2.0/24 64496000000\n", "no number"},
	    {"everything 64496\n", "no address prefix \"everything\""},
	    {"192.0.2.0/24x 64496\n", "no address prefix \"192.0.2.0/24x\""},
	    {"192.0.2.0/24 64496 U\n", "more than a country"},
	    {"192.0.2.0/24 64496 US extra\n", "more than a country"},
	    {"192.0.2.0/24 64496 USA\n", "more than a country"}, {"192.0.2.0/24", "no number"},
	    {"192.0.2.0/2400", "no address prefix"},
	    {"192.0.2.0/24 64496" BLANKS "\n", "a row is longer than 128"},
	    {"192.0.2.0/24 64496" BLANKS, "a row is longer than 128"}};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		const struct text_file files[] = {
		    {.name = "addresses/a.json",
		        .text = HEAD "\"rows\":[{\"id\":\"a\",\"files\":[\"a.txt\"]}]}"},
		    {.name = "addresses/a.txt", .text = bad[i][0]}};

		refused(files, 2, bad[i][1]);
	}
}

static void
a_row_holds_no_zero_byte(void **state)
{
	static char facts[] = HEAD "\"rows\":[{\"id\":\"a\",\"files\":[\"a.txt\"]}]}";
	static const char good[] = "192.0.2.0/24 64496 US\n192.0.2.0/24 64496 US\n";
	struct rule_file files[] = {
	    {.name = "addresses/a.json", .path = "a.json", .bytes = facts, .len = strlen(facts)},
	    {.name = "addresses/a.txt", .path = "a.txt", .len = sizeof(good) - 1}};

	(void)state;
	for (size_t at = sizeof(good) / 2; at < sizeof(good) - 2; at++) {
		char bytes[sizeof(good)];
		struct porch_error error;

		memcpy(bytes, good, sizeof(good));
		bytes[at] = '\0';
		files[1].bytes = bytes;
		assert_null(ruleset_from_files(files, 2, &error));
		assert_string_equal(error.text, "a row holds a zero byte");
		assert_string_equal(error.where, "line 2");
	}
}

static void
the_last_row_ends_with_its_file(void **state)
{
	static char facts[] = HEAD "\"rows\":[{\"id\":\"a\",\"files\":[\"a.txt\"]}]}";
	static char more[] = "192.0.2.0/24 644961";
	const struct rule_file files[] = {
	    {.name = "addresses/a.json", .path = "a.json", .bytes = facts, .len = strlen(facts)},
	    {.name = "addresses/a.txt", .path = "a.txt", .bytes = more, .len = sizeof(more) - 2}};
	const struct addr addr = addr_from_ipv4(192, 0, 2, 1);
	struct receiver found = {.asn = -1};
	struct porch_error error;
	struct porch_rules *rules = ruleset_from_files(files, 2, &error);

	(void)state;
	assert_non_null(rules);
	assert_true(rules_address(rules, &addr, &found));
	assert_int_equal(found.asn, 64496);
	porch_rules_free(rules);
}

static void
two_files_of_one_folder_cannot_be_about_one_maker(void **state)
{
	const struct text_file files[] = {
	    MAKER, {.name = "vendors/b.json", .text = VENDOR("\"makes\":\"camera\"")}};

	(void)state;
	refused(files, 2, "has a file already: vendors/a.json");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_broken_file_is_refused_with_file_path_and_reason),
	    cmocka_unit_test(a_withdrawn_statement_must_say_so),
	    cmocka_unit_test(a_statement_is_superseded_only_by_a_later_one),
	    cmocka_unit_test(rows_are_read_strictly),
	    cmocka_unit_test(a_row_holds_no_zero_byte),
	    cmocka_unit_test(the_last_row_ends_with_its_file),
	    cmocka_unit_test(two_files_of_one_folder_cannot_be_about_one_maker),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
