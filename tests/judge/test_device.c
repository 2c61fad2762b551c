/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/device.h"

#include "tests/judge/rules.h"

static struct device
device_with(const char *mac)
{
	struct device d = {.sent = true};

	assert_true(mac_parse(mac, &d.key.mac));
	return d;
}

static struct device_verdict
judge(const struct device *device, uint64_t organisations)
{
	struct device_traffic traffic = {.bytes_up = 1000};
	struct device met = *device;
	struct device_verdict v;

	for (uint32_t i = 0; i < organisations; i++)
		device_add_organisation(&met, i);
	device_judge(known.rules, NULL, &met, &traffic, known.arena, &v);
	return v;
}

static void
a_mac_of_doorbells_makes_a_doorbell(void **state)
{
	struct device d = device_with("00:00:5e:00:53:01");
	struct device_verdict v = judge(&d, 0);

	(void)state;
	assert_int_equal(v.kind, PORCH_KIND_DOORBELL);
	assert_string_equal(v.vendor->id, "doorvue");
	assert_int_equal(v.strength, PORCH_EVIDENCE_LIMITED);
	assert_int_equal(v.evidence.count, 1);
	assert_string_equal(v.evidence.item[0].rule, "models/device.json#mac");
	assert_true(v.confidence > 800);
}

static void
a_randomised_mac_says_nothing(void **state)
{
	struct device d = device_with("02:00:5e:00:53:01");
	struct device_verdict v = judge(&d, 0);

	(void)state;
	assert_int_equal(v.kind, PORCH_KIND_UNKNOWN);
	assert_null(v.vendor);
	assert_int_equal(v.evidence.count, 0);
}

static void
kinds_of_evidence_add_up_to_strength(void **state)
{
	struct device d = device_with("00:00:5e:00:53:01");

	(void)state;
	device_add_hint(&d, HINT_DHCP_HOSTNAME, "doorvue-bell-1a2b");
	assert_int_equal(judge(&d, 0).strength, PORCH_EVIDENCE_MODERATE);
	assert_string_equal(judge(&d, 0).product, "Doorvue Bell 2");
	device_add_maker(&d, rules_vendor(known.rules, "doorvue"), true,
	    (uint8_t)PORCH_KIND_DOORBELL);
	assert_int_equal(judge(&d, 0).strength, PORCH_EVIDENCE_STRONG);
}

static void
a_hint_needs_no_mac(void **state)
{
	struct device d = device_with("02:00:00:00:00:09");

	(void)state;
	device_add_hint(&d, HINT_DHCP_HOSTNAME, "doorvue-bell-1a2b");
	assert_int_equal(judge(&d, 0).kind, PORCH_KIND_DOORBELL);
	assert_string_equal(judge(&d, 0).vendor->id, "doorvue");
}

static void
a_hint_of_another_sort_is_none(void **state)
{
	struct device d = device_with("02:00:00:00:00:09");

	(void)state;
	device_add_hint(&d, HINT_SSDP, "doorvue-bell-1a2b");
	assert_int_equal(judge(&d, 0).kind, PORCH_KIND_UNKNOWN);
}

static void
the_maker_most_speaks_for_wins(void **state)
{
	struct device d = device_with("02:00:00:00:00:09");

	(void)state;
	device_add_maker(&d, rules_vendor(known.rules, "gatecam"), false, 0);
	device_add_hint(&d, HINT_DHCP_HOSTNAME, "doorvue-bell-1a2b");
	assert_string_equal(judge(&d, 0).vendor->id, "doorvue");
}

static void
makers_that_equal_are_told_by_id_and_not_by_order(void **state)
{
	const struct vendor *doorvue = rules_vendor(known.rules, "doorvue");
	const struct vendor *gatecam = rules_vendor(known.rules, "gatecam");
	struct device a = device_with("02:00:00:00:00:09"), b = a;

	(void)state;
	device_add_maker(&a, doorvue, false, 0);
	device_add_maker(&a, gatecam, false, 0);
	device_add_maker(&b, gatecam, false, 0);
	device_add_maker(&b, doorvue, false, 0);
	assert_ptr_equal(judge(&a, 0).vendor, doorvue);
	assert_ptr_equal(judge(&b, 0).vendor, doorvue);
}

static void
a_phone_that_asks_for_a_makers_hosts_is_no_camera_of_it(void **state)
{
	struct device d = device_with("02:00:00:00:00:09");
	struct device_verdict v;

	(void)state;
	device_add_maker(&d, rules_vendor(known.rules, "doorvue"), false, 0);
	v = judge(&d, 12);
	assert_int_equal(v.kind, PORCH_KIND_OTHER);
	assert_null(v.vendor);
}

static void
what_it_does_makes_an_unknown_make_a_camera_by_several_signs(void **state)
{
	const char *folders[] = {SOURCE_DIR "/rules"};
	struct porch_error error;
	struct porch_rules *shipped = porch_rules_load(folders, 1, &error);
	struct device d = device_with("02:00:00:00:00:09");
	struct device_traffic once = {.bytes_up = 4000000, .bytes_down = 90000, .streams = 1};
	struct device_traffic again = once, calls = once;
	struct device_verdict v;

	(void)state;
	assert_non_null(shipped);
	device_add_site(&d, 1);
	device_judge(shipped, NULL, &d, &once, known.arena, &v);
	assert_int_equal(v.kind, PORCH_KIND_UNKNOWN);
	again.streams = 2;
	device_judge(shipped, NULL, &d, &again, known.arena, &v);
	assert_int_equal(v.kind, PORCH_KIND_CAMERA);
	assert_null(v.vendor);
	assert_int_equal(v.strength, PORCH_EVIDENCE_STRONG);
	calls.streams = 0;
	calls.calls = 2;
	calls.bytes_down = calls.bytes_up;
	device_judge(shipped, NULL, &d, &calls, known.arena, &v);
	assert_true(v.kind != PORCH_KIND_CAMERA);
	for (uint32_t site = 0; site < 20; site++)
		device_add_site(&d, site);
	device_judge(shipped, NULL, &d, &again, known.arena, &v);
	assert_int_equal(v.kind, PORCH_KIND_OTHER);
	porch_rules_free(shipped);
}

static void
without_a_model_nothing_is_said(void **state)
{
	struct porch_error error;
	struct porch_rules *none = porch_rules_load(NULL, 0, &error);
	struct device d = device_with("00:00:5e:00:53:01");
	struct device_traffic traffic = {0};
	struct device_verdict v;

	(void)state;
	device_judge(none, NULL, &d, &traffic, known.arena, &v);
	assert_int_equal(v.kind, PORCH_KIND_UNKNOWN);
	assert_int_equal(v.evidence.count, 0);
	porch_rules_free(none);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_mac_of_doorbells_makes_a_doorbell),
	    cmocka_unit_test(a_randomised_mac_says_nothing),
	    cmocka_unit_test(kinds_of_evidence_add_up_to_strength),
	    cmocka_unit_test(a_hint_needs_no_mac),
	    cmocka_unit_test(a_hint_of_another_sort_is_none),
	    cmocka_unit_test(the_maker_most_speaks_for_wins),
	    cmocka_unit_test(makers_that_equal_are_told_by_id_and_not_by_order),
	    cmocka_unit_test(a_phone_that_asks_for_a_makers_hosts_is_no_camera_of_it),
	    cmocka_unit_test(what_it_does_makes_an_unknown_make_a_camera_by_several_signs),
	    cmocka_unit_test(without_a_model_nothing_is_said),
	};

	return cmocka_run_group_tests(tests, learn, forget);
}
