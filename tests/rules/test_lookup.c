/* SPDX-License-Identifier: Apache-2.0 */
#include "rules/explain.h"
#include "rules/model.h"
#include "tests/rules/folder.h"

#define MAKER                                                                                      \
	HEAD                                                                                       \
	    "\"vendor\":\"examplecam\",\"name\":\"ExampleCam\",\"organisation\":\"Example Inc.\"," \
	    "\"owners\":[\"Big Cloud\",\"sistercam\"],"
#define SISTER                                                                                     \
	{                                                                                          \
		.name = "vendors/sister.json",                                                     \
		.text = HEAD "\"vendor\":\"sistercam\",\"name\":\"SisterCam\",\"destination\":["   \
		             "{\"id\":\"all\",\"host\":[\".sister.example\"]}]}"                   \
	}
#define CLOUD                                                                                      \
	{                                                                                          \
		.name = "clouds/big.json",                                                         \
		.text =                                                                            \
		    HEAD "\"organisation\":\"Big Cloud\",\"destination\":["                        \
		         "{\"id\":\"store\",\"host\":[\".store.{big}.cloud.example\"]},"           \
		         "{\"id\":\"cams\",\"host\":[\"rms-{big}-*.rapi.*.example\"]}],"           \
		         "\"network\":[{\"id\":\"net\",\"asn\":[64496]},"                          \
		         "{\"id\":\"cdn\",\"asn\":[64497],\"anycast\":true}],"                     \
		         "\"region\":[{\"id\":\"big\",\"places\":{\"eu-west-1\":\"IE\","           \
		         "\"eu-west-10\":\"SE\",\"u0??\":{\"region\":\"US\",\"country\":\"US\"},"  \
		         "\"e0??\":{\"region\":\"Europe\"}}}]}"                                    \
	}
#define ROWS                                                                                       \
	{.name = "addresses/asn.json",                                                             \
	    .text = HEAD "\"rows\":[{\"id\":\"rows\",\"files\":[\"asn.txt\"]}]}"},                 \
	{                                                                                          \
		.name = "addresses/asn.txt",                                                       \
		.text = "# a comment\n192.0.2.0/24 64496 DE\n198.51.100.0/24 64497 US\n"           \
		        "2001:db8::/32 64511\n"                                                    \
	}

static struct porch_rules *
load(const struct text_file *files, size_t count)
{
	struct porch_error error;
	struct porch_rules *rules = rules_of(files, count, &error);

	if (!rules)
		fail_msg("%s: %s: %s", error.file, error.where, error.text);
	return rules;
}

static void
party_is_relative_to_the_maker(void **state)
{
	const struct text_file files[] = {CLOUD,
	    {.name = "vendors/a.json",
	        .text = MAKER "\"destination\":[{\"id\":\"all\",\"host\":[\".cam.example\"]},"
	                      "{\"id\":\"bucket\",\"host\":[\"clips.store.{big}.cloud.example\"],"
	                      "\"party\":\"cloud\",\"organisation\":\"Rented\"}]}"},
	    SISTER};
	struct porch_rules *rules = load(files, 3);
	const struct vendor *cam = rules_vendor(rules, "examplecam");
	const struct vendor *sister = rules_vendor(rules, "sistercam");
	struct receiver found;

	(void)state;
	assert_true(rules_host(rules, "up.cam.example", &found));
	assert_int_equal(rules_party(&found, cam), PORCH_PARTY_MAKER);
	assert_int_equal(rules_party(&found, sister), PORCH_PARTY_OTHER);
	assert_int_equal(rules_party(&found, NULL), PORCH_PARTY_OTHER);
	assert_true(rules_host(rules, "x.store.eu-west-1.cloud.example", &found));
	assert_int_equal(rules_party(&found, cam), PORCH_PARTY_MAKER);
	assert_int_equal(rules_party(&found, sister), PORCH_PARTY_CLOUD);
	assert_int_equal(rules_party(&found, NULL), PORCH_PARTY_CLOUD);
	assert_true(rules_host(rules, "sister.example", &found));
	assert_int_equal(rules_party(&found, cam), PORCH_PARTY_MAKER);
	assert_true(rules_host(rules, "clips.store.eu-west-1.cloud.example", &found));
	assert_int_equal(rules_party(&found, cam), PORCH_PARTY_CLOUD);
	assert_string_equal(found.on_behalf_of, "examplecam");
	assert_string_equal(found.country, "IE");
	porch_rules_free(rules);
}

