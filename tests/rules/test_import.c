/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/import.h"

#include <stdio.h>
#include <stdlib.h>

#include "tests/rules/folder.h"

static bool
import(const char *text, struct imported *imported, struct porch_error *error)
{
	struct import from = {.path = "in/x.txt",
	    .leaf = "x.txt",
	    .bytes = text,
	    .len = strlen(text),
	    .name = "mine",
	    .seen = "2026-11-19"};

	return rules_import(&from, imported, error);
}

/* What was imported, loaded; the caller frees it. */
static struct porch_rules *
load(const char *text, struct imported *imported)
{
	struct porch_error error;
	struct porch_rules *rules;
	char name[64];

	if (!import(text, imported, &error))
		fail_msg("%s: %s", error.where, error.text);
	snprintf(name, sizeof(name), "%s/mine.json", imported->folder);
	rules = rules_of(&(struct text_file){name, imported->text, 0}, 1, &error);
	assert_non_null(rules);
	return rules;
}

static void
a_list_becomes_a_file_of_trackers(void **state)
{
	struct imported imported;
	struct porch_rules *rules =
	    load("# mine\nads.example\n0.0.0.0 two.example\nads.example\n", &imported);
	struct receiver found;

	(void)state;
	assert_string_equal(imported.folder, "trackers");
	assert_int_equal(imported.facts, 2);
	assert_int_equal(imported.passed, 1);
	assert_true(rules_host(rules, "eu.ads.example", &found));
	assert_int_equal(found.role, PORCH_PARTY_TRACKER);
	assert_int_equal(found.rule.status, RULE_EXPERIMENTAL);
	assert_string_equal(found.rule.source_what, "x.txt");
	assert_string_equal(found.rule.source_seen, "2026-11-19");
	assert_false(rules_host(rules, "eu.two.example", &found));
	porch_rules_free(rules);
	free(imported.text);
}

#define PROTOS                                                                                     \
	"# a comment\n"                                                                            \
	"tcp:81,udp:8181@HTTP\n"                                                                   \
	"host:\"cam.example\",host:\".cdn.example\",ip:192.0.2.77/24@ExampleCam=500\n"             \
	"ip:198.51.100.9:443@Other\n"                                                              \
	"host:\"cam.example\"@Again\n"                                                             \
	"ip_risk_mask:192.0.2.0/24=0\n"

static void
hosts_and_addresses_of_a_protos_file_name_an_organisation(void **state)
{
	struct imported imported;
	struct porch_rules *rules = load(PROTOS, &imported);
	struct receiver found;
	struct addr addr;

	(void)state;
	assert_string_equal(imported.folder, "organisations");
	assert_int_equal(imported.facts, 4);
	assert_int_equal(imported.passed, 4);
	assert_true(rules_host(rules, "a.cam.example", &found));
	assert_string_equal(found.organisation, "ExampleCam");
	assert_string_equal(found.rule.id, "organisations/mine.json#host-line-3");
	assert_true(addr_parse("192.0.2.200", &addr));
	assert_true(rules_address(rules, &addr, &found));
	assert_string_equal(found.organisation, "ExampleCam");
	assert_true(addr_parse("198.51.100.9", &addr));
	assert_true(rules_address(rules, &addr, &found));
	assert_string_equal(found.organisation, "Other");
	porch_rules_free(rules);
	free(imported.text);
}

#define ACE(version, end, name, port)                                                              \
	"{\"name\":\"e\",\"matches\":{\"" version "\":{\"ietf-acldns:" end "\":\"" name            \
	"\",\"protocol\":6},\"tcp\":{" port "}},\"actions\":{\"forwarding\":\"accept\"}}"
#define MUD(aces)                                                                                  \
	"{\"ietf-mud:mud\":{\"mud-version\":1,\"mud-url\":\"https://mud.cam.example/x.json\","     \
	"\"mfg-name\":\"ExampleCam\"},\"ietf-access-control-list:acls\":{\"acl\":[{\"name\":"      \
	"\"f\","                                                                                   \
	"\"aces\":{\"ace\":[" aces "]}}]}}"

