/* SPDX-License-Identifier: Apache-2.0 */
#include "words/words.h"

#include <stdio.h>
#include <string.h>

#include "tests/test.h"
#include "words/catalogue.h"
#include "words/numbers.h"

#define NOON (INT64_C(1794657600) * 1000000) /* 14 November 2026, 12:00 UTC */

static char said[1024];

static const char *
say(const struct speaker *speaker, const struct porch_phrase *phrase)
{
	struct text text = text_over(said, sizeof(said));

	words_add(speaker, phrase, &text);
	return said;
}

static const struct porch_phrase *
cannot_tell(uint64_t uploads)
{
	static struct porch_slot slots[4];
	static struct porch_phrase phrase;

	slots[0] = (struct porch_slot)NAMED("device", "Front {door}");
	slots[1] = (struct porch_slot)BYTES("bytes", 16800000);
	slots[2] = (struct porch_slot)COUNT("uploads", SAY_UPLOADS, uploads);
	slots[3] = (struct porch_slot)NO_SLOT;
	phrase = (struct porch_phrase){.key = words_key(SAY_FINDING_CANNOT_TELL), .slots = slots};
	return &phrase;
}

static struct speaker
speaker_of(const char *code)
{
	return (struct speaker){.language = language_find(code), .typographic = true};
}

static void
a_template_is_filled_by_the_names_of_its_slots(void **state)
{
	const struct speaker plain = {.language = NULL};

	(void)state;
	assert_string_equal(say(&plain, cannot_tell(2)),
	    "Cannot tell: Front {door} sent 16.8 MB in 2 uploads that may or may not hold "
	    "footage.");
}

static void
one_thing_and_several_have_forms_of_their_own(void **state)
{
	const struct speaker plain = {.language = NULL};

	(void)state;
	assert_non_null(strstr(say(&plain, cannot_tell(1)), " in 1 upload that"));
	assert_non_null(strstr(say(&plain, cannot_tell(0)), " in 0 uploads that"));
}

static void
a_language_writes_numbers_its_own_way(void **state)
{
	const struct speaker german = speaker_of("de");
	const struct speaker english = speaker_of("en");
	const struct porch_slot number = NUMBER("n", 40132), range = RANGE("r", 66, 90),
	                        tenths = TENTHS("t", 987);
	char text[WORDS_NUMBER];

	(void)state;
	assert_non_null(strstr(say(&german, cannot_tell(2)), "16,8\xc2\xa0MB in 2 Übertragungen"));
	words_number(&german, &number, text);
	assert_string_equal(text, "40.132");
	words_number(&english, &number, text);
	assert_string_equal(text, "40,132");
	words_number(&english, &range, text);
	assert_string_equal(text, "66\xe2\x80\x93"
	                          "90");
	words_number(&german, &tenths, text);
	assert_string_equal(text, "98,7");
}

static void
a_moment_is_told_in_the_zone_of_the_speaker(void **state)
{
	struct speaker plain = {.language = NULL};
	const struct porch_slot moment = MOMENT("at", NOON);
	char text[WORDS_NUMBER];

	(void)state;
	words_number(&plain, &moment, text);
	assert_string_equal(text, "14 Nov 2026 12:00:00 UTC");
	plain.language = language_find("de");
	words_number(&plain, &moment, text);
	assert_string_equal(text, "14. Nov. 2026, 12:00:00 UTC");
}

static void
a_terminal_without_umlauts_gets_two_letters(void **state)
{
	struct speaker plain = {.language = language_find("de"), .ascii = true};

	(void)state;
	assert_non_null(strstr(say(&plain, cannot_tell(2)), "2 Uebertragungen"));
	assert_non_null(strstr(say(&plain, cannot_tell(2)), "koennen"));
}

static void
a_capital_slot_begins_a_sentence(void **state)
{
	const struct speaker german = {.language = language_find("de")};
	const struct porch_phrase phrase =
	    PHRASE(SAY_VERDICT_SEEN, WORD("likelihood", SAY_LIKELY), RANGE("range", 66, 90),
	        BYTES("bytes", 1), LASTED("duration", 1000000), LASTED("watched", 1000000));

	(void)state;
	assert_int_equal(strncmp(say(&german, &phrase), "Wahrscheinlich (66-90 %): ", 26), 0);
}

static void
pseudo_language_stretches_words_and_leaves_names(void **state)
{
	const struct speaker pseudo = speaker_of("en-XB");
	size_t plain = strlen(say(&(struct speaker){.language = NULL}, cannot_tell(2)));
	const char *stretched = say(&pseudo, cannot_tell(2));

	(void)state;
	assert_non_null(strstr(stretched, "Front {door}"));
	assert_null(strstr(stretched, "sent "));
	assert_true(strlen(stretched) > plain * 14 / 10);
	assert_string_equal(language_direction(pseudo.language), "rtl");
}

