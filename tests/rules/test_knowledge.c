/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "rules/context.h"
#include "rules/rules.h"
#include "tests/test.h"

/*
 * What is known of hosts, addresses and MACs, drawn from what was gathered about makers
 * and from public captures, not from the rules' own text.
 */

#define MAKER   PORCH_PARTY_MAKER
#define CLOUD   PORCH_PARTY_CLOUD
#define TRACKER PORCH_PARTY_TRACKER
#define OTHER   PORCH_PARTY_OTHER
#define UTILITY PORCH_PARTY_UTILITY

static const struct {
	const char *host;
	const char *vendor; /* whose service, or on whose behalf; NULL: nobody's */
	enum porch_party role;
	const char *organisation; /* NULL: not looked at */
	const char *purpose;      /* one of them, or NULL */
	const char *country;      /* NULL: none */
} hosts[] = {
    {"fw.ring.com", "ring", MAKER, "Ring LLC", "control", NULL},
    {"FW.Ring.COM.", "ring", MAKER, "Ring LLC", "control", NULL},
    {"firmwares.ring.com", "ring", MAKER, NULL, "firmware", NULL},
    {"wu.ring.com", "ring", MAKER, NULL, "control", NULL},
    {"es.ring.com", "ring", MAKER, NULL, NULL, NULL},
    {"rss-dpd-service.ring.com", "ring", MAKER, NULL, "control", NULL},
    {"prod-snips.ring.com", "ring", MAKER, NULL, "picture", NULL},
    {"app-snaps.ring.com", "ring", MAKER, NULL, "picture", NULL},
    {"oauth.ring.com", "ring", MAKER, NULL, "api", NULL},
    {"never-seen-before.ring.com", "ring", MAKER, NULL, NULL, NULL},
    {"ring.com", "ring", MAKER, NULL, NULL, NULL},
    {"prd-api-us.prd.rings.solutions", "ring", MAKER, NULL, "api", NULL},
    {"ec2-52-1-2-3.prd.rings.solutions", "ring", MAKER, NULL, "footage", NULL},
    {"api.prod.signalling.ring.devices.a2z.com", "ring", MAKER, NULL, "signalling", NULL},
    {"rms-eu-west-1.rapi.us-east-1.prod.client.cap.ring.devices.a2z.com", "ring", MAKER, NULL,
        "footage", "IE"},
    {"100-25-116-4.659473129006.us-east-1.prod.rms.ring.devices.a2z.com", "ring", MAKER, NULL,
        "footage", "US"},
    {"ring-transcoded-videos.s3.amazonaws.com", "ring", CLOUD, "Amazon Web Services", "footage",
        NULL},
    {"ring-community-share-7.us-east-1.elb.amazonaws.com", "ring", MAKER, NULL, NULL, "US"},
    {"rest-u015.immedia-semi.com", "blink", MAKER, NULL, "api", "US"},
    {"rest-hw-e001.immedia-semi.com", "blink", MAKER, NULL, "control", NULL},
    {"vs-cam.u023.immedia-semi.com", "blink", MAKER, NULL, "footage", "US"},
    {"is-cam.prsg.immedia-semi.com", "blink", MAKER, NULL, "picture", NULL},
    {"cs-u019.immedia-semi.com", "blink", MAKER, NULL, "control", "US"},
    {"lv1-app-prde.immedia-semi.com", "blink", MAKER, NULL, "footage", NULL},
    {"frontdoor.nest.com", "nest", MAKER, "Google LLC", "control", NULL},
    {"time.nest.com", "nest", MAKER, NULL, "time", NULL},
    {"logsink.devices.nest.com", "nest", MAKER, NULL, "telemetry", NULL},
    {"weave-logsink.nest.com", "nest", MAKER, NULL, "telemetry", NULL},
    {"updates.nest.com", "nest", MAKER, NULL, "firmware", NULL},
    {"nexusapi-us1.dropcam.com", "nest", MAKER, NULL, "footage", NULL},
    {"updates.arlo.com", "arlo", MAKER, NULL, "firmware", NULL},
    {"arlostreaming12-z1.wowza.arlo.com", "arlo", MAKER, NULL, "footage", NULL},
    {"arlolastimage-z2.arlo.com", "arlo", MAKER, NULL, "picture", NULL},
    {"mqtt-cluster-z1.arloxcld.com", "arlo", MAKER, NULL, "control", NULL},
    {"security-app-eu.eufylife.com", "eufy", MAKER, NULL, "api", NULL},
    {"security-mqtt-eu.eufylife.com", "eufy", MAKER, NULL, "control", NULL},
    {"zhixin-security-eu.s3.eu-central-1.amazonaws.com", "eufy", CLOUD, "Amazon Web Services",
        "picture", "DE"},
    {"api.wyzecam.com", "wyze", MAKER, NULL, "api", NULL},
    {"aws-iot.wyzecam.com", "wyze", MAKER, NULL, "control", NULL},
    {"wyze-upgrade-service.wyzecam.com", "wyze", MAKER, NULL, "firmware", NULL},
    {"wyze-device-alarm-file.s3.us-west-2.amazonaws.com", "wyze", CLOUD, NULL, "picture", "US"},
    {"p2p.reolink.com", "reolink", MAKER, NULL, "rendezvous", NULL},
    {"p2p16.reolink.com", "reolink", MAKER, NULL, "rendezvous", NULL},
    {"pushx.reolink.com", "reolink", MAKER, NULL, "push", NULL},
    {"fw-update.ubnt.com", "unifi", MAKER, NULL, "firmware", NULL},
    {"n-device-api.tplinkcloud.com", "tapo", MAKER, NULL, "control", NULL},
    {"use1-device-tapo-care.i.tplinknbu.com", "tapo", MAKER, NULL, "footage", "US"},
    {"euw1-relay-dcipc-z2.i.tplinknbu.com", "tapo", MAKER, NULL, "relay", NULL},
    {"stun.tplinkcloud.com", "tapo", MAKER, NULL, "rendezvous", NULL},
    {"netatmocameraimage.blob.core.windows.net", "netatmo", CLOUD, "Microsoft Azure", "picture",
        NULL},
    {"prodvpn-eu-10.netatmo.net", "netatmo", MAKER, NULL, "relay", NULL},
    {"netcom.netatmo.net", "netatmo", MAKER, NULL, "control", NULL},
    {"mediator.prd.cam.simplisafe.com", "simplisafe", MAKER, NULL, "footage", NULL},
    {"remix.us-east-1.prd.cam.simplisafe.com", "simplisafe", MAKER, NULL, "picture", "US"},
    {"sip.vivintsky.com", "vivint", MAKER, NULL, "signalling", NULL},
    {"production-video-download.s3.us-west-2.amazonaws.com", "skybell", CLOUD, NULL, "footage",
        "US"},
    {"dev.ezvizlife.com", "ezviz", MAKER, NULL, "control", NULL},
    {"vtmvirginia.ezvizlife.com", "ezviz", MAKER, NULL, "relay", NULL},
    {"eucas.ezvizlife.com", "ezviz", MAKER, NULL, "control", NULL},
    {"hweustreamer.ezvizlife.com", "ezviz", MAKER, NULL, "footage", NULL},
    {"dev.hik-connect.com", "ezviz", MAKER, NULL, "control", NULL},
    {"www.easy4ipcloud.com", "dahua", MAKER, NULL, "rendezvous", NULL},
    {"iotaccess.easy4ipcloud.com", "dahua", MAKER, NULL, "control", NULL},
    {"lechangecloud.oss-cn-hangzhou.aliyuncs.com", "dahua", CLOUD, "Alibaba Cloud", "picture",
        "CN"},
    {"p2p.amcrestview.com", "dahua", MAKER, NULL, "rendezvous", NULL},
    {"a2.tuyaus.com", "tuya", MAKER, NULL, "control", NULL},
    {"m1.tuyaeu.com", "tuya", MAKER, NULL, "control", NULL},
    {"m2.tuyacn.com", "tuya", MAKER, NULL, "control", "CN"},
    {"fireware-ttls.tuyain.com", "tuya", MAKER, NULL, "firmware", "IN"},
    {"aws3nat.tuyaus.com", "tuya", MAKER, NULL, "rendezvous", NULL},
    {"xiaomi5.p2psy2.io.mi.com", "xiaomi", MAKER, "Xiaomi", "rendezvous", NULL},
    {"business.smartcamera.api.io.mi.com", "xiaomi", MAKER, NULL, "footage", NULL},
    {"sg.ott.io.mi.com", "xiaomi", MAKER, NULL, "control", "SG"},
    {"data.mistat.intl.xiaomi.com", "xiaomi", MAKER, NULL, "telemetry", NULL},
    {"api.us.xiaoyi.com", "yi", MAKER, NULL, "api", NULL},
    {"mp-eu-dcdda.auto.mydlink.com", "dlink", MAKER, NULL, "control", NULL},
    {"mp-eu-fwd.auto.mydlink.com", "dlink", MAKER, NULL, "relay", NULL},
    {"mp-eu-sas-1.auto.mydlink.com", "dlink", MAKER, NULL, "rendezvous", NULL},
    {"signal.mydlink.com", "dlink", MAKER, NULL, "signalling", NULL},
    {"www.myedimax.com", "edimax", MAKER, NULL, "rendezvous", NULL},
    {"pub-cfg.secu100.net", "icsee", MAKER, NULL, "control", NULL},
    {"m1.ubia.cn", "ubell", MAKER, NULL, "rendezvous", NULL},
    {"sdc-isc.ajcloud.net", "wansview", MAKER, NULL, NULL, NULL},
    {"v-1.kinesisvideo.ap-northeast-1.amazonaws.com", NULL, CLOUD, "Amazon Web Services", "footage",
        "JP"},
    {"stun.kinesisvideo.eu-west-2.amazonaws.com", NULL, CLOUD, NULL, "rendezvous", "GB"},
    {"bucket.s3.sa-east-1.amazonaws.com", NULL, CLOUD, NULL, "storage", "BR"},
    {"bucket.s3-ap-southeast-2.amazonaws.com", NULL, CLOUD, NULL, "storage", "AU"},
    {"bucket.s3.amazonaws.com", NULL, CLOUD, NULL, "storage", NULL},
    {"ec2-3-4-5-6.compute-1.amazonaws.com", NULL, CLOUD, NULL, NULL, "US"},
    {"ec2-3-4-5-6.eu-central-1.compute.amazonaws.com", NULL, CLOUD, NULL, NULL, "DE"},
    {"us-east-1-lookalike.s3.eu-north-1.amazonaws.com", NULL, CLOUD, NULL, NULL, "SE"},
    {"d111.cloudfront.net", NULL, CLOUD, NULL, "content", NULL},
    {"e1.a.akamaiedge.net", NULL, CLOUD, "Akamai", "content", NULL},
    {"api.ring.com.cdn.cloudflare.net", NULL, CLOUD, "Cloudflare", "content", NULL},
    {"x.oss-cn-shanghai.aliyuncs.com", NULL, CLOUD, "Alibaba Cloud", "storage", "CN"},
    {"ecs-119-8-11-12.compute.hwclouds-dns.com", NULL, CLOUD, "Huawei Cloud", NULL, NULL},
    {"unassigned.psychz.net", NULL, CLOUD, "Psychz Networks", NULL, NULL},
    {"api.mixpanel.com", NULL, TRACKER, "Mixpanel", "telemetry", NULL},
    {"ring-alternate.app.link", NULL, TRACKER, "Branch", NULL, NULL},
    {"ad.doubleclick.net", NULL, TRACKER, "DoubleClick", NULL, NULL},
    {"ade.googlesyndication.com", NULL, TRACKER, NULL, NULL, NULL},
    {"o1.ingest.sentry.io", NULL, TRACKER, "Sentry", NULL, NULL},
    {"springfield-pd.evidence.com", NULL, PORCH_PARTY_EVIDENCE, "Axon Evidence", NULL, NULL},
    {"transparency.flocksafety.com", NULL, PORCH_PARTY_EVIDENCE, "Flock Safety", NULL, NULL},
    {"courier.push.apple.com", NULL, OTHER, "Apple", "push", NULL},
    {"stun1.l.google.com", NULL, OTHER, "Google LLC", "rendezvous", NULL},
    {"2.openwrt.pool.ntp.org", NULL, UTILITY, NULL, "time", NULL},
    {"time.windows.com", NULL, UTILITY, NULL, "time", NULL},
    {"connectivitycheck.gstatic.com", NULL, UTILITY, NULL, "connectivity", NULL},
    {"clients3.google.com", NULL, UTILITY, NULL, "connectivity", NULL},
};

