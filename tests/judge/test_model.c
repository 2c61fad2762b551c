/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/model.h"

#include <stdlib.h>
#include <string.h>

#include "tests/test.h"

/* A model of three classes without terms: only the biases speak. */
static struct model
biased(int32_t a, int32_t b, int32_t c)
{
	return (struct model){
	    .name = "weather", .class = {"sun", "rain", "snow"}, .bias = {a, b, c}, .classes = 3};
}

static struct model_verdict
judge(const struct model *model)
{
	struct model_verdict v;

	model_judge(model, NULL, NULL, 0, &v);
	return v;
}

static void
equal_classes_share_and_the_first_is_best(void **state)
{
	struct model model = biased(0, 0, 0);
	struct model_verdict v = judge(&model);

	(void)state;
	assert_int_equal(v.best, 0);
	for (int c = 0; c < 3; c++)
		assert_int_equal(v.probability[c], 333);
}

static void
odds_are_those_of_the_logits(void **state)
{
	struct model model = biased(1000, 0, -1000);
	struct model_verdict v = judge(&model);

	(void)state; /* e / (e + 1 + 1/e) = 0.66524 */
	assert_int_equal(v.probability[0], 665);
	assert_int_equal(v.probability[1], 245);
	assert_int_equal(v.probability[2], 90);
}

static void
probabilities_sum_to_one_within_rounding(void **state)
{
	uint32_t random = 1;

	(void)state;
	for (int i = 0; i < 2000; i++) {
		struct model model = biased(0, 0, 0);
		struct model_verdict v;
		int sum = 0;

		for (int c = 0; c < 3; c++) {
			random = random * 1664525 + 1013904223;
			model.bias[c] = (int32_t)(random >> 8) % 40000 - 20000;
		}
		v = judge(&model);
		for (int c = 0; c < 3; c++) {
			assert_true(v.probability[c] >= 0 && v.probability[c] <= 1000);
			assert_true(v.probability[c] <= v.probability[v.best]);
			sum += v.probability[c];
		}
		assert_true(sum >= 998 && sum <= 1002);
	}
}

static void
far_apart_logits_do_not_overflow(void **state)
{
	struct model model = biased(INT32_MAX, INT32_MIN, 0);
	struct model_verdict v = judge(&model);

	(void)state;
	assert_int_equal(v.probability[0], 1000);
	assert_int_equal(v.probability[1], 0);
	assert_int_equal(v.probability[2], 0);
}

/* Weights 2 for sun and -1 for snow where warmth lies in [10, 20]. */
static const struct model_term warm = {
    .rule = {.id = "models/weather.json#warm"},
    .feature = "warmth",
    .has_at_least = true,
    .has_at_most = true,
    .at_least = 10,
    .at_most = 20,
    .weight = {{0, 2000}, {2, -1000}},
    .weights = 2,
    .reason = "it is warm",
    .kind = "volume",
};

static bool
fires_at(int64_t value)
{
	struct model model = biased(0, 0, 0);
	struct porch_feature feature = {"warmth", value, "degrees"};
	struct model_verdict v;

	model.term = &warm;
	model.terms = 1;
	model_judge(&model, NULL, &feature, 1, &v);
	assert_int_equal(v.logit[0], v.fired[0] ? 2000 : 0);
	assert_int_equal(v.logit[2], v.fired[0] ? -1000 : 0);
	return v.fired[0];
}

static void
a_term_holds_from_at_least_to_at_most(void **state)
{
	(void)state;
	assert_false(fires_at(9));
	assert_true(fires_at(10));
	assert_true(fires_at(20));
	assert_false(fires_at(21));
	assert_false(fires_at(INT64_MIN));
	assert_false(fires_at(INT64_MAX));
}

static void
a_term_without_its_feature_is_silent(void **state)
{
	struct model model = biased(0, 0, 0);
	struct porch_feature feature = {"wind", 15, ""};
	struct model_verdict v;

	(void)state;
	model.term = &warm;
	model.terms = 1;
	model_judge(&model, NULL, &feature, 1, &v);
	assert_false(v.fired[0]);
}