/* The slots of a form, in the order of the alphabet: "bytes device". */
static void
list_slots(const char *form, char *list, size_t size)
{
	struct text out = text_over(list, size);

	for (char first = 'a'; first <= 'z'; first++) {
		for (const char *at = strchr(form, '{'); at; at = strchr(at + 1, '{')) {
			char letter = (char)(at[1] | 0x20);

			if (letter != first)
				continue;
			text_char(&out, letter);
			text_bytes(&out, at + 2, strcspn(at + 2, "}"));
			text_char(&out, ' ');
		}
	}
}

static void
both_catalogues_fill_the_same_slots(void **state)
{
	const struct language *german = language_find("de");

	(void)state;
	for (enum say key = 0; key < SAYINGS; key++) {
		char ours[256], theirs[256];

		list_slots(language_english.sayings[key].form[1], ours, sizeof(ours));
		list_slots(german->sayings[key].form[1], theirs, sizeof(theirs));
		if (strlen(ours) != strlen(theirs))
			fail_msg("%s: %s against %s", words_key(key), ours, theirs);
		list_slots(language_english.sayings[key].form[0], theirs, sizeof(theirs));
		assert_string_equal(ours, theirs);
	}
}

static void
a_text_without_translation_is_known_to_have_none(void **state)
{
	const struct speaker german = speaker_of("de"), english = speaker_of("en");

	(void)state;
	assert_null(words_gloss(&german, "no such reason"));
	assert_string_equal(words_gloss(&english, "no such reason"), "no such reason");
	assert_string_equal(words_gloss(&german, "no receiver is on the list"),
	    "kein Empfänger steht auf der Liste");
	assert_string_equal(words_country(&german, "IE"), "Irland");
	assert_string_equal(words_country(&german, "XX"), "XX");
}

static const char *
retell(const struct speaker *speaker, const char *english, bool known)
{
	struct text text = text_over(said, sizeof(said));

	assert_int_equal(known, words_retell(speaker, english, &text));
	return said;
}

static void
what_a_record_says_is_said_again_with_what_filled_its_slots(void **state)
{
	const struct speaker german = speaker_of("de"), english = speaker_of("en");

	(void)state;
	assert_string_equal(retell(&german, "interface br-lan was not there", true),
	    "Schnittstelle br-lan war nicht da");
	assert_string_equal(retell(&german, "clock set by -3600 s", true),
	    "Uhr um -3600 s gestellt");
	assert_string_equal(retell(&german, "interface {a was down was down", true),
	    "Schnittstelle {a was down war abgeschaltet");
	assert_string_equal(retell(&english, "clock set by -3600 s", true), "clock set by -3600 s");
	assert_string_equal(retell(&german, "interface  was down", false), "interface  was down");
	assert_string_equal(retell(&german, "something else", false), "something else");
}

static void
what_filled_a_slot_may_be_a_saying_too(void **state)
{
	const struct speaker plain = {.language = NULL}, german = speaker_of("de");
	char line[512];

	(void)state;
	snprintf(line, sizeof(line), "%s",
	    say(&plain,
	        &PHRASE(SAY_RULES_OLD, NAMED("day", "2026-05-01"), COUNT("days", SAY_DAYS, 209))));
	assert_string_equal(retell(&german, line, true),
	    "Die Regeln wurden zuletzt am 2026-05-01 durchgesehen, vor 209 Tagen: Hersteller "
	    "können seither umgezogen sein.");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_a_record_says_is_said_again_with_what_filled_its_slots),
	    cmocka_unit_test(what_filled_a_slot_may_be_a_saying_too),
	    cmocka_unit_test(a_template_is_filled_by_the_names_of_its_slots),
	    cmocka_unit_test(one_thing_and_several_have_forms_of_their_own),
	    cmocka_unit_test(a_language_writes_numbers_its_own_way),
	    cmocka_unit_test(a_moment_is_told_in_the_zone_of_the_speaker),
	    cmocka_unit_test(a_terminal_without_umlauts_gets_two_letters),
	    cmocka_unit_test(a_capital_slot_begins_a_sentence),
	    cmocka_unit_test(pseudo_language_stretches_words_and_leaves_names),
	    cmocka_unit_test(both_catalogues_fill_the_same_slots),
	    cmocka_unit_test(a_text_without_translation_is_known_to_have_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
