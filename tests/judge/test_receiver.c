/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/receiver.h"

#include "tests/judge/rules.h"

#define DOORVUE_NET "203.0.113.5"
#define CLOUD_NET   "203.0.113.40"
#define PRESSLY_NET "203.0.113.70"
#define ACCESS_NET  "203.0.113.100"
#define NOBODYS_NET "198.51.100.7"

static struct destination
bare(const char *addr, uint16_t port)
{
	struct destination row = {.addresses = 1, .ports = 1, .port = {port}, .transports = 2};

	assert_true(addr_parse(addr, &row.address[0]));
	row.stun_or_vpn_port = port == 443 || port == 3478 || port == 4500;
	return row;
}

static struct destination
named(const char *name, enum porch_name_source source, const char *addr)
{
	struct destination row = bare(addr, 443);

	row.name = name;
	row.name_source = (uint8_t)source;
	row.transports = 1;
	return row;
}

/* As seen from a Doorvue doorbell. */
static struct porch_destination
judge(const struct destination *row)
{
	struct porch_destination d = {.name = row->name};

	receiver_judge(known.rules, row, rules_vendor(known.rules, "doorvue"), known.arena, &d);
	return d;
}

static void
a_name_alone_is_trusted_by_0_6_at_most(void **state)
{
	static const enum porch_name_source claims[] = {
	    PORCH_NAME_SNI, PORCH_NAME_QUIC_SNI, PORCH_NAME_HTTP_HOST};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct destination row = named("media.doorvue.example", claims[i], NOBODYS_NET);
		struct porch_destination d = judge(&row);

		assert_int_equal(d.party, PORCH_PARTY_MAKER);
		assert_string_equal(d.organisation, "Doorvue Inc.");
		assert_int_equal(d.confidence, 600);
		assert_string_equal(d.rule.id, "vendors/doorvue.json#media");
	}
}

static void
a_name_that_a_look_up_agrees_with_is_trusted_fully(void **state)
{
	struct destination row = named("media.doorvue.example", PORCH_NAME_SNI, NOBODYS_NET);

	(void)state;
	row.dns_agrees = true;
	assert_int_equal(judge(&row).confidence, 900);
}

static void
a_name_that_the_owner_agrees_with_is_trusted_fully(void **state)
{
	struct destination row = named("media.doorvue.example", PORCH_NAME_SNI, DOORVUE_NET);

	(void)state;
	assert_int_equal(judge(&row).confidence, 900);
}

static void
a_cloud_neither_agrees_nor_contradicts(void **state)
{
	struct destination row = named("media.doorvue.example", PORCH_NAME_SNI, CLOUD_NET);
	struct porch_destination d = judge(&row);

	(void)state;
	assert_int_equal(d.party, PORCH_PARTY_MAKER);
	assert_int_equal(d.confidence, 600);
	assert_int_equal(d.asn, 64496);
	assert_string_equal(d.country, "US");
}

static void
the_owner_of_a_contradicted_name_is_the_organisation(void **state)
{
	struct destination row = named("media.doorvue.example", PORCH_NAME_SNI, PRESSLY_NET);
	struct porch_destination d;

	(void)state;
	row.contradicted = true;
	d = judge(&row);
	assert_string_equal(d.organisation, "Pressly");
	assert_int_equal(d.party, PORCH_PARTY_OTHER);
	assert_int_equal(d.purposes.count, 0);
	assert_int_equal(d.confidence, 700);
}

static void
an_expired_look_up_is_trusted_less_than_a_live_one(void **state)
{
	struct destination live = named("media.doorvue.example", PORCH_NAME_DNS, NOBODYS_NET);
	struct destination old =
	    named("media.doorvue.example", PORCH_NAME_DNS_EXPIRED, NOBODYS_NET);

	(void)state;
	assert_int_equal(judge(&live).confidence, 800);
	assert_int_equal(judge(&old).confidence, 600);
	assert_string_equal(judge(&old).organisation, "Doorvue Inc.");
}

