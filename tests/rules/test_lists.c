/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/lists.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/rules/folder.h"

#define MAKER(hosts)                                                                               \
	HEAD "\"vendor\":\"examplecam\",\"name\":\"ExampleCam\",\"destination\":[{\"id\":\"d\","   \
	     "\"host\":[" hosts "]}]}"

/* A maker's rules, when given, and two lists, when given. */
static struct porch_rules *
load(const char *maker, const char *first, const char *second, struct porch_error *error)
{
	const char *const texts[] = {maker, first, second};
	static const char *const names[] = {"vendors/examplecam.json", "first.txt", "second.txt"};
	struct rule_file files[3];
	size_t count = 0;

	for (size_t i = 0; i < 3; i++)
		if (texts[i])
			files[count++] = (struct rule_file){.folder = (unsigned)i,
			    .name = names[i],
			    .path = names[i],
			    .bytes = (char *)(uintptr_t)texts[i],
			    .len = strlen(texts[i]),
			    .list = i > 0};
	return ruleset_from_files(files, count, error);
}

static struct porch_rules *
must_load(const char *maker, const char *first, const char *second)
{
	struct porch_error error;
	struct porch_rules *rules = load(maker, first, second, &error);

	if (!rules)
		fail_msg("%s: %s: %s", error.file, error.where, error.text);
	return rules;
}

/* The id of the rule that a host is known by, or "". */
static const char *
rule_of(const struct porch_rules *rules, const char *host)
{
	struct receiver found;

	return rules_host(rules, host, &found) ? found.rule.id : "";
}

static void
a_domain_a_line_is_a_tracker_with_all_below_it(void **state)
{
	struct porch_rules *rules = must_load(NULL, "# mine\r\n\r\n Ads.Example \t# bad\r\n", NULL);
	struct receiver found;

	(void)state;
	assert_true(rules_host(rules, "eu.ads.example", &found));
	assert_int_equal(found.role, PORCH_PARTY_TRACKER);
	assert_string_equal(found.rule.id, "first.txt#list");
	assert_string_equal(found.rule.source_what, "first.txt");
	assert_int_equal(found.rule.status, RULE_TEST);
	assert_null(found.organisation);
	assert_string_equal(rule_of(rules, "ads.example"), "first.txt#list");
	assert_string_equal(rule_of(rules, "bads.example"), "");
	assert_int_equal(rules_list_size(rules, PORCH_PARTY_TRACKER), 1);
	porch_rules_free(rules);
}

static void
a_hosts_file_names_hosts_and_nothing_below_them(void **state)
{
	struct porch_rules *rules = must_load(NULL,
	    "127.0.0.1 localhost\n::1 localhost ip6-loopback\nfe80::1%lo0 localhost\n"
	    "255.255.255.255 broadcasthost\n0.0.0.0 0.0.0.0\n"
	    "0.0.0.0 ads.example two.example # both\n",
	    NULL);

	(void)state;
	assert_string_equal(rule_of(rules, "ads.example"), "first.txt#list");
	assert_string_equal(rule_of(rules, "two.example"), "first.txt#list");
	assert_string_equal(rule_of(rules, "eu.ads.example"), "");
	porch_rules_free(rules);
}

static void
a_filter_list_may_hold_domains_only(void **state)
{
	struct porch_rules *rules =
	    must_load(NULL, "[Adblock Plus]\n! comment\n||ads.example^\n", NULL);

	(void)state;
	assert_string_equal(rule_of(rules, "eu.ads.example"), "first.txt#list");
	porch_rules_free(rules);
}

static void
a_makers_own_more_specific_rule_is_not_overridden(void **state)
{
	struct porch_rules *rules =
	    must_load(MAKER("\"media.cam.example\""), "cam.example\n", NULL);

	(void)state;
	assert_string_equal(rule_of(rules, "media.cam.example"), "vendors/examplecam.json#d");
	assert_string_equal(rule_of(rules, "other.cam.example"), "first.txt#list");
	porch_rules_free(rules);
}

static void
a_tie_goes_to_the_rule_and_between_lists_to_the_first(void **state)
{
	struct porch_rules *rules =
	    must_load(MAKER("\".cam.example\""), "cam.example\nads.example\n", "ads.example\n");

	(void)state;
	assert_string_equal(rule_of(rules, "media.cam.example"), "vendors/examplecam.json#d");
	assert_string_equal(rule_of(rules, "ads.example"), "first.txt#list");
	porch_rules_free(rules);
}

static enum porch_party
party_of(const struct porch_rules *rules, const char *host, const char *device_vendor)
{
	struct receiver found;

	assert_true(rules_host(rules, host, &found));
	return rules_party(&found, device_vendor ? rules_vendor(rules, device_vendor) : NULL);
}

