/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/sink/fixture.h"

static const char *asked;

static void
tell_id(struct writer *w, const void *what, const struct sink_style *style)
{
	assert_true(explain_id(w, what, asked, style));
}

static void
tell_topic(struct writer *w, const void *what, const struct sink_style *style)
{
	assert_true(explain_topic(w, what, style));
}

static void
tell_nothing(struct writer *w, const void *what, const struct sink_style *style)
{
	assert_false(explain_id(w, what, asked, style));
}

static void
explains(const char *id, const char *golden)
{
	struct porch_document doc = example_document();
	struct sink_style style = {0};
	char *text;

	asked = id;
	text = written_by(tell_id, &doc, &style, NULL);
	assert_golden(golden, text);
	free(text);
}

static void
an_episode_shows_every_reason_with_its_weight(void **state)
{
	(void)state;
	explains("e3300000000000002", "explain-episode.txt");
}

static void
a_destination_shows_the_rule_and_its_source(void **state)
{
	(void)state;
	explains("r2200000000000001", "explain-destination.txt");
}

static void
a_device_shows_why_it_is_what_it_is(void **state)
{
	(void)state;
	explains("d1100000000000001", "explain-device.txt");
}

static void
a_finding_shows_its_limit_and_how_to_check_it(void **state)
{
	(void)state;
	explains("F1", "explain-finding.txt");
}

static void
an_id_that_is_none_explains_nothing(void **state)
{
	static const char *const ids[] = {"", "e", "e12g", "x3300000000000002", "d3300000000000002",
	    "e33000000000000020", "F9", "r0", "e0"};
	struct porch_document doc = example_document();
	struct sink_style style = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		char *text;

		asked = ids[i];
		text = written_by(tell_nothing, &doc, &style, NULL);
		assert_string_equal(text, "");
		free(text);
	}
}

static void
the_bands_of_every_likelihood_word_are_told(void **state)
{
	struct sink_style style = {0};
	char *text = written_by(tell_topic, "words", &style, NULL);

	(void)state;
	assert_golden("explain-words.txt", text);
	free(text);
}

static void
the_limits_are_told(void **state)
{
	struct sink_style style = {0};
	char *text = written_by(tell_topic, "limits", &style, NULL);

	(void)state;
	assert_golden("explain-limits.txt", text);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_episode_shows_every_reason_with_its_weight),
	    cmocka_unit_test(a_destination_shows_the_rule_and_its_source),
	    cmocka_unit_test(a_device_shows_why_it_is_what_it_is),
	    cmocka_unit_test(a_finding_shows_its_limit_and_how_to_check_it),
	    cmocka_unit_test(an_id_that_is_none_explains_nothing),
	    cmocka_unit_test(the_bands_of_every_likelihood_word_are_told),
	    cmocka_unit_test(the_limits_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