static void
candidates_that_agree_name_an_organisation(void **state)
{
	struct destination row = bare(NOBODYS_NET, 443);
	struct porch_destination d;

	(void)state;
	row.candidates = "media.doorvue.example events.doorvue.example";
	d = judge(&row);
	assert_string_equal(d.organisation, "Doorvue Inc.");
	assert_int_equal(d.party, PORCH_PARTY_MAKER);
	assert_int_equal(d.confidence, 700);
}

static void
candidates_that_disagree_name_nobody(void **state)
{
	static const char *const candidates[] = {
	    "media.doorvue.example www.pressly.example",
	    "media.doorvue.example unheard-of.example",
	    "unheard-of.example media.doorvue.example",
	};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct destination row = bare(NOBODYS_NET, 443);
		struct porch_destination d;

		row.candidates = candidates[i];
		d = judge(&row);
		assert_null(d.organisation);
		assert_int_equal(d.party, PORCH_PARTY_UNKNOWN);
		assert_int_equal(d.confidence, PORCH_NO_CHANCE);
	}
}

static void
an_outer_name_labels_no_maker(void **state)
{
	struct destination row = named("media.doorvue.example", PORCH_NAME_ECH_OUTER, NOBODYS_NET);
	struct porch_destination d = judge(&row);

	(void)state;
	assert_null(d.organisation);
	assert_int_equal(d.party, PORCH_PARTY_UNKNOWN);
	row = named("media.doorvue.example", PORCH_NAME_ECH_OUTER, CLOUD_NET);
	d = judge(&row);
	assert_string_equal(d.organisation, "Skyfold");
	assert_int_equal(d.party, PORCH_PARTY_CLOUD);
}

static void
parties_are_relative_to_the_devices_maker(void **state)
{
	static const struct {
		const char *name;
		enum porch_party party;
	} expected[] = {
	    {"www.doorvue.example", PORCH_PARTY_MAKER},
	    {"media.gatecam.example", PORCH_PARTY_OTHER},
	    {"x.skyfold.example", PORCH_PARTY_CLOUD},
	    {"t.metricly.example", PORCH_PARTY_TRACKER},
	    {"up.casefile.example", PORCH_PARTY_EVIDENCE},
	    {"www.pressly.example", PORCH_PARTY_OTHER},
	    {"unheard-of.example", PORCH_PARTY_UNKNOWN},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(expected) / sizeof(*expected); i++) {
		struct destination row = named(expected[i].name, PORCH_NAME_SNI, NOBODYS_NET);

		assert_int_equal(judge(&row).party, expected[i].party);
	}
}

static void
a_makers_bucket_is_cloud_on_its_behalf(void **state)
{
	struct destination row = named("doorvue-clips.skyfold.example", PORCH_NAME_SNI, CLOUD_NET);
	struct porch_destination d = judge(&row);

	(void)state;
	assert_int_equal(d.party, PORCH_PARTY_CLOUD);
	assert_string_equal(d.on_behalf_of, "doorvue");
}

static void
an_address_at_home_is_local(void **state)
{
	struct destination row = bare("192.168.1.30", 9000);

	(void)state;
	row.local = row.after_rendezvous = true;
	assert_int_equal(judge(&row).party, PORCH_PARTY_LOCAL);
}

static void
expect_could_be_peer_or_relay(const struct porch_destination *d)
{
	assert_int_equal(d->could_be_count, 2);
	assert_int_equal(d->could_be[0], PORCH_PARTY_PEER);
	assert_int_equal(d->could_be[1], PORCH_PARTY_RELAY);
}

static void
a_peer_by_rendezvous_alone_is_limited_and_could_be_a_relay(void **state)
{
	struct destination row = bare(NOBODYS_NET, 9000);
	struct porch_destination d;

	(void)state;
	row.after_rendezvous = true;
	d = judge(&row);
	assert_int_equal(d.party, PORCH_PARTY_PEER);
	assert_int_equal(d.role, PORCH_PARTY_PEER);
	assert_int_equal(d.confidence, 600);
	expect_could_be_peer_or_relay(&d);
}

static void
an_address_that_stun_named_is_a_peer(void **state)
{
	struct destination row = bare(NOBODYS_NET, 9000);
	struct porch_destination d;

	(void)state;
	row.introduced = true;
	d = judge(&row);
	assert_int_equal(d.party, PORCH_PARTY_PEER);
	assert_int_equal(d.confidence, 750);
	assert_int_equal(d.could_be_count, 0);
}