static const char *const nobodys[] = {"spring.com", "mering.com.evil.io", "evidence.com.example",
    "notring.com", "ring.com.example", "ring.co", "xring.com", "a2.tuyaevil.com", "fw.ring.com.cn",
    "nest.com.evil.io", "honest.com", "carlo.com", "myarlo.com", "immedia-semi.com.example",
    "amazonaws.com.evil.io", "amazonaws.example", "com", "unwyze.com", "example.com",
    "p2p.reolink.co", "ui.community", "citizen.com", "nextdoor.com"};

static int
load_shipped(void **state)
{
	const char *folders[] = {SOURCE_DIR "/rules"};
	struct porch_error error;
	struct porch_rules *rules = porch_rules_load(folders, 1, &error);

	if (!rules)
		fail_msg("%s: %s: %s", error.file, error.where, error.text);
	*state = rules;
	return 0;
}

static int
unload(void **state)
{
	porch_rules_free(*state);
	return 0;
}

static bool
has_text(const struct porch_texts *texts, const char *wanted)
{
	for (size_t i = 0; i < texts->count; i++)
		if (strcmp(texts->item[i], wanted) == 0)
			return true;
	return false;
}

/* Equal, or both NULL. */
static bool
same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static void
each_host_is_who_it_is_known_to_be(void **state)
{
	for (size_t i = 0; i < sizeof(hosts) / sizeof(*hosts); i++) {
		struct receiver found;
		const char *vendor;

		if (!rules_host(*state, hosts[i].host, &found))
			fail_msg("%s: nobody", hosts[i].host);
		vendor = found.vendor ? found.vendor->id : found.on_behalf_of;
		if (!same(vendor, hosts[i].vendor) || found.role != hosts[i].role ||
		    (hosts[i].organisation && !same(found.organisation, hosts[i].organisation)) ||
		    (hosts[i].purpose && !has_text(&found.purposes, hosts[i].purpose)) ||
		    !same(found.country, hosts[i].country))
			fail_msg("%s: %s, role %d, %s, %s (%s)", hosts[i].host,
			    vendor ? vendor : "-", found.role,
			    found.organisation ? found.organisation : "-",
			    found.country ? found.country : "-", found.rule.id);
	}
	assert_true(sizeof(hosts) / sizeof(*hosts) >= 100);
}

