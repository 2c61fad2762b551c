/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/rules_explain.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/test.h"

/* The rules of a maker that does not exist, which ship with the capture made for it. */
static struct porch_rules *rules;
static char answer[4096];

static int
setup(void **state)
{
	const char *folders[] = {SOURCE_DIR "/captures/doorvue.rules"};
	struct porch_error error;

	(void)state;
	rules = porch_rules_load(folders, 1, &error);
	return rules ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	porch_rules_free(rules);
	return 0;
}

static const char *
explain(const char *query, const char *vendor, bool json)
{
	FILE *file = tmpfile();
	struct writer writer;
	size_t len;

	assert_non_null(file);
	writer_init(&writer, fileno(file));
	rules_explain(&writer, rules, query, vendor ? rules_vendor(rules, vendor) : NULL, json);
	assert_int_equal(writer_finish(&writer), WRITER_DONE);
	rewind(file);
	len = fread(answer, 1, sizeof(answer) - 1, file);
	answer[len] = '\0';
	fclose(file);
	return answer;
}

static void
a_host_is_answered_with_the_rule_that_won(void **state)
{
	(void)state;
	assert_string_equal(explain("media.doorvue.example", "doorvue", true),
	    "{\n"
	    "  \"query\": \"media.doorvue.example\",\n"
	    "  \"kind\": \"host\",\n"
	    "  \"vendor\": \"doorvue\",\n"
	    "  \"organisation\": \"Doorvue Inc.\",\n"
	    "  \"role\": \"maker\",\n"
	    "  \"party\": \"maker\",\n"
	    "  \"purposes\": [\"footage\", \"picture\"],\n"
	    "  \"region\": null,\n"
	    "  \"country\": null,\n"
	    "  \"country_source\": null,\n"
	    "  \"asn\": null,\n"
	    "  \"matches\": [\n"
	    "    {\"rule\": \"vendors/doorvue.json#media\", \"rev\": 1, \"status\": "
	    "\"stable\", \"source\": \"captures/doorbell-day.pcapng.gz, made up\", "
	    "\"won\": true},\n"
	    "    {\"rule\": \"vendors/doorvue.json#all\", \"rev\": 1, \"status\": "
	    "\"stable\", \"source\": \"captures/doorbell-day.pcapng.gz, made up\", "
	    "\"won\": false}\n"
	    "  ]\n"
	    "}\n");
}

static void
every_match_is_told_in_words_and_why_one_won(void **state)
{
	const char *won, *lost;

	(void)state;
	explain("media.doorvue.example", "doorvue", false);
	won = strstr(answer, "  won           media.doorvue.example\n");
	lost = strstr(answer, "  also fits     .doorvue.example\n");
	assert_non_null(won);
	assert_non_null(lost);
	assert_true(won < lost);
	assert_non_null(strstr(lost, "The most specific pattern wins"));
	assert_non_null(strstr(won, "capture: captures/doorbell-day.pcapng.gz, made up"));
}

static void
the_only_match_needs_no_reason(void **state)
{
	(void)state;
	explain("www.doorvue.example", NULL, false);
	assert_non_null(strstr(answer, "  won           .doorvue.example\n"));
	assert_null(strstr(answer, "wins"));
}

static void
the_party_is_told_only_for_a_device_of_some_vendor(void **state)
{
	(void)state;
	explain("media.doorvue.example", NULL, true);
	assert_non_null(strstr(answer, "\"party\": null"));
	explain("api.metricly.example", "doorvue", true);
	assert_non_null(strstr(answer, "\"party\": \"tracker\""));
}

static void
an_address_is_answered_by_its_owner(void **state)
{
	(void)state;
	explain("203.0.113.40", NULL, true);
	assert_non_null(strstr(answer, "\"kind\": \"address\""));
	assert_non_null(strstr(answer, "\"organisation\": \"Skyfold\""));
	assert_non_null(strstr(answer, "\"role\": \"cloud\""));
}

static void
a_mac_is_answered_by_its_maker_and_has_no_role(void **state)
{
	(void)state;
	explain("00:00:5e:00:53:01", NULL, true);
	assert_non_null(strstr(answer, "\"kind\": \"mac\""));
	assert_non_null(strstr(answer, "\"vendor\": \"doorvue\""));
	assert_non_null(strstr(answer, "\"role\": null"));
}

static void
what_no_rule_speaks_of_is_unknown(void **state)
{
	(void)state;
	explain("host.example", "doorvue", true);
	assert_non_null(strstr(answer, "\"role\": \"unknown\""));
	assert_non_null(strstr(answer, "\"party\": \"unknown\""));
	assert_non_null(strstr(answer, "\"matches\": []"));
	assert_string_equal(explain("host.example", NULL, false),
	    "host.example: no rule speaks of it.\n");
}

static void
a_query_is_escaped_where_it_is_repeated(void **state)
{
	(void)state;
	assert_string_equal(explain("a\x1b[2J", NULL, false), "a\\x1b[2J: no rule speaks of it.\n");
	explain("a\"b", NULL, true);
	assert_non_null(strstr(answer, "\"query\": \"a\\\"b\""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_host_is_answered_with_the_rule_that_won),
	    cmocka_unit_test(every_match_is_told_in_words_and_why_one_won),
	    cmocka_unit_test(the_only_match_needs_no_reason),
	    cmocka_unit_test(the_party_is_told_only_for_a_device_of_some_vendor),
	    cmocka_unit_test(an_address_is_answered_by_its_owner),
	    cmocka_unit_test(a_mac_is_answered_by_its_maker_and_has_no_role),
	    cmocka_unit_test(what_no_rule_speaks_of_is_unknown),
	    cmocka_unit_test(a_query_is_escaped_where_it_is_repeated),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
