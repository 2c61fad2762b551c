/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/floor.h"

#include "tests/judge/rules.h"

static const struct device_verdict camera = {.kind = PORCH_KIND_CAMERA};

static int64_t
floor_to(const struct porch_rules *rules, const char *const *purpose)
{
	struct porch_destination to = {
	    .party = PORCH_PARTY_MAKER, .purposes = {purpose, purpose ? 1 : 0}};
	struct content_context context = {.rules = rules, .device = &camera, .receiver = &to};

	return floor_of_receiver(&context, known.arena);
}

static struct porch_rules *
shipped_rules(void)
{
	const char *folders[] = {SOURCE_DIR "/rules"};
	struct porch_error error;
	struct porch_rules *rules = porch_rules_load(folders, 1, &error);

	assert_non_null(rules);
	return rules;
}

static void
stills_as_small_as_those_that_exist_are_seen(void **state)
{
	static const char *const picture[] = {"picture"};
	struct porch_rules *shipped = shipped_rules();

	(void)state;
	assert_in_range(floor_to(shipped, picture), 8000, 24000);
	assert_in_range(floor_to(shipped, NULL), 8000, 24000);
	porch_rules_free(shipped);
}

static void
where_measurements_go_nothing_would_be_seen(void **state)
{
	static const char *const telemetry[] = {"telemetry"};
	struct porch_rules *shipped = shipped_rules();

	(void)state;
	assert_int_equal(floor_to(shipped, telemetry), -1);
	porch_rules_free(shipped);
}

static void
it_is_never_below_what_opens_in_any_two_bins(void **state)
{
	struct device_verdict named = {.kind = PORCH_KIND_UNKNOWN};
	struct porch_error error;
	struct porch_rules *none = porch_rules_load(NULL, 0, &error);
	struct content_context context = {.rules = none, .device = &named};

	(void)state; /* without a model all is undecided, without a rule nothing opens */
	assert_int_equal(floor_of_receiver(&context, known.arena), 4000);
	context.rules = known.rules;
	assert_true(floor_of_receiver(&context, known.arena) >= 8000);
	porch_rules_free(none);
}

/* Every kind of device, party and list of purposes, in an order that a memo has to forget in. */
static void
a_memo_says_what_judging_says(void **state)
{
	static const char *const purpose[] = {"footage", "picture", "relay", "telemetry",
	    "firmware", "control", "time", "push", "api", "rendezvous"};
	struct porch_rules *shipped = shipped_rules();
	struct floor_memo memo = {.count = 0};

	(void)state;
	for (size_t i = 0; i < 3000; i++) {
		size_t n = (i * 7919 % 3000) / 2;
		struct device_verdict device = {.kind = (enum porch_kind)(n % 5)};
		struct porch_destination to = {.party = (enum porch_party)(n / 5 % PORCH_PARTIES),
		    .purposes = {purpose + n / 50 % 10, n % 7 > 0},
		    .on_behalf_of = n % 3 ? NULL : "examplecam"};
		struct content_context context = {.rules = shipped,
		    .device = &device,
		    .device_named = n % 2,
		    .receiver = n % 11 ? &to : NULL};

		assert_int_equal(floor_recall(&memo, &context, known.arena),
		    floor_of_receiver(&context, known.arena));
	}
	porch_rules_free(shipped);
}

/* So a memo need not know it. */
static void
a_receivers_name_place_and_traffic_make_no_difference(void **state)
{
	static const char *const picture[] = {"picture"};
	struct porch_rules *shipped = shipped_rules();
	struct vendor maker = {.id = "examplecam", .name = "ExampleCam"};
	struct device_verdict device = {.kind = PORCH_KIND_CAMERA,
	    .vendor = &maker,
	    .product = "Cam",
	    .confidence = 900,
	    .strength = PORCH_EVIDENCE_STRONG};
	struct porch_destination to = {.id = 7,
	    .device = 8,
	    .party = PORCH_PARTY_MAKER,
	    .role = PORCH_PARTY_CLOUD,
	    .name = "pictures.example.net",
	    .name_source = PORCH_NAME_SNI,
	    .candidates = {picture, 1},
	    .aliases = {picture, 1},
	    .addresses = {picture, 1},
	    .transports = {picture, 1},
	    .protocols = {picture, 1},
	    .organisation = "Example",
	    .asn = 64496,
	    .country = "NL",
	    .region = "eu-west-1",
	    .purposes = {picture, 1},
	    .confidence = 700,
	    .bytes_up = 1 << 20,
	    .bytes_down = 1 << 20,
	    .packets_up = 1000,
	    .packets_down = 1000,
	    .first_seen = 1,
	    .last_seen = 2,
	    .episodes = 9,
	    .footage_bytes_up = 1 << 19};
	struct content_context context = {.rules = shipped, .device = &device, .receiver = &to};

	(void)state;
	assert_int_equal(floor_of_receiver(&context, known.arena), floor_to(shipped, picture));
	porch_rules_free(shipped);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(stills_as_small_as_those_that_exist_are_seen),
	    cmocka_unit_test(where_measurements_go_nothing_would_be_seen),
	    cmocka_unit_test(it_is_never_below_what_opens_in_any_two_bins),
	    cmocka_unit_test(a_memo_says_what_judging_says),
	    cmocka_unit_test(a_receivers_name_place_and_traffic_make_no_difference),
	};

	return cmocka_run_group_tests(tests, learn, forget);
}