static void
names_that_only_look_alike_match_nothing(void **state)
{
	for (size_t i = 0; i < sizeof(nobodys) / sizeof(*nobodys); i++) {
		struct receiver found;

		if (rules_host(*state, nobodys[i], &found))
			fail_msg("%s: %s", nobodys[i], found.rule.id);
	}
}

static void
each_address_lies_in_its_network(void **state)
{
	static const struct {
		const char *address;
		int64_t asn;
		enum porch_party role;
		bool shared;
	} known[] = {{"54.221.200.137", 14618, CLOUD, true}, {"34.254.122.144", 16509, CLOUD, true},
	    {"18.194.0.1", 16509, CLOUD, true}, {"20.47.97.231", 8069, CLOUD, true},
	    {"120.92.65.5", 59019, CLOUD, true}, {"47.88.0.1", 45102, CLOUD, true},
	    {"159.138.0.1", 136907, CLOUD, true}, {"23.45.12.34", 20940, CLOUD, true},
	    {"119.28.0.1", 132203, CLOUD, true}, {"35.188.154.186", 396982, CLOUD, true},
	    {"8.8.8.8", 15169, UTILITY, false}, {"1.1.1.1", 13335, UTILITY, false},
	    {"9.9.9.9", 19281, UTILITY, false}, {"130.104.214.55", 2611, OTHER, false},
	    {"17.57.147.4", 714, OTHER, false}, {"2606:4700:4700::1111", 13335, UTILITY, false}};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		struct receiver found;
		struct addr addr;

		assert_true(addr_parse(known[i].address, &addr));
		if (!rules_address(*state, &addr, &found) || found.asn != known[i].asn ||
		    found.role != known[i].role || found.shared_network != known[i].shared)
			fail_msg("%s: AS%lld, role %d", known[i].address, (long long)found.asn,
			    found.role);
	}
}

