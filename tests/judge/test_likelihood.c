/* SPDX-License-Identifier: Apache-2.0 */
#include "judge/likelihood.h"

#include <string.h>

#include "tests/test.h"

static void
each_word_begins_at_its_bound(void **state)
{
	static const struct {
		int16_t probability;
		const char *word;
		uint8_t low, high;
	} expected[] = {
	    {1000, "virtually certain", 99, 100},
	    {990, "virtually certain", 99, 100},
	    {989, "very likely", 90, 99},
	    {900, "very likely", 90, 99},
	    {899, "likely", 66, 90},
	    {660, "likely", 66, 90},
	    {659, "about as likely as not", 33, 66},
	    {330, "about as likely as not", 33, 66},
	    {329, "unlikely", 10, 33},
	    {100, "unlikely", 10, 33},
	    {99, "very unlikely", 0, 10},
	    {0, "very unlikely", 0, 10},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(expected) / sizeof(*expected); i++) {
		struct porch_likelihood l = likelihood_of(expected[i].probability, true);

		assert_string_equal(l.word, expected[i].word);
		assert_int_equal(l.low, expected[i].low);
		assert_int_equal(l.high, expected[i].high);
		assert_true(l.calibrated);
	}
}

static void
without_calibration_no_word_is_above_likely(void **state)
{
	(void)state;
	for (int16_t p = 0; p <= 1000; p++) {
		struct porch_likelihood capped = likelihood_of(p, false);

		assert_false(capped.calibrated);
		assert_string_equal(capped.word, p >= 660 ? "likely" : likelihood_of(p, true).word);
		assert_true(capped.high <= 90);
	}
}

static void
no_probability_has_no_word(void **state)
{
	(void)state;
	assert_null(likelihood_of(PORCH_NO_CHANCE, true).word);
	assert_null(likelihood_of(PORCH_NO_CHANCE, false).word);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_word_begins_at_its_bound),
	    cmocka_unit_test(without_calibration_no_word_is_above_likely),
	    cmocka_unit_test(no_probability_has_no_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