static void
a_region_is_read_from_its_place_in_the_name(void **state)
{
	const struct text_file files[] = {CLOUD};
	struct porch_rules *rules = load(files, 1);
	struct receiver found;

	(void)state;
	assert_true(rules_host(rules, "eu-west-1.store.eu-west-10.cloud.example", &found));
	assert_string_equal(found.region, "eu-west-10");
	assert_string_equal(found.country, "SE");
	assert_string_equal(found.country_source, "region-in-name");
	assert_true(rules_host(rules, "RMS-eu-west-1-7.rapi.eu-west-10.example.", &found));
	assert_string_equal(found.country, "IE");
	assert_true(rules_host(rules, "store.u015.cloud.example", &found));
	assert_string_equal(found.region, "US");
	assert_true(rules_host(rules, "store.e001.cloud.example", &found));
	assert_string_equal(found.region, "Europe");
	assert_null(found.country);
	assert_true(rules_host(rules, "store.mars-1.cloud.example", &found));
	assert_null(found.region);
	porch_rules_free(rules);
}

static void
an_address_belongs_to_its_network(void **state)
{
	const struct text_file files[] = {CLOUD, ROWS};
	struct porch_rules *rules = load(files, 3);
	struct receiver found;
	struct addr addr;

	(void)state;
	addr = addr_from_ipv4(192, 0, 2, 9);
	assert_true(rules_address(rules, &addr, &found));
	assert_string_equal(found.organisation, "Big Cloud");
	assert_int_equal(found.asn, 64496);
	assert_true(found.shared_network);
	assert_string_equal(found.country, "DE");
	assert_string_equal(found.country_source, "registration");
	addr = addr_from_ipv4(198, 51, 100, 9);
	assert_true(rules_address(rules, &addr, &found));
	assert_null(found.country); /* anycast has no place */
	assert_true(addr_parse("2001:db8::1", &addr));
	assert_true(rules_address(rules, &addr, &found));
	assert_int_equal(found.asn, 64511);
	assert_null(found.organisation);
	addr = addr_from_ipv4(203, 0, 113, 1);
	assert_false(rules_address(rules, &addr, &found));
	porch_rules_free(rules);
}

static void
the_longest_mac_prefix_wins_and_a_random_one_tells_nothing(void **state)
{
	const struct text_file files[] = {{.name = "vendors/a.json",
	    .text = MAKER "\"device\":[{\"id\":\"l\",\"mac\":[\"00:00:5e\"],\"scope\":"
	                  "\"vendor-wide\"},{\"id\":\"m\",\"mac\":[\"00:00:5e:1\"],\"scope\":"
	                  "\"cameras\",\"kind\":\"doorbell\"},{\"id\":\"s\",\"mac\":"
	                  "[\"00:00:5e:10:0\"],\"scope\":\"shared-module\"}]}"}};
	struct porch_rules *rules = load(files, 1);
	struct mac_match found;

	(void)state;
	assert_true(rules_mac(rules, &(struct mac){{0x00, 0x00, 0x5e, 0x20, 0, 1}}, &found));
	assert_int_equal(found.scope, MAC_VENDOR_WIDE);
	assert_true(rules_mac(rules, &(struct mac){{0x00, 0x00, 0x5e, 0x1f, 0, 1}}, &found));
	assert_int_equal(found.scope, MAC_CAMERAS_ONLY);
	assert_int_equal(found.kind, PORCH_KIND_DOORBELL);
	assert_true(rules_mac(rules, &(struct mac){{0x00, 0x00, 0x5e, 0x10, 0x0f, 1}}, &found));
	assert_int_equal(found.scope, MAC_SHARED_MODULE);
	assert_false(rules_mac(rules, &(struct mac){{0x02, 0x00, 0x5e, 0x10, 0x0f, 1}}, &found));
	assert_false(rules_mac(rules, &(struct mac){{0x00, 0x00, 0x5f, 0x10, 0x0f, 1}}, &found));
	porch_rules_free(rules);
}

static void
a_later_folder_overrides_by_id(void **state)
{
	const struct text_file files[] = {
	    {.name = "vendors/a.json",
	        .text = MAKER "\"destination\":[{\"id\":\"a\",\"host\":[\"a.example\"]},"
	                      "{\"id\":\"b\",\"host\":[\"b.example\"]}]}"},
	    {.folder = 1,
	        .name = "vendors/a.json",
	        .text = HEAD "\"rev\":7,\"vendor\":\"examplecam\",\"destination\":"
	                     "[{\"id\":\"a\",\"host\":[\"c.example\"]}]}"}};
	struct porch_rules *rules = load(files, 2);
	struct receiver found;

	(void)state;
	assert_false(rules_host(rules, "a.example", &found));
	assert_true(rules_host(rules, "b.example", &found));
	assert_true(rules_host(rules, "c.example", &found));
	assert_string_equal(found.rule.id, "vendors/a.json#a");
	assert_int_equal(found.rule.rev, 7);
	assert_string_equal(found.organisation, "Example Inc.");
	assert_int_equal(rules_rev(rules), 7);
	porch_rules_free(rules);
}