static void
each_mac_has_its_maker(void **state)
{
	static const struct {
		const char *mac;
		const char *vendor;
		enum mac_scope scope;
	} known[] = {{"54:e0:19:00:00:01", "ring", MAC_CAMERAS_ONLY},
	    {"b0:09:da:00:00:01", "ring", MAC_CAMERAS_ONLY},
	    {"98:84:e3:e4:35:bd", "ring", MAC_SHARED_MODULE},
	    {"3c:e1:a1:00:00:01", "ring", MAC_SHARED_MODULE},
	    {"f4:b8:5e:00:00:01", "blink", MAC_SHARED_MODULE},
	    {"18:b4:30:00:00:01", "nest", MAC_VENDOR_WIDE},
	    {"a4:da:22:2f:00:01", "wyze", MAC_CAMERAS_ONLY},
	    {"ec:71:db:00:00:01", "reolink", MAC_CAMERAS_ONLY},
	    {"1c:ca:e3:70:00:01", "doorbird", MAC_CAMERAS_ONLY},
	    {"8c:1f:64:b1:30:01", "abode", MAC_CAMERAS_ONLY},
	    {"b0:c5:54:3f:e7:ad", "dlink", MAC_VENDOR_WIDE},
	    {"b0:d5:9d:b9:f0:b4", "yi", MAC_SHARED_MODULE}};
	static const char *const none[] = {"8c:1f:64:b1:40:01", "ae:ca:06:00:00:01",
	    "56:e0:19:00:00:01", "dc:ee:14:00:00:01", "58:b3:fc:00:00:01", "ff:ff:ff:ff:ff:ff"};

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		struct mac_match found;
		struct mac mac;

		assert_true(mac_parse(known[i].mac, &mac));
		if (!rules_mac(*state, &mac, &found) || !same(found.vendor->id, known[i].vendor) ||
		    found.scope != known[i].scope)
			fail_msg("%s is not %s's", known[i].mac, known[i].vendor);
	}
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++) {
		struct mac_match found;
		struct mac mac;

		assert_true(mac_parse(none[i], &mac));
		if (rules_mac(*state, &mac, &found))
			fail_msg("%s: %s", none[i], found.rule.id);
	}
}

