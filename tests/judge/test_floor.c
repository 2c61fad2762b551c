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

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(stills_as_small_as_those_that_exist_are_seen),
	    cmocka_unit_test(where_measurements_go_nothing_would_be_seen),
	    cmocka_unit_test(it_is_never_below_what_opens_in_any_two_bins),
	};

	return cmocka_run_group_tests(tests, learn, forget);
}