static void
evidence_says_observed_threshold_weight_and_rule(void **state)
{
	struct model model = biased(0, 0, 0);
	struct porch_feature feature = {"warmth", 15, "degrees"};
	struct arena *arena = arena_new();
	struct porch_evidences e;
	struct model_verdict v;
	unsigned kinds;

	(void)state;
	model.term = &warm;
	model.terms = 1;
	model_judge(&model, NULL, &feature, 1, &v);
	e = model_evidence(&model, &v, &feature, 0, arena, &kinds);
	assert_int_equal(e.count, 1);
	assert_string_equal(e.item[0].reason, "it is warm");
	assert_string_equal(e.item[0].observed, "15 degrees");
	assert_string_equal(e.item[0].threshold, "10 to 20 degrees");
	assert_string_equal(e.item[0].rule, "models/weather.json#warm");
	assert_int_equal(e.item[0].weight, 2000);
	assert_int_equal(kinds, 1);
	e = model_evidence(&model, &v, &feature, 2, arena, &kinds);
	assert_int_equal(e.item[0].weight, -1000);
	assert_int_equal(kinds, 0); /* what speaks against it is no kind that speaks for it */
	e = model_evidence(&model, &v, &feature, 1, arena, &kinds);
	assert_int_equal(e.count, 0);
	arena_free(arena);
}

static void
evidence_is_heaviest_first_and_counts_kinds_once(void **state)
{
	struct model_term terms[3] = {warm, warm, warm};
	struct model model = biased(0, 0, 0);
	struct porch_feature feature = {"warmth", 15, ""};
	struct arena *arena = arena_new();
	struct porch_evidences e;
	struct model_verdict v;
	unsigned kinds;

	(void)state;
	terms[0].weight[0].milli_logits = 500;
	terms[1].weight[0].milli_logits = -3000;
	terms[2].weight[0].milli_logits = 1000;
	model.term = terms;
	model.terms = 3;
	model_judge(&model, NULL, &feature, 1, &v);
	e = model_evidence(&model, &v, &feature, 0, arena, &kinds);
	assert_int_equal(e.count, 3);
	assert_int_equal(e.item[0].weight, -3000);
	assert_int_equal(e.item[1].weight, 1000);
	assert_int_equal(e.item[2].weight, 500);
	assert_int_equal(kinds, 1);
	terms[2].kind = "timing";
	model_evidence(&model, &v, &feature, 0, arena, &kinds);
	assert_int_equal(kinds, 2);
	arena_free(arena);
}

static void
strength_is_the_number_of_kinds(void **state)
{
	(void)state;
	assert_int_equal(strength_of(0), PORCH_EVIDENCE_LIMITED);
	assert_int_equal(strength_of(1), PORCH_EVIDENCE_LIMITED);
	assert_int_equal(strength_of(2), PORCH_EVIDENCE_MODERATE);
	assert_int_equal(strength_of(3), PORCH_EVIDENCE_STRONG);
	assert_int_equal(strength_of(9), PORCH_EVIDENCE_STRONG);
}

static void
a_class_is_found_by_its_name(void **state)
{
	struct model model = biased(0, 0, 0);

	(void)state;
	assert_int_equal(model_class(&model, "snow"), 2);
	assert_int_equal(model_class(&model, "hail"), MODEL_CLASSES);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(equal_classes_share_and_the_first_is_best),
	    cmocka_unit_test(odds_are_those_of_the_logits),
	    cmocka_unit_test(probabilities_sum_to_one_within_rounding),
	    cmocka_unit_test(far_apart_logits_do_not_overflow),
	    cmocka_unit_test(a_term_holds_from_at_least_to_at_most),
	    cmocka_unit_test(a_term_without_its_feature_is_silent),
	    cmocka_unit_test(evidence_says_observed_threshold_weight_and_rule),
	    cmocka_unit_test(evidence_is_heaviest_first_and_counts_kinds_once),
	    cmocka_unit_test(strength_is_the_number_of_kinds),
	    cmocka_unit_test(a_class_is_found_by_its_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