static void
a_host_below_a_makers_name_is_a_tracker_for_devices_of_others_only(void **state)
{
	struct porch_rules *rules = must_load(MAKER("\".cam.example\""),
	    "||stats.cam.example^\nx.stats.cam.example\n", "0.0.0.0 cam.example ads.cam.example\n");
	struct receiver found;

	(void)state;
	assert_true(rules_host(rules, "eu.stats.cam.example", &found));
	assert_int_equal(found.role, PORCH_PARTY_TRACKER);
	assert_string_equal(found.vendor->id, "examplecam"); /* it still tells the device's maker */
	assert_string_equal(found.rule.id, "first.txt#list");
	assert_int_equal(party_of(rules, "eu.stats.cam.example", "examplecam"), PORCH_PARTY_MAKER);
	assert_int_equal(party_of(rules, "x.stats.cam.example", "examplecam"), PORCH_PARTY_MAKER);
	assert_int_equal(party_of(rules, "eu.stats.cam.example", NULL), PORCH_PARTY_TRACKER);
	assert_string_equal(rule_of(rules, "ads.cam.example"), "second.txt#list");
	assert_int_equal(party_of(rules, "ads.cam.example", "examplecam"), PORCH_PARTY_MAKER);
	assert_int_equal(party_of(rules, "cam.example", "examplecam"), PORCH_PARTY_MAKER);
	assert_int_equal(party_of(rules, "ads.cam.example", NULL), PORCH_PARTY_TRACKER);
	porch_rules_free(rules);
}

static void
below_what_a_list_named_the_next_list_has_its_own_rule(void **state)
{
	struct porch_rules *rules =
	    must_load(MAKER("\".cam.example\""), "stats.cam.example\n", "eu.stats.cam.example\n");

	(void)state;
	assert_string_equal(rule_of(rules, "eu.stats.cam.example"), "second.txt#list");
	assert_string_equal(rule_of(rules, "us.stats.cam.example"), "first.txt#list");
	assert_int_equal(party_of(rules, "eu.stats.cam.example", "examplecam"), PORCH_PARTY_MAKER);
	porch_rules_free(rules);
}

static void
what_is_no_line_of_a_list_is_refused_with_file_and_line(void **state)
{
	static const struct {
		const char *text, *where, *reason;
	} broken[] = {
	    {"", "", "holds no domain"},
	    {"# nothing\n", "", "holds no domain"},
	    {"ads.example\nads.example/path\n", "line 2", "no host name"},
	    {"ads.example more.example\n", "line 1", "more than one domain"},
	    {"com\n", "line 1", "a whole level"},
	    {"*.ads.example\n", "line 1", "no host name"},
	    {"||ads.example^$third-party\n", "line 1", "no ||domain^"},
	    {"||ads.example\n", "line 1", "no ||domain^"},
	    {"@@||ads.example^\n", "line 1", "no host name"},
	    {"192.0.2.1 ads.example\n", "line 1", "no address that hosts are sunk in"},
	    {"0.0.0.0 ads..example\n", "line 1", "no host name"},
	    {"\xff.example\n", "line 1", "no host name"},
	    {"a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.example\n", "line 1", "at most 16 labels"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(broken) / sizeof(*broken); i++) {
		struct porch_error error;
		struct porch_rules *rules = load(NULL, broken[i].text, NULL, &error);

		if (rules || !strstr(error.text, broken[i].reason))
			fail_msg("%zu: expected \"%s\", got \"%s\"", i, broken[i].reason,
			    rules ? "no error" : error.text);
		assert_string_equal(error.where, broken[i].where);
		assert_string_equal(error.file, "first.txt");
	}
}

static void
a_line_may_not_be_endless(void **state)
{
	struct porch_error error;
	char *text = malloc(3000);

	(void)state;
	assert_non_null(text);
	memset(text, '#', 2999);
	text[2999] = '\0';
	assert_null(load(NULL, text, NULL, &error));
	assert_non_null(strstr(error.text, "longer than"));
	free(text);
}

/* count domains, one a line. */
static char *
many(unsigned count)
{
	char *text = malloc(count * 24 + 1), *at = text;

	assert_non_null(text);
	for (unsigned i = 0; i < count; i++)
		at += sprintf(at, "d%u.example\n", i);
	return text;
}

static void
there_is_a_limit_to_the_domains_of_all_lists(void **state)
{
	char *text = many(LIST_DOMAINS);
	struct porch_error error;
	struct porch_rules *rules = must_load(NULL, text, NULL);

	(void)state;
	assert_string_equal(rule_of(rules, "d199999.example"), "first.txt#list");
	porch_rules_free(rules);
	assert_null(load(NULL, text, "one.more.example\n", &error));
	assert_string_equal(error.file, "second.txt");
	assert_non_null(strstr(error.text, "more than 200000"));
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_domain_a_line_is_a_tracker_with_all_below_it),
	    cmocka_unit_test(a_hosts_file_names_hosts_and_nothing_below_them),
	    cmocka_unit_test(a_filter_list_may_hold_domains_only),
	    cmocka_unit_test(a_makers_own_more_specific_rule_is_not_overridden),
	    cmocka_unit_test(a_tie_goes_to_the_rule_and_between_lists_to_the_first),
	    cmocka_unit_test(a_host_below_a_makers_name_is_a_tracker_for_devices_of_others_only),
	    cmocka_unit_test(below_what_a_list_named_the_next_list_has_its_own_rule),
	    cmocka_unit_test(what_is_no_line_of_a_list_is_refused_with_file_and_line),
	    cmocka_unit_test(a_line_may_not_be_endless),
	    cmocka_unit_test(there_is_a_limit_to_the_domains_of_all_lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