static void
names_of_a_mud_file_are_the_makers_below_its_own_domain_only(void **state)
{
	struct imported imported;
	struct porch_rules *rules =
	    load(MUD(ACE("ipv4", "dst-dnsname", "media.cam.example",
	             "\"destination-port\":{\"operator\":\"eq\",\"port\":443}") "," ACE("ipv6",
	             "src-dnsname", "time.example", "") "," ACE("ipv6", "dst-dnsname",
	             "media.cam.example", "") ","
	                                      "{\"name\":\"l\",\"matches\":{\"ietf-mud:mud\":{"
	                                      "\"local-networks\":[null]}}}"),
	        &imported);
	struct receiver found;

	(void)state;
	assert_string_equal(imported.folder, "vendors");
	assert_int_equal(imported.facts, 2);
	assert_int_equal(imported.passed, 2);
	assert_non_null(strstr(imported.text, "tcp 443"));
	assert_true(rules_host(rules, "media.cam.example", &found));
	assert_int_equal(found.role, PORCH_PARTY_MAKER);
	assert_string_equal(found.vendor->name, "ExampleCam");
	assert_true(rules_host(rules, "time.example", &found));
	assert_int_equal(found.role, PORCH_PARTY_UNKNOWN);
	assert_null(found.vendor);
	porch_rules_free(rules);
	free(imported.text);
}

static void
what_cannot_be_taken_is_refused_with_file_and_place(void **state)
{
	static const struct {
		const char *text, *where, *reason;
	} broken[] = {
	    {"", "", "says nothing"},
	    {"# nothing\n", "", "says nothing"},
	    {"ads.example\nads..example\n", "line 2", "no host name"},
	    {"tcp:80@HTTP\n", "", "nothing that can be taken"},
	    {"host:\"x\"@Name\n", "line 1", "no domain"},
	    {"ip:300.1.1.1@Name\n", "line 1", "no address"},
	    {"host:\"a.example\"@\n", "line 1", "no name behind"},
	    {"{\"a\":1}", "", "no MUD file"},
	    {"{\"a\":", "", "line 1"},
	    {MUD(ACE("ipv4", "dst-dnsname", "a..example", "")), "acl[0].ace[0]", "no host name"},
	    {MUD(""), "", "nothing that can be taken"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(broken) / sizeof(*broken); i++) {
		struct porch_error error;
		struct imported imported;

		if (import(broken[i].text, &imported, &error) ||
		    !strstr(error.text, broken[i].reason))
			fail_msg("%zu: expected \"%s\", got \"%s\"", i, broken[i].reason,
			    imported.text ? "no error" : error.text);
		assert_string_equal(error.where, broken[i].where);
		assert_string_equal(error.file, "in/x.txt");
		assert_null(imported.text);
	}
}

static void
a_long_list_is_split_into_facts_that_load(void **state)
{
	char *text = malloc(25000 * 20 + 1), *at = text;
	struct imported imported;
	struct porch_rules *rules;
	struct receiver found;

	(void)state;
	assert_non_null(text);
	for (unsigned i = 0; i < 25000; i++)
		at += sprintf(at, "d%u.example\n", i);
	rules = load(text, &imported);
	assert_int_equal(imported.facts, 25000);
	assert_true(rules_host(rules, "d24999.example", &found));
	assert_string_equal(found.rule.id, "trackers/mine.json#list-3");
	porch_rules_free(rules);
	free(imported.text);
	free(text);
}

/* Cut anywhere, it is refused or read, and never read past its end. */
static void
every_beginning_of_a_file_is_taken_or_refused(void **state)
{
	static const char *const texts[] = {PROTOS,
	    MUD(ACE("ipv4", "dst-dnsname", "media.cam.example", "")), "0.0.0.0 ads.example\n"};

	(void)state;
	for (size_t t = 0; t < 3; t++)
		for (size_t len = 0; len <= strlen(texts[t]); len++) {
			char *copy = malloc(len ? len : 1);
			struct import from = {.path = "x",
			    .leaf = "x",
			    .bytes = copy,
			    .len = len,
			    .name = "mine",
			    .seen = "2026-11-19"};
			struct porch_error error;
			struct imported imported;
			bool taken;

			assert_non_null(copy);
			memcpy(copy, texts[t], len);
			taken = rules_import(&from, &imported, &error);
			assert_int_equal(taken, imported.text != NULL);
			free(imported.text);
			free(copy);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_list_becomes_a_file_of_trackers),
	    cmocka_unit_test(hosts_and_addresses_of_a_protos_file_name_an_organisation),
	    cmocka_unit_test(names_of_a_mud_file_are_the_makers_below_its_own_domain_only),
	    cmocka_unit_test(what_cannot_be_taken_is_refused_with_file_and_place),
	    cmocka_unit_test(a_long_list_is_split_into_facts_that_load),
	    cmocka_unit_test(every_beginning_of_a_file_is_taken_or_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