static void
rendezvous_and_vpn_ports_tell_their_service(void **state)
{
	struct port_match found;

	assert_true(rules_port(*state, 17, 32100, &found));
	assert_string_equal(found.service, "rendezvous");
	assert_null(found.vendor);
	assert_true(rules_port(*state, 17, 51820, &found));
	assert_string_equal(found.service, "vpn");
	assert_true(rules_port(*state, 17, 10240, &found));
	assert_string_equal(found.service, "rendezvous");
	assert_string_equal(found.vendor->id, "wyze");
	assert_false(rules_port(*state, 6, 443, &found));
}

static void
amazon_is_rings_own_cloud_and_a_rented_one_for_others(void **state)
{
	const struct vendor *ring = rules_vendor(*state, "ring");
	const struct vendor *wyze = rules_vendor(*state, "wyze");
	struct receiver found;

	assert_true(rules_host(*state, "v-1.kinesisvideo.us-east-1.amazonaws.com", &found));
	assert_int_equal(rules_party(&found, ring), PORCH_PARTY_MAKER);
	assert_int_equal(rules_party(&found, wyze), PORCH_PARTY_CLOUD);
	assert_true(rules_host(*state, "ad.doubleclick.net", &found));
	assert_int_equal(rules_party(&found, rules_vendor(*state, "nest")), PORCH_PARTY_TRACKER);
}