static void
a_model_keeps_its_terms_in_order(void **state)
{
	const struct text_file files[] = {{.name = "models/content.json",
	    .text = HEAD "\"model\":\"content\",\"class\":[\"video\",\"files\"],\"bias\":"
	                 "{\"files\":-50},\"term\":[{\"id\":\"t1\",\"feature\":\"bytes_up\","
	                 "\"at_least\":5,\"weight\":{\"video\":100,\"files\":-3},\"reason\":\"r\","
	                 "\"kind\":\"volume\"},{\"id\":\"t2\",\"feature\":\"x\",\"at_most\":0,"
	                 "\"weight\":{},\"reason\":\"s\",\"kind\":\"timing\"}]}"}};
	struct porch_rules *rules = load(files, 1);
	const struct model *model = rules_model(rules, "content");

	(void)state;
	assert_non_null(model);
	assert_int_equal(model->classes, 2);
	assert_int_equal(model->bias[0], 0);
	assert_int_equal(model->bias[1], -50);
	assert_int_equal(model->terms, 2);
	assert_string_equal(model->term[0].feature, "bytes_up");
	assert_true(model->term[0].has_at_least);
	assert_false(model->term[0].has_at_most);
	assert_int_equal(model->term[0].weight[1].milli_logits, -3);
	assert_true(model->term[1].has_at_most);
	assert_null(rules_model(rules, "other"));
	porch_rules_free(rules);
}

static void
the_hash_follows_names_and_contents(void **state)
{
	const struct text_file one[] = {CLOUD}, two[] = {CLOUD, SISTER};
	struct porch_rules *a = load(one, 1), *b = load(one, 1), *c = load(two, 2);

	(void)state;
	assert_string_equal(porch_rules_sha256(a), porch_rules_sha256(b));
	assert_string_not_equal(porch_rules_sha256(a), porch_rules_sha256(c));
	assert_int_equal(porch_rules_files(c), 2);
	porch_rules_free(a);
	porch_rules_free(b);
	porch_rules_free(c);
}

static void
count_match(const struct explain_match *match, void *user)
{
	unsigned *seen = user;

	assert_int_equal(match->won, *seen == 0); /* the winner comes first */
	(*seen)++;
}

static void
a_query_tells_every_match_the_winner_first(void **state)
{
	const struct text_file files[] = {CLOUD,
	    {.name = "vendors/a.json",
	        .text = MAKER "\"destination\":[{\"id\":\"all\",\"host\":[\".example\"]},"
	                      "{\"id\":\"up\",\"host\":[\"up.cam.example\"]}]}"},
	    ROWS};
	struct porch_rules *rules = load(files, 4);
	struct explanation e;
	unsigned seen = 0;

	(void)state;
	assert_true(rules_query(rules, "up.cam.example", rules_vendor(rules, "examplecam"), &e,
	    count_match, &seen));
	assert_int_equal(seen, 2);
	assert_int_equal(e.kind, QUERY_HOST);
	assert_int_equal(e.party, PORCH_PARTY_MAKER);
	assert_string_equal(e.vendor->id, "examplecam");
	seen = 0;
	assert_true(rules_query(rules, "192.0.2.1", NULL, &e, count_match, &seen));
	assert_int_equal(seen, 1);
	assert_int_equal(e.kind, QUERY_ADDRESS);
	assert_true(rules_query(rules, "00:00:5e:00:53:01", NULL, &e, NULL, NULL));
	assert_false(e.found);
	assert_false(rules_query(rules, "not a host", NULL, &e, NULL, NULL));
	porch_rules_free(rules);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(party_is_relative_to_the_maker),
	    cmocka_unit_test(a_region_is_read_from_its_place_in_the_name),
	    cmocka_unit_test(an_address_belongs_to_its_network),
	    cmocka_unit_test(the_longest_mac_prefix_wins_and_a_random_one_tells_nothing),
	    cmocka_unit_test(a_later_folder_overrides_by_id),
	    cmocka_unit_test(a_model_keeps_its_terms_in_order),
	    cmocka_unit_test(the_hash_follows_names_and_contents),
	    cmocka_unit_test(a_query_tells_every_match_the_winner_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
