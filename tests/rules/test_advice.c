/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "rules/advice.h"
#include "tests/rules/folder.h"

static const struct text_file words = {"advice.json",
    HEAD "\"advice\":[{\"id\":\"rtp\",\"protocol\":true,\"fits\":[\"stun\"],\"names\":[\"RTP\","
         "\"Srtp\"]},"
         "{\"id\":\"chatter\",\"use\":\"call\",\"names\":[\"ChatterCall\"]}]}",
    0};

static void
every_name_of_a_library_leads_to_one_word(void **state)
{
	struct porch_error error;
	struct porch_rules *rules = rules_of(&words, 1, &error);
	unsigned first, second, call;

	(void)state;
	assert_non_null(rules);
	assert_string_equal(rules_advice(rules, "RTP", &first)->word, "rtp");
	assert_string_equal(rules_advice(rules, "Srtp", &second)->word, "rtp");
	assert_int_equal(first, second);
	assert_int_equal(rules_advice(rules, "ChatterCall", &call)->use, ADVICE_USE_CALL);
	assert_int_not_equal(first, call);
	assert_ptr_equal(rules_advice_at(rules, call), rules_advice(rules, "ChatterCall", &call));
	assert_null(rules_advice_at(rules, 2));
	assert_null(rules_advice(rules, "rtp", &first));
	porch_rules_free(rules);
}

static void
a_word_fits_itself_and_those_it_names(void **state)
{
	struct porch_error error;
	struct porch_rules *rules = rules_of(&words, 1, &error);
	unsigned bit;
	const struct advice_word *rtp = rules_advice(rules, "RTP", &bit);

	(void)state;
	assert_true(advice_fits(rtp, "rtp"));
	assert_true(advice_fits(rtp, "stun"));
	assert_false(advice_fits(rtp, "tls"));
	porch_rules_free(rules);
}

static void
a_name_that_two_words_have_is_refused(void **state)
{
	static const struct text_file twice = {"advice.json",
	    HEAD "\"advice\":[{\"id\":\"a\",\"names\":[\"X\"]},{\"id\":\"b\",\"names\":[\"X\"]}]}",
	    0};
	struct porch_error error;

	(void)state;
	assert_null(rules_of(&twice, 1, &error));
	assert_non_null(strstr(error.text, "another word"));
}

static void
a_word_without_a_name_is_refused(void **state)
{
	static const struct text_file nameless = {
	    "advice.json", HEAD "\"advice\":[{\"id\":\"a\"}]}", 0};
	struct porch_error error;

	(void)state;
	assert_null(rules_of(&nameless, 1, &error));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_name_of_a_library_leads_to_one_word),
	    cmocka_unit_test(a_word_fits_itself_and_those_it_names),
	    cmocka_unit_test(a_name_that_two_words_have_is_refused),
	    cmocka_unit_test(a_word_without_a_name_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