static void
a_device_is_known_by_what_it_calls_itself(void **state)
{
	struct hint_match found;

	assert_true(rules_hint(*state, HINT_DHCP_HOSTNAME, "Ring-0a1b2c", &found));
	assert_string_equal(found.vendor->id, "ring");
	assert_true(rules_hint(*state, HINT_DHCP_VENDOR_CLASS, "AXIS,Network Camera,A8105,1.58",
	    &found));
	assert_int_equal(found.kind, PORCH_KIND_CAMERA);
	assert_false(rules_hint(*state, HINT_DHCP_HOSTNAME, "spring", &found));
	assert_false(rules_hint(*state, HINT_MDNS, "Ring-0a1b2c", &found));
}

static void
what_was_withdrawn_stands_beside_what_withdrew_it(void **state)
{
	const struct vendor *ring = rules_vendor(*state, "ring");
	const struct statement *statement, *before = NULL;
	bool withdrawn = false;
	size_t count = 0;

	while ((statement = rules_statement(*state, ring, count)) != NULL) {
		assert_true(!before || strcmp(before->stated, statement->stated) <= 0);
		withdrawn = withdrawn || (statement->superseded_by &&
		                             statement->superseded_by->withdraws == statement);
		before = statement;
		count++;
	}
	assert_int_equal(count, 12);
	assert_true(withdrawn);
	assert_non_null(strstr(rules_statement_limit(*state, ring), "never crosses"));
	assert_null(rules_statement(*state, rules_vendor(*state, "wyze"), 0));
}

static void
registrable_domains_follow_the_public_suffix_list(void **state)
{
	assert_string_equal(rules_registrable(*state, "a.b.example.co.uk"), "example.co.uk");
	assert_string_equal(rules_registrable(*state, "fw.ring.com"), "ring.com");
	assert_string_equal(rules_registrable(*state, "localhost"), "localhost");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_host_is_who_it_is_known_to_be),
	    cmocka_unit_test(names_that_only_look_alike_match_nothing),
	    cmocka_unit_test(each_address_lies_in_its_network),
	    cmocka_unit_test(each_mac_has_its_maker),
	    cmocka_unit_test(rendezvous_and_vpn_ports_tell_their_service),
	    cmocka_unit_test(amazon_is_rings_own_cloud_and_a_rented_one_for_others),
	    cmocka_unit_test(a_device_is_known_by_what_it_calls_itself),
	    cmocka_unit_test(what_was_withdrawn_stands_beside_what_withdrew_it),
	    cmocka_unit_test(registrable_domains_follow_the_public_suffix_list),
	};

	return cmocka_run_group_tests(tests, load_shipped, unload);
}