static void
an_address_of_an_access_network_is_a_peer(void **state)
{
	struct destination row = bare(ACCESS_NET, 9000);
	struct porch_destination d = judge(&row);

	(void)state;
	assert_int_equal(d.party, PORCH_PARTY_PEER);
	assert_int_equal(d.confidence, 750);
}

static void
nothing_known_is_never_a_peer(void **state)
{
	struct destination row = bare(NOBODYS_NET, 9000);
	struct porch_destination d = judge(&row);

	(void)state;
	assert_int_equal(d.party, PORCH_PARTY_UNKNOWN);
	expect_could_be_peer_or_relay(&d);
}

static void
addresses_of_clouds_and_makers_are_no_peers(void **state)
{
	static const char *const addr[] = {CLOUD_NET, DOORVUE_NET};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct destination row = bare(addr[i], 9000);
		struct porch_destination d;

		row.after_rendezvous = row.introduced = true;
		d = judge(&row);
		assert_int_equal(d.party, i == 0 ? PORCH_PARTY_CLOUD : PORCH_PARTY_MAKER);
		assert_int_equal(d.could_be_count, 0);
		assert_int_equal(d.confidence, 700);
	}
}

static void
ports_of_servers_are_no_peers(void **state)
{
	static const uint16_t ports[] = {443, 3478, 4500, 32100};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct destination row = bare(NOBODYS_NET, ports[i]);

		row.after_rendezvous = row.introduced = true;
		assert_int_equal(judge(&row).party, PORCH_PARTY_UNKNOWN);
	}
}

static void
a_name_that_nobody_knows_is_no_peer(void **state)
{
	struct destination row = named("unheard-of.example", PORCH_NAME_DNS, NOBODYS_NET);

	(void)state;
	row.after_rendezvous = row.introduced = true;
	row.stun_or_vpn_port = false;
	row.port[0] = 9000;
	assert_int_equal(judge(&row).party, PORCH_PARTY_UNKNOWN);
}

static void
an_organisation_is_known_by_name(void **state)
{
	struct destination row = named("", PORCH_NAME_NONE, NOBODYS_NET);

	(void)state;
	assert_string_equal(receiver_organisation(known.rules, "www.pressly.example",
	                        &row.address[0]),
	    "Pressly");
	assert_null(receiver_organisation(known.rules, "", &row.address[0]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_name_alone_is_trusted_by_0_6_at_most),
	    cmocka_unit_test(a_name_that_a_look_up_agrees_with_is_trusted_fully),
	    cmocka_unit_test(a_name_that_the_owner_agrees_with_is_trusted_fully),
	    cmocka_unit_test(a_cloud_neither_agrees_nor_contradicts),
	    cmocka_unit_test(the_owner_of_a_contradicted_name_is_the_organisation),
	    cmocka_unit_test(an_expired_look_up_is_trusted_less_than_a_live_one),
	    cmocka_unit_test(candidates_that_agree_name_an_organisation),
	    cmocka_unit_test(candidates_that_disagree_name_nobody),
	    cmocka_unit_test(an_outer_name_labels_no_maker),
	    cmocka_unit_test(parties_are_relative_to_the_devices_maker),
	    cmocka_unit_test(a_makers_bucket_is_cloud_on_its_behalf),
	    cmocka_unit_test(an_address_at_home_is_local),
	    cmocka_unit_test(a_peer_by_rendezvous_alone_is_limited_and_could_be_a_relay),
	    cmocka_unit_test(an_address_that_stun_named_is_a_peer),
	    cmocka_unit_test(an_address_of_an_access_network_is_a_peer),
	    cmocka_unit_test(nothing_known_is_never_a_peer),
	    cmocka_unit_test(addresses_of_clouds_and_makers_are_no_peers),
	    cmocka_unit_test(ports_of_servers_are_no_peers),
	    cmocka_unit_test(a_name_that_nobody_knows_is_no_peer),
	    cmocka_unit_test(an_organisation_is_known_by_name),
	};

	return cmocka_run_group_tests(tests, learn, forget);
}
